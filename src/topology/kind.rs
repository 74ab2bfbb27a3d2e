//! The kinds of nodes there are, and which may send requests to which: one answer for validation, for drawing links and
//! for what can be created at the end of one.

use super::database::Database;
use super::node::{Cache, Gateway, Role, Service, Users};
use super::program::Program;

/// What kind of node it is: its role without the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleKind {
    /// Virtual users.
    Users,
    /// A load balancer and router.
    Gateway,
    /// Hosts modules.
    Service,
    /// A key-value store.
    Cache,
    /// Tables.
    Database,
    /// Any command.
    Program,
}

impl RoleKind {
    /// Every kind, in the order in which requests pass them.
    pub const ALL: [Self; 6] = [Self::Users, Self::Gateway, Self::Service, Self::Program, Self::Cache, Self::Database];

    /// The word that presets write, and the id that a new node gets.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Gateway => "gateway",
            Self::Service => "service",
            Self::Cache => "cache",
            Self::Database => "database",
            Self::Program => "program",
        }
    }

    /// The role with the settings that an absent key means.
    pub fn role(self) -> Role {
        match self {
            Self::Users => Role::Users(Users::default()),
            Self::Gateway => Role::Gateway(Gateway::default()),
            Self::Service => Role::Service(Service::default()),
            Self::Cache => Role::Cache(Cache::default()),
            Self::Database => Role::Database(Database::default()),
            Self::Program => Role::Program(Program::default()),
        }
    }

    /// Why nodes of this kind cannot send requests to nodes of that kind, as advice; `None` if they can.
    pub const fn cannot_send_to(self, to: Self) -> Option<&'static str> {
        match (self, to) {
            (_, Self::Users) => Some("nobody sends requests to users; turn the link around"),
            (Self::Cache, _) => Some("a cache only answers; turn the link around"),
            (Self::Database, _) => Some("a database only answers; turn the link around"),
            (Self::Gateway, Self::Gateway) => Some("link the gateway to services"),
            (Self::Gateway | Self::Users, Self::Cache) => Some("link the services to the cache"),
            (Self::Gateway | Self::Users, Self::Database) => Some("link the services to the database"),
            (Self::Users | Self::Gateway | Self::Service | Self::Program, _) => None,
        }
    }
}

impl Role {
    /// The role without its settings.
    pub const fn kind(&self) -> RoleKind {
        match self {
            Self::Users(_) => RoleKind::Users,
            Self::Gateway(_) => RoleKind::Gateway,
            Self::Service(_) => RoleKind::Service,
            Self::Cache(_) => RoleKind::Cache,
            Self::Database(_) => RoleKind::Database,
            Self::Program(_) => RoleKind::Program,
        }
    }

    /// The role's name, as presets write it.
    pub const fn name(&self) -> &'static str {
        self.kind().name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_go_from_users_to_services_and_end_in_a_cache() {
        let may = |from: RoleKind, to: RoleKind| from.cannot_send_to(to).is_none();
        assert!(may(RoleKind::Users, RoleKind::Gateway) && may(RoleKind::Gateway, RoleKind::Service));
        assert!(may(RoleKind::Service, RoleKind::Service) && may(RoleKind::Service, RoleKind::Cache));
        assert!(!may(RoleKind::Cache, RoleKind::Service) && !may(RoleKind::Gateway, RoleKind::Cache));
        assert!(RoleKind::ALL.iter().all(|&kind| !may(kind, RoleKind::Users) && kind.role().kind() == kind));
    }
}
