//! Listening: takes connections and serves HTTP/1.1 on each, until told to close them.

use std::rc::Rc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::Service;
use super::routes::handle;

/// The pause after a connection could not be taken: most often for lack of descriptors, which others give back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Takes connections until the service closes.
pub(super) async fn listen(service: Rc<Service>, listener: TcpListener) {
    let mut closing = service.closing.subscribe();
    loop {
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok((stream, _)) => drop(tokio::task::spawn_local(serve(service.clone(), stream))),
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            _ = closing.changed() => return,
        }
    }
}

/// Serves one connection; once the service closes, only what is under way.
async fn serve(service: Rc<Service>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let mut closing = service.closing.subscribe();
    // Held until the connection has written its last answer.
    let _open = service.begin_connection();
    let handler = service_fn(|request| handle(service.clone(), request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), handler);
    tokio::pin!(connection);
    tokio::select! {
        // A connection that breaks is told of by its other end.
        _ = connection.as_mut() => {}
        _ = closing.wait_for(|closing| *closing) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
