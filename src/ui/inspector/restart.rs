//! When a process that died is followed by the next: never, now, or after a delay that is written.

use egui::{Ui, vec2};

use super::Memory;
use super::field::Field;
use super::setting::{Row, segment};
use crate::topology::Restart;
use crate::ui::Inputs;
use crate::ui::action::Action;

/// Draws the three choices, and the delay where there is one.
pub(super) fn show(ui: &mut Ui, row: &Row<'_>, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
    let now: Option<Restart> = row.text().parse().ok();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        ui.spacing_mut().button_padding = vec2(8.0, 4.0);
        for (text, to, meaning) in [
            ("never", Restart::Never, "Only when you ask for it"),
            ("now", Restart::Now, "At once; one that keeps crashing waits longer each time"),
        ] {
            let is_on = now == Some(to);
            if segment(ui, "Restart", text, is_on, meaning) && !is_on {
                row.set(&to.to_string(), inputs, actions);
            }
        }
        let waits = matches!(now, Some(Restart::After(_)));
        if segment(ui, "Restart", "after", waits, "After this long, so that the loss can be seen") && !waits {
            row.set(&Restart::default().to_string(), inputs, actions);
        }
        if waits {
            let (place, now) = (row.place(), row.text());
            Field { place, name: "Restart delay", now, hint: "", width: 46.0, lines: 1 }
                .show(ui, inputs, memory, actions);
        }
    });
}
