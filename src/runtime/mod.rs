//! Who does the effects: processes, the control connections, the collector, the clock. The only IO of the desktop side;
//! it decides nothing that `control` could decide.
//!
//! Two threads live as long as the [`Handle`]: the *conductor* runs one loop over commands, events and ticks, and the
//! *spawner* starts and signals processes. Every event of the world reaches the conductor through one bounded queue, so
//! what a node reported before it said *settled* is known before *settled* is.

mod audit;
mod clock;
mod collector;
mod conductor;
mod configure;
mod control_server;
mod events;
mod figures;
mod files;
mod folder;
mod handle;
mod outbox;
mod output;
mod process;
mod run;
mod spans;
#[cfg(target_os = "linux")]
pub mod warden;

pub use files::{SaveError, check_writable, read_bounded, save_atomically};
pub use handle::{Handle, Options, Relay};
