//! A drawing as files: pictures, caption, numbers.

use super::results::csv;
use comity::figure::{self, Drawing, FigureError};

/// A file format of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Picture {
    /// Vectors for the web and for editing; text stays text.
    Svg,
    /// Vectors for print, fonts embedded.
    Pdf,
    /// Pixels, resolution recorded.
    Png,
    /// Pixels, LZW, resolution recorded.
    Tiff,
    /// SVG with every letter as a path, for journals that take no fonts.
    Outlined,
}

impl Picture {
    /// The format with that ending.
    pub fn from_ending(ending: &str) -> Option<Self> {
        clap::ValueEnum::from_str(ending, false).ok()
    }
}

/// What `run` and `compare` leave of every chart.
pub const CHARTS: [Picture; 3] = [Picture::Svg, Picture::Pdf, Picture::Png];

/// The files of a drawing by their endings: the pictures asked for, the caption (`md`) and the numbers (`csv`).
pub fn files(drawing: &Drawing, pictures: &[Picture], dpi: u32) -> Result<Vec<(&'static str, Vec<u8>)>, FigureError> {
    let mut files = Vec::new();
    for picture in pictures {
        files.push(match picture {
            Picture::Svg => ("svg", drawing.svg.clone().into_bytes()),
            Picture::Png => ("png", figure::png(drawing, dpi)?),
            Picture::Pdf => ("pdf", figure::pdf(drawing)?),
            Picture::Tiff => ("tiff", figure::tiff(drawing, dpi)?),
            Picture::Outlined => ("outlined.svg", figure::outlined(drawing)?.into_bytes()),
        });
    }
    files.push(("md", drawing.caption.clone().into_bytes()));
    let data = csv(&drawing.data).map_err(|error| FigureError::Raster { reason: error.to_string() })?;
    files.push(("csv", data));
    Ok(files)
}
