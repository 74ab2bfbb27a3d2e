//! The form of a comparison's report: stable, versioned, a figure for both systems with how it was measured.
//! `docs/report.md` describes it for readers.

use serde::{Deserialize, Serialize};

/// The version of the comparison's form.
pub const FORMAT: u32 = 1;

/// Two systems, measured the same way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of this form.
    pub format: u32,
    /// What the first system is called.
    pub a: String,
    /// What the second system is called.
    pub b: String,
    /// The seed of every run.
    pub seed: u64,
    /// How the figures came about, in a sentence for each thing that a reader should know.
    pub how: Vec<String>,
    /// The table.
    pub rows: Vec<Row>,
    /// Which languages and stores run together: in both systems, and in the built-in preset `polyglot`.
    #[serde(default)]
    pub stacks: Vec<Stack>,
    /// What to hold against the figures: what the two differ in beside where the software runs, runs in which requests
    /// were sent late.
    pub doubts: Vec<String>,
    /// Figures that could not be measured, and why.
    pub left_out: Vec<LeftOut>,
}

/// One row of the textbook's table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it is about, as in *fault tolerance*.
    pub name: String,
    /// What was measured.
    pub figures: Vec<Figure>,
}

/// One figure of both systems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// What it is counted in.
    pub unit: String,
    /// How it was measured.
    pub measured_as: String,
    /// Whether it only stands for what the row is about.
    pub proxy: bool,
    /// The first system's.
    pub a: f64,
    /// The second system's.
    pub b: f64,
    /// Which of the two is better.
    pub better: Better,
}

/// The languages and stores of one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// Which system.
    pub system: String,
    /// What its services, gateways and programs are written in.
    pub languages: Vec<String>,
    /// What keeps its data: caches, databases, and programs that only others ask.
    pub stores: Vec<String>,
    /// Why this was read from the drawing only; `None` where all of it really ran together.
    pub why_not_run: Option<String>,
}

impl Stack {
    /// The same in a sentence, without its full stop.
    pub fn sentence(&self) -> String {
        let Self { system, languages, stores, why_not_run } = self;
        let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let (languages, stores) = (list(languages), list(stores));
        match why_not_run {
            None => format!("{system} ran together: languages {languages}; stores {stores}"),
            Some(why) => format!("{system} has in its drawing: languages {languages}; stores {stores}; not run: {why}"),
        }
    }
}

/// Which of two systems is better in a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The first.
    A,
    /// The second.
    B,
    /// Neither: they differ by no more than one run differs from the next.
    Same,
}

/// A figure that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Which.
    pub name: String,
    /// Why.
    pub why: String,
}

impl Comparison {
    /// The figures of all rows.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.rows.iter().flat_map(|row| &row.figures)
    }
}
