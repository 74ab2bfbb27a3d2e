//! The lamps below the users, lit by real runs: after a buggy deploy of recommendations all of them go out in the
//! monolith, and only its own with services.

use std::cell::RefCell;
use std::collections::BTreeMap;

use brownout::control::Snapshot;
use brownout::scene::{LampState, Lamps};
use brownout::topology::{Act, Node, Preset, builtin, format};

use crate::support::live::Live;

fn preset(name: &str) -> Preset {
    format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
}

/// The deploy that the lesson makes, which has a bug.
fn bad_deploy() -> Act {
    let act = preset("bad-deploy").scenario.remove(0).act;
    assert!(matches!(&act, Act::Deploy(deploy) if deploy.bug.is_some()), "{act:?}");
    act
}

/// A run that is looked at as the window looks at it.
struct Watched {
    run: Live,
    preset: Preset,
    lamps: RefCell<Lamps>,
}

impl Watched {
    fn start(name: &str) -> Self {
        let preset = preset(name);
        let run = Live::start(preset.clone(), false, false);
        let mut lamps = Lamps::default();
        lamps.put_up(&preset);
        Self { run, preset, lamps: RefCell::new(lamps) }
    }

    /// The lamps of what users do again and again, as they are with this snapshot. Logging in happens once.
    fn states(&self, snapshot: &Snapshot) -> BTreeMap<String, LampState> {
        let mut lamps = self.lamps.borrow_mut();
        lamps.observe(snapshot);
        lamps.light(snapshot.now_us);
        let users = || self.preset.topology.nodes().filter_map(Node::users);
        let again =
            |name: &str| users().flat_map(|users| &users.journey).any(|operation| operation.to_string() == name);
        let lamps = lamps.lamps().iter().filter(|lamp| again(&lamp.operation));
        lamps.map(|lamp| (lamp.operation.clone(), lamp.state)).collect()
    }

    /// Waits until the lamps are so, looking at each snapshot on the way.
    fn until(&self, what: &str, are: impl Fn(&BTreeMap<String, LampState>) -> bool) {
        self.run.until(what, |snapshot| are(&self.states(snapshot)).then_some(()));
    }

    fn deploy(&self) {
        self.until("every lamp is lit", |lamps| {
            lamps.len() == 7 && lamps.values().all(|state| *state == LampState::Lit)
        });
        self.run.act(bad_deploy(), "module:recommendations");
    }
}

#[test]
fn in_a_monolith_a_buggy_deploy_of_a_minor_part_puts_every_lamp_out() {
    let watched = Watched::start("monolith");
    watched.deploy();
    watched.until("every lamp is out", |lamps| lamps.values().all(|state| *state == LampState::Out));
}

#[test]
fn with_services_only_its_own_lamp_goes_out() {
    let watched = Watched::start("bad-deploy");
    watched.deploy();
    // Users walk through the shop side by side at first, so a lamp may be dark for want of a question; none but one goes out.
    let none_else_is_out = |lamps: &BTreeMap<String, LampState>| {
        let mut others = lamps.iter().filter(|(name, _)| *name != "recommendations.suggest");
        assert!(others.all(|(_, state)| *state != LampState::Out), "{lamps:?}");
    };
    watched.until("its own lamp is out, and nearly all others are lit", |lamps| {
        none_else_is_out(lamps);
        let lit = lamps.values().filter(|state| matches!(state, LampState::Lit | LampState::Brownout)).count();
        lamps["recommendations.suggest"] == LampState::Out && lit >= 5
    });
    // The catalog's page is shown without: some of it is missing, and its lamp says so.
    watched.until("the catalog is browned out", |lamps| {
        none_else_is_out(lamps);
        lamps["catalog.browse"] == LampState::Brownout
    });
}
