//! A connection with the bytes that were read ahead from it.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How much is asked of the kernel at once, in bytes. Also the bound of what is read ahead.
const READ: usize = 16 << 10;

/// A connection with the bytes that were read ahead from it.
#[derive(Debug)]
pub(super) struct Socket {
    /// The connection.
    pub(super) stream: TcpStream,
    /// Bytes that were read and not used yet.
    pub(super) buffer: BytesMut,
    /// Bytes written and read since they were last asked for.
    carried: (u64, u64),
}

impl Socket {
    /// Small writes leave at once.
    pub(super) fn new(stream: TcpStream) -> Self {
        let _ = stream.set_nodelay(true);
        Self { stream, buffer: BytesMut::new(), carried: (0, 0) }
    }

    /// Reads more; 0 means that the other side has closed.
    pub(super) async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(READ / 2);
        let count = self.stream.read_buf(&mut self.buffer).await?;
        self.carried.1 += count as u64;
        Ok(count)
    }

    /// Reads what there is at once, if there is anything.
    pub(super) fn try_fill(&mut self) -> io::Result<usize> {
        let count = self.stream.try_read_buf(&mut self.buffer)?;
        self.carried.1 += count as u64;
        Ok(count)
    }

    /// Writes as much as the kernel takes at once.
    pub(super) fn try_write(&mut self, data: &[u8]) -> io::Result<usize> {
        let count = self.stream.try_write(data)?;
        self.carried.0 += count as u64;
        Ok(count)
    }

    /// Bytes written and read since this was last asked.
    pub(super) fn take_carried(&mut self) -> (u64, u64) {
        std::mem::take(&mut self.carried)
    }

    /// Reads more, within a time limit.
    pub(super) async fn fill_within(&mut self, limit: Duration) -> io::Result<usize> {
        timeout(limit, self.fill()).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Writes everything, within a time limit.
    pub(super) async fn write_within(&mut self, data: &[u8], limit: Duration) -> io::Result<()> {
        // Nearly always the kernel takes all at once.
        let written = match self.try_write(data) {
            Ok(count) if count == data.len() => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error),
        };
        let rest = &data[written..];
        timeout(limit, self.stream.write_all(rest)).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()))?;
        self.carried.0 += rest.len() as u64;
        Ok(())
    }

    /// Whether an idle connection can take a request: the other side has neither closed it nor said anything.
    pub(super) fn is_quiet(&self) -> bool {
        self.buffer.is_empty() && matches!(peek(&self.stream), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Closes such that an answer still reaches a sender who has not been read to the end: the connection is reset
    /// when unread bytes are thrown away.
    pub(super) async fn close_gently(mut self) {
        let _ = self.stream.shutdown().await;
        let discard = async {
            for _ in 0..64 {
                self.buffer.clear();
                if !matches!(self.fill().await, Ok(count) if count > 0) {
                    return;
                }
            }
        };
        let _ = timeout(Duration::from_secs(1), discard).await;
    }
}

/// Asks the kernel itself: tokio's readiness is as old as the last turn of its event loop.
#[cfg(unix)]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    Ok(rustix::io::read(stream, &mut [0; 1])?)
}

#[cfg(not(unix))]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    stream.try_read(&mut [0; 1])
}
