//! A setting that is a list of modules or operations: what is in it, in order, and what else exists.

use egui::{Button, RichText, Ui, WidgetInfo, vec2};

use super::setting::Row;
use super::words;
use crate::topology::Topology;
use crate::topology::settings::Value;
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::button;
use crate::ui::glyphs::Glyph;
use crate::ui::theme::Palette;

/// Draws the list.
pub(super) fn show(ui: &mut Ui, row: &Row<'_>, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let name = words::name(row.info.key).to_lowercase();
    let Some(now) = &row.now else {
        ui.label(RichText::new("They differ.").size(13.0).color(palette.faint));
        for (node, value) in row.nodes.iter().zip(&row.values) {
            let button = Button::new(format!("All as in {node}"));
            if ui.add(button).on_hover_text(value.to_string()).clicked() {
                row.put(value, inputs, actions);
            }
        }
        return;
    };
    let items: &[Value] = if let Value::List(items) = now { items } else { &[] };
    if items.is_empty() {
        ui.label(RichText::new("None.").size(13.0).color(palette.faint));
    }
    for (index, item) in items.iter().enumerate() {
        entry(ui, row, (index, item), items, inputs, actions);
    }
    let choices = offered(&inputs.preset.topology, row.info.key, items);
    ui.add_enabled_ui(!choices.is_empty(), |ui| {
        ui.spacing_mut().button_padding = vec2(8.0, 4.0);
        let menu = ui.menu_button("Add…", |ui| {
            egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for choice in &choices {
                    let response = ui.button(choice);
                    let label = format!("Add {choice} to {name}");
                    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
                    if response.clicked() {
                        let added = Value::Text(choice.clone());
                        row.put(&Value::List(items.iter().cloned().chain([added]).collect()), inputs, actions);
                        ui.close();
                    }
                }
            });
        });
        let label = format!("Add to {name}");
        let enabled = !choices.is_empty();
        menu.response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, enabled, &label));
        menu.response.on_disabled_hover_text("Everything that exists is in it");
    });
}

fn entry(
    ui: &mut Ui,
    row: &Row<'_>,
    (index, item): (usize, &Value),
    items: &[Value],
    inputs: &Inputs<'_>,
    actions: &mut Vec<Action>,
) {
    let name = words::name(row.info.key).to_lowercase();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let width = (ui.available_width() - 56.0).max(40.0);
        ui.allocate_ui_with_layout(vec2(width, 22.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(width);
            ui.add(egui::Label::new(RichText::new(item.to_string()).size(13.0)).truncate());
        });
        let mut changed = items.to_vec();
        if button::small(ui, Glyph::Up, &format!("Move {item} up in {name}"), index > 0) {
            changed.swap(index, index - 1);
        }
        if button::small(ui, Glyph::Cross, &format!("Remove {item} from {name}"), true) {
            changed.remove(index);
        }
        if changed != items {
            row.put(&Value::List(changed), inputs, actions);
        }
    });
}

/// What exists and can be added: modules that are not in it, or any operation, which may be asked for twice.
fn offered(topology: &Topology, key: &str, items: &[Value]) -> Vec<String> {
    if key == "modules" {
        let names = topology.modules.iter().map(|module| module.name.to_string());
        return names.filter(|name| !items.contains(&Value::Text(name.clone()))).collect();
    }
    let of_module = |module: &crate::topology::Module| {
        let name = module.name.clone();
        module.operations.iter().map(move |operation| format!("{name}.{}", operation.name)).collect::<Vec<_>>()
    };
    topology.modules.iter().flat_map(of_module).collect()
}
