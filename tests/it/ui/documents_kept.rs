//! What outlives a window: unsaved work, the files that were open, how it looked.
