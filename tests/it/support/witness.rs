//! An independent witness: a reverse proxy that stands in front of the gateway, keeps every byte of both directions, and
//! counts requests and losses from those bytes alone. It shares no code with the program.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One connection's bytes.
#[derive(Default)]
struct Conversation {
    requests: Vec<u8>,
    answers: Vec<u8>,
}

/// The proxy. It forwards to whatever address it was last pointed at.
#[derive(Clone)]
pub(crate) struct Witness {
    address: SocketAddr,
    target: Arc<Mutex<Option<SocketAddr>>>,
    conversations: Arc<Mutex<Vec<Arc<Mutex<Conversation>>>>>,
}

/// What the witness counted.
#[derive(Debug, Default)]
pub(crate) struct Testimony {
    /// Requests of virtual users.
    pub(crate) requests: u64,
    /// Requests that were answered 2xx.
    pub(crate) answered_well: u64,
    /// Session ids whose user was told *unknown session* while holding them.
    pub(crate) lost: BTreeSet<String>,
    /// Users who were told so.
    pub(crate) hurt: BTreeSet<String>,
}

impl Witness {
    /// A witness that listens on a free port.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let witness =
            Self { address: listener.local_addr().unwrap(), target: Arc::default(), conversations: Arc::default() };
        let accepting = witness.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                accepting.forward(client);
            }
        });
        witness
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Points it at a server.
    pub(crate) fn point_at(&self, target: SocketAddr) {
        *self.target.lock().unwrap() = Some(target);
    }

    fn forward(&self, client: TcpStream) {
        let Some(target) = *self.target.lock().unwrap() else { return };
        let Ok(server) = TcpStream::connect(target) else { return };
        let conversation = Arc::new(Mutex::new(Conversation::default()));
        self.conversations.lock().unwrap().push(conversation.clone());
        let (client_copy, server_copy) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let answers = conversation.clone();
        std::thread::spawn(move || copy(client, server, |bytes| conversation.lock().unwrap().requests.extend(bytes)));
        std::thread::spawn(move || {
            copy(server_copy, client_copy, |bytes| answers.lock().unwrap().answers.extend(bytes))
        });
    }

    /// Reads what was said and counts.
    pub(crate) fn testify(&self) -> Testimony {
        let mut testimony = Testimony::default();
        for conversation in self.conversations.lock().unwrap().iter() {
            let conversation = conversation.lock().unwrap();
            let requests = messages(&conversation.requests);
            let answers = messages(&conversation.answers);
            for (index, request) in requests.iter().enumerate() {
                testimony.requests += 1;
                let Some(answer) = answers.get(index) else { continue };
                let status = answer.first_line.split(' ').nth(1).unwrap_or_default();
                if status.starts_with('2') {
                    testimony.answered_well += 1;
                }
                let session = request.cookie("brownout-session");
                if let (true, Some(session)) = (status == "401", session) {
                    testimony.lost.insert(session);
                    testimony.hurt.extend(request.headers.get("brownout-user").cloned());
                }
            }
        }
        testimony
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, note: impl Fn(&[u8])) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        note(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

/// One HTTP message.
struct Message {
    first_line: String,
    headers: BTreeMap<String, String>,
}

impl Message {
    fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get("cookie")?;
        cookies.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    }
}

/// Splits a byte stream into HTTP/1.1 messages with bodies of a stated length or in chunks; an unfinished one is left out.
fn messages(mut bytes: &[u8]) -> Vec<Message> {
    let mut found = Vec::new();
    while let Some(end) = find(bytes, b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let first_line = lines.next().unwrap_or_default().to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        bytes = &bytes[end + 4..];
        if let Some(length) = headers.get("content-length") {
            let length: usize = length.parse().unwrap();
            if bytes.len() < length {
                break;
            }
            bytes = &bytes[length..];
        } else if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            let Some(end) = find(bytes, b"0\r\n\r\n") else { break };
            bytes = &bytes[end + 5..];
        }
        found.push(Message { first_line, headers });
    }
    found
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}
