//! What ends the doing of a lesson step, as a file writes it: `running`, `kill shop.2`, `shop.sessions = store`, `wait 10s`.

use std::fmt;
use std::str::FromStr;

use crate::topology::text::as_text;
use crate::topology::{Act, Deploy, NodeId, Period, Target};

/// What a lesson step waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum Until {
    /// The system runs and every user has had a session.
    Running,
    /// This was done to that, and everybody who was hit knows. Never [`Act::Set`], which has its own form.
    Done {
        /// What.
        act: Act,
        /// To what: a replica, or any of a node.
        on: Target,
    },
    /// A setting of a node has this value.
    Setting {
        /// Which node.
        node: NodeId,
        /// The setting's key in presets.
        key: String,
        /// The value, as `--set` takes it.
        value: String,
    },
    /// This much run time has passed since the step began.
    Wait(Period),
}

/// A text that ends no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} ends no step: {reason}")]
pub struct BadUntil {
    /// What was read.
    pub text: String,
    /// Why it is nothing to wait for.
    pub reason: String,
}

/// The forms there are, for messages.
const FORMS: &str = "write running, an act as in kill shop.2, a setting as in shop.sessions = store, or wait 10s";

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Done { act, on } => write!(f, "{} {on}", act.name()),
            Self::Setting { node, key, value } => write!(f, "{node}.{key} = {value}"),
            Self::Wait(period) => write!(f, "wait {period}"),
        }
    }
}

impl FromStr for Until {
    type Err = BadUntil;

    fn from_str(text: &str) -> Result<Self, BadUntil> {
        let bad = |reason: String| BadUntil { text: text.to_owned(), reason };
        if let Some((path, value)) = text.split_once('=') {
            let Some((node, key)) = path.trim().split_once('.') else { return Err(bad(FORMS.to_owned())) };
            let node = node.parse().map_err(|error| bad(format!("{error}")))?;
            let (key, value) = (key.to_owned(), value.trim().to_owned());
            return if key.is_empty() || value.is_empty() {
                Err(bad(FORMS.to_owned()))
            } else {
                Ok(Self::Setting { node, key, value })
            };
        }
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("running"), None, None) => Ok(Self::Running),
            (Some("wait"), Some(period), None) => {
                period.parse().map(Self::Wait).map_err(|error| bad(format!("{error}")))
            }
            (Some(word), Some(target), None) => {
                let act = act(word).ok_or_else(|| bad(FORMS.to_owned()))?;
                let on = target.parse().map_err(|error| bad(format!("{error}")))?;
                Ok(Self::Done { act, on })
            }
            _ => Err(bad(FORMS.to_owned())),
        }
    }
}
as_text!(
    Until,
    "Until",
    "^(running|wait\\s+\\S+|(kill|terminate|pause|resume|restart|crash|lose-data|deploy|roll-back)\\s+\\S+|[a-z][a-z0-9-]*\\.[a-z_]+\\s*=\\s*\\S.*)$"
);

fn act(word: &str) -> Option<Act> {
    let acts = [Act::Kill, Act::Terminate, Act::Pause, Act::Resume, Act::Restart, Act::Crash, Act::LoseData];
    let rollouts = [Act::Deploy(Deploy::default()), Act::RollBack];
    acts.into_iter().chain(rollouts).find(|act| act.name() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_written_as_it_is_read() {
        for text in [
            "running",
            "kill shop.2",
            "pause shop",
            "deploy module:cart",
            "shop.sessions = store",
            "shop.replicas = 2",
            "wait 10s",
        ] {
            assert_eq!(text.parse::<Until>().unwrap().to_string(), text);
        }
        let setting = "shop.sessions=store".parse::<Until>().unwrap();
        assert_eq!(setting, "shop.sessions = store".parse().unwrap());
    }

    #[test]
    fn what_ends_no_step_is_refused_with_its_reason() {
        let reason = |text: &str| text.parse::<Until>().unwrap_err().to_string();
        for text in ["", "run", "running fast", "explode shop", "kill", "set shop", "shop = store", "shop.sessions ="] {
            assert!(reason(text).contains("write running"), "{text:?}: {}", reason(text));
        }
        assert!(reason("kill Shop").contains("a node, replica, link or module"));
        assert!(reason("wait 10").contains("a time with its unit"), "{}", reason("wait 10"));
    }
}
