//! The window: draws what it is given and returns what the user wants. Never blocks, locks or spawns.
