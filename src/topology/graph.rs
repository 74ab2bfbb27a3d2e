//! The drawing as a graph: modules, nodes and links, with lookups. Any state that can be drawn can be held, also a
//! half-drawn one; whether it can run is `validate`'s question.

use std::collections::BTreeMap;

use petgraph::Direction;
use petgraph::stable_graph::{EdgeIndex, NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;

use super::database::Database;
use super::id::{LinkId, ModuleName, NodeId, OperationId, Target};
use super::modules::Modules;
use super::node::{Cache, Gateway, Link, Node, Role, Service, Sessions, Users};
use super::program::Program;
use super::software::{Module, Operation, Step};

/// What was drawn: what the software does (modules) and where it runs (nodes and links).
#[derive(Debug, Clone, Default)]
pub struct Topology {
    /// The modules, in the order of the file.
    pub modules: Modules,
    /// Each link knows its rank: ranks rise in the order of the links, with gaps where links were taken out.
    graph: StableDiGraph<Node, usize>,
    /// Nodes and links in the order of the file, which saving and drawing keep.
    node_order: Vec<NodeIndex>,
    link_order: Vec<EdgeIndex>,
    by_id: BTreeMap<NodeId, NodeIndex>,
}

impl PartialEq for Topology {
    fn eq(&self, other: &Self) -> bool {
        self.modules == other.modules && self.nodes().eq(other.nodes()) && self.links().eq(other.links())
    }
}

impl Topology {
    /// A topology of these parts. Links to nodes that do not exist and second nodes of one id are left out and
    /// returned, for `validate` to report; nothing else is judged.
    pub fn new(modules: Vec<Module>, nodes: Vec<Node>, links: Vec<Link>) -> (Self, Vec<Link>, Vec<Node>) {
        let mut topology = Self { modules: modules.into(), ..Self::default() };
        let doubled = nodes.into_iter().filter_map(|node| topology.add_node(node).err()).collect();
        let dangling = links.into_iter().filter_map(|link| topology.add_link(link).err()).collect();
        (topology, dangling, doubled)
    }

    /// Adds a node at the end.
    ///
    /// # Errors
    /// Gives the node back when its id is taken.
    #[expect(clippy::result_large_err, reason = "what was not taken is given back whole")]
    pub fn add_node(&mut self, node: Node) -> Result<(), Node> {
        self.insert_node(self.node_order.len(), node)
    }

    /// Adds a node at this position, or at the end if there are fewer.
    ///
    /// # Errors
    /// Gives the node back when its id is taken.
    #[expect(clippy::result_large_err, reason = "what was not taken is given back whole")]
    pub fn insert_node(&mut self, position: usize, node: Node) -> Result<(), Node> {
        if self.by_id.contains_key(&node.id) {
            return Err(node);
        }
        let id = node.id.clone();
        let index = self.graph.add_node(node);
        self.by_id.insert(id, index);
        self.node_order.insert(position.min(self.node_order.len()), index);
        Ok(())
    }

    /// Adds a link at the end.
    ///
    /// # Errors
    /// Gives the link back when one of its nodes is missing or the link is there already.
    pub fn add_link(&mut self, link: Link) -> Result<(), Link> {
        self.insert_link(self.link_order.len(), link)
    }

    /// Adds a link at this position, or at the end if there are fewer.
    ///
    /// # Errors
    /// Gives the link back when one of its nodes is missing or the link is there already.
    pub fn insert_link(&mut self, position: usize, link: Link) -> Result<(), Link> {
        let (Some(from), Some(to)) = (self.index(&link.from), self.index(&link.to)) else {
            return Err(link);
        };
        if self.graph.contains_edge(from, to) {
            return Err(link);
        }
        let last = self.link_order.last().and_then(|&edge| self.graph.edge_weight(edge)).copied();
        let edge = self.graph.add_edge(from, to, last.map_or(0, |rank| rank + 1));
        let position = position.min(self.link_order.len());
        self.link_order.insert(position, edge);
        if position + 1 < self.link_order.len() {
            self.rank_links();
        }
        Ok(())
    }

    fn rank_links(&mut self) {
        for (rank, &edge) in self.link_order.iter().enumerate() {
            if let Some(weight) = self.graph.edge_weight_mut(edge) {
                *weight = rank;
            }
        }
    }

    /// Takes a node out, with its links. `None` when there is none of that id.
    pub fn remove_node(&mut self, id: &NodeId) -> Option<(Node, Vec<Link>)> {
        let index = self.index(id)?;
        let links: Vec<Link> = self.links_of(id).into_iter().map(|(_, link)| link).collect();
        for link in &links {
            self.remove_link(&link.id());
        }
        self.node_order.retain(|&other| other != index);
        self.by_id.remove(id);
        self.graph.remove_node(index).map(|node| (node, links))
    }

    /// Gives a node another id; its links, and all orders, stay. `false`, and nothing is changed, when there is no such
    /// node or the new id is taken.
    pub fn rename_node(&mut self, from: &NodeId, to: &NodeId) -> bool {
        let Some(index) = self.index(from).filter(|_| !self.by_id.contains_key(to)) else { return false };
        let Some(node) = self.graph.node_weight_mut(index) else { return false };
        node.id = to.clone();
        self.by_id.remove(from);
        self.by_id.insert(to.clone(), index);
        true
    }

    /// Takes a link out. `None` when it is not there.
    pub fn remove_link(&mut self, id: &LinkId) -> Option<Link> {
        let edge = self.graph.find_edge(self.index(&id.from)?, self.index(&id.to)?)?;
        self.link_order.retain(|&other| other != edge);
        self.graph.remove_edge(edge);
        Some(Link { from: id.from.clone(), to: id.to.clone() })
    }

    /// The nodes, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.node_order.iter().filter_map(|&index| self.graph.node_weight(index))
    }

    /// The links from and to a node, each with its position among all links.
    pub fn links_of(&self, id: &NodeId) -> Vec<(usize, Link)> {
        let Some(index) = self.index(id) else { return Vec::new() };
        let touching = self.link_order.iter().enumerate().filter_map(|(position, &edge)| {
            let (from, to) = self.graph.edge_endpoints(edge)?;
            let link = || Link { from: self.graph[from].id.clone(), to: self.graph[to].id.clone() };
            (from == index || to == index).then(|| (position, link()))
        });
        touching.collect()
    }

    /// The links, in the order of the file.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        self.link_order.iter().filter_map(|&edge| {
            let (from, to) = self.graph.edge_endpoints(edge)?;
            Some(Link { from: self.graph[from].id.clone(), to: self.graph[to].id.clone() })
        })
    }

    /// Whether there is this link.
    pub fn has_link(&self, id: &LinkId) -> bool {
        let ends = self.index(&id.from).zip(self.index(&id.to));
        ends.is_some_and(|(from, to)| self.graph.contains_edge(from, to))
    }

    /// The node of this id.
    pub fn node(&self, id: &NodeId) -> Option<&Node> {
        self.index(id).and_then(|index| self.graph.node_weight(index))
    }

    /// The node of this id, to be changed. Its id stays as it is.
    pub fn role_mut(&mut self, id: &NodeId) -> Option<&mut Role> {
        let index = self.index(id)?;
        self.graph.node_weight_mut(index).map(|node| &mut node.role)
    }

    /// The nodes that this node sends requests to, in the order of its links.
    pub fn downstream(&self, id: &NodeId) -> Vec<&Node> {
        let Some(index) = self.index(id) else { return Vec::new() };
        let mut edges: Vec<_> = self.graph.edges(index).collect();
        // The graph has its own order.
        edges.sort_by_key(|edge| *edge.weight());
        edges.into_iter().filter_map(|edge| self.graph.node_weight(edge.target())).collect()
    }

    /// The nodes that send requests to this node.
    pub fn upstream(&self, id: &NodeId) -> Vec<&Node> {
        let Some(index) = self.index(id) else { return Vec::new() };
        self.graph
            .edges_directed(index, Direction::Incoming)
            .filter_map(|edge| self.graph.node_weight(edge.source()))
            .collect()
    }

    /// The module of this name.
    pub fn module(&self, name: &ModuleName) -> Option<&Module> {
        self.modules.named(name)
    }

    /// The operation of this id.
    pub fn operation(&self, id: &OperationId) -> Option<&Operation> {
        self.modules.operation(id)
    }

    /// The service or program node that hosts the module (the first, where a mistake names several).
    pub fn host(&self, module: &ModuleName) -> Option<&Node> {
        self.nodes().find(|node| node.modules().contains(module))
    }

    /// The node that `from` sends requests for `module` to: the linked node that hosts it, else the linked gateway
    /// that routes to it.
    pub fn route(&self, from: &NodeId, module: &ModuleName) -> Option<&Node> {
        let downstream = self.downstream(from);
        let hosts = |node: &Node| node.modules().contains(module);
        downstream.iter().find(|node| hosts(node)).copied().or_else(|| {
            downstream
                .into_iter()
                .find(|node| matches!(node.role, Role::Gateway(_)) && self.downstream(&node.id).into_iter().any(hosts))
        })
    }

    /// Whether anything that a service hosts asks for the user's session, or nothing is known of what it hosts.
    pub fn asks_for_sessions(&self, service: &Service) -> bool {
        let mut hosted = service.modules.iter().filter_map(|name| self.module(name)).peekable();
        let asks = |step: &Step| matches!(step, Step::Session { .. });
        let mut any = |module: &Module| module.operations.iter().flat_map(|operation| &operation.steps).any(asks);
        hosted.peek().is_none() || hosted.any(&mut any)
    }

    /// The store that a node shares sessions in: the first cache it links to; without one its database, but only that
    /// of a service which keeps its sessions in a store. A database is linked for data, and holds sessions only on demand.
    pub fn store_of(&self, id: &NodeId) -> Option<&Node> {
        let wants_a_store = |service: &Service| service.sessions == Sessions::Store;
        let wanted = self.node(id).and_then(Node::service).is_some_and(wants_a_store);
        self.cache_of(id).or_else(|| self.database_of(id).filter(|_| wanted))
    }

    /// The store that a node would share sessions in if it kept them in one: the first cache it links to, without one
    /// its database.
    pub fn possible_store_of(&self, id: &NodeId) -> Option<&Node> {
        self.cache_of(id).or_else(|| self.database_of(id))
    }

    /// The first cache that a node links to.
    fn cache_of(&self, id: &NodeId) -> Option<&Node> {
        self.downstream(id).into_iter().find(|node| matches!(node.role, Role::Cache(_)))
    }

    /// The database that a node keeps its data in: the first one it links to.
    pub fn database_of(&self, id: &NodeId) -> Option<&Node> {
        self.downstream(id).into_iter().find(|node| matches!(node.role, Role::Database(_)))
    }

    /// The nodes that a fault on this target acts on: for a module, where it is hosted now.
    pub fn node_of<'a>(&'a self, target: &'a Target) -> Option<&'a NodeId> {
        match target {
            Target::Module(module) => self.host(module).map(|node| &node.id),
            Target::Node(_) | Target::Slot(_) | Target::Link(_) => target.node(),
        }
    }

    fn index(&self, id: &NodeId) -> Option<NodeIndex> {
        self.by_id.get(id).copied()
    }
}

