//! What each command does: an action for the app, or a change of what the window shows.
#![expect(clippy::wildcard_enum_match_arm, reason = "each function is about a few of the many commands")]

use egui::{Context, Theme};

use crate::scene::lesson::Turn;
use crate::topology::edit::Item;
use crate::topology::{Act, NodeId, Target};
use crate::ui::action::Action;
use crate::ui::placing::Placing;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View, compare, deploy, minimap};

use super::{Command, edits, sessions};

/// One press of + or −.
const ZOOM_STEP: f32 = 1.2;

impl Command {
    /// Carries it out, unless it is refused.
    pub(crate) fn give(self, context: &Context, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
        if self.refused(inputs, view).is_some() {
            return;
        }
        if matches!(self, Self::Copy | Self::Cut) {
            edits::copy(context, inputs, view);
        }
        if self.edit(inputs, view, actions) {
            return;
        }
        match self.action(inputs, view) {
            Some(action) => actions.push(action),
            None => self.look(context, inputs, view),
        }
    }

    /// Whether it is on, for what can be on or off.
    pub(crate) fn is_on(self, context: &Context, inputs: &Inputs<'_>, view: &View) -> Option<bool> {
        Some(match self {
            Self::Freeze => view.frozen,
            Self::SlowMotion => view.slow,
            Self::WatchAgain => inputs.moment.again.is_some(),
            Self::Build => view.build,
            Self::Lessons => view.shows_lessons(),
            Self::Minimap => minimap::is_shown(inputs, view),
            Self::Figures => view.figures,
            Self::Path => view.files.is_some(),
            Self::Present => view.presenter.is_some(),
            Self::Legend => view.legend,
            Self::DarkColours => context.theme() == Theme::Dark,
            Self::ReduceMotion => view.reduce_motion,
            Self::EverydayWords => view.lesson.analogy,
            Self::TeachersNotes => view.lesson.note,
            Self::KeepSessions(place) => sessions::is_kept(inputs, &view.selection, place),
            _ => return None,
        })
    }

    /// What the app is asked to do, if it is for the app.
    fn action(self, inputs: &Inputs<'_>, view: &View) -> Option<Action> {
        Some(match self {
            Self::Run => Action::Run { experiment: false },
            Self::RunExperiment => Action::Run { experiment: true },
            Self::Stop => Action::Stop,
            Self::Reset => Action::Reset,
            Self::WatchAgain => Action::WatchAgain(inputs.moment.again.is_none()),
            Self::SlowerPace => Action::Pace(inputs.latest.pace.slower()?),
            Self::FasterPace => Action::Pace(inputs.latest.pace.faster()?),
            Self::Spike => Action::Spike,
            Self::Kill => act(view, Act::Kill)?,
            Self::LoseData => Action::Act { act: Act::LoseData, on: subject(view)? },
            Self::Crash => Action::Act { act: Act::Crash, on: subject(view)? },
            Self::RollBack => Action::Act { act: Act::RollBack, on: Target::Node(node(view)?) },
            Self::Pause => act(view, Act::Pause)?,
            Self::Resume => act(view, Act::Resume)?,
            Self::Restart => act(view, Act::Restart)?,
            Self::New => Action::New,
            Self::Open => Action::OpenDialog,
            Self::Save => Action::Save,
            Self::SaveAs => Action::SaveDialog,
            Self::Share => Action::Share,
            Self::SaveReport => Action::SaveReport,
            Self::SaveHandout => Action::SaveHandout,
            Self::AutoLayout => Action::LayOut,
            Self::Undo => Action::Undo,
            Self::Redo => Action::Redo,
            Self::SelectAll => Action::Select(everything(inputs)),
            Self::NextStep => Action::Lesson(Turn::Next),
            Self::PreviousStep => Action::Lesson(Turn::Back),
            Self::NextUser => Action::Select(beside(inputs, &view.selection, 1)?),
            Self::PreviousUser => Action::Select(beside(inputs, &view.selection, -1)?),
            _ => return None,
        })
    }

