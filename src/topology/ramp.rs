//! Part of the way from one value of a setting to another, for ramps: numbers, times, amounts and rates. Pure.

use super::field::{Kind, Value};
use super::settings::{describe, get_role};
use super::{Arrivals, Bytes, Period, Problem, Rate, Role};

/// The value of a role's setting when a ramp has come this far, as `--set` takes it: 0 is what the role has, 1 is `to`.
///
/// # Errors
/// When the role has no such setting, `to` is no value for it, or there is nothing between what it has and `to`; the
/// path is the key.
pub fn part_way(role: &Role, key: &str, to: &str, share: f64) -> Result<String, Problem> {
    let mut target = role.clone();
    super::settings::set_role(&mut target, key, to)?;
    let kind = describe(role).into_iter().find(|info| info.key == key).map(|info| info.kind);
    let amount = |role: &Role| amount(&get_role(role, key)?);
    match (kind, amount(role), amount(&target)) {
        (Some(kind), Some(from), Some(to)) => {
            let at = from + (to - from) * share.clamp(0.0, 1.0);
            written(kind, at).ok_or_else(|| between_nothing(role, key))
        }
        _ => Err(between_nothing(role, key)),
    }
}

fn between_nothing(role: &Role, key: &str) -> Problem {
    let now = get_role(role, key).map_or_else(|| "nothing".to_owned(), |value| value.to_string());
    Problem::error(key, format!("{key} cannot go evenly from {now}: only numbers, times and rates can"))
        .advise("remove over, or set a number first")
}

/// A value as a number: times in microseconds, amounts in bytes, rates per second.
fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Number(number) => Some(*number),
        Value::Text(text) => {
            let time = || text.parse::<Period>().ok().map(|time| time.as_micros() as f64);
            let memory = || text.parse::<Bytes>().ok().map(|bytes| bytes.0 as f64);
            let rate = || text.parse::<Rate>().ok().map(Rate::as_per_second);
            time().or_else(memory).or_else(rate)
        }
        Value::Flag(_) | Value::List(_) | Value::Table(_) | Value::Other(_) => None,
    }
}

fn written(kind: Kind, at: f64) -> Option<String> {
    match kind {
        Kind::Integer => Some((at.round() as i64).to_string()),
        Kind::Number => Some(at.to_string()),
        Kind::Period => Some(format!("{}us", at.round() as u64)),
        Kind::Memory => Some(Bytes(at.round() as u64).to_string()),
        Kind::Rate => Some(Arrivals::Rate(Rate::per_second(at)).to_string()),
        Kind::Text | Kind::Form(_) | Kind::Restart | Kind::Choice(_) | Kind::Flag | Kind::List(_) | Kind::Command => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{Service, Users};

    fn users() -> Role {
        Role::Users(Users { users: 10, arrivals: Arrivals::Rate("50/s".parse().unwrap()), ..Users::default() })
    }

    #[test]
    fn what_has_something_in_between_goes_there_evenly() {
        for (key, to, half) in [
            ("users", "20", "15"),
            ("arrivals", "150/s", "100/s"),
            ("arrivals", "0/s", "25/s"),
            ("think", "2s", "1500000us"),
            ("think_spread", "0", "0.25"),
        ] {
            assert_eq!(part_way(&users(), key, to, 0.5).unwrap(), half, "{key}");
        }
        assert_eq!(part_way(&users(), "users", "20", 7.0).unwrap(), "20");
    }

    #[test]
    fn what_has_nothing_in_between_says_so() {
        let closed = Role::Users(Users::default());
        let service = Role::Service(Service::default());
        for (role, key, to, says) in [
            (&closed, "arrivals", "50/s", "arrivals cannot go evenly from none"),
            (&service, "sessions", "token", "sessions cannot go evenly from memory"),
            (&service, "restart", "9s", "restart cannot go evenly from 8s"),
            (&service, "replicas", "many", "is not a whole number"),
            (&service, "replica", "2", "has no setting"),
        ] {
            let problem = part_way(role, key, to, 0.5).unwrap_err().to_string();
            assert!(problem.contains(says), "{problem}");
        }
    }
}
