//! What a program is told of its surroundings: environment variables and arguments. Pure.

use std::ffi::OsString;
use std::path::Path;

use crate::topology::LifeId;
use crate::topology::NodeId;
use crate::wire::{ProgramConfig, StoreProtocol};

/// The folders that are made for a program, in the node's own folder: for what can be made anew, and for what is of the
/// moment.
pub(super) const FOLDERS: [&str; 2] = ["cache", "tmp"];

/// The keeper's ports that a program is told of.
#[derive(Debug, Default)]
pub(super) struct Ports {
    /// Where it reports spans.
    pub(super) spans: u16,
    /// Where each linked node is found, with how it is spoken to.
    pub(super) links: Vec<(NodeId, Speech, u16)>,
}

/// How a linked node is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// HTTP/1.1.
    Http,
    /// What this store speaks.
    Store(StoreProtocol),
}

impl Speech {
    fn url(self, port: u16) -> String {
        match self {
            Self::Http => format!("http://127.0.0.1:{port}"),
            Self::Store(StoreProtocol::Resp) => format!("redis://127.0.0.1:{port}"),
            // Loopback needs no encryption, and asking for it would cost a turn of each connection.
            Self::Store(StoreProtocol::Postgres) => {
                format!("postgresql://app@127.0.0.1:{port}/app?sslmode=disable")
            }
        }
    }
}

/// The environment variables of a life.
pub(super) fn variables(life: &LifeId, config: &ProgramConfig, port: u16, ports: &Ports) -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: String| variables.push((name.to_owned(), value));
    set("PORT", port.to_string());
    set("DATA_DIR", config.data.display().to_string());
    // Compilers and libraries keep there what they can make anew, and it goes with the run.
    for (name, folder) in ["XDG_CACHE_HOME", "TMPDIR"].into_iter().zip(FOLDERS) {
        set(name, config.data.join(folder).display().to_string());
    }
    // Lines come when they are written: Python holds them back in a pipe.
    set("PYTHONUNBUFFERED", "1".to_owned());
    for (node, speech, port) in &ports.links {
        set(&variable(node), speech.url(*port));
    }
    let first = |speech: Speech| ports.links.iter().find(|(_, of, _)| *of == speech).map(|(_, _, port)| *port);
    for (name, protocol) in [("DATABASE_URL", StoreProtocol::Postgres), ("CACHE_URL", StoreProtocol::Resp)] {
        if let Some(port) = first(Speech::Store(protocol)) {
            set(name, Speech::Store(protocol).url(port));
        }
    }
    set("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", ports.spans));
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf".to_owned());
    set("OTEL_SERVICE_NAME", life.node().to_string());
    set("OTEL_RESOURCE_ATTRIBUTES", format!("service.instance.id={life}"));
    set("OTEL_TRACES_EXPORTER", "otlp".to_owned());
    set("OTEL_METRICS_EXPORTER", "none".to_owned());
    set("OTEL_LOGS_EXPORTER", "none".to_owned());
    // Whether a trace is sampled is the request's to say; what the program does on its own account is in none.
    set("OTEL_TRACES_SAMPLER", "parentbased_always_off".to_owned());
    set("OTEL_PROPAGATORS", "tracecontext".to_owned());
    set("OTEL_BSP_SCHEDULE_DELAY", "200".to_owned());
    variables
}

/// The variable that says where a node is: `accounts-db` is `ACCOUNTS_DB_URL`.
fn variable(node: &NodeId) -> String {
    format!("{}_URL", node.as_str().to_ascii_uppercase().replace('-', "_"))
}

/// The command's arguments, with the port and the folder filled in.
pub(super) fn arguments(command: &[String], port: u16, data: &Path) -> Vec<OsString> {
    let (port, data) = (port.to_string(), data.display().to_string());
    command.iter().skip(1).map(|part| part.replace("{port}", &port).replace("{data}", &data).into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Program;

    #[test]
    fn a_program_finds_its_port_and_what_it_is_linked_to() {
        let config = ProgramConfig {
            settings: Program::default(),
            upstreams: Vec::new(),
            stores: Vec::new(),
            home: "/presets".into(),
            data: "/tmp/run/accounts".into(),
        };
        let links = vec![
            ("shop".parse().unwrap(), Speech::Http, 4001),
            ("accounts-db".parse().unwrap(), Speech::Store(StoreProtocol::Postgres), 4002),
            ("sessions".parse().unwrap(), Speech::Store(StoreProtocol::Resp), 4003),
        ];
        let life = "accounts.1#2".parse().unwrap();
        let variables = variables(&life, &config, 5000, &Ports { spans: 4000, links });
        let value =
            |name: &str| variables.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str()).unwrap_or("none");
        assert_eq!(value("PORT"), "5000");
        assert_eq!(value("SHOP_URL"), "http://127.0.0.1:4001");
        assert_eq!(value("ACCOUNTS_DB_URL"), "postgresql://app@127.0.0.1:4002/app?sslmode=disable");
        assert_eq!(value("DATABASE_URL"), value("ACCOUNTS_DB_URL"));
        assert_eq!(value("CACHE_URL"), "redis://127.0.0.1:4003");
        assert_eq!(value("OTEL_EXPORTER_OTLP_ENDPOINT"), "http://127.0.0.1:4000");
        assert_eq!(value("OTEL_RESOURCE_ATTRIBUTES"), "service.instance.id=accounts.1#2");
        let names: std::collections::BTreeSet<_> = variables.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), variables.len(), "each is said once");
    }

    #[test]
    fn arguments_are_told_the_port_and_the_folder() {
        let command = ["serve", "--listen=127.0.0.1:{port}", "--in", "{data}/points"].map(str::to_owned);
        let arguments = arguments(&command, 5000, Path::new("/tmp/run/metrics"));
        assert_eq!(arguments, ["--listen=127.0.0.1:5000", "--in", "/tmp/run/metrics/points"]);
    }
}
