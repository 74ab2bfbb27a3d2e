//! Where messages lie on the canvas: where they hide nothing, or as little as can be.

use egui::{Align2, Context, Id, Order, Pos2, Rect, Vec2, pos2, vec2};

use crate::scene::{self, visitors};
use crate::ui::{Inputs, View, minimap};

/// The room below the messages: the legend's, and that of the line above it.
const BELOW: f32 = 64.0;
/// The distance from the other edges of the canvas.
const APART: f32 = 14.0;
/// The distance from what is taken.
const BESIDE: f32 = 2.0;
/// What a card's badges and ports take outside its edges, on the screen.
const BADGES: f32 = 13.0;
/// Less than this much is hidden only by rounding, in square points.
const NOTHING: f32 = 1.0;
/// Another place must hide at most this share of what the usual one hides.
const FAR_LESS: f32 = 0.5;
/// Among more things than this only the corners and the middles of the canvas's edges are looked at.
const MOST: usize = 24;
/// The widths that messages can have, the usual one first.
const WIDTHS: [f32; 4] = [680.0, 520.0, 400.0, 320.0];

/// Where messages are, as long as they say the same: they do not give way to what moves.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Spot {
    place: Option<(Id, Rect)>,
}

impl Spot {
    /// Nothing is said any more.
    pub(super) fn leave(&mut self) {
        self.place = None;
    }

    /// The place of the messages that are known by this id.
    pub(super) fn of(&mut self, said: Id, find: impl FnOnce() -> Rect) -> Rect {
        match self.place {
            Some((known, place)) if known == said => place,
            _ => self.place.insert((said, find())).1,
        }
    }
}

/// The corner by which messages are held in their place, so that they may be a little higher than thought.
pub(super) fn pivot(canvas: Rect, place: Rect) -> Align2 {
    if place.center().y > canvas.center().y { Align2::LEFT_BOTTOM } else { Align2::LEFT_TOP }
}

/// The place for messages of which it is known how high they are in some width: the first width and, in it, the place
/// nearest to the usual one, that hides nothing of what is taken. Where there is none, the one that hides least, if that
/// is far less than the usual place hides.
pub(super) fn find(canvas: Rect, height: impl Fn(f32) -> f32, taken: &[Rect]) -> Rect {
    let free = Rect::from_min_max(canvas.min + Vec2::splat(APART), canvas.max - vec2(APART, BELOW));
    let widest = free.width().min(WIDTHS[0]);
    let usual = |size: Vec2| Align2::CENTER_BOTTOM.align_size_within_rect(size, free);
    let home = usual(vec2(widest, height(widest)));
    let mut least = (hidden(home, taken) * FAR_LESS, home);
    for width in [widest].into_iter().chain(WIDTHS.into_iter().filter(|width| *width < widest)) {
        let size = vec2(width, height(width));
        let far = |place: &Rect| place.center().distance_sq(usual(size).center());
        let places = places(free, size, taken).map(|at| Rect::from_min_size(at, size));
        let mut near: Vec<Rect> = places.filter(|place| free.expand(0.5).contains_rect(*place)).collect();
        near.sort_by(|a, b| far(a).total_cmp(&far(b)));
        for place in near {
            let hides = hidden(place, taken);
            if hides < NOTHING {
                return place;
            }
            if hides < least.0 {
                least = (hides, place);
            }
        }
    }
    least.1
}

/// How much of what is taken would be hidden, in square points.
fn hidden(place: Rect, taken: &[Rect]) -> f32 {
    let common = taken.iter().map(|rect| place.intersect(*rect)).filter(Rect::is_positive);
    common.map(|common| common.area()).sum()
}

/// Upper left corners that are worth a look: at the edges, and beside what is taken.
fn places(free: Rect, size: Vec2, taken: &[Rect]) -> impl Iterator<Item = Pos2> {
    let beside = if taken.len() > MOST { &[] } else { taken };
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    xs.extend([free.center().x - size.x / 2.0, free.left(), free.right() - size.x]);
    ys.extend([free.bottom() - size.y, free.top()]);
    for rect in beside {
        xs.extend([rect.right() + BESIDE, rect.left() - BESIDE - size.x]);
        ys.extend([rect.bottom() + BESIDE, rect.top() - BESIDE - size.y]);
    }
    xs.into_iter().flat_map(move |x| ys.clone().into_iter().map(move |y| pos2(x, y)))
}

