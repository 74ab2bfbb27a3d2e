//! A comparison in words: what its table says, whatever form it has. A terminal, a page and the window all go by this.

use super::form::{Better, Comparison, Figure};

/// The mark of a figure that only stands for what its row is about.
pub const PROXY: &str = "proxy";

/// What that mark means.
pub const PROXIES: &str = "stands for what its row is about, and measures nobody";

/// Why figures that came of two systems running at once would not be those of the table.
pub const ONE_AT_A_TIME: &str = "The figures of the table are measured one run at a time.";

impl Comparison {
    /// What the table is called.
    pub fn title(&self) -> String {
        format!("{} and {}, measured", self.a, self.b)
    }

    /// The better system's name, or that they are the same.
    pub fn better(&self, figure: &Figure) -> &str {
        match figure.better {
            Better::A => &self.a,
            Better::B => &self.b,
            Better::Same => "the same",
        }
    }

    /// What is said below the table, each list with its heading.
    pub fn lists(&self) -> [(&'static str, Vec<String>); 4] {
        let stacks = self.stacks.iter().map(|stack| format!("{}.", stack.sentence())).collect();
        let left_out = self.left_out.iter().map(|it| format!("{}: {}", it.name, it.why)).collect();
        [
            ("Languages and stores", stacks),
            ("How it was measured", self.how.clone()),
            ("To be held against it", self.doubts.clone()),
            ("Left out", left_out),
        ]
    }
}

impl Figure {
    /// The name, with its unit where the name does not say it.
    pub fn titled(&self) -> String {
        if self.name.contains(&self.unit) || self.unit.starts_with("share") {
            self.name.clone()
        } else {
            format!("{}, {}", self.name, self.unit)
        }
    }

    /// What it is counted in and how it was measured, as a sentence.
    pub fn how(&self) -> String {
        format!("In {}; {}.", self.unit, self.measured_as)
    }
}

/// A number as people read it: as many digits as mean something.
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_mean_something() {
        let numbers = [3.0, 0.857_142, 25.4321, 1234.567, 0.0];
        assert_eq!(numbers.map(number), ["3", "0.86", "25.4", "1235", "0"]);
    }
}
