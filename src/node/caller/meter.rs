//! A connection that counts what it carries, in both directions. It changes nothing.

use std::cell::Cell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Bytes written and read since they were last asked for.
#[derive(Debug, Default)]
pub(super) struct Carried {
    written: Cell<u64>,
    read: Cell<u64>,
}

impl Carried {
    /// Bytes written and read since this was last asked.
    pub(super) fn take(&self) -> (u64, u64) {
        (self.written.take(), self.read.take())
    }

    fn add(to: &Cell<u64>, count: usize) {
        to.set(to.get() + count as u64);
    }
}

/// A connection whose bytes are counted.
#[derive(Debug)]
pub(super) struct Metered {
    stream: TcpStream,
    carried: Rc<Carried>,
}

impl Metered {
    /// The connection, and where its bytes are counted.
    pub(super) fn new(stream: TcpStream) -> (Self, Rc<Carried>) {
        let carried = Rc::new(Carried::default());
        (Self { stream, carried: carried.clone() }, carried)
    }

    fn wrote(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(count)) = written {
            Carried::add(&self.carried.written, count);
        }
        written
    }
}

impl AsyncRead for Metered {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        Carried::add(&self.carried.read, into.filled().len() - before);
        read
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, data);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn what_goes_out_and_what_comes_in_is_counted_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut far, _) = listener.accept().await.unwrap();
        let (mut near, carried) = Metered::new(near);
        near.write_all(b"hello").await.unwrap();
        far.write_all(b"goodbye").await.unwrap();
        near.read_exact(&mut [0; 7]).await.unwrap();
        assert_eq!((carried.take(), carried.take()), ((5, 7), (0, 0)));
    }
}
