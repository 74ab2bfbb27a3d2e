//! Where users' requests can go, as the newest configuration says. Pure.

use crate::node::balancer::{Balancer, Picked};
use crate::topology::{LifeId, ModuleName, NodeId, Policy};
use crate::wire::Upstream;

/// The nodes that users send to.
#[derive(Debug, Default)]
pub(super) struct Routes {
    upstreams: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    node: NodeId,
    modules: Vec<ModuleName>,
    balancer: Balancer,
}

impl Routes {
    /// Takes a new list. Answers with the lives that are not on it any more.
    pub(super) fn update(&mut self, upstreams: &[Upstream], seed: u64) -> Vec<LifeId> {
        let mut old = std::mem::take(&mut self.upstreams);
        let mut gone = Vec::new();
        for upstream in upstreams {
            let known = old.iter().position(|route| route.node == upstream.node).map(|at| old.swap_remove(at).balancer);
            let mut balancer = known.unwrap_or_else(|| Balancer::new(Policy::RoundRobin, seed));
            gone.extend(balancer.update(upstream));
            self.upstreams.push(Route { node: upstream.node.clone(), modules: upstream.modules.clone(), balancer });
        }
        let removed = old.iter().flat_map(|route| route.balancer.replicas());
        gone.extend(removed.map(|replica| replica.life.clone()));
        gone
    }

    /// The node that serves, or routes to, this module.
    pub(super) fn node_of(&self, module: &ModuleName) -> Option<&NodeId> {
        self.upstreams.iter().find(|route| route.modules.contains(module)).map(|route| &route.node)
    }

    /// Whether a user may keep to a connection to this life.
    pub(super) fn may_keep(&self, life: &LifeId) -> bool {
        let mut of_node = self.upstreams.iter().filter(|route| route.node == *life.node());
        of_node.any(|route| route.balancer.life(life).is_some_and(|replica| replica.takes_new()))
    }

    /// A replica of this node for a user without a connection.
    pub(super) fn pick(&mut self, node: &NodeId, now_us: u64) -> Option<Picked> {
        self.upstreams.iter_mut().find(|route| route.node == *node)?.balancer.pick(&[], now_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Endpoint, EndpointState};

    fn upstream(node: &str, module: &str, lives: &[(&str, EndpointState)]) -> Upstream {
        Upstream {
            node: node.parse().unwrap(),
            modules: vec![module.parse().unwrap()],
            endpoints: lives
                .iter()
                .map(|(life, state)| Endpoint {
                    life: life.parse().unwrap(),
                    address: ([127, 0, 0, 1], 1).into(),
                    state: *state,
                })
                .collect(),
            slots: 2,
        }
    }

    #[test]
    fn users_keep_to_a_life_while_it_is_listed_and_ready() {
        let mut routes = Routes::default();
        let (ready, draining) = (EndpointState::Ready, EndpointState::Draining);
        routes.update(&[upstream("shop", "cart", &[("shop.1#1", ready), ("shop.2#1", draining)])], 7);
        let shop = routes.node_of(&"cart".parse().unwrap()).unwrap().clone();
        assert_eq!(routes.node_of(&"billing".parse().unwrap()), None);
        assert!(routes.may_keep(&"shop.1#1".parse().unwrap()));
        assert!(!routes.may_keep(&"shop.2#1".parse().unwrap()));
        assert_eq!(routes.pick(&shop, 0).unwrap().life, "shop.1#1".parse().unwrap());
        let gone = routes.update(&[upstream("shop", "cart", &[("shop.2#2", ready)])], 7);
        assert_eq!(gone.len(), 2);
        assert_eq!(routes.pick(&shop, 0).unwrap().life, "shop.2#2".parse().unwrap());
        assert_eq!(routes.update(&[], 7), ["shop.2#2".parse().unwrap()]);
        assert_eq!(routes.pick(&shop, 0), None);
    }
}
