//! Themes: a finished sheet in other colours, its layout untouched.
//!
//! Charts are drawn in the colours of print. Categories and their tints have stand-ins: brighter ones on dark
//! ground, greys of their own in greyscale, because they are not told apart by their lightness alone. Of all
//! other colours a dark theme turns the lightness over and keeps the hue (in Oklab, Ottosson 2020), and greyscale
//! keeps the lightness.

use super::palette::{BLACK, BLUE, Colour, GREEN, GREY, ORANGE, PURPLE, VERMILLION, WHITE, linear};
use super::sheet::{Mark, Sheet, ground, text_box};

/// For which ground and which eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Paper: white ground, the colours of the chart.
    #[default]
    Print,
    /// Slides and pages on a screen: as print, with larger text and heavier lines.
    Screen,
    /// Dark ground.
    Dark,
    /// Paper without colours.
    Greyscale,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Print, Self::Screen, Self::Dark, Self::Greyscale];

    /// The word for it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::Screen => "screen",
            Self::Dark => "dark",
            Self::Greyscale => "greyscale",
        }
    }

    /// What a colour of print becomes.
    pub fn of(self, colour: Colour) -> Colour {
        match self {
            Self::Print | Self::Screen => colour,
            Self::Dark => self.stand_in(colour).unwrap_or_else(|| turned(colour)),
            Self::Greyscale => self.stand_in(colour).unwrap_or_else(|| grey(colour)),
        }
    }

    /// What stands for a category, or for a tint of one: the same tint of the stand-in.
    fn stand_in(self, colour: Colour) -> Option<Colour> {
        STAND_INS.iter().find_map(|&(own, dark, level)| {
            let strength = strength(colour, own)?;
            Some(match self {
                Self::Dark => dark.over(turned(WHITE), strength),
                _ => Colour(level, level, level).tint(strength),
            })
        })
    }

    /// Gives every mark of the sheet, and the ground, the colours of the theme.
    pub(super) fn apply(self, sheet: &mut Sheet) {
        if self == Self::Print || self == Self::Screen {
            return;
        }
        sheet.ground = self.of(sheet.ground);
        for mark in &mut sheet.marks {
            match mark {
                Mark::Path { stroke, fill, .. } | Mark::Circle { stroke, fill, .. } => {
                    if let Some(stroke) = stroke {
                        stroke.colour = self.of(stroke.colour);
                    }
                    *fill = fill.map(|colour| self.of(colour));
                }
                Mark::Text { lettering, .. } => lettering.colour = self.of(lettering.colour),
            }
        }
        legible(sheet);
    }
}

/// What text is set in where a theme has taken its contrast away.
const INKS: [Colour; 2] = [BLACK, WHITE];
/// The least contrast of text (WCAG, level AA).
const CONTRAST: f64 = 4.5;

/// Sets text that a theme has made hard to read in whichever of black and white reads better on its ground.
fn legible(sheet: &mut Sheet) {
    for index in 0..sheet.marks.len() {
        let Mark::Text { at, text, lettering } = &sheet.marks[index] else { continue };
        let place = text_box(*at, text, lettering).centre();
        let under = sheet.marks[..index].iter().rev().find_map(|mark| covers(mark, place));
        let under = under.unwrap_or(sheet.ground);
        if contrast(lettering.colour, under) >= CONTRAST {
            continue;
        }
        let better = INKS.into_iter().max_by(|a, b| contrast(*a, under).total_cmp(&contrast(*b, under)));
        if let (Mark::Text { lettering, .. }, Some(better)) = (&mut sheet.marks[index], better) {
            lettering.colour = better;
        }
    }
}

/// The fill of a mark, if that place lies within its box.
fn covers(mark: &Mark, place: (f64, f64)) -> Option<Colour> {
    match mark {
        Mark::Path { fill, .. } | Mark::Circle { fill, .. } => {
            fill.filter(|_| ground(mark).is_some_and(|under| under.contains(place)))
        }
        Mark::Text { .. } => None,
    }
}

/// The contrast of two colours, from 1 to 21 (WCAG).
fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (a.luminance() + 0.05, b.luminance() + 0.05);
    a.max(b) / a.min(b)
}

/// Lightness of the dark ground, and of what is black in print.
const DARK: (f64, f64) = (0.22, 0.97);

/// The colour with its lightness turned over.
fn turned(colour: Colour) -> Colour {
    let [lightness, a, b] = oklab(colour);
    from_oklab([DARK.1 - (DARK.1 - DARK.0) * lightness, a, b])
}

/// The colour's own lightness without its hue.
fn grey(colour: Colour) -> Colour {
    let level = byte(encoded(colour.luminance()));
    Colour(level, level, level)
}

/// Categories in print, on dark ground, and as greys that are far enough apart.
const STAND_INS: [(Colour, Colour, u8); 7] = [
    (BLUE, Colour(86, 180, 233), 50),
    (VERMILLION, Colour(255, 128, 51), 146),
    (GREEN, Colour(38, 199, 150), 98),
    (PURPLE, Colour(222, 152, 194), 170),
    (BLACK, Colour(245, 245, 245), 0),
    (ORANGE, Colour(240, 180, 41), 190),
    (GREY, Colour(158, 158, 158), 110),
];

/// How far a part of a tint may be off by rounding; a scale of colours passes near greys, and must not be taken for one.
const ROUNDED: f64 = 1.01;

