//! Laws and cases of the request parser.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Feeds the pieces one after the other and collects what comes out.
fn parse<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Vec<Bytes>>, ProtocolError> {
    let (mut parser, mut buffer, mut requests) = (Parser::default(), BytesMut::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        while let Some(request) = parser.next(&mut buffer)? {
            requests.push(request);
        }
    }
    Ok(requests)
}

fn written(request: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", request.len()).into_bytes();
    for argument in request {
        bytes.extend_from_slice(format!("${}\r\n", argument.len()).as_bytes());
        bytes.extend_from_slice(argument);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

fn error(bytes: &[u8]) -> String {
    parse([bytes]).unwrap_err().to_string()
}

#[test]
fn inline_commands_are_split_as_redis_cli_splits_them() {
    for (line, arguments) in [
        ("PING\r\n", vec![&b"PING"[..]]),
        ("\r\n  get  k \n", vec![b"get", b"k"]),
        ("set k \"a\\x41\\n\\\"\"\r\n", vec![b"set", b"k", b"aA\n\""]),
        ("set k 'it\\'s \\n'\r\n", vec![b"set", b"k", b"it's \\n"]),
        ("set k \"\"\r\n", vec![b"set", b"k", b""]),
    ] {
        assert_eq!(parse([line.as_bytes()]).unwrap(), [arguments], "{line:?}");
    }
}

#[test]
fn what_is_not_resp_is_refused_in_redis_words() {
    assert_eq!(error(b"*x\r\n"), "Protocol error: invalid multibulk length");
    assert_eq!(error(b"*1048577\r\n"), "Protocol error: invalid multibulk length");
    assert_eq!(error(b"*1\r\n:1\r\n"), "Protocol error: expected '$', got ':'");
    assert_eq!(error(b"*1\r\n$-1\r\n"), "Protocol error: invalid bulk length");
    assert_eq!(error(b"*1\r\n$16777217\r\n"), "Protocol error: invalid bulk length");
    assert_eq!(error(b"set k \"open\r\n"), "Protocol error: unbalanced quotes in request");
    assert_eq!(error(b"set k \"a\"b\r\n"), "Protocol error: unbalanced quotes in request");
    assert_eq!(error(&[b'a'; MAX_LINE + 2]), "Protocol error: too big inline request");
    assert_eq!(error(b"*1\r\n$1\r\nab\r\n"), "Protocol error: expected CRLF after an argument");
}

#[test]
fn a_request_is_bounded_as_a_whole() {
    let argument = vec![b'x'; MAX_ARGUMENT];
    let request = vec![argument; MAX_REQUEST / MAX_ARGUMENT + 1];
    assert_eq!(error(&written(&request)), "Protocol error: invalid bulk length");
}

#[test]
fn empty_arrays_are_no_requests() {
    assert_eq!(parse([&b"*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n"[..]]).unwrap(), [vec![&b"PING"[..]]]);
}

proptest! {
    #[test]
    fn pipelined_requests_survive_any_cut(
        requests in vec(vec(vec(any::<u8>(), 0..40), 1..6), 1..6),
        cuts in vec(0..600usize, 0..8),
    ) {
        let bytes: Vec<u8> = requests.iter().flat_map(|request| written(request)).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
        prop_assert_eq!(parse(pieces).unwrap(), requests);
    }

    #[test]
    fn rubbish_never_panics(bytes: Vec<u8>) {
        let _ = parse(bytes.chunks(3));
    }

    #[test]
    fn nearly_right_requests_never_panic(text in "[*$0-9a-c\r\n'\"\\\\x ]{0,80}") {
        let _ = parse([text.as_bytes()]);
    }
}
