//! The page that a browser gets which opens the gateway's own address: what can be asked for, as buttons. The page only
//! sends real requests; the gateway answers none of them itself.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::topology::{NodeId, SessionStep};
use crate::wire::PlannedOperation;

/// The page; `{gateway}`, `{number}` and `{buttons}` are filled in. Names are ids, with nothing to be escaped in them.
const PAGE: &str = include_str!("page.html");

/// Writes the whole answer to the end of `out`. `cookie_line`: a further line of the head. `head`: without its body.
pub(super) fn write(
    gateway: &NodeId,
    number: u32,
    operations: &[PlannedOperation],
    cookie_line: &str,
    (head, close): (bool, bool),
    out: &mut Vec<u8>,
) {
    let page = PAGE
        .replace("{gateway}", gateway.as_str())
        .replace("{number}", &number.to_string())
        .replace("{buttons}", &buttons(operations));
    // Writing into memory cannot fail.
    let _ =
        write!(out, "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n", page.len());
    let _ = write!(out, "cache-control: no-store\r\n{cookie_line}");
    out.extend_from_slice(if close { b"connection: close\r\n\r\n" } else { b"\r\n" });
    if !head {
        out.extend_from_slice(page.as_bytes());
    }
}

fn buttons(operations: &[PlannedOperation]) -> String {
    let mut buttons = String::new();
    for operation in operations {
        let method = if operation.reads { "GET" } else { "POST" };
        let item = if operation.session.contains(&SessionStep::Append) { " data-item=\"1\"" } else { "" };
        let (path, id) = (operation.id.path(), &operation.id);
        let _ = write!(buttons, "<button data-method=\"{method}\" data-path=\"{path}\"{item}>{id}</button>");
    }
    if buttons.is_empty() { "Nothing is linked to this gateway.".to_owned() } else { buttons }
}