    /// Changes what the window shows.
    fn look(self, context: &Context, inputs: &Inputs<'_>, view: &mut View) {
        match self {
            Self::Freeze => view.frozen = !view.frozen,
            Self::SlowMotion => view.slow = !view.slow,
            Self::ZoomIn => view.zoom_by(context, ZOOM_STEP),
            Self::ZoomOut => view.zoom_by(context, 1.0 / ZOOM_STEP),
            Self::ZoomTo100 => view.zoom_to(context, 1.0),
            Self::Fit => view.fit(context, inputs),
            Self::ZoomToSelection => {
                if let Some(place) = view.selected_bounds(inputs) {
                    view.look_at(context, inputs, place);
                }
            }
            Self::Place(kind) => {
                view.build = true;
                view.placing = Some(Placing { kind });
            }
            Self::Rename => view.renaming = view.selection.meant().only().cloned(),
            // The text comes as an event.
            Self::Paste => context.send_viewport_cmd(egui::ViewportCommand::RequestPaste),
            Self::Palette => view.ask(),
            Self::Find => view.open_find(),
            Self::FindNext => view.find_next(context, inputs, true),
            Self::FindPrevious => view.find_next(context, inputs, false),
            Self::Build => view.build = !view.build,
            Self::Minimap => view.minimap = Some(!minimap::is_shown(inputs, view)),
            Self::Figures => view.figures = !view.figures,
            Self::Path if view.files.is_some() => view.files = None,
            Self::Path => view.ask_for_path(false),
            Self::Lessons if view.build => view.gallery_opened = !view.gallery_opened,
            Self::Lessons => {
                view.gallery = !view.gallery;
                view.camera.fit_again();
            }
            Self::Present => view.present(context),
            Self::Legend => view.legend = !view.legend,
            Self::DarkColours => {
                let dark = context.theme() == Theme::Dark;
                context.set_theme(if dark { Theme::Light } else { Theme::Dark });
            }
            Self::ReduceMotion => view.reduce_motion = !view.reduce_motion,
            Self::EverydayWords => view.lesson.analogy = !view.lesson.analogy,
            Self::TeachersNotes => view.lesson.note = !view.lesson.note,
            Self::Deploy => view.deploying = node(view).map(deploy::Choice::of),
            Self::Compare => view.compare.choice = Some(compare::choice::Choice::of(inputs)),
            Self::Keys => view.keys = !view.keys,
            _ => {}
        }
        // What was drawn in this frame may show what was on before.
        context.request_repaint();
    }
}

/// The same to the selected replica.
fn act(view: &View, act: Act) -> Option<Action> {
    let Selection::Cell(slot) = &view.selection else { return None };
    Some(Action::Act { act, on: Target::Slot(slot.clone()) })
}

/// The replica, or the node, that is selected.
fn subject(view: &View) -> Option<Target> {
    match &view.selection {
        Selection::Cell(slot) => Some(Target::Slot(slot.clone())),
        _ => node(view).map(Target::Node),
    }
}

/// The node that is selected, or whose replica is.
pub(super) fn node(view: &View) -> Option<NodeId> {
    match (&view.selection, view.selection.only()) {
        (Selection::Cell(slot), _) => Some(slot.node.clone()),
        (_, Some(Item::Node(node))) => Some(node.clone()),
        _ => None,
    }
}

fn everything(inputs: &Inputs<'_>) -> Selection {
    let (topology, marks) = (&inputs.preset.topology, &inputs.preset.marks);
    let nodes = topology.nodes().map(|node| Item::Node(node.id.clone()));
    let links = topology.links().map(|link| Item::Link(link.id()));
    let groups = marks.groups.iter().map(|group| Item::Group(group.id.clone()));
    let notes = marks.notes.iter().map(|note| Item::Note(note.id.clone()));
    Selection::of(nodes.chain(links).chain(groups).chain(notes).collect())
}

/// The user before or after the one that is selected, in a circle; without one, the first.
fn beside(inputs: &Inputs<'_>, selection: &Selection, step: i64) -> Option<Selection> {
    let mut crowds = inputs.preset.topology.nodes().filter_map(|node| Some((&node.id, node.users()?.users)));
    if let Selection::User(node, user) = selection {
        let (_, users) = crowds.find(|(id, _)| *id == node)?;
        let at = (i64::from(*user) - 1 + step).rem_euclid(i64::from(users.max(1)));
        return Some(Selection::User(node.clone(), u32::try_from(at).ok()? + 1));
    }
    crowds.next().map(|(node, _)| Selection::User(node.clone(), 1))
}
