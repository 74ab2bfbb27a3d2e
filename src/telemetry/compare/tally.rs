//! The readings of both systems as they come in, and the table that they make.

use crate::telemetry::report::{Report, Verdict};
use crate::topology::{Node, Preset};

use super::form::{Comparison, FORMAT, Figure, LeftOut, Row, Stack};
use super::kinds::{KINDS, Kind, LANGUAGES_TOGETHER, ROWS, STORES_TOGETHER};
use super::parts;
use super::stack::POLYGLOT;
use super::trial::{Reading, TRIALS, Trial};

/// Which of the two systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// Both, in order.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// Its place among the two, from 0.
    pub const fn index(self) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
        }
    }
}

/// What is known so far.
#[derive(Debug)]
pub struct Tally {
    systems: [System; 2],
    seed: u64,
    /// The stack of the preset that shows several languages together.
    polyglot: Option<Stack>,
    doubts: Vec<String>,
}

#[derive(Debug)]
struct System {
    name: String,
    readings: Vec<Reading>,
    stack: Stack,
    /// Trials that cannot be made of it, with the reason.
    impossible: Vec<(&'static Trial, String)>,
}

impl System {
    fn new(name: &str, preset: &Preset) -> Self {
        let stack = Stack::drawn(name, &preset.topology, "no trial could be made of it");
        Self { name: name.to_owned(), readings: parts::readings(preset), stack, impossible: Vec::new() }
    }

    /// The median of what was read.
    fn value(&self, kind: &Kind) -> Option<f64> {
        let mut values: Vec<f64> = self.readings.iter().filter(|it| it.kind == kind).map(|it| it.value).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        match values.len() {
            0 => None,
            even if even % 2 == 0 => Some(f64::midpoint(values[middle - 1], values[middle])),
            _ => Some(values[middle]),
        }
    }

    /// Why there is no such value.
    fn missing(&self, kind: &Kind) -> String {
        let mut impossible = self.impossible.iter().filter(|(trial, _)| trial.yields.contains(&kind));
        match impossible.next() {
            Some((_, why)) => format!("{}: {why}", self.name),
            None => format!("{}: there was nothing to measure", self.name),
        }
    }
}

impl Tally {
    /// The tally of two systems: so far what can be counted in their drawings.
    pub fn new(a: (&str, &Preset), b: (&str, &Preset)) -> Self {
        let systems = [System::new(a.0, a.1), System::new(b.0, b.1)];
        Self { systems, seed: a.1.run.seed, polyglot: None, doubts: differences(a.1, b.1) }
    }

    fn system(&mut self, side: Side) -> &mut System {
        let [a, b] = &mut self.systems;
        match side {
            Side::A => a,
            Side::B => b,
        }
    }

    /// A trial cannot be made of one of the systems.
    pub fn impossible(&mut self, trial: &'static Trial, side: Side, why: String) {
        self.system(side).impossible.push((trial, why));
    }

    /// A trial was run.
    pub fn enter(&mut self, trial: &'static Trial, side: Side, prepared: &Preset, report: &Report) {
        let system = self.system(side);
        system.readings.extend(trial.read(prepared, report));
        let stack = Stack::ran(&system.name, prepared, report);
        let counts = [(&LANGUAGES_TOGETHER, stack.languages.len()), (&STORES_TOGETHER, stack.stores.len())];
        system.readings.extend(counts.map(|(kind, count)| Reading { kind, value: count as f64 }));
        system.stack = stack;
        let name = system.name.clone();
        if report.verdict == Verdict::Inconclusive {
            self.doubts.push(format!("{}, {name}: {}", trial.name, report.reasons.join("; ")));
        }
    }

    /// The preset that shows several languages together was run, or why it was not.
    pub fn enter_polyglot(&mut self, preset: &Preset, report: Result<&Report, &str>) {
        self.polyglot = Some(match report {
            Ok(report) => Stack::ran(POLYGLOT, preset, report),
            Err(why) => Stack::drawn(POLYGLOT, &preset.topology, why),
        });
    }

    /// The table.
    pub fn comparison(&self) -> Comparison {
        let [a, b] = &self.systems;
        let mut left_out = Vec::new();
        let mut figure = |kind: &&'static Kind| match (a.value(kind), b.value(kind)) {
            (Some(value_a), Some(value_b)) => Some(Figure {
                name: kind.name.to_owned(),
                unit: kind.unit.to_owned(),
                measured_as: kind.measured_as.to_owned(),
                proxy: kind.proxy,
                a: value_a,
                b: value_b,
                better: kind.better(value_a, value_b),
            }),
            (found, _) => {
                let why = if found.is_none() { a.missing(kind) } else { b.missing(kind) };
                left_out.push(LeftOut { name: kind.name.to_owned(), why });
                None
            }
        };
        let rows = ROWS.iter().map(|row| Row {
            name: (*row).to_owned(),
            figures: KINDS.iter().filter(|kind| kind.row == *row).filter_map(&mut figure).collect(),
        });
        let rows = rows.collect();
        Comparison {
            format: FORMAT,
            a: a.name.clone(),
            b: b.name.clone(),
            seed: self.seed,
            how: how(),
            rows,
            stacks: [&a.stack, &b.stack].into_iter().chain(&self.polyglot).cloned().collect(),
            doubts: self.doubts.clone(),
            left_out,
        }
    }
}

/// How the figures came about.
fn how() -> Vec<String> {
    let fair = "Each trial was run with the first system and then with the second, never both at once: they would have \
                taken the processor from each other. Seed, users and what was done to them were the same.";
    let trials = TRIALS.iter().map(|trial| format!("{}: {}.", trial.name, trial.about));
    std::iter::once(fair.to_owned()).chain(trials).collect()
}

/// What the two differ in beside where the software runs: the figures then tell of that as well.
fn differences(a: &Preset, b: &Preset) -> Vec<String> {
    let users = |preset: &Preset| -> Vec<Node> {
        preset.topology.nodes().filter(|node| node.users().is_some()).cloned().collect()
    };
    let differ = [
        ("what the software does", a.topology.modules != b.topology.modules),
        ("who uses it", users(a) != users(b)),
        ("the seed", a.run.seed != b.run.seed),
    ];
    let differ = differ.into_iter().filter(|(_, differ)| *differ);
    differ.map(|(what, _)| format!("the two differ in {what}, not only in where it runs")).collect()
}

#[cfg(test)]
mod tests;
