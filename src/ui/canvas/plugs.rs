//! The marks of plugs that do not fit, for the pointer and for who does not see them.

use egui::{Rect, Role, Sense, WidgetInfo, vec2};

use super::Ground;
use crate::scene::layout::PLUG;

/// Makes the marks that are in sight: what each says is its name.
pub(super) fn read(ground: &Ground<'_>) {
    for wire in ground.inputs.stage.wires_in(ground.seen()) {
        let (Some(misfit), Some(at)) = (&wire.misfit, wire.plug()) else { continue };
        let size = PLUG * ground.camera.zoom();
        let rect = Rect::from_center_size(ground.pos(at), vec2(size, size));
        if !ground.sees(rect) {
            continue;
        }
        let id = ground.ui.scope_id().with(("plug", &wire.link.from, &wire.link.to));
        let response = ground.ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, misfit));
        response.on_hover_text(misfit);
    }
}
