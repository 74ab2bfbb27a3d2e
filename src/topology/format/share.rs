//! A preset as one line of text that can be sent in a chat or an address: `brownout1:` and then, in URL-safe base64
//! without padding, the CRC-32 of the file, its length, and the file compressed with deflate.
//!
//! Reading is bounded in time and memory: a text that unpacks to more than a preset may have is refused while it unpacks.

use std::borrow::Cow;
use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::LONGEST_TEXT;
use crate::topology::Problem;

/// What every text begins with, before its version.
const NAME: &str = "brownout";

/// The version that this program writes and reads.
const VERSION: u32 = 1;

/// The longest text that is looked at, in bytes. Deflate makes nothing longer by more than a few bytes in a thousand.
const LONGEST_SHARED: usize = 2 * LONGEST_TEXT;

/// Before the compressed file: its CRC-32 and its length, both big-endian.
const HEAD: usize = 8;

/// The text that stands for this file.
pub fn encode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut packed = Vec::with_capacity(HEAD + bytes.len() / 2);
    packed.extend(crc32fast::hash(bytes).to_be_bytes());
    // A longer file than fits is none that can be read again; `decode` will say so.
    packed.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    let mut encoder = DeflateEncoder::new(packed, Compression::best());
    // Writing into memory cannot fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    format!("{NAME}{VERSION}:{}", URL_SAFE_NO_PAD.encode(packed))
}

/// Whether a text looks as if it were shared, by how it begins: `brownout` and a number.
pub fn is_share_text(text: &str) -> bool {
    version_of(text.trim_start()).is_some()
}

/// The file that a shared text stands for. Spaces and line breaks in it are passed over: mail programs add them.
///
/// # Errors
/// When it is no shared text, of a newer Brownout, cut off, damaged, or stands for more than a preset can be.
pub fn decode(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let Some((version, rest)) = version_of(text) else {
        let problem = Problem::error("", "this is no shared preset");
        return Err(problem.advise(format!("a shared preset begins with {NAME}{VERSION}:")));
    };
    if version != u64::from(VERSION) {
        let message =
            format!("this was shared by another Brownout: it has version {version}, and this one knows {VERSION}");
        return Err(Problem::error("", message).advise("get a newer Brownout, or ask for the preset as a file"));
    }
    if text.len() > LONGEST_SHARED {
        return Err(too_long());
    }
    let packed = unpacked_base64(rest)?;
    let Some((head, body)) = packed.split_first_chunk::<HEAD>() else { return Err(cut_off()) };
    let [a, b, c, d, e, f, g, h] = *head;
    let (checksum, length) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]) as usize);
    if length > LONGEST_TEXT {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    // One byte more than promised shows that there is more.
    let read = DeflateDecoder::new(body).take(length as u64 + 1).read_to_end(&mut bytes);
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(cut_off()),
        Err(_) => return Err(damaged()),
        Ok(_) if bytes.len() < length => return Err(cut_off()),
        Ok(_) if bytes.len() > length || crc32fast::hash(&bytes) != checksum => return Err(damaged()),
        Ok(_) => {}
    }
    String::from_utf8(bytes).map_err(|_| damaged())
}

/// The preset file that a text is, or stands for.
///
/// # Errors
/// Those of [`decode`], for a shared text.
pub fn unfold(text: &str) -> Result<Cow<'_, str>, Problem> {
    if is_share_text(text) { decode(text).map(Cow::Owned) } else { Ok(Cow::Borrowed(text)) }
}

/// The version that a text says it has, and what follows.
fn version_of(text: &str) -> Option<(u64, &str)> {
    let (version, rest) = text.strip_prefix(NAME)?.split_once(':')?;
    let plain = (1..=9).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit());
    Some((version.parse().ok().filter(|_| plain)?, rest))
}

fn unpacked_base64(text: &str) -> Result<Vec<u8>, Problem> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let stranger = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    if let Some(stranger) = text.chars().find(|&c| stranger(c)) {
        let message = format!("the shared text is damaged: {stranger:?} does not belong in it");
        return Err(Problem::error("", message).advise("copy it again, from brownout to its last letter"));
    }
    // All characters are right, so that it can only be the length, or bits beyond the last byte.
    URL_SAFE_NO_PAD.decode(text).map_err(|_| cut_off())
}

fn cut_off() -> Problem {
    Problem::error("", "the shared text is cut off").advise("copy all of it, from brownout to its last letter")
}

fn damaged() -> Problem {
    Problem::error("", "the shared text is damaged: its checksum does not fit").advise("copy it again")
}

fn too_long() -> Problem {
    Problem::error("", "the shared text stands for more than 4 MiB, and a preset has at most that")
        .advise("ask for the preset as a file")
}

#[cfg(test)]
mod tests;
