//! The executable: a node when it is told to be one, else the command line, which opens the window or runs headless.

use std::process::ExitCode;

// Spreads and returns the large vertex buffers of a frame better than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before anything graphical is touched: a node must stay small.
    if std::env::args_os().nth(1).is_some_and(|first| first == "node") {
        return brownout::node::main();
    }
    brownout::cli::main()
}
