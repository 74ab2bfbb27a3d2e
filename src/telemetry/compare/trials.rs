//! The trials, one file each.

pub(super) mod checkout;
pub(super) mod crashes;
pub(super) mod deploy;
pub(super) mod interrupted;
pub(super) mod rush;

/// The least part, which others can do without.
const MINOR: &str = "recommendations";
/// The part without which nothing can be bought.
const VITAL: &str = "payments";
/// The hungry part, and what people ask of it.
const HUNGRY: &str = "video";
const HUNGRY_OPERATION: &str = "video.watch";
/// An operation is served if at least this share of its requests is ok.
const SERVED: f64 = 0.9;
/// What goes through most parts.
const PURCHASE: &str = "orders.checkout";
