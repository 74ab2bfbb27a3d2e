//! A picture that stands alone: title, score, drawing, legend, and what it says about time.

use crate::control::Snapshot;
use crate::control::snapshot::{Holder, Phase};
use crate::scene::dots::STRETCH;
use crate::scene::geometry::{Point, Rect, Size};
use crate::scene::paint::{Ink, Sheet, Side};

use crate::scene::words::count;

use super::{Frame, LEGEND_HEIGHT, legend, legend_width, sheet};

/// The free margin around everything.
const MARGIN: f32 = 24.0;
/// The room for title and score.
const HEAD: f32 = 82.0;
/// The room for legend and small print.
const FOOT: f32 = 58.0;

/// A complete picture, its top left corner at the origin. Its ground is [`Ink::Canvas`].
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Width and height in points.
    pub size: Size,
    /// What is on it.
    pub sheet: Sheet,
}

/// The picture of a moment.
pub fn page(frame: &Frame<'_>) -> Page {
    let bounds = frame.stage.bounds().unwrap_or(Rect::new(0.0, 0.0, 320.0, 160.0));
    let size = Size { w: bounds.size.w.max(legend_width()) + 2.0 * MARGIN, h: HEAD + bounds.size.h + FOOT + MARGIN };
    let mut page = Sheet::default();
    page.rect(Rect { min: Point::default(), size }, 0.0, Ink::Canvas.at(1.0), None);
    let room = size.w - 2.0 * MARGIN;
    let title = if frame.preset.title.is_empty() { "Untitled" } else { &frame.preset.title };
    page.text(Point::new(MARGIN, 28.0), Side::Left, title, 22.0, Ink::Text, room * 0.7);
    page.text(Point::new(size.w - MARGIN, 28.0), Side::Right, moment(frame), 15.0, Ink::Faint, room * 0.3);
    let (below, ink) = below(frame);
    page.text(Point::new(MARGIN, 55.0), Side::Left, below, 17.0, ink, room);
    let by = Point::new((size.w - bounds.size.w) / 2.0 - bounds.min.x, HEAD - bounds.min.y);
    page.shapes.extend(sheet(frame).moved(by).shapes);
    let foot = Point::new(MARGIN, size.h - MARGIN - LEGEND_HEIGHT);
    page.shapes.extend(legend(foot, room).shapes);
    if frame.shown.started_us.is_some() {
        let honesty = format!("real processes, real requests · wire time drawn, service time × {STRETCH}");
        page.text(Point::new(MARGIN + 2.0, size.h - 12.0), Side::Left, honesty, 11.5, Ink::Faint, room);
    }
    Page { size, sheet: page }
}

/// The moment of the run, as people say it.
fn moment(frame: &Frame<'_>) -> String {
    let since = |at_us: u64| frame.display_us.saturating_sub(at_us) as f64 / 1e6;
    match (frame.shown.started_us, frame.shown.faults.last()) {
        (Some(_), Some(fault)) => format!("{:.1} s after {} {}", since(fault.at_us), fault.kind, fault.on),
        (Some(started_us), None) => format!("{:.1} s", since(started_us)),
        (None, _) => String::new(),
    }
}

/// The score, people first; before a run, what the preset shows.
fn below(frame: &Frame<'_>) -> (String, Ink) {
    let shown: &Snapshot = frame.shown;
    if shown.phase == Phase::Idle {
        return (frame.preset.summary.clone(), Ink::Faint);
    }
    let sessions = &shown.sessions;
    let unaware = shown.users.iter().filter(|user| matches!(user.holder, Holder::Dead(_))).count();
    let yet = match unaware {
        0 => String::new(),
        1 => " · 1 does not know yet".to_owned(),
        more => format!(" · {more} do not know yet"),
    };
    let words = format!(
        "{} of {} users hurt{yet} · {} lost · {}",
        sessions.users_hurt,
        sessions.users,
        count(sessions.items_lost, frame.words.item),
        count(shown.total.issued, "request"),
    );
    (words, if sessions.users_hurt > 0 || unaware > 0 { Ink::Failed } else { Ink::Text })
}