/// How strong a tint of the other colour this one is, if it is one.
fn strength(colour: Colour, own: Colour) -> Option<f64> {
    let plain = |colour: Colour| colour.0 == colour.1 && colour.1 == colour.2;
    if colour == WHITE || plain(own) != plain(colour) {
        return None;
    }
    let parts = |colour: Colour| [colour.0, colour.1, colour.2].map(|part| 255.0 - f64::from(part));
    let (mine, theirs) = (parts(colour), parts(own));
    let most = (0..3).max_by(|&a, &b| theirs[a].total_cmp(&theirs[b]))?;
    let strength = mine[most] / theirs[most];
    let near = (0..3).all(|part| (theirs[part] * strength - mine[part]).abs() <= ROUNDED);
    (near && 0.02 < strength && strength <= 1.0).then_some(strength)
}

fn encoded(share: f64) -> f64 {
    if share <= 0.003_130_8 { 12.92 * share } else { 1.055 * libm::pow(share, 1.0 / 2.4) - 0.055 }
}

fn byte(share: f64) -> u8 {
    libm::round(share.clamp(0.0, 1.0) * 255.0) as u8
}

/// Lightness, green to red, blue to yellow.
fn oklab(colour: Colour) -> [f64; 3] {
    let [r, g, b] = [linear(colour.0), linear(colour.1), linear(colour.2)];
    let l = libm::cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b);
    let m = libm::cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b);
    let s = libm::cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b);
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn from_oklab([lightness, a, b]: [f64; 3]) -> Colour {
    let cube = |value: f64| value * value * value;
    let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    let part = |value: f64| byte(encoded(value.max(0.0)));
    Colour(
        part(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        part(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        part(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
    )
}

#[cfg(test)]
mod tests {
    use super::super::palette::{CATEGORIES, LIGHT, sequential};
    use super::super::paper::rectangle;
    use super::super::sheet::{Lettering, Rect};
    use super::*;

    #[test]
    fn text_and_lines_stand_out_from_the_ground_of_every_theme() {
        for theme in Theme::ALL {
            let ground = theme.of(WHITE);
            assert!(contrast(theme.of(BLACK), ground) > 12.0, "{theme:?}");
            assert!(contrast(theme.of(BLACK), theme.of(LIGHT)) > 7.0, "{theme:?}");
            for colour in [BLUE, VERMILLION, GREEN, GREY] {
                // Bands and shading are seen against the ground.
                assert!(contrast(theme.of(colour.tint(0.22)), ground) > 1.15, "{theme:?} {colour:?}");
                assert!(contrast(theme.of(colour), ground) > 3.0, "{theme:?} {colour:?}");
            }
        }
    }

    #[test]
    fn text_reads_on_every_ground_of_every_theme() {
        let grounds: Vec<Colour> = (0..=50).map(|step| sequential(f64::from(step) / 50.0)).chain(CATEGORIES).collect();
        for theme in [Theme::Dark, Theme::Greyscale] {
            for ground in &grounds {
                let mut sheet = Sheet::new(100.0, 20.0);
                sheet.marks.push(rectangle(Rect::new(0.0, 0.0, 100.0, 20.0), None, Some(*ground)));
                let lettering = Lettering::new(7.0).colour(ground.ink());
                sheet.marks.push(Mark::Text { at: (10.0, 12.0), text: "a word".to_owned(), lettering });
                theme.apply(&mut sheet);
                let [Mark::Path { fill: Some(under), .. }, Mark::Text { lettering, .. }] = &sheet.marks[..] else {
                    panic!("two marks")
                };
                let seen = contrast(*under, lettering.colour);
                assert!(seen >= CONTRAST, "{theme:?} {ground:?}: {seen}");
            }
        }
    }

    #[test]
    fn categories_in_grey_are_told_apart_and_their_tints_stay_tints() {
        let greys = CATEGORIES.map(|colour| Theme::Greyscale.of(colour).0);
        for (index, one) in greys.iter().enumerate() {
            for other in &greys[index + 1..] {
                assert!(one.abs_diff(*other) >= 20, "{greys:?}");
            }
        }
        for colour in CATEGORIES {
            let tinted = Theme::Greyscale.of(colour.tint(0.22));
            let wanted = Theme::Greyscale.of(colour).tint(0.22);
            assert!(tinted.0.abs_diff(wanted.0) <= 3, "{colour:?}: {tinted:?} {wanted:?}");
        }
        assert_eq!(Theme::Greyscale.of(WHITE), WHITE);
    }

    #[test]
    fn a_scale_from_light_to_dark_stays_one_in_every_theme() {
        for (theme, sign) in [(Theme::Dark, -1.0), (Theme::Greyscale, 1.0)] {
            let shades = (0..=100).map(|step| sign * theme.of(sequential(f64::from(step) / 100.0)).luminance());
            let shades: Vec<f64> = shades.collect();
            assert!(shades.windows(2).all(|pair| pair[1] <= pair[0] + 2e-3), "{theme:?}: {shades:?}");
        }
    }

    #[test]
    fn a_hue_survives_the_dark() {
        let Colour(r, g, b) = Theme::Dark.of(BLUE);
        assert!(b > g && g > r, "{r} {g} {b}");
        let Colour(r, g, b) = turned(Colour(33, 61, 107));
        assert!(b > g && g > r, "{r} {g} {b}");
        let [lightness, a, c] = oklab(BLUE);
        let back = from_oklab([lightness, a, c]);
        assert!(back.0.abs_diff(BLUE.0) <= 1 && back.1.abs_diff(BLUE.1) <= 1 && back.2.abs_diff(BLUE.2) <= 1);
    }
}
