//! One user in the inspector: where the session is, what is in the basket, what the last fault did, and what the user
//! asked for of late.

use egui::{RichText, ScrollArea, Ui};

use super::Inputs;
use super::action::Action;
use super::inspector::fact;
use super::request;
use super::theme::Palette;
use crate::control::Snapshot;
use crate::control::snapshot::{Death, Holder, LifeState, UserState};
use crate::scene::words::count;
use crate::topology::NodeId;

/// Draws a user.
pub(super) fn show(ui: &mut Ui, node: &NodeId, user: u32, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.heading(format!("User {user}"));
    let found = inputs.shown.users.iter().find(|state| state.node == *node && state.user == user);
    let Some(state) = found else {
        ui.label(RichText::new("Has not done anything yet.").color(palette.faint));
        return;
    };
    let item = &inputs.preset.lesson.item;
    fact(ui, "Session", &place(&state.holder));
    fact(ui, "Basket", &count(u64::from(state.items), item));
    if state.losses > 0 {
        let (times, items) = (count(u64::from(state.losses), "time"), count(u64::from(state.items_lost), item));
        fact(ui, "Lost", &format!("{times}, {items}"));
    }
    if let Some((text, harm)) = fate(state, inputs.shown, item) {
        ui.add_space(6.0);
        let colour = if harm { palette.failed } else { palette.text };
        ui.add(egui::Label::new(RichText::new(text).color(colour)).wrap());
    }
    ui.add_space(8.0);
    ui.label(RichText::new("Asked for, newest first").color(palette.faint));
    let mut any = false;
    ScrollArea::vertical().id_salt("requests").auto_shrink([false, true]).show(ui, |ui| {
        for asked in inputs.picture.follow.theirs() {
            any = true;
            request::row(ui, asked, inputs, actions);
        }
    });
    if !any {
        ui.label(RichText::new("Nothing since this user was first looked at.").color(palette.faint));
    }
}

/// Where a session's only copy is, in words.
pub(super) fn place(holder: &Holder) -> String {
    match holder {
        Holder::None => "nowhere".to_owned(),
        Holder::Life(life) => life.slot.to_string(),
        Holder::Dead(life) => format!("was only in {}, which is dead", life.slot),
        Holder::User => "with the user, in a token".to_owned(),
    }
}

/// What the faults so far did to a user, and whether it was harm. `None` while nothing was broken.
fn fate(state: &UserState, shown: &Snapshot, item: &str) -> Option<(String, bool)> {
    if let Holder::Dead(life) = &state.holder {
        let how = how_it_ended(&life.to_string(), shown).unwrap_or("died");
        let text = format!(
            "{} {how}. It had the only copy: session and basket are gone, and this user does not know yet.",
            life.slot
        );
        return Some((text, true));
    }
    if state.logged_out {
        return Some(("Found out, was logged out, and is not back yet.".to_owned(), true));
    }
    if state.losses > 0 {
        let items = count(u64::from(state.items_lost), item);
        return Some((format!("Was hit: {items} gone. Came back and began again."), true));
    }
    let fault = shown.faults.iter().rev().find(|fault| matches!(fault.kind, "kill" | "terminate" | "pause"))?;
    let held = match &state.holder {
        Holder::None => "It had no session there".to_owned(),
        Holder::Life(life) | Holder::Dead(life) => format!("Its session is in {}", life.slot),
        Holder::User => "It carries its session itself".to_owned(),
    };
    Some((format!("Not touched by the {} of {}. {held}.", fault.kind, fault.on), false))
}

fn how_it_ended(life: &str, shown: &Snapshot) -> Option<&'static str> {
    let slots = shown.nodes.iter().flat_map(|node| &node.slots);
    let slot = slots.into_iter().find(|slot| slot.life.to_string() == life)?;
    match slot.state {
        LifeState::Dead(Death::Killed) => Some("was killed"),
        LifeState::Dead(Death::Terminated) => Some("was terminated"),
        LifeState::Dead(Death::Deployed) => Some("made room for a new version"),
        LifeState::Dead(Death::ScaledIn) => Some("was taken out"),
        LifeState::Dead(Death::Crashed) => Some("crashed"),
        LifeState::Dead(Death::Stopped)
        | LifeState::Starting
        | LifeState::Ready
        | LifeState::Unready
        | LifeState::Paused
        | LifeState::Draining => None,
    }
}
