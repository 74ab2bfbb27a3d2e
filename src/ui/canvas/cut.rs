//! Shapes cut into triangles ahead of the end of a frame, so that they can be kept for the next ones.

use std::sync::Arc;

use egui::epaint::{Mesh, Tessellator};
use egui::{Context, Plugin, Shape, Ui};

/// Cuts shapes.
pub(super) struct Cutter(Tessellator);

impl Cutter {
    /// One for this window, as of now: what it cuts of text is right for as long as egui's picture of all letters has this
    /// size, and the letters are in it. Discs are cut from corners, as everything else.
    pub(super) fn new(context: &Context) -> Self {
        let options = context.tessellation_options(|options| *options);
        Self(Tessellator::new(context.pixels_per_point(), options, letters_size(context), Vec::new()))
    }

    /// Cuts shapes into triangles, neighbours of one texture together.
    pub(super) fn cut(&mut self, shapes: Vec<Shape>) -> Vec<Shape> {
        let mut cut: Vec<Shape> = Vec::new();
        for shape in shapes {
            if matches!(shape, Shape::Callback(_)) {
                cut.push(shape);
                continue;
            }
            let texture = shape.texture_id();
            let joined = match cut.last_mut() {
                Some(Shape::Mesh(mesh)) if mesh.texture_id == texture => Arc::get_mut(mesh),
                Some(_) | None => None,
            };
            if let Some(mesh) = joined {
                self.0.tessellate_shape(shape, mesh);
            } else if let Shape::Mesh(mesh) = shape {
                cut.push(Shape::Mesh(mesh));
            } else {
                let mut mesh = Mesh::with_texture(texture);
                self.0.tessellate_shape(shape, &mut mesh);
                cut.push(mesh.into());
            }
        }
        cut
    }
}

/// Joins what was cut, neighbours of one texture: each shape of a frame costs, and what is large is copied at once.
pub(super) fn join<'a>(shapes: impl Iterator<Item = &'a Shape> + Clone) -> Vec<Shape> {
    let mut joined = Vec::new();
    let mut rest = shapes.peekable();
    while let Some(shape) = rest.next() {
        let Shape::Mesh(first) = shape else {
            joined.push(shape.clone());
            continue;
        };
        let is_next = |shape: &&Shape| matches!(shape, Shape::Mesh(mesh) if mesh.texture_id == first.texture_id);
        if rest.peek().is_none_or(|next| !is_next(next)) {
            joined.push(shape.clone());
            continue;
        }
        let meshes = |shape: &'a Shape| if let Shape::Mesh(mesh) = shape { Some(mesh) } else { None };
        let run = || rest.clone().take_while(is_next).filter_map(meshes);
        let (mut vertices, mut indices) = (first.vertices.len(), first.indices.len());
        run().for_each(|mesh| (vertices, indices) = (vertices + mesh.vertices.len(), indices + mesh.indices.len()));
        let mut mesh = Mesh::with_texture(first.texture_id);
        mesh.vertices.reserve_exact(vertices);
        mesh.indices.reserve_exact(indices);
        mesh.append_ref(first);
        run().for_each(|next| mesh.append_ref(next));
        while rest.next_if(is_next).is_some() {}
        joined.push(mesh.into());
    }
    joined
}

/// The size of egui's picture of all letters, in texels: places in it are shares of that.
pub(super) fn letters_size(context: &Context) -> [usize; 2] {
    context.fonts(|fonts| fonts.font_image_size())
}

/// Has a frame drawn once more in the course of which egui's picture of all letters has grown: what was cut before that names
/// places in the smaller one.
#[derive(Debug, Default)]
pub(crate) struct Recut {
    size: [usize; 2],
}

impl Plugin for Recut {
    fn debug_name(&self) -> &'static str {
        "letters that were cut"
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        self.size = letters_size(ui.ctx());
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        if letters_size(ui.ctx()) != self.size {
            ui.ctx().request_discard("the picture of all letters has grown");
        }
    }
}
