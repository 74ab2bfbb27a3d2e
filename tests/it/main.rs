//! The integration tests, as one binary: one link, shared support.

#![allow(missing_docs, reason = "a test's name says what it shows")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests start programs and keep deadlines")]

mod support;

mod architecture;
mod bad_input;
#[cfg(target_os = "linux")]
mod cache;
mod compare;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod compare_window;
mod data;
#[cfg(target_os = "linux")]
mod database;
mod export;
mod format;
mod frames;
mod gateway;
mod headless;
mod home;
mod lenient;
mod lessons;
mod live;
#[cfg(target_os = "linux")]
mod live_data;
mod live_deploys;
mod live_faults;
mod live_lamps;
mod live_load;
mod live_logs;
mod live_modules;
mod live_programs;
mod live_spread;
#[cfg(target_os = "linux")]
mod live_stored;
mod live_visitors;
mod mutated;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod newcomer;
mod orphans;
mod processes;
#[cfg(target_os = "linux")]
mod programs;
#[cfg(feature = "gui")]
mod resetting;
mod saving;
mod sharing;
mod shop;
mod simulation;
#[cfg(feature = "gui")]
mod ui;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod window;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod window_drawing;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod window_kept;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod window_modules;
mod witness;
