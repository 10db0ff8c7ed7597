//! SVG -> PNG of a stated resolution, with the bundled fonts only.

use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::font::Face;
use super::{Drawing, FigureError};

/// Resolution unless another is asked for, in dots per inch.
pub const DPI: u32 = 300;

/// The drawing as PNG bytes: RGB without alpha, resolution and title recorded.
///
/// # Errors
/// When the resolution is not between 30 and 2400 dpi, or the picture is too large for memory.
pub fn png(drawing: &Drawing, dpi: u32) -> Result<Vec<u8>, FigureError> {
    if !(30..=2400).contains(&dpi) {
        return Err(fault(format!("resolution is 30 to 2400 dpi, but {dpi} was asked for")));
    }
    let mut fonts = fontdb::Database::new();
    for face in [Face::Regular, Face::Bold, Face::Italic] {
        fonts.load_font_data(face.bytes().to_vec());
    }
    let options = Options {
        dpi: dpi as f32,
        font_family: "Liberation Sans".to_owned(),
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(&drawing.svg, &options).map_err(|error| fault(error.to_string()))?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let mut pixmap = Pixmap::new(width, height)
        .ok_or_else(|| fault(format!("a picture of {width} by {height} pixels is too large")))?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let pixels: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    encode(&pixels, (width, height), dpi, drawing).map_err(|error| fault(error.to_string()))
}

fn fault(reason: String) -> FigureError {
    FigureError::Raster { reason }
}

fn encode(pixels: &[u8], size: (u32, u32), dpi: u32, drawing: &Drawing) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.0, size.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = libm::round(f64::from(dpi) / 0.0254) as u32;
    let dims = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
    encoder.set_pixel_dims(Some(dims));
    encoder.add_itxt_chunk("Title".to_owned(), drawing.title.clone())?;
    encoder.add_itxt_chunk("Description".to_owned(), drawing.caption.clone())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
