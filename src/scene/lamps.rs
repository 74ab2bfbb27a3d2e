//! Service lamps: which operations are served, by the real answers of the last two seconds.

/// One operation's lamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lamp {
    /// The operation, as in `cart.add`.
    pub operation: String,
    /// How it is lit.
    pub state: LampState,
}

/// How a lamp is lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LampState {
    /// No answer lately.
    Dark,
    /// Answers, all well.
    Lit,
    /// Some answers are not well.
    Brownout,
    /// No answer is well.
    Out,
}
