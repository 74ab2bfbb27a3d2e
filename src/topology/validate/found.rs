//! What validation has found so far: of each kind as many as anybody reads, and how many more there are.

use std::mem::{Discriminant, discriminant};

use crate::topology::near::Adviser;
use crate::topology::problem::clipped;
use crate::topology::{Cause, Problem, Severity};

/// More problems of a kind are only counted.
const MOST_OF_A_KIND: usize = 100;

/// Problems are of a kind that are in one section of the file, as bad, and come from the same.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    section: String,
    severity: Severity,
    cause: Option<Discriminant<Cause>>,
}

impl Kind {
    fn of(problem: &Problem) -> Self {
        let section = problem.path.split(['[', '.']).next().unwrap_or_default().to_owned();
        Self { section, severity: problem.severity, cause: problem.cause.as_deref().map(discriminant) }
    }
}

/// How many there are of a kind.
struct Count {
    kind: Kind,
    told: usize,
    untold: usize,
    /// Where the first is that is not told.
    path: String,
}

/// Problems in the order in which they were found.
#[derive(Default)]
pub(super) struct Found {
    told: Vec<Problem>,
    counts: Vec<Count>,
    pub(super) adviser: Adviser,
}

impl Found {
    pub(super) fn push(&mut self, problem: Problem) {
        let kind = Kind::of(&problem);
        let at = self.counts.iter().position(|count| count.kind == kind).unwrap_or_else(|| {
            self.counts.push(Count { kind, told: 0, untold: 0, path: String::new() });
            self.counts.len() - 1
        });
        let Some(count) = self.counts.get_mut(at) else { return };
        if count.told < MOST_OF_A_KIND {
            count.told += 1;
            self.told.push(Problem { message: clipped(problem.message), ..problem });
            return;
        }
        if count.untold == 0 {
            count.path = problem.path;
        }
        count.untold += 1;
    }

    pub(super) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// How many are told.
    pub(super) fn len(&self) -> usize {
        self.told.len()
    }

    /// Those that were told after so many.
    pub(super) fn since(&mut self, told: usize) -> &mut [Problem] {
        self.told.get_mut(told..).unwrap_or_default()
    }

    /// All that are told, and of the rest how many there are, as bad as it is and where it begins.
    pub(super) fn finish(self) -> Vec<Problem> {
        let mut problems = self.told;
        for Count { kind, untold, path, .. } in self.counts.into_iter().filter(|count| count.untold > 0) {
            let (are, s) = if untold == 1 { ("is", "") } else { ("are", "s") };
            let message = format!("there {are} {untold} more problem{s} like these, from here on");
            problems.push(Problem { severity: kind.severity, ..Problem::error(path, message) });
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_kind_a_hundred_are_told_and_the_rest_counted_as_bad_as_it_is() {
        let mut found = Found::default();
        for index in 0..150 {
            found.push(Problem::warning(format!("node[{index}].replicas"), "many"));
            found.push(Problem::error(format!("link[{index}]"), "wrong").because(Cause::EmptyGroup));
        }
        found.push(Problem::error("node[7]", "bad"));
        let told = found.finish();
        assert_eq!(told.len(), 203);
        assert_eq!(told[200].message, "bad", "of another kind");
        let rest = [&told[201], &told[202]].map(|rest| (rest.severity, rest.path.as_str(), rest.message.as_str()));
        let message = "there are 50 more problems like these, from here on";
        let expected = [(Severity::Warning, "node[100].replicas", message), (Severity::Error, "link[100]", message)];
        assert_eq!(rest, expected);
    }
}
