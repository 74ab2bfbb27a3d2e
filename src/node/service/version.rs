//! The versions of the modules that this process runs, with what is wrong with them. They are the process's for all its
//! time: another version is another life. A module that moves in brings its own along.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::node::log::Level;
use crate::node::{AppLink, Context, crash};
use crate::telemetry::Cause;
use crate::topology::{Bug, ModuleName};
use crate::wire::ModuleVersion;

use super::refusal::Refusal;

/// A process that leaked this much is at its limit, in bytes, and ends as it would where memory is limited.
const LIMIT: u64 = 512 << 20;

/// The versions of this process.
pub(super) struct Versions {
    app: AppLink,
    known: RefCell<BTreeMap<ModuleName, Known>>,
    leaked: RefCell<Vec<Vec<u8>>>,
    leaked_bytes: Cell<u64>,
    random: RefCell<Xoshiro256PlusPlus>,
}

#[derive(Clone, Copy)]
struct Known {
    number: u32,
    bug: Option<Bug>,
    requests: u32,
}

impl Known {
    fn new(version: &ModuleVersion) -> Self {
        Self { number: version.number, bug: version.bug, requests: 0 }
    }
}

impl Versions {
    /// The versions that the first configuration names.
    pub(super) fn new(context: &Context, versions: &[ModuleVersion]) -> Self {
        let known = versions.iter().map(|version| (version.module.clone(), Known::new(version)));
        // A stream of this life's own, so that two runs with one seed fail alike.
        let name = context.life.to_string();
        let seed =
            name.bytes().fold(context.run.seed, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self {
            app: context.app.clone(),
            known: RefCell::new(known.collect()),
            leaked: RefCell::default(),
            leaked_bytes: Cell::new(0),
            random: RefCell::new(Xoshiro256PlusPlus::seed_from_u64(seed)),
        }
    }

    /// Says what runs, and ends the process where a version cannot even start.
    pub(super) fn start(&self) {
        for (module, known) in self.known.borrow().iter() {
            self.app.log(Level::Info, &format!("module {module} is at version {}", known.number));
            if known.bug == Some(Bug::CrashOnStart) {
                crash(&self.app, &format!("bug in {module} {}: crashes on start", known.number));
            }
        }
    }

    /// Follows a newer configuration: modules have moved in, or away.
    pub(super) fn update(&self, versions: &[ModuleVersion]) {
        let mut known = self.known.borrow_mut();
        known.retain(|module, _| versions.iter().any(|version| version.module == *module));
        for version in versions {
            let known = known.entry(version.module.clone()).or_insert_with(|| Known::new(version));
            if (known.number, known.bug) != (version.number, version.bug) {
                *known = Known::new(version);
            }
        }
    }

    /// A request for this module begins: whatever is wrong with its version happens now.
    ///
    /// # Errors
    /// When the version answers this one with an error.
    pub(super) fn request(&self, module: &ModuleName) -> Result<(), Refusal> {
        let Some(known) = self.asked(module) else { return Ok(()) };
        let nth = known.requests;
        match known.bug {
            None | Some(Bug::CrashOnStart) => Ok(()),
            Some(Bug::CrashOnRequest(fatal)) if nth < fatal => Ok(()),
            Some(Bug::CrashOnRequest(_)) => {
                crash(&self.app, &format!("bug in {module} {}: crashes on request {nth}", known.number))
            }
            Some(Bug::Errors(share)) => {
                if self.random.borrow_mut().random_bool(share.clamp(0.0, 1.0)) {
                    let words = format!("bug in {module} {}: request {nth} fails", known.number);
                    return Err(Refusal::with_status(500, Cause::Upstream5xx, words));
                }
                Ok(())
            }
            Some(Bug::Leak(bytes)) => {
                self.leak(module, bytes.0);
                Ok(())
            }
        }
    }

    /// Counts a request for a module that has another version than the first.
    fn asked(&self, module: &ModuleName) -> Option<Known> {
        let mut all = self.known.borrow_mut();
        let known = all.get_mut(module)?;
        known.requests = known.requests.saturating_add(1);
        Some(*known)
    }

    /// Takes memory, touches it and never gives it back.
    fn leak(&self, module: &ModuleName, bytes: u64) {
        let total = self.leaked_bytes.get().saturating_add(bytes);
        let mut block = Vec::new();
        let length = usize::try_from(bytes).unwrap_or(usize::MAX);
        if total > LIMIT || block.try_reserve_exact(length).is_err() {
            crash(
                &self.app,
                &format!("bug in {module}: out of memory after {} MiB leaked", self.leaked_bytes.get() >> 20),
            );
        }
        // Anything but zero: zero pages could stay untouched.
        block.resize(length, 0xa5);
        self.leaked_bytes.set(total);
        self.leaked.borrow_mut().push(block);
    }
}
