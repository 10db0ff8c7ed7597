//! A drawing without pixels for print: PDF with its fonts embedded, and SVG with its text as outlines.

use krilla::Document;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::usvg::{Indent, WriteOptions};

use super::tree::tree;
use super::{Drawing, FigureError};

/// Units to the inch in which PDF and the drawings count.
const POINTS_PER_INCH: u32 = 72;
/// Decimals of a coordinate in points: a ten-thousandth of a point is a thirtieth of a micrometre.
const DECIMALS: u8 = 4;
/// What stands before the content of a drawing: its size, title and description end here.
const HEAD_END: &str = "</desc>";
/// Decimals of the factors of a transformation, which are multiplied by coordinates.
const FACTOR_DECIMALS: u8 = 7;

/// The drawing as a PDF of one page of exactly its size, fonts embedded as far as they are used, text as text.
///
/// Title, caption and program are recorded, the time is not: the same drawing gives the same bytes.
///
/// # Errors
/// When the drawing cannot be read as SVG or written as PDF.
pub fn pdf(drawing: &Drawing) -> Result<Vec<u8>, FigureError> {
    let tree = tree(drawing, POINTS_PER_INCH)?;
    let size = Size::from_wh(drawing.sheet.width as f32, drawing.sheet.height as f32)
        .ok_or_else(|| fault("a page has a width and a height above nothing".to_owned()))?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(drawing.title.clone())
            .description(drawing.description())
            .creator(concat!("comity ", env!("CARGO_PKG_VERSION")).to_owned())
            .language("en".to_owned()),
    );
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
    surface.finish();
    page.finish();
    drawn.ok_or_else(|| fault("the drawing cannot be put on a PDF page".to_owned()))?;
    document.finish().map_err(|error| fault(format!("the PDF cannot be written: {error:?}")))
}

/// The drawing as SVG with every letter as a path, for editors and journals that must not ask for a font.
///
/// # Errors
/// When the drawing cannot be read as SVG.
pub fn outlined(drawing: &Drawing) -> Result<String, FigureError> {
    let options = WriteOptions {
        preserve_text: false,
        coordinates_precision: DECIMALS,
        transforms_precision: FACTOR_DECIMALS,
        indent: Indent::None,
        attributes_indent: Indent::None,
        ..WriteOptions::default()
    };
    let paths = tree(drawing, POINTS_PER_INCH)?.to_string(&options);
    let body = paths.split_once("<svg").and_then(|(_, rest)| rest.split_once('>'));
    match (drawing.svg.split_once(HEAD_END), body) {
        (Some((head, _)), Some((_, body))) => Ok(format!("{head}{HEAD_END}{body}")),
        _ => Err(fault("the drawing is not SVG as it is written here: title, description, then content".to_owned())),
    }
}

fn fault(reason: String) -> FigureError {
    FigureError::Raster { reason }
}
