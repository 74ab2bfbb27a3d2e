//! What the eye should see: cards, cells, curves, figures and dots, as plain geometry and words. Pure: knows no widgets, no
//! colours, no clock. Spans become dots here and nowhere else.

pub mod arrange;
pub mod cells;
pub mod delta;
pub mod dots;
pub mod draw;
pub mod follow;
pub mod geometry;
mod hash;
pub mod lamps;
pub mod layout;
pub mod lesson;
pub mod live;
pub mod miniature;
pub mod moves;
pub mod news;
pub mod paint;
pub mod palette;
pub mod people;
pub mod pick;
pub mod picture;
pub mod playback;
pub mod recording;
pub mod route;
pub mod snap;
mod timeline;
pub mod vision;
pub mod visitors;
pub mod words;

pub use cells::{Cell, CellState, Mark};
pub use dots::{Dot, Look, Traffic};
pub use follow::Follow;
pub use geometry::{Curve, Point, Rect, Size};
pub use lamps::{Lamp, LampState, Lamps};
pub use layout::{Card, CardKind, Moved, Stage, Wire};
pub use live::{Health, Live};
pub use miniature::Miniature;
pub use paint::{Ink, Paint, Pen, Shape, Sheet};
pub use palette::Theme;
pub use people::{Figure, Mood};
pub use picture::{Drawing, Picture};
pub use playback::Playback;
pub use recording::{Forgotten, Recording, Replay, Wave};
pub use route::Branch;
pub use timeline::Tree;
pub use vision::Vision;