/// What messages should not lie on: what is drawn, and what else lies on the canvas.
pub(super) fn taken(context: &Context, canvas: Rect, inputs: &Inputs<'_>, view: &View, own: Id) -> Vec<Rect> {
    let to = view.camera.transform(canvas);
    let seen = scene::Rect::between(view.camera.point(canvas, canvas.min), view.camera.point(canvas, canvas.max));
    let cards = inputs.stage.cards_in(seen).map(visitors::footprint);
    let notes = inputs.stage.notes.iter().map(|(_, sheet)| *sheet);
    let mut taken: Vec<Rect> = cards.chain(notes).map(|place| to.rect(&place).expand(BADGES)).collect();
    taken.extend(minimap::covered(canvas, inputs, view));
    context.memory(|memory| {
        let layers = memory.areas().visible_layer_ids();
        let areas = layers.iter().filter(|layer| layer.order == Order::Middle && layer.id != own);
        taken.extend(areas.filter_map(|layer| memory.area_rect(layer.id)));
    });
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Rect = Rect { min: Pos2::ZERO, max: pos2(1000.0, 600.0) };

    fn at(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect::from_min_size(pos2(x, y), vec2(w, h))
    }

    /// Two lines in the usual width.
    fn height(width: f32) -> f32 {
        (1_000.0 / width).ceil() * 20.0 + 20.0
    }

    #[test]
    fn with_nothing_in_the_way_messages_are_in_the_middle_above_the_legend() {
        let place = find(CANVAS, height, &[]);
        assert_eq!((place.center().x, place.bottom(), place.width()), (500.0, 600.0 - BELOW, 680.0));
        assert_eq!(pivot(CANVAS, place), Align2::LEFT_BOTTOM);
    }

    #[test]
    fn they_go_where_nothing_is_and_are_as_narrow_as_it_takes() {
        let low = [at(300.0, 0.0, 100.0, 600.0)];
        let place = find(CANVAS, height, &low);
        assert!(place.width() == 520.0 && hidden(place, &low) == 0.0, "beside it, {place:?}");
        let columns = [at(0.0, 0.0, 280.0, 600.0), at(720.0, 0.0, 280.0, 600.0)];
        let place = find(CANVAS, height, &columns);
        assert!(place.width() == 400.0 && hidden(place, &columns) == 0.0, "between them, {place:?}");
        let bottom = [at(0.0, 100.0, 1000.0, 500.0)];
        let place = find(CANVAS, height, &bottom);
        assert!(place.width() == 680.0 && pivot(CANVAS, place) == Align2::LEFT_TOP, "above it, {place:?}");
    }

    #[test]
    fn where_everything_is_taken_they_are_where_people_look_for_them() {
        let many: Vec<Rect> =
            (0..200).map(|n| at((n % 20) as f32 * 50.0, (n / 20) as f32 * 60.0, 50.0, 60.0)).collect();
        assert_eq!(find(CANVAS, height, &many), find(CANVAS, height, &[]));
    }

    #[test]
    fn where_there_is_too_little_room_they_hide_little() {
        let columns = [at(0.0, 0.0, 355.0, 600.0), at(645.0, 0.0, 355.0, 600.0)];
        let place = find(CANVAS, height, &columns);
        assert!(place.width() == 320.0 && hidden(place, &columns) < 0.2 * place.area(), "{place:?}");
    }

    #[test]
    fn the_same_messages_stay_where_they_are() {
        let mut spot = Spot::default();
        let (one, other) = (at(1.0, 1.0, 9.0, 9.0), at(50.0, 50.0, 9.0, 9.0));
        assert_eq!(spot.of(Id::unique("a"), || one), one);
        assert_eq!(spot.of(Id::unique("a"), || other), one);
        assert_eq!(spot.of(Id::unique("b"), || other), other);
        spot.leave();
        assert_eq!(spot.of(Id::unique("b"), || one), one);
    }
}
