//! The ports that a keeper opens for its program before that starts: one for each link that leaves the node, and one for
//! spans. Their addresses hold for the life of the program, whatever becomes of the lives behind them.

use std::rc::Rc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::node::caller::Caller;
use crate::node::log::Level;
use crate::node::{Context, Failure};
use crate::topology::{NodeId, Policy};
use crate::wire::ProgramConfig;

use super::environment::{Ports, Speech};
use super::http;
use super::pipe::Pipe;
use super::relay::Relay;
use super::spans;

/// The open ports, until dropped.
pub(super) struct Surroundings {
    context: Context,
    /// What the program is told.
    pub(super) ports: Ports,
    caller: Caller,
    pipes: Vec<Rc<Pipe>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Surroundings {
    /// Opens a port for each link.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub(super) async fn open(context: &Context, config: &ProgramConfig) -> Result<Self, Failure> {
        let caller = Caller::new(context.clone());
        caller.update(&config.upstreams, Policy::default());
        let (mut ports, mut pipes, mut tasks) = (Ports::default(), Vec::new(), Vec::new());
        let (listener, port) = listen().await?;
        ports.spans = port;
        let of_spans = context.clone();
        tasks.push(tokio::task::spawn_local(http::serve(listener, move |request| {
            spans::answer(of_spans.clone(), request)
        })));
        for upstream in &config.upstreams {
            let (listener, port) = listen().await?;
            ports.links.push((upstream.node.clone(), Speech::Http, port));
            let relay = Relay::new(context.clone(), caller.clone(), upstream.node.clone());
            tasks.push(tokio::task::spawn_local(http::serve(listener, move |request| relay.clone().answer(request))));
        }
        for store in &config.stores {
            let (listener, port) = listen().await?;
            ports.links.push((store.node.clone(), Speech::Store(store.protocol), port));
            let pipe = Pipe::new(context.clone(), store);
            tasks.push(tokio::task::spawn_local(pipe.clone().serve(listener)));
            pipes.push(pipe);
        }
        Ok(Self { context: context.clone(), ports, caller, pipes, tasks })
    }

    /// Leads to where the linked nodes are now. A link that was drawn meanwhile is the next life's to know: nobody can
    /// tell a running process a new variable.
    pub(super) fn update(&self, config: &ProgramConfig) {
        self.caller.update(&config.upstreams, Policy::default());
        self.pipes.iter().for_each(|pipe| pipe.update(&config.stores));
        let linked = config.upstreams.iter().map(|upstream| &upstream.node);
        for node in linked.chain(config.stores.iter().map(|store| &store.node)).filter(|node| !self.knows(node)) {
            let words = format!("a link to {node} was drawn: the next life of this program learns of it");
            self.context.app.log(Level::Info, &words);
        }
    }

    fn knows(&self, node: &NodeId) -> bool {
        self.ports.links.iter().any(|(known, _, _)| known == node)
    }
}

impl Drop for Surroundings {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn listen() -> Result<(TcpListener, u16), Failure> {
    let no_port = |error| Failure(format!("cannot listen on 127.0.0.1: {error}"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_port)?;
    let port = listener.local_addr().map_err(no_port)?.port();
    Ok((listener, port))
}
