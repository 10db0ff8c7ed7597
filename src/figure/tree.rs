//! The drawing as a picture tree, with the bundled fonts only: what pixels, PDF and outlines are made from.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use super::font::Face;
use super::{Drawing, FigureError};

/// The bundled faces, read once and shared.
fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut fonts = Database::new();
        for face in [Face::Regular, Face::Bold, Face::Italic] {
            fonts.load_font_source(Source::Binary(Arc::new(face.bytes())));
        }
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}

/// The drawing with its texts laid out, in units of so many to the inch.
pub(super) fn tree(drawing: &Drawing, dpi: u32) -> Result<Tree, FigureError> {
    let options =
        Options { dpi: dpi as f32, font_family: "Liberation Sans".to_owned(), fontdb: fonts(), ..Options::default() };
    Tree::from_str(&drawing.svg, &options).map_err(|error| FigureError::Raster { reason: error.to_string() })
}
