//! Settings by path and text: `--set shop.sessions=store`, scenario `set`, and the inspector. Every setting of every
//! role goes by the key that presets write.

use super::field::{CACHE, DATABASE, Field, GATEWAY, Kind, MODULE, PROGRAM, RUN, Refusal, SERVICE, USERS, find};
pub use super::field::{Kind as SettingKind, SettingInfo, Value};
pub use super::ramp::part_way;
use super::{NodeId, Preset, Problem, Role, RunSettings, near};

/// The settings of a role, in the order in which the inspector shows them.
pub fn describe(role: &Role) -> Vec<&'static SettingInfo> {
    fn infos<T>(fields: &'static [Field<T>]) -> Vec<&'static SettingInfo> {
        fields.iter().map(|field| &field.info).collect()
    }
    match role {
        Role::Users(_) => infos(USERS),
        Role::Gateway(_) => infos(GATEWAY),
        Role::Service(_) => infos(SERVICE),
        Role::Cache(_) => infos(CACHE),
        Role::Database(_) => infos(DATABASE),
        Role::Program(_) => infos(PROGRAM),
    }
}

/// The settings of `[run]`.
pub fn describe_run() -> Vec<&'static SettingInfo> {
    RUN.iter().map(|field| &field.info).collect()
}

/// The value of a setting of `[run]`.
pub fn get_run(run: &RunSettings, key: &str) -> Option<Value> {
    (find(RUN, key)?.get)(run)
}

/// Changes a setting of `[run]`.
///
/// # Errors
/// When there is no such setting, or the value is not one for it; the path is the key.
pub fn set_run(run: &mut RunSettings, key: &str, value: &str) -> Result<(), Problem> {
    let unknown = || Err(Problem::error(key, format!("run has no setting {key:?}")));
    set_field(run, RUN, key, value).unwrap_or_else(unknown)
}

/// The same role with every setting as a fresh node has it.
pub fn fresh(role: &Role) -> Role {
    role.kind().role()
}

/// The value of a role's setting; `None` when the role has no such setting.
pub fn get_role(role: &Role, key: &str) -> Option<Value> {
    match role {
        Role::Users(users) => (find(USERS, key)?.get)(users),
        Role::Gateway(gateway) => (find(GATEWAY, key)?.get)(gateway),
        Role::Service(service) => (find(SERVICE, key)?.get)(service),
        Role::Cache(cache) => (find(CACHE, key)?.get)(cache),
        Role::Database(database) => (find(DATABASE, key)?.get)(database),
        Role::Program(program) => (find(PROGRAM, key)?.get)(program),
    }
}

/// Changes a role's setting.
///
/// # Errors
/// When the role has no such setting, or the value is not one for it; the path is the key.
pub fn set_role(role: &mut Role, key: &str, value: &str) -> Result<(), Problem> {
    let name = role.name();
    let done = match role {
        Role::Users(users) => set_field(users, USERS, key, value),
        Role::Gateway(gateway) => set_field(gateway, GATEWAY, key, value),
        Role::Service(service) => set_field(service, SERVICE, key, value),
        Role::Cache(cache) => set_field(cache, CACHE, key, value),
        Role::Database(database) => set_field(database, DATABASE, key, value),
        Role::Program(program) => set_field(program, PROGRAM, key, value),
    };
    done.unwrap_or_else(|| {
        let keys: Vec<&str> = describe(role).iter().map(|info| info.key).collect();
        let problem = Problem::error(key, format!("a node of role {name} has no setting {key:?}"));
        Err(problem.advise(near::advice(key, keys.iter().copied())))
    })
}

/// The value at a path, as [`set`] takes it.
pub fn get(preset: &Preset, path: &str) -> Option<Value> {
    let (owner, key) = path.split_once('.')?;
    if let ("run", Some(field)) = (owner, find(RUN, key)) {
        return (field.get)(&preset.run);
    }
    let node = owner.parse::<NodeId>().ok().and_then(|id| preset.topology.node(&id));
    if let Some(value) = node.and_then(|node| get_role(&node.role, key)) {
        return Some(value);
    }
    let module = preset.topology.modules.iter().find(|module| module.name.as_str() == owner)?;
    (find(MODULE, key)?.get)(module)
}

