//! Two systems compared by measuring: which experiments both go through, which figures these yield, and the table that
//! comes of it. Pure: it changes presets and reads reports; `cli::compare` runs them.

mod form;
mod kinds;
mod parts;
mod tally;
mod trial;
mod trials;

pub use form::{Better, Comparison, FORMAT, Figure, LeftOut, Row};
pub use kinds::{KINDS, Kind, ROWS};
pub use tally::{Side, Tally};
pub use trial::{Reading, TRIALS, Trial};
