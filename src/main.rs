//! The executable: a node when it is told to be one, else the command line, which opens the window or runs headless.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything graphical is touched: a node must stay small.
    if std::env::args_os().nth(1).is_some_and(|first| first == "node") {
        return brownout::node::main();
    }
    #[cfg(target_os = "linux")]
    if std::env::args_os().nth(1).is_some_and(|first| first == brownout::runtime::warden::MODE) {
        return brownout::runtime::warden::main();
    }
    #[cfg(target_os = "linux")]
    if std::env::args_os().nth(1).is_some_and(|first| first == brownout::node::keeper::EXEC_MODE) {
        return brownout::node::keeper::exec();
    }
    brownout::cli::main()
}
