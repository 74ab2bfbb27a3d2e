//! How does it leave? One file per form. Pure: text and bytes in memory; writing files is `runtime`'s.

mod colours;
pub mod compare_html;
pub mod compare_text;
mod font;
mod form;
pub mod gif;
pub mod handout;
pub mod page;
pub mod png;
pub mod report_json;
pub mod report_text;
mod share;
pub mod span_json;
pub mod svg;
mod toml;

pub use colours::Colours;
pub use form::{Export, FORMS, Form, by_name};
