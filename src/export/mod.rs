//! How does it leave? One file per form. Pure: text in memory; writing files is `runtime`'s.

pub mod report_json;
pub mod report_text;
