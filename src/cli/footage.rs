//! Pictures of a run: what was asked for, what is kept of the run for it, and the drawing afterwards, so that drawing
//! does not disturb what is measured.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::control::Snapshot;
use crate::export::png::PictureError;
use crate::export::{Colours, gif, page, png, svg};
use crate::runtime::{self, SaveError};
use crate::scene::{Recording, recording::Replay};
use crate::telemetry::Span;
use crate::topology::{Act, Period, Preset};

use super::look::LookArguments;

/// Hundredths of a second between two frames of a moving picture.
const DELAY: u16 = 10;
/// The width of a moving picture in pixels.
const WIDTH: f32 = 900.0;
/// A moving picture is no longer than this.
const LONGEST: Period = Period::secs(60);
/// A moving picture is so long, unless it is told how long.
const USUAL: Period = Period::secs(12);
/// A moving picture begins so long before the first fault, in microseconds.
const BEFORE_US: u64 = 2_000_000;
/// Dots that are on their way at a moment set out at most so long before it, in microseconds.
const LEAD_US: u64 = 6_000_000;
/// What happened at a moment is known at most so long after it, in microseconds.
const LATE_US: u64 = 2_000_000;
/// As many pictures are made of one run.
const MOST_PICTURES: usize = 64;

/// Arguments for pictures of a run.
#[derive(Debug, Default, clap::Args)]
pub(super) struct PictureArguments {
    /// Make a moving picture of the run.
    #[arg(long, value_name = "FILE.gif", value_parser = gif_path)]
    gif: Option<PathBuf>,

    /// When the moving picture begins; without it, 2 s before the first fault of the scenario.
    #[arg(long, value_name = "TIME", requires = "gif")]
    gif_from: Option<Period>,

    /// How long it lasts, at most 60s.
    #[arg(long, value_name = "TIME", requires = "gif", default_value_t = USUAL)]
    gif_for: Period,

    /// Make a picture of this moment, as in 10.1s:kill.png; .svg goes, too. May be given several times.
    #[arg(long = "picture", value_name = "TIME:FILE.png", value_parser = still)]
    stills: Vec<Still>,

    #[command(flatten)]
    look: LookArguments,
}

/// A picture of a moment.
#[derive(Debug, Clone)]
struct Still {
    at: Period,
    path: PathBuf,
}

fn gif_path(text: &str) -> Result<PathBuf, String> {
    if has_ending(Path::new(text), "gif") { Ok(text.into()) } else { Err("its name must end in .gif".to_owned()) }
}

