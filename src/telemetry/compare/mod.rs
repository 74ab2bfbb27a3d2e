//! Two systems compared by measuring: which experiments both go through, which figures these yield, and the table that
//! comes of it. Pure: it changes presets and reads reports; `cli::compare` and `app::compare` run them.

mod form;
mod kinds;
mod measurement;
mod parts;
mod rewrite;
mod side_by_side;
mod stack;
mod tally;
mod trial;
mod trials;
mod words;

pub use form::{Better, Comparison, FORMAT, Figure, LeftOut, Row, Stack};
pub use kinds::{KINDS, Kind, ROWS};
pub use measurement::{Measurement, Run};
pub use side_by_side::side_by_side;
pub use stack::{POLYGLOT, polyglot};
pub use tally::{Side, Tally};
pub use trial::{Reading, TRIALS, Trial};
pub use words::{ONE_AT_A_TIME, PROXIES, PROXY, number};
