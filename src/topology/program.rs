//! Programs in any language as nodes: which command, what it serves, and when it is ready.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::graph::Topology;
use super::id::{ModuleName, NodeId, OperationId};
use super::node::{Node, Restart};
use super::text::as_text;
use super::units::{BadUnit, Period};

/// Settings of a `program` node: any command, which somebody has allowed before it starts. It gets its port and the
/// addresses of what it is linked to by environment variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Program {
    /// The program and its arguments, one each: never a line for a shell. `{port}` in an argument becomes the port,
    /// `{data}` a folder for what it writes, which the node's lives share and which is gone with the run.
    pub command: Vec<String>,
    /// The modules that it serves over HTTP, as a service would.
    pub modules: Vec<ModuleName>,
    /// The operations of these modules that it knows; all of them if none is named.
    pub operations: Vec<OperationId>,
    /// The version of the modules' contract that it speaks.
    pub contract: u32,
    /// When it takes requests.
    pub ready: Readiness,
    /// How long it may take until it does.
    pub ready_within: Period,
    /// How many processes.
    pub replicas: u32,
    /// What to do when the program is missing, as in "apt install golang".
    pub install: String,
    /// The longest time that a terminated replica finishes its requests before it is killed.
    pub drain: Period,
    /// When a process that died is followed by the next.
    pub restart: Restart,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            command: Vec::new(),
            modules: Vec::new(),
            operations: Vec::new(),
            contract: 1,
            ready: Readiness::default(),
            ready_within: Period::secs(20),
            replicas: 1,
            install: String::new(),
            drain: Period::secs(5),
            restart: Restart::default(),
        }
    }
}

impl Program {
    /// The command as it is shown: each argument as it is, quoted where its bounds could not be seen.
    pub fn command_line(&self) -> String {
        let quoted = |part: &String| {
            let plain =
                !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !"\"'\\`$&|;<>()*?#~".contains(c));
            if plain { part.clone() } else { format!("{part:?}") }
        };
        self.command.iter().map(quoted).collect::<Vec<_>>().join(" ")
    }
}

impl Topology {
    /// Every command that running this drawing would start, with its node: what somebody must allow.
    pub fn commands(&self) -> Vec<(NodeId, String)> {
        let command = |node: &Node| Some((node.id.clone(), node.program()?.command_line()));
        self.nodes().filter_map(command).collect()
    }
}

/// What tells that a program takes requests: `tcp`, or the path of an HTTP request that is answered with 2xx.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Readiness {
    /// Its port accepts a connection.
    #[default]
    Tcp,
    /// A GET of this path is answered with 2xx.
    Http(String),
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp => f.write_str("tcp"),
            Self::Http(path) => f.write_str(path),
        }
    }
}

impl FromStr for Readiness {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        let is_path = text.starts_with('/') && text.chars().all(|c| c.is_ascii_graphic());
        match text {
            "tcp" => Ok(Self::Tcp),
            _ if is_path => Ok(Self::Http(text.to_owned())),
            _ => Err(BadUnit { text: text.to_owned(), expected: "tcp, or the path of an HTTP request, as in /health" }),
        }
    }
}
as_text!(Readiness, "Readiness", "^(tcp|/[!-~]*)$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_with_the_bounds_of_its_arguments() {
        let command = ["python3", "users.py", "two words", "", "a;b"].map(str::to_owned).to_vec();
        let program = Program { command, ..Program::default() };
        assert_eq!(program.command_line(), r#"python3 users.py "two words" "" "a;b""#);
    }
}
