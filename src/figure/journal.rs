//! What journals ask of a figure, as data.
//!
//! Publishers' author guides as read or told in 2026; `seen` says which part was seen in the guide itself.
//! Guides change: check yours before you submit.

/// What a publisher asks of figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Journal {
    /// The word to ask for it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Widths of one, one and a half and two columns, in millimetres.
    pub columns: [f64; 3],
    /// The greatest height, in millimetres, where there is one.
    pub highest: Option<f64>,
    /// Text size in points.
    pub text: f64,
    /// What the widths of lines are multiplied with.
    pub lines: f64,
    /// Resolution of pixels, in dots per inch.
    pub dpi: u32,
    /// The formats it takes, best first.
    pub formats: &'static [&'static str],
    /// What of this was seen in the guide, and what else it asks.
    pub seen: &'static str,
}

/// All presets.
pub const JOURNALS: [Journal; 9] = [
    Journal {
        key: "nature",
        name: "Nature Portfolio",
        columns: [89.0, 120.0, 183.0],
        highest: Some(170.0),
        text: 7.0,
        lines: 0.8,
        dpi: 450,
        formats: &["pdf", "svg", "png"],
        seen: "Seen: 89 and 183 mm, at most 170 mm high, text 5 to 7 pt, live text, RGB. Lines of 0.25 to 1 pt and \
               the middle width are from third parties.",
    },
    Journal {
        key: "elsevier",
        name: "Elsevier",
        columns: [90.0, 140.0, 190.0],
        highest: Some(240.0),
        text: 7.0,
        lines: 0.75,
        dpi: 1000,
        formats: &["pdf", "tiff", "png"],
        seen: "Seen: text 7 pt, raised and lowered text at least 6 pt, lines 0.1 to 1.5 pt, line art 1000 dpi. Widths \
               and height are general knowledge.",
    },
    Journal {
        key: "plos",
        name: "PLOS",
        columns: [95.0, 132.0, 190.5],
        highest: Some(222.3),
        text: 8.0,
        lines: 1.0,
        dpi: 600,
        formats: &["tiff", "svg"],
        seen: "Seen: 66.8 to 190.5 mm wide, at most 222.3 mm high, Arial 8 to 12 pt, TIFF (LZW, no transparency) or \
               EPS, 300 to 600 dpi, under 10 MB, no caption in the file. The column of text (132 mm) is general knowledge.",
    },
    Journal {
        key: "jasss",
        name: "JASSS",
        columns: [95.0, 120.0, 160.0],
        highest: None,
        text: 8.0,
        lines: 1.0,
        dpi: 300,
        formats: &["png", "svg"],
        seen: "No numbers found in its guide: a journal of web pages; widths and sizes are general knowledge.",
    },
    Journal {
        key: "cambridge",
        name: "Cambridge University Press",
        columns: [84.0, 112.0, 133.0],
        highest: Some(200.0),
        text: 7.0,
        lines: 0.8,
        dpi: 1000,
        formats: &["pdf", "tiff"],
        seen: "Seen: line art 1000 dpi, TIFF (LZW), EPS or PDF with fonts embedded, final size. Widths follow a page of \
               133 by 200 mm told by a third party.",
    },
    Journal {
        key: "oup",
        name: "Oxford University Press",
        columns: [86.0, 120.0, 178.0],
        highest: None,
        text: 7.0,
        lines: 0.8,
        dpi: 1200,
        formats: &["pdf", "tiff"],
        seen: "General knowledge, not seen in its guide: 86 and 178 mm, 7 to 8 pt, lines of 0.3 pt or more, 1200 dpi for \
               line art, alternative text.",
    },
    Journal {
        key: "sage",
        name: "Sage",
        columns: [84.0, 120.0, 175.0],
        highest: None,
        text: 7.0,
        lines: 0.8,
        dpi: 1000,
        formats: &["pdf", "tiff", "png"],
        seen: "Seen: at least 300 dpi, line art as vectors in files of their own. Widths and 800 to 1200 dpi for line \
               art are general knowledge.",
    },
    Journal {
        key: "taylor-francis",
        name: "Taylor & Francis",
        columns: [84.0, 120.0, 175.0],
        highest: None,
        text: 7.0,
        lines: 0.8,
        dpi: 1200,
        formats: &["pdf", "tiff"],
        seen: "Seen: lines of 0.3 pt or more, line art 1200 dpi, combinations 600 dpi, no layers or transparent objects. \
               Widths are general knowledge.",
    },
    Journal {
        key: "manuscript",
        name: "a manuscript, or no journal in particular",
        columns: [89.0, 120.0, 183.0],
        highest: None,
        text: 7.0,
        lines: 1.0,
        dpi: 600,
        formats: &["pdf", "svg", "png"],
        seen: "No guide: the sizes that the charts are designed for.",
    },
];

impl Journal {
    /// The preset of that name.
    pub fn from_key(key: &str) -> Option<&'static Self> {
        JOURNALS.iter().find(|journal| journal.key == key)
    }
}
