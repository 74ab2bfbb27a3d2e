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
pub(super) fn join<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Vec<Shape> {
    let shapes: Vec<&Shape> = shapes.collect();
    let mesh = |shape: &&'a Shape| if let Shape::Mesh(mesh) = shape { Some(mesh) } else { None };
    let is_like = |a: &&'a Shape, b: &&'a Shape| match (mesh(a), mesh(b)) {
        (Some(a), Some(b)) => a.texture_id == b.texture_id,
        _ => false,
    };
    let join = |these: &[&'a Shape]| match these {
        [alone] => (*alone).clone(),
        _ => {
            let meshes = || these.iter().filter_map(mesh);
            let mut joined = Mesh::default();
            joined.vertices.reserve_exact(meshes().map(|mesh| mesh.vertices.len()).sum());
            joined.indices.reserve_exact(meshes().map(|mesh| mesh.indices.len()).sum());
            meshes().for_each(|mesh| joined.append_ref(mesh));
            joined.into()
        }
    };
    shapes.chunk_by(is_like).map(join).collect()
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
            if !ui.ctx().will_discard() {
                // It was drawn twice already.
                ui.ctx().request_repaint();
            }
        }
    }
}
