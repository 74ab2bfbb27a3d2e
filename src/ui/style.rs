//! How buttons, fields, menus and scroll bars look: the toolkit's own widgets in the window's colours and proportions.

use egui::style::ScrollStyle;
use egui::{CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Visuals, vec2};

use super::theme::{self, Palette};
use crate::scene::{self, Ink};

/// Corner radius of everything that can be pressed.
pub(crate) const RADIUS: u8 = 8;

/// Sets fonts, spacing and both themes' looks. Once, when the window opens.
pub(crate) fn install(context: &egui::Context) {
    context.set_visuals_of(Theme::Light, visuals(scene::Theme::Light, Theme::Light, Visuals::light()));
    context.set_visuals_of(Theme::Dark, visuals(scene::Theme::Dark, Theme::Dark, Visuals::dark()));
    context.all_styles_mut(proportions);
}

fn proportions(style: &mut Style) {
    let proportional = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Heading, proportional(17.0)),
        (TextStyle::Body, proportional(14.0)),
        (TextStyle::Button, proportional(14.0)),
        (TextStyle::Small, proportional(12.0)),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 6.0);
    spacing.button_padding = vec2(12.0, 7.0);
    spacing.interact_size.y = 22.0;
    spacing.icon_width = 18.0;
    spacing.icon_width_inner = 10.0;
    spacing.window_margin = Margin::same(14);
    spacing.menu_margin = Margin::same(8);
    spacing.tooltip_width = 320.0;
    spacing.scroll = ScrollStyle { floating_width: 4.0, bar_width: 8.0, ..ScrollStyle::thin() };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style.animation_time = 0.12;
}

fn visuals(of: scene::Theme, theme: Theme, base: Visuals) -> Visuals {
    let palette = Palette::for_theme(theme);
    let mut visuals = base;
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.card;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = CornerRadius::same(10);
    let shadow = Shadow { offset: [0, 6], blur: 18, spread: 0, color: theme::colour(of, Ink::Shadow.into()) };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    visuals.extreme_bg_color = palette.canvas;
    // On light ground a grey field looks as if nothing could be written into it.
    let field = if theme == Theme::Light { palette.card } else { palette.canvas };
    visuals.text_edit_bg_color = Some(field);
    visuals.faint_bg_color = palette.cell;
    visuals.hyperlink_color = palette.accent;
    visuals.error_fg_color = palette.failed;
    visuals.warn_fg_color = palette.degraded;
    visuals.weak_text_color = Some(palette.faint);
    visuals.selection.bg_fill = palette.accent;
    visuals.selection.stroke = Stroke::new(1.0, palette.on_accent);
    visuals.button_frame = true;
    visuals.striped = false;
    widgets(&mut visuals, palette);
    visuals
}

/// At rest a quiet face, under the pointer a stronger edge, with the keyboard's focus a thick edge in the accent: the
/// same at every widget.
fn widgets(visuals: &mut Visuals, palette: &Palette) {
    let widgets = &mut visuals.widgets;
    let states = [
        (&mut widgets.noninteractive, palette.panel, Stroke::new(1.0, palette.line)),
        (&mut widgets.inactive, palette.cell, Stroke::new(1.0, palette.line_strong)),
        (&mut widgets.hovered, palette.canvas, Stroke::new(1.0, palette.line_strong)),
        (&mut widgets.active, palette.canvas, Stroke::new(2.0, palette.accent)),
        (&mut widgets.open, palette.canvas, Stroke::new(1.0, palette.line_strong)),
    ];
    for (widget, face, edge) in states {
        widget.corner_radius = CornerRadius::same(RADIUS);
        widget.expansion = 0.0;
        widget.fg_stroke = Stroke::new(1.0, palette.text);
        widget.weak_bg_fill = face;
        widget.bg_fill = face;
        widget.bg_stroke = edge;
    }
}