/// Changes the setting at a path: `shop.sessions` of a node, `cart.startup` of a module, `run.duration`.
///
/// # Errors
/// When the path leads nowhere or the value is not one for it; says which there are.
pub fn set(preset: &mut Preset, path: &str, value: &str) -> Result<(), Problem> {
    let no_path = || {
        Problem::error(path, format!("{path:?} is not the path of a setting"))
            .advise("write <node>.<setting>, as in shop.sessions, or run.duration")
    };
    let (owner, key) = path.split_once('.').ok_or_else(no_path)?;
    let at_path = |problem: Problem| Problem { path: path.to_owned(), ..problem };
    if owner == "run"
        && let Some(done) = set_field(&mut preset.run, RUN, key, value)
    {
        return done.map_err(at_path);
    }
    let id: Option<NodeId> = owner.parse().ok();
    let is_node = id.as_ref().is_some_and(|id| preset.topology.node(id).is_some());
    if let Some(module) = preset.topology.modules.iter_mut().find(|module| module.name.as_str() == owner)
        && (!is_node || find(MODULE, key).is_some())
    {
        let keys = MODULE.iter().map(|field| field.info.key);
        let unknown = Problem::error(path, format!("a module has no setting {key:?}"))
            .advise(near::advice(key, keys.collect::<Vec<_>>()));
        return set_field(module, MODULE, key, value).unwrap_or(Err(unknown)).map_err(at_path);
    }
    if let Some(role) = id.and_then(|id| preset.topology.role_mut(&id)) {
        return set_role(role, key, value).map_err(at_path);
    }
    if owner == "run" {
        let keys: Vec<&str> = RUN.iter().map(|field| field.info.key).collect();
        return Err(Problem::error(path, format!("run has no setting {key:?}")).advise(near::advice(key, keys)));
    }
    let ids: Vec<&str> = preset.topology.nodes().map(|node| node.id.as_str()).chain(["run"]).collect();
    Err(Problem::error(path, format!("there is no node {owner:?}")).advise(near::advice(owner, ids)))
}

/// Sets a field by text; `None` when there is no field of that key.
fn set_field<T>(owner: &mut T, fields: &[Field<T>], key: &str, text: &str) -> Option<Result<(), Problem>> {
    let field = find(fields, key)?;
    let done = field.info.kind.parse(text).and_then(|value| (field.set)(owner, &value));
    Some(
        done.map_err(|Refusal { message, advice, .. }| Problem::error(key, format!("{key}: {message}")).advise(advice)),
    )
}

/// Whether the kind is one of a few words, which a menu can show.
pub fn words(kind: Kind) -> Option<&'static [&'static str]> {
    if let Kind::Choice(words) = kind { Some(words) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{Cache, Gateway, Node, Service, Sessions, Topology, Users};

    fn preset() -> Preset {
        let node = |id: &str, role| Node { id: id.parse().unwrap(), role };
        let nodes = vec![
            node("shoppers", Role::Users(Users::default())),
            node("gate", Role::Gateway(Gateway::default())),
            node("shop", Role::Service(Service::default())),
            node("store", Role::Cache(Cache::default())),
        ];
        Preset { topology: Topology::new(Vec::new(), nodes, Vec::new()).0, ..Preset::default() }
    }

    #[test]
    fn every_setting_of_every_role_can_be_read_and_set_to_what_it_is() {
        let mut preset = preset();
        let before = preset.clone();
        let nodes: Vec<Node> = preset.topology.nodes().cloned().collect();
        for node in nodes {
            for info in describe(&node.role) {
                let path = format!("{}.{}", node.id, info.key);
                let value = get(&preset, &path).unwrap().to_string();
                set(&mut preset, &path, &value).unwrap();
            }
        }
        assert_eq!(preset, before);
    }

    #[test]
    fn a_path_changes_one_setting() {
        let mut preset = preset();
        set(&mut preset, "shop.sessions", "store").unwrap();
        set(&mut preset, "shop.modules", "cart, orders").unwrap();
        set(&mut preset, "run.duration", "10s").unwrap();
        let service = preset.topology.node(&"shop".parse().unwrap()).unwrap().service().unwrap();
        assert_eq!((service.sessions, service.modules.len()), (Sessions::Store, 2));
        assert_eq!(preset.run.duration, crate::topology::Period::secs(10));
    }

    #[test]
    fn a_wrong_path_or_value_says_what_is_right() {
        let check = |path: &str, value: &str, expected: &str| {
            let problem = set(&mut preset(), path, value).unwrap_err().to_string();
            assert!(problem.contains(expected), "{path}={value}: {problem}");
        };
        check("shop", "1", "write <node>.<setting>");
        check("shp.sessions", "store", "did you mean shop?");
        check("shop.sesions", "store", "did you mean sessions?");
        check("shop.sessions", "stoer", "did you mean store?");
        check("shop.replicas", "three", "\"three\" is not a whole number from 0");
        check("shop.restart", "soon", "never, now or a delay");
        check("run.duratoin", "1s", "did you mean duration?");
    }
}
