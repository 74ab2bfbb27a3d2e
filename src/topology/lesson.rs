//! The lesson of a preset: what is said, asked and explained beside the drawing, step by step. Nothing in it changes the
//! run. What happens during a lesson is told by `scene::lesson`; here is only what a file says.

mod blank;
mod until;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use blank::{Blank, Part, parts};
pub use until::{BadUntil, Until};

/// The `[lesson]` table and its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lesson {
    /// What to try.
    #[serde(rename = "try")]
    pub attempt: String,
    /// What to watch.
    pub watch: String,
    /// Why it happens.
    pub why: String,
    /// What one item of a cart is called, in the singular.
    pub item: String,
    /// Which word stands for which when the analogy is on.
    pub analogy: Analogy,
    /// The steps that lead through it.
    #[serde(rename = "step")]
    pub steps: Vec<LessonStep>,
}

impl Default for Lesson {
    fn default() -> Self {
        Self {
            attempt: String::new(),
            watch: String::new(),
            why: String::new(),
            item: "item".to_owned(),
            analogy: Analogy::default(),
            steps: Vec::new(),
        }
    }
}

/// The `[lesson.analogy]` table: other words for the labels, all in the singular. An empty word renames nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Analogy {
    /// A user, as in "customer".
    pub user: String,
    /// The gateway, as in "greeter".
    pub gateway: String,
    /// A service, as in "till".
    pub service: String,
    /// A replica, as in "cashier".
    pub replica: String,
    /// A session, as in "customer file".
    pub session: String,
    /// The store, as in "filing cabinet".
    pub store: String,
    /// An item of a cart.
    pub item: String,
    /// To kill, as in "send home".
    pub kill: String,
}

/// One `[[lesson.step]]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LessonStep {
    /// What is said.
    pub say: String,
    /// What the learner is asked to do.
    #[serde(rename = "do")]
    pub act: String,
    /// The question that the learner answers before doing it.
    pub predict: String,
    /// The answers to choose from by a show of hands; without any, the answer is a number.
    pub choices: Vec<Answer>,
    /// What the answer is compared with, counted from the step's beginning.
    pub measure: Measure,
    /// What ends the doing; without it the learner says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// What is explained once it happened, with blanks for what was measured.
    pub after: String,
    /// The same as `say`, in the words of the analogy.
    pub analogy: String,
    /// What only the teacher reads.
    pub note: String,
}

/// One answer to the question of a step. It is right when the measured number keeps its bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Answer {
    /// The answer in words.
    pub says: String,
    /// The number may not be lower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u64>,
    /// The number may not be higher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// The number must be this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<u64>,
}

impl Answer {
    /// Whether this answer is right for a measured number. An answer without bounds is right for none.
    pub fn holds(&self, measured: u64) -> bool {
        let bounded = self.at_least.is_some() || self.at_most.is_some() || self.equals.is_some();
        bounded
            && self.at_least.is_none_or(|least| measured >= least)
            && self.at_most.is_none_or(|most| measured <= most)
            && self.equals.is_none_or(|equal| measured == equal)
    }
}

/// What a prediction is compared with. Each is counted from the beginning of its step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Users who lost a session or items.
    #[default]
    Hurt,
    /// Items that were acknowledged and lost.
    Items,
    /// Sessions that the system no longer knew.
    LoggedOut,
    /// Requests that failed or timed out.
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_right_within_its_bounds_and_without_bounds_never() {
        let third = Answer { at_least: Some(1), at_most: Some(15), ..Answer::default() };
        assert_eq!([0, 1, 15, 16].map(|number| third.holds(number)), [false, true, true, false]);
        assert!(Answer { equals: Some(0), ..Answer::default() }.holds(0));
        assert!(!Answer::default().holds(0));
    }
}
