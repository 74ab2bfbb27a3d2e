//! The service over real sockets.

mod operations;
mod rig;
mod switching;
