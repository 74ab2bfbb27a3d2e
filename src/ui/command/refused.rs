//! Why a command cannot be carried out now. What is refused here is shown greyed with this reason, and its keys do nothing.
#![expect(clippy::wildcard_enum_match_arm, reason = "each function is about a few of the many commands")]

use crate::control::snapshot::Phase;
use crate::scene::{CellState, cells};
use crate::ui::selection::Selection;
use crate::ui::time::PAST;
use crate::ui::{Inputs, View};

use super::Command;
use super::edits::ONLY_IN_BUILD;

/// Where a command is about a run.
const NOTHING_RUNS: &str = "Nothing runs";
/// Where a command about a replica is asked for without one.
const NO_REPLICA: &str = "Select a replica first";
/// Where a command about kept data is asked for without it.
const NO_STORE: &str = "Select a cache or a database first";
/// Where a command about versions is asked for without a service.
const NO_SERVICE: &str = "Select a service first";

impl Command {
    /// Why not now; `None` when it can be done.
    pub(crate) fn refused(self, inputs: &Inputs<'_>, view: &View) -> Option<String> {
        if let Some(reason) = self.edit_refused(inputs, view) {
            return Some(reason);
        }
        let unless = |can: bool, why: &str| (!can).then(|| why.to_owned());
        match self {
            Self::Run | Self::RunExperiment => inputs.run_refused(),
            Self::Stop => unless(inputs.can_stop(), NOTHING_RUNS),
            Self::Reset => unless(inputs.latest.phase != Phase::Idle, "It is at its beginning"),
            Self::Freeze => unless(view.frozen || inputs.picture_moves(), NOTHING_RUNS),
            Self::SlowMotion => unless(view.slow || inputs.picture_moves(), NOTHING_RUNS),
            Self::WatchAgain => {
                let can = inputs.moment.again.is_some() || inputs.moment.can_watch_again;
                unless(can, "Nothing was broken in the last 20 seconds")
            }
            Self::SlowerPace | Self::FasterPace => self.pace_refused(inputs),
            Self::Spike => unless(inputs.is_acting(), "While users act"),
            Self::Kill | Self::Pause | Self::Resume | Self::Restart => self.act_refused(inputs, view),
            Self::LoseData => self.loss_refused(inputs, view),
            Self::Crash if matches!(view.selection, Selection::Cell(_)) => self.act_refused(inputs, view),
            Self::Crash | Self::Deploy | Self::RollBack => self.release_refused(inputs, view),
            Self::SaveReport => unless(inputs.shown.report.is_some(), "No run has finished yet"),
            Self::Undo => unless(inputs.undo.is_some(), "Nothing was edited"),
            Self::Redo => unless(inputs.redo.is_some(), "Nothing was taken back"),
            Self::ZoomToSelection => unless(view.selected_bounds(inputs).is_some(), "Select something first"),
            Self::FindNext | Self::FindPrevious => unless(view.find.is_some(), "Find something first (Ctrl+F)"),
            Self::EverydayWords => unless(inputs.strip.has_analogy, "This lesson has no words from daily life"),
            Self::TeachersNotes => unless(!inputs.strip.note.is_empty(), "This step has no note"),
            Self::SelectAll | Self::Fit => unless(!inputs.stage.cards.is_empty(), "Nothing is drawn yet"),
            _ => None,
        }
    }

    /// Whether it can ever be given to a thing like the one that is selected, in a view like this one.
    pub(super) fn belongs_to_selected(self, inputs: &Inputs<'_>, view: &View) -> bool {
        let never = [ONLY_IN_BUILD, NO_STORE, NO_SERVICE];
        self.refused(inputs, view).is_none_or(|reason| !never.contains(&reason.as_str()))
    }

    fn pace_refused(self, inputs: &Inputs<'_>) -> Option<String> {
        let pace = inputs.latest.pace;
        let next = if self == Self::SlowerPace { pace.slower() } else { pace.faster() };
        let can = next.is_some() && inputs.can_stop();
        (!can).then(|| "While users act, from ×1/10 to ×10".to_owned())
    }

    fn loss_refused(self, inputs: &Inputs<'_>, view: &View) -> Option<String> {
        let node = super::give::node(view).and_then(|id| inputs.preset.topology.node(&id));
        if !node.is_some_and(|node| node.cache().is_some() || node.database().is_some()) {
            return Some(NO_STORE.to_owned());
        }
        if inputs.moment.again.is_some() {
            return Some(PAST.to_owned());
        }
        let running = matches!(inputs.latest.phase, Phase::Starting | Phase::Running);
        (!running).then(|| NOTHING_RUNS.to_owned())
    }

    fn release_refused(self, inputs: &Inputs<'_>, view: &View) -> Option<String> {
        let node = super::give::node(view).and_then(|id| inputs.preset.topology.node(&id));
        let Some(node) = node else { return Some(NO_SERVICE.to_owned()) };
        let no_version = match self {
            Self::Crash => node.users().is_some(),
            _ => node.service().is_none(),
        };
        if no_version {
            return Some(NO_SERVICE.to_owned());
        }
        if inputs.moment.again.is_some() {
            return Some(PAST.to_owned());
        }
        if !inputs.is_acting() {
            return Some("While users act".to_owned());
        }
        let deploys = || inputs.latest.deploys.iter().filter(|deploy| deploy.node == node.id);
        let goes_on = deploys().any(|deploy| deploy.outcome.is_none());
        match self {
            Self::Deploy if goes_on => Some(format!("A deploy goes on at {}", node.id)),
            Self::RollBack if deploys().next().is_none() => Some(format!("{} has no earlier version", node.id)),
            _ => None,
        }
    }

    fn act_refused(self, inputs: &Inputs<'_>, view: &View) -> Option<String> {
        let Selection::Cell(slot) = &view.selection else { return Some(NO_REPLICA.to_owned()) };
        if inputs.moment.again.is_some() {
            return Some(PAST.to_owned());
        }
        let running = matches!(inputs.latest.phase, Phase::Starting | Phase::Running);
        if !running || cells::state_of(slot, inputs.latest).is_none() {
            return Some(format!("{slot} does not run"));
        }
        let state = cells::cell(slot, inputs.latest).state;
        let (can, why) = match self {
            Self::Kill | Self::Crash => (state.has_process(), "has no process"),
            Self::Pause => (state.has_process() && state != CellState::Paused, "is paused, or has no process"),
            Self::Resume => (state == CellState::Paused, "is not paused"),
            _ => (state.is_gone(), "lives"),
        };
        (!can).then(|| format!("{slot} {why}"))
    }
}
