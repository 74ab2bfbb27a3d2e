//! Which modules' ways to other services a text can mean. There are as many as modules times services, so names are
//! compared before anything is made of them.

use std::collections::BTreeMap;

use crate::topology::{ModuleName, NodeId, Preset};
use crate::ui::command::Departure;

use super::{Wanted, score};

/// More ways than this are not looked at, shared out evenly among the modules that the text means.
const MOST: usize = 400;

/// The ways that have all words of the text in them; without a text those that were chosen of late.
pub(super) fn found(text: &str, preset: &Preset, before: &[Wanted]) -> Vec<Departure> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        let late =
            before.iter().filter_map(|wanted| if let Wanted::Module(known) = wanted { Some(known) } else { None });
        return late.filter(|known| known.is_there(preset)).cloned().collect();
    }
    let services: Vec<(&NodeId, &[ModuleName])> =
        preset.topology.nodes().filter_map(|node| Some((&node.id, node.service()?.modules.as_slice()))).collect();
    let in_service = |word: &str| {
        let fit = services.iter().filter(|(id, _)| score::score(word, id.as_str()).is_some());
        fit.map(|(id, _)| *id).collect::<Vec<_>>()
    };
    // For each word the services whose names have it: asked once, not for every module.
    let named: BTreeMap<&str, Vec<&NodeId>> = words.iter().map(|word| (*word, in_service(word))).collect();
    let mut meant: Vec<(&ModuleName, bool, Vec<&NodeId>)> = Vec::new();
    for (host, modules) in &services {
        for module in *modules {
            let own = format!("Move {module} out to module");
            let left: Vec<&str> = words.iter().copied().filter(|word| score::score(word, &own).is_none()).collect();
            let all = services.iter().map(|(id, _)| *id).filter(|id| id != host);
            let others: Vec<&NodeId> = match &left[..] {
                [] => all.take(MOST).collect(),
                [word, rest @ ..] => {
                    let has = |id: &&NodeId| rest.iter().all(|word| named[word].contains(id));
                    named[word].iter().copied().filter(|id| id != host).filter(has).collect()
                }
            };
            let alone = left.is_empty() && modules.len() > 1;
            if alone || !others.is_empty() {
                meant.push((module, alone, others));
            }
        }
    }
    // Those whose own names have most of the text first: if not all can be looked at, these are.
    meant.sort_by_key(|(module, ..)| std::cmp::Reverse(own_score(&words, module)));
    let each = (MOST / meant.len().max(1)).max(1);
    let ways = meant.iter().flat_map(|(module, alone, others)| {
        let out = alone.then(|| Departure::to(module, None));
        out.into_iter().chain(others.iter().map(|to| Departure::to(module, Some(to)))).take(each)
    });
    ways.take(MOST).collect()
}

/// How much of the text a module's name has.
fn own_score(words: &[&str], module: &ModuleName) -> i32 {
    words.iter().filter_map(|word| score::score(word, module.as_str())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{Node, Role, Service, Topology};

    /// So many services with two modules each.
    fn preset(services: usize) -> Preset {
        let service = |at: usize| {
            let modules = [format!("left{at:03}"), format!("right{at:03}")].map(|name| name.parse().unwrap()).into();
            let role = Role::Service(Service { modules, ..Service::default() });
            Node { id: format!("shop{at:03}").parse().unwrap(), role }
        };
        let nodes = (0..services).map(service).collect();
        Preset { topology: Topology::new(Vec::new(), nodes, Vec::new()).0, ..Preset::default() }
    }

    fn titles(text: &str, preset: &Preset) -> Vec<String> {
        found(text, preset, &[]).iter().map(Departure::title).collect()
    }

    #[test]
    fn the_last_of_many_modules_and_services_is_found_as_well_as_the_first() {
        let preset = preset(200);
        assert_eq!(titles("move right199 out", &preset)[0], "Move right199 out");
        assert_eq!(titles("right199 shop198", &preset), ["Move right199 to shop198"]);
        let to_last = titles("left000 shop199", &preset);
        assert_eq!(to_last, ["Move left000 to shop199"]);
        assert!(titles("nothing", &preset).is_empty());
    }

    #[test]
    fn no_text_makes_more_of_them_than_can_be_ranked_at_once() {
        let preset = preset(200);
        for text in ["m", "move", "shop", "left", "right shop", "module"] {
            let count = found(text, &preset, &[]).len();
            assert!(count > 0 && count <= MOST, "{text:?}: {count}");
        }
        assert!(found(" ", &preset, &[]).is_empty());
        let late = Departure::to(&"left001".parse().unwrap(), None);
        let gone = Departure::to(&"gone".parse().unwrap(), None);
        let before = [Wanted::Module(gone), Wanted::Module(late.clone())];
        assert_eq!(found("", &preset, &before), [late]);
    }
}
