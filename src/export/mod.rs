//! How does it leave? One file per form. Pure: text and bytes in memory; writing files is `runtime`'s.

pub mod colours;
mod font;
pub mod gif;
pub mod png;
pub mod report_json;
pub mod report_text;
pub mod svg;

pub use colours::Colours;
