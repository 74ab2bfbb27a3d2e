//! The lesson as it goes on: which step is due, what was predicted, what happened, and what to say about it. Everything
//! it says comes from the preset and from measured numbers; it changes nothing and knows no widgets.

mod deed;
mod outcome;
mod progress;
mod strip;
mod telling;
mod verdict;

use crate::topology::{Act, NodeId, Target};

pub use outcome::Outcome;
pub use progress::{Prediction, Progress, Stage};
pub use strip::{Hand, Input, Question, Strip};
pub use verdict::{Point, Standing};

/// What the learner is to use next.
#[derive(Debug, Clone, PartialEq)]
pub enum Control {
    /// The button that begins a run.
    Run,
    /// The button that does this to that: a replica, where one can be named.
    Act {
        /// What.
        act: Act,
        /// To what.
        on: Target,
    },
    /// A setting of a node.
    Set {
        /// Which node.
        node: NodeId,
        /// The setting's key in presets.
        key: String,
        /// The value that it is to have.
        value: String,
    },
    /// The button that leads to the next step.
    Next,
    /// The button that opens the drawing for building.
    MakeItYours,
}

/// What the learner did with the strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// On to the next step.
    Next,
    /// Back to the step before.
    Back,
    /// Predicted this number.
    Guess(u64),
    /// So many hands are up for this answer, counted from 0.
    Hands {
        /// Which.
        answer: usize,
        /// How many.
        count: u32,
    },
    /// Goes on without a prediction.
    Skip,
    /// Has read what happened.
    Dismiss,
}

#[cfg(test)]
mod tests;
