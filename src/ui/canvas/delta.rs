//! The card that tells, beside the service that a module moved to, what the move cost and what it bought. It can be put
//! away, and goes when the module does.

use egui::{Area, Frame, Id, Margin, Order, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Ground;
use crate::scene::delta::Delta;
use crate::topology::edit::{Edit, History};
use crate::ui::action::Action;
use crate::ui::{Inputs, View};

/// The width of the card, in points of the screen.
const WIDTH: f32 = 268.0;
/// About how high it is.
const HEIGHT: f32 = 204.0;
/// The space between it and what it is about.
const GAP: f32 = 14.0;
/// So far apart, in points of the screen, places for it are tried.
const STEP: f32 = 12.0;
/// No more cards than these are kept free of it.
const MOST_CARDS: usize = 200;

/// A card, and whether it was shown: the edit that it tells of is made only after the frame that asked for it.
#[derive(Debug)]
pub(super) struct Told {
    delta: Delta,
    seen: bool,
}

/// Looks whether one of these actions moves a module.
pub(super) fn watch(inputs: &Inputs<'_>, actions: &[Action], view: &mut View) {
    for action in actions {
        let Action::Edit(step) = action else { continue };
        // Where no node gets other settings, no module moves.
        if !step.edits.iter().any(|edit| matches!(edit, Edit::SetRole { .. })) {
            continue;
        }
        let mut after = inputs.preset.clone();
        if History::default().apply(&mut after, step.clone()).is_ok() {
            let before = &inputs.preset.topology;
            let delta = Delta::between(before, &after.topology, inputs.latest);
            if let Some(delta) = delta {
                view.hand.delta = Some(Told { delta, seen: false });
            }
        }
    }
}

/// Shows the card as long as the module is where it moved to.
pub(super) fn show(ground: &Ground<'_>, view: &mut View) {
    let Some(mut told) = view.hand.delta.take() else { return };
    let delta = &mut told.delta;
    let topology = &ground.inputs.preset.topology;
    let stays = topology.host(&delta.module).is_some_and(|host| host.id == delta.node);
    let Some(card) = ground.inputs.stage.card(&delta.node).filter(|_| stays) else {
        view.hand.delta = (!told.seen).then_some(told);
        return;
    };
    told.seen = true;
    delta.observe(topology, ground.inputs.latest);
    let at = beside(ground, ground.rect(&card.rect));
    let area = Area::new(Id::unique("delta")).order(Order::Middle).fixed_pos(at);
    if !area.show(ground.ui.ctx(), |ui| face(ui, ground, delta)).inner {
        view.hand.delta = Some(told);
    }
}

/// A place in sight, near the card, that hides as little as can be of what is drawn.
fn beside(ground: &Ground<'_>, card: Rect) -> Pos2 {
    let (room, size) = (ground.frame.shrink(8.0), vec2(WIDTH, HEIGHT));
    let cards: Vec<Rect> =
        ground.inputs.stage.cards_in(ground.seen()).take(MOST_CARDS).map(|card| ground.rect(&card.rect)).collect();
    let last = room.max - size;
    let steps = |from: f32, to: f32, by: f32| {
        let between = (0..).map(move |at| from + at as f32 * by).take_while(move |at| *at < to);
        between.chain(std::iter::once(to))
    };
    let at_side = [card.right() + GAP, card.left() - GAP - size.x].into_iter();
    let aside = at_side.flat_map(|x| steps(room.top(), last.y, STEP).map(move |y| pos2(x, y)));
    let at_height = [card.bottom() + GAP, card.top() - GAP - size.y].into_iter();
    let above = at_height.flat_map(|y| steps(room.left(), last.x, STEP).map(move |x| pos2(x, y)));
    let cost = |at: &Pos2| {
        let rect = Rect::from_min_size(*at, size);
        let hidden: f32 = cards
            .iter()
            .map(|card| card.intersect(rect))
            .filter(|rect| rect.is_positive())
            .map(|rect| rect.area())
            .sum();
        (hidden, (rect.center() - card.center()).length())
    };
    let least = |places: &mut dyn Iterator<Item = Pos2>| {
        let fit = places.filter(|at| room.contains_rect(Rect::from_min_size(*at, size)));
        fit.map(|at| (cost(&at), at)).min_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)))
    };
    let near = least(&mut aside.chain(above));
    if let Some((_, at)) = near.filter(|((hidden, _), _)| *hidden == 0.0) {
        return at;
    }
    // Where all sides are taken, another place may hide less.
    let far = |from, to| steps(from, to, 2.0 * STEP);
    let mut anywhere = far(room.top(), last.y).flat_map(|y| far(room.left(), last.x).map(move |x| pos2(x, y)));
    least(&mut anywhere).map_or(room.left_top().max(last), |(_, at)| at)
}

/// The card itself; whether it was put away.
fn face(ui: &mut Ui, ground: &Ground<'_>, delta: &Delta) -> bool {
    let palette = ground.palette;
    let face = Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.line_strong))
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 10));
    let shown = face.show(ui, |ui| {
        ui.set_width(WIDTH - 24.0);
        let title = match delta.module.as_str() == delta.node.as_str() {
            true => format!("{} is a service now", delta.module),
            false => format!("{} moved to {}", delta.module, delta.node),
        };
        ui.label(RichText::new(title).color(palette.text).strong().size(14.0));
        for line in delta.costs() {
            ui.label(RichText::new(line).color(palette.text).size(13.0));
        }
        ui.add_space(4.0);
        ui.label(RichText::new(delta.buys()).color(palette.text).size(13.0));
        ui.add_space(2.0);
        ui.button("Close").on_hover_text("Put this card away").clicked()
    });
    let name = format!("what moving {} changed", delta.module);
    let response = ui.interact(shown.response.rect, Id::unique("delta name"), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Group, true, &name);
        info.current_text_value = Some(format!("{}. {}", delta.costs().join(". "), delta.buys()));
        info
    });
    shown.inner
}
