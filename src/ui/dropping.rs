//! What will happen to a file that is held over the window, said before it is let go.

use egui::{Align2, FontId, LayerId, Order, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use super::theme::Palette;

/// Draws it above everything while a file is held over the window.
pub(super) fn show(ui: &mut Ui) {
    let names = ui.input(|input| {
        let path = |file: &egui::HoveredFile| file.path.clone();
        let name = |path: std::path::PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let hovered = &input.raw.hovered_files;
        (!hovered.is_empty()).then(|| hovered.iter().filter_map(path).filter_map(name).collect::<Vec<_>>())
    });
    let Some(names) = names else { return };
    let words = match names.as_slice() {
        [] => "Let go to open this file".to_owned(),
        [name] => format!("Let go to open {name}"),
        [name, ..] => format!("Let go to open {name}: a window shows one preset"),
    };
    let palette = Palette::of(ui.ctx());
    let rect = ui.ctx().content_rect().shrink(14.0);
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, egui::Id::unique("dropping")));
    painter.rect_filled(rect, 14.0, palette.panel.gamma_multiply(0.88));
    painter.rect_stroke(rect, 14.0, Stroke::new(3.0, palette.accent), StrokeKind::Inside);
    painter.text(rect.center(), Align2::CENTER_CENTER, &words, FontId::proportional(26.0), palette.text);
    let response = ui.interact(rect, ui.scope_id().with("dropping"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}
