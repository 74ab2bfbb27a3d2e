//! What a frame of the canvas costs, beside egui-snarl.

fn main() {}
