//! Stable addresses.

use tokio::net::{TcpListener, TcpStream};

use super::rig::on_one_thread;
use crate::node::app_link;
use crate::node::log::Log;
use crate::node::service::port::listen;
use crate::wire::Bootstrap;

#[test]
fn a_port_is_had_again_at_once_and_one_that_is_taken_is_given_up() {
    on_one_thread(async {
        let app = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bootstrap = Bootstrap {
            protocol: crate::wire::PROTOCOL,
            control: app.local_addr().unwrap(),
            token: "secret".to_owned(),
            life: "shop.1#2".parse().unwrap(),
            parent_pid: 0,
        };
        let (link, _messages) = app_link::dial(&bootstrap, Log::default()).await.unwrap();
        let first = listen(&link, None).await.unwrap();
        let port = first.local_addr().unwrap().port();
        // A connection that its server closes first stays in TIME_WAIT.
        let client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        drop(first.accept().await.unwrap());
        drop((client, first));
        let second = listen(&link, Some(port)).await.unwrap();
        assert_eq!(second.local_addr().unwrap().port(), port);
        let third = listen(&link, Some(port)).await.unwrap();
        assert_ne!(third.local_addr().unwrap().port(), port);
    });
}
