//! The service over real sockets.

mod bugs;
mod operations;
mod ports;
mod rig;
mod rows;
mod switching;
