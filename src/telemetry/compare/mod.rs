//! Two systems compared by measuring: which experiments both go through, which figures these yield, and the table that
//! comes of it. Pure: it changes presets and reads reports; `cli::compare` runs them.

mod form;
mod kinds;
mod parts;
mod rewrite;
mod stack;
mod tally;
mod trial;
mod trials;

pub use form::{Better, Comparison, FORMAT, Figure, LeftOut, Row, Stack};
pub use kinds::{KINDS, Kind, ROWS};
pub use stack::{POLYGLOT, polyglot};
pub use tally::{Side, Tally};
pub use trial::{Reading, TRIALS, Trial};
