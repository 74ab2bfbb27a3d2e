//! The server with a hand-made node at the other end.

use tokio::sync::mpsc;
use tokio::task::LocalSet;

use super::*;
use crate::runtime::events::{self, News};
use crate::topology::{RunSettings, Topology};
use crate::wire::{CacheConfig, RoleConfig, RunContext};

const PATIENCE: Duration = Duration::from_secs(20);

struct World {
    server: Rc<ControlServer>,
    address: SocketAddr,
    news: mpsc::Receiver<News>,
}

/// A server that awaits `shop.1#1` and sends every life a cache's configuration.
async fn world() -> World {
    let (queue, news) = events::queue();
    let configure: Configure = Box::new(|view, _| {
        let run = RunContext {
            id: "run".to_owned(),
            seed: 1,
            epoch_unix_ns: 0,
            epoch_monotonic_ns: None,
            now_us: 0,
            collector: SocketAddr::from(([127, 0, 0, 1], 9)),
            traces_per_second: 1,
        };
        let role = RoleConfig::Cache(CacheConfig { settings: Default::default() });
        Some(NodeConfig { revision: view.revision, run, role })
    });
    let server = ControlServer::new("secret".to_owned(), configure, Events::new(1, queue));
    let (listener, address) = listen().await.unwrap();
    tokio::task::spawn_local(server.clone().serve(listener));
    server.await_life(life());
    World { server, address, news }
}

fn life() -> LifeId {
    "shop.1#1".parse().unwrap()
}

fn hello(protocol: u32, token: &str, life: &str) -> NodeMessage {
    NodeMessage::Hello { protocol, token: token.to_owned(), life: life.parse().unwrap(), pid: 1 }
}

fn view(revision: u64) -> Arc<View> {
    let (topology, run) = (Arc::new(Topology::default()), RunSettings::default());
    Arc::new(View {
        revision,
        topology,
        guests: BTreeMap::new(),
        session_databases: Default::default(),
        run,
        endpoints: BTreeMap::new(),
        started_us: None,
        tempo: 1.0,
        own: BTreeMap::new(),
    })
}

struct Node {
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

impl Node {
    async fn dial(address: SocketAddr, first: &NodeMessage) -> Self {
        let (read, write) = TcpStream::connect(address).await.unwrap().into_split();
        let mut node = Self { read: BufReader::new(read), write };
        node.say(first).await;
        node
    }

    async fn say(&mut self, message: &NodeMessage) {
        self.write.write_all(format!("{}\n", serde_json::to_string(message).unwrap()).as_bytes()).await.unwrap();
    }

    /// The next message; `None` when the app closed the connection.
    async fn hear(&mut self) -> Option<AppMessage> {
        let mut line = String::new();
        let read = tokio::time::timeout(PATIENCE, self.read.read_line(&mut line)).await.unwrap();
        if read.unwrap_or(0) == 0 { None } else { Some(serde_json::from_str(&line).unwrap()) }
    }
}

impl World {
    async fn next(&mut self) -> Event {
        tokio::time::timeout(PATIENCE, self.news.recv()).await.unwrap().unwrap().event
    }
}

#[tokio::test]
async fn whoever_does_not_say_a_right_hello_hears_nothing() {
    LocalSet::new()
        .run_until(async {
            let mut world = world().await;
            world.server.configure(&life(), view(1));
            for wrong in [
                hello(PROTOCOL, "secreT", "shop.1#1"),
                hello(PROTOCOL, "", "shop.1#1"),
                hello(PROTOCOL + 1, "secret", "shop.1#1"),
                hello(PROTOCOL, "secret", "shop.1#2"),
                NodeMessage::Draining,
            ] {
                let mut node = Node::dial(world.address, &wrong).await;
                assert_eq!(node.hear().await, None, "{wrong:?}");
            }
            let mut node = Node::dial(world.address, &hello(PROTOCOL, "secret", "shop.1#1")).await;
            assert!(matches!(node.hear().await, Some(AppMessage::Configure(_))));
            let mut second = Node::dial(world.address, &hello(PROTOCOL, "secret", "shop.1#1")).await;
            assert_eq!(second.hear().await, None, "a life dials in once");
            assert!(matches!(world.next().await, Event::Connected { .. }));
            assert!(world.news.try_recv().is_err(), "strangers are no news");
        })
        .await;
}

#[tokio::test]
async fn a_node_hears_the_newest_configuration_first_and_its_end_comes_after_all_it_said() {
    LocalSet::new()
        .run_until(async {
            let mut world = world().await;
            world.server.say(&life(), AppMessage::Released);
            world.server.configure(&life(), view(1));
            world.server.configure(&life(), view(2));
            let mut node = Node::dial(world.address, &hello(PROTOCOL, "secret", "shop.1#1")).await;
            let Some(AppMessage::Configure(config)) = node.hear().await else { panic!("no configuration") };
            assert_eq!(config.revision, 2);
            assert_eq!(node.hear().await, Some(AppMessage::Released));
            for revision in 1..=200 {
                node.say(&NodeMessage::Applied { revision }).await;
            }
            drop(node);
            assert!(matches!(world.next().await, Event::Connected { .. }));
            for expected in 1..=200 {
                assert!(matches!(world.next().await, Event::Applied { revision, .. } if revision == expected));
            }
            assert!(matches!(world.next().await, Event::Disconnected { .. }));
            assert!(!world.server.is_connected(&life()));
        })
        .await;
}

#[tokio::test]
async fn a_process_that_is_gone_before_it_said_hello_counts_as_disconnected() {
    LocalSet::new()
        .run_until(async {
            let mut world = world().await;
            world.server.exited(life());
            assert!(matches!(world.next().await, Event::Disconnected { .. }));
            let mut late = Node::dial(world.address, &hello(PROTOCOL, "secret", "shop.1#1")).await;
            assert_eq!(late.hear().await, None);
        })
        .await;
}

#[test]
fn secrets_are_compared_whole() {
    assert!(same_secret("abc", "abc"));
    for other in ["", "ab", "abd", "abcd"] {
        assert!(!same_secret(other, "abc"), "{other}");
    }
}
