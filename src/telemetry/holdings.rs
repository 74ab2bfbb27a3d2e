//! What a database holds, as it counted itself.

use serde::{Deserialize, Serialize};

/// The tables of a database, by name, and how many rows each has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// Names and rows, in the order of names.
    pub tables: Vec<(String, u64)>,
}