/// A node's settings by role; `None` for a node of another role.
impl Node {
    /// The settings of a `users` node.
    pub fn users(&self) -> Option<&Users> {
        if let Role::Users(users) = &self.role { Some(users) } else { None }
    }

    /// The settings of a `gateway` node.
    pub fn gateway(&self) -> Option<&Gateway> {
        if let Role::Gateway(gateway) = &self.role { Some(gateway) } else { None }
    }

    /// The settings of a `service` node.
    pub fn service(&self) -> Option<&Service> {
        if let Role::Service(service) = &self.role { Some(service) } else { None }
    }

    /// The settings of a `cache` node.
    pub fn cache(&self) -> Option<&Cache> {
        if let Role::Cache(cache) = &self.role { Some(cache) } else { None }
    }

    /// The settings of a `database` node.
    pub fn database(&self) -> Option<&Database> {
        if let Role::Database(database) = &self.role { Some(database) } else { None }
    }

    /// The settings of a `program` node.
    pub fn program(&self) -> Option<&Program> {
        if let Role::Program(program) = &self.role { Some(program) } else { None }
    }

    /// The modules that a service or program node hosts; none for a node of another role.
    pub fn modules(&self) -> &[ModuleName] {
        self.role.modules()
    }
}

impl Role {
    /// The modules that a service or program hosts; none for another role.
    pub fn modules(&self) -> &[ModuleName] {
        match self {
            Self::Service(service) => &service.modules,
            Self::Program(program) => &program.modules,
            Self::Users(_) | Self::Gateway(_) | Self::Cache(_) | Self::Database(_) => &[],
        }
    }

    /// The modules that a service or program hosts, to be changed; `None` for another role.
    pub fn modules_mut(&mut self) -> Option<&mut Vec<ModuleName>> {
        match self {
            Self::Service(service) => Some(&mut service.modules),
            Self::Program(program) => Some(&mut program.modules),
            Self::Users(_) | Self::Gateway(_) | Self::Cache(_) | Self::Database(_) => None,
        }
    }
}
