//! Shared texts come back byte for byte, and what is none says why.

use super::*;
use crate::topology::builtin;

#[test]
fn every_built_in_preset_comes_back_byte_for_byte() {
    for preset in builtin::all() {
        let shared = encode(preset.text);
        assert!(is_share_text(&shared) && !is_share_text(preset.text));
        assert!(shared.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-_".contains(&byte)), "{shared}");
        assert!(shared.len() < preset.text.len() * 2 / 3, "{}: {} of {}", preset.name, shared.len(), preset.text.len());
        assert_eq!(decode(&shared).as_deref(), Ok(preset.text), "{}", preset.name);
    }
    assert_eq!(decode(&encode("")).as_deref(), Ok(""));
}

#[test]
fn spaces_and_line_breaks_do_no_harm() {
    let text = builtin::all()[0].text;
    let shared = encode(text);
    let wrapped: String = shared
        .chars()
        .enumerate()
        .map(|(at, c)| if at > 12 && at % 70 == 0 { format!("\r\n {c}") } else { c.to_string() })
        .collect();
    assert!(wrapped.lines().count() > 3);
    assert_eq!(decode(&format!(" {wrapped}\n")).as_deref(), Ok(text));
}

fn told(text: &str) -> String {
    decode(text).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_read_says_why() {
    let shared = encode(builtin::all()[0].text);
    assert!(told("format = 1").contains("begins with brownout1:"));
    assert!(told("").contains("no shared preset"));
    assert!(told(&shared.replacen("brownout1", "brownout2", 1)).contains("newer Brownout"));
    assert!(told(&shared[..shared.len() / 2]).contains("cut off"));
    assert!(told(&shared[..14]).contains("cut off"));
    assert!(told(&shared.replacen("brownout1:", "brownout1:§", 1)).contains("'§' does not belong"));
    let middle = shared.len() / 2;
    let other = if shared.as_bytes()[middle] == b'A' { "B" } else { "A" };
    let mut changed = shared.clone();
    changed.replace_range(middle..=middle, other);
    assert!(["damaged", "cut off"].iter().any(|word| told(&changed).contains(word)), "{}", told(&changed));
}

/// A text whose file says that it has this length.
fn claiming(length: u32, content: &[u8]) -> String {
    let mut packed = [crc32fast::hash(content).to_be_bytes(), length.to_be_bytes()].concat();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    packed.extend(encoder.finish().unwrap());
    format!("brownout1:{}", URL_SAFE_NO_PAD.encode(packed))
}

#[test]
fn a_text_that_unpacks_to_more_than_it_says_is_refused_before_it_is_unpacked() {
    let bomb = vec![b'a'; 64 << 20];
    assert!(told(&claiming(64 << 20, &bomb)).contains("more than 4 MiB"));
    assert!(told(&claiming(1000, &bomb)).contains("damaged"));
    assert!(told(&claiming(1000, b"short")).contains("cut off"));
    assert!(told(&claiming(2, &[0xff, 0xfe])).contains("damaged"));
    assert!(told(&format!("brownout1:{}", "A".repeat(9 << 20))).contains("more than 4 MiB"));
}