fn still(text: &str) -> Result<Still, String> {
    let (at, path) = text.split_once(':').ok_or("write TIME:FILE.png, as in 10.1s:kill.png")?;
    let (at, path) = (at.parse().map_err(|error| format!("{error}"))?, PathBuf::from(path));
    if ["png", "svg"].iter().any(|ending| has_ending(&path, ending)) {
        Ok(Still { at, path })
    } else {
        Err("the name of a picture must end in .png or .svg".to_owned())
    }
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// Why there is a picture less.
#[derive(Debug, thiserror::Error)]
pub(super) enum FootageError {
    /// It cannot be saved.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// It cannot be drawn.
    #[error("cannot draw {}: {source}", path.display())]
    Draw {
        /// Which picture.
        path: PathBuf,
        /// Why not.
        source: PictureError,
    },
    /// The run ended before its moment.
    #[error("there is no picture {}: the run ended before {at}", path.display())]
    TooLate {
        /// Which picture.
        path: PathBuf,
        /// Its moment, counted from t = 0.
        at: Period,
    },
}

/// The scenes of a run that are to be drawn after it, each with its own bounded recording: a run of an hour costs no more
/// than a short one.
pub(super) struct Footage {
    scenes: Vec<Scene>,
    colours: Colours,
    /// t = 0 in run time.
    started_us: Option<u64>,
}

struct Scene {
    path: PathBuf,
    /// From and to this moment, in microseconds since t = 0; the same for a still.
    from_us: u64,
    to_us: u64,
    recording: Recording,
}

impl Footage {
    /// What the arguments ask of a run of this preset.
    ///
    /// # Errors
    /// One clear message where that makes no sense.
    pub(super) fn plan(arguments: &PictureArguments, preset: &Preset) -> Result<Self, String> {
        let duration_us = preset.run.duration.as_micros();
        let mut scenes = Vec::new();
        if let Some(path) = &arguments.gif {
            if arguments.gif_for > LONGEST || arguments.gif_for == Period::default() {
                return Err(format!("--gif-for {}: a moving picture lasts up to {LONGEST}", arguments.gif_for));
            }
            let from_us = arguments.gif_from.map_or_else(|| usual_beginning(preset), Period::as_micros);
            let to_us = (from_us + arguments.gif_for.as_micros()).min(duration_us);
            scenes.push(Scene::new(path, from_us, to_us));
        }
        scenes.extend(arguments.stills.iter().map(|still| {
            let at_us = still.at.as_micros();
            Scene::new(&still.path, at_us, at_us)
        }));
        if scenes.len() > MOST_PICTURES {
            return Err(format!("{} pictures of one run are too many: at most {MOST_PICTURES}", scenes.len()));
        }
        for (index, scene) in scenes.iter().enumerate() {
            let path = scene.path.display();
            if scene.from_us > duration_us {
                let at = period(scene.from_us);
                return Err(format!("{path}: there is nothing to see at {at}, the run lasts {}", preset.run.duration));
            }
            if scenes[..index].iter().any(|other| other.path == scene.path) {
                return Err(format!("{path}: two pictures cannot have one name"));
            }
        }
        Ok(Self { scenes, colours: arguments.look.colours(), started_us: None })
    }

    /// Whether nothing is to be drawn, so that no spans need to be taken.
    pub(super) fn is_empty(&self) -> bool {
        self.scenes.is_empty()
    }

    /// Where pictures will be saved.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.scenes.iter().map(|scene| scene.path.as_path())
    }

    /// Keeps what the pictures need of a moment of the run.
    pub(super) fn observe(&mut self, snapshot: &Arc<Snapshot>, spans: &[Span]) {
        self.started_us = self.started_us.or(snapshot.started_us);
        let Some(since_us) = self.started_us.map(|started_us| snapshot.now_us.saturating_sub(started_us)) else {
            return;
        };
        for scene in &mut self.scenes {
            if scene.from_us.saturating_sub(LEAD_US) <= since_us && since_us <= scene.to_us + LATE_US {
                scene.recording.snapshot(snapshot);
                scene.recording.spans(spans);
            }
        }
    }

    /// Draws and saves every picture. One that cannot be made stops no other one.
    pub(super) fn draw(&self, preset: &Preset) -> Vec<FootageError> {
        self.scenes.iter().filter_map(|scene| self.draw_scene(scene, preset).err()).collect()
    }

    fn draw_scene(&self, scene: &Scene, preset: &Preset) -> Result<(), FootageError> {
        let started_us = self.started_us.unwrap_or(0);
        let mut replay = scene.recording.replay(started_us + scene.from_us);
        // A recording that ends before shows its last moment, which is another one.
        let last_us = scene.recording.span_us().map(|(_, last_us)| last_us);
        if last_us.is_none_or(|last_us| last_us < started_us + scene.from_us) {
            return Err(FootageError::TooLate { path: scene.path.clone(), at: period(scene.from_us) });
        }
        replay.end_at(started_us + scene.to_us);
        let draw = |source| FootageError::Draw { path: scene.path.clone(), source };
        let bytes = if has_ending(&scene.path, "gif") {
            gif::write(&self.frames(&mut replay, preset), DELAY).map_err(draw)?
        } else {
            replay.advance(preset, 0.0);
            let page = page::of(preset, &replay.picture);
            let svg = svg::write(page.size, &page.sheet, self.colours, 1.0);
            if has_ending(&scene.path, "svg") { svg.into_bytes() } else { png::write(&svg).map_err(draw)? }
        };
        Ok(runtime::save_atomically(&scene.path, bytes)?)
    }

    /// The frames of a moving picture, at most 600 of them.
    fn frames(&self, replay: &mut Replay, preset: &Preset) -> Vec<String> {
        let mut frames = Vec::new();
        loop {
            let more = replay.advance(preset, f64::from(DELAY) / 100.0);
            let page = page::of(preset, &replay.picture);
            frames.push(svg::write(page.size, &page.sheet, self.colours, WIDTH / page.size.w.max(1.0)));
            if !more {
                return frames;
            }
        }
    }
}

impl Scene {
    fn new(path: &Path, from_us: u64, to_us: u64) -> Self {
        let recording = Recording::new(to_us.saturating_sub(from_us) + LEAD_US + LATE_US);
        Self { path: path.to_owned(), from_us, to_us, recording }
    }
}

/// Where a moving picture begins, in microseconds since t = 0.
fn usual_beginning(preset: &Preset) -> u64 {
    let faults = preset.scenario.iter().filter(|step| matches!(step.act, Act::Kill | Act::Terminate | Act::Pause));
    faults.map(|step| step.at.as_micros()).min().unwrap_or(0).saturating_sub(BEFORE_US)
}

fn period(us: u64) -> Period {
    Period::millis(us / 1000)
}

#[cfg(test)]
mod tests;
