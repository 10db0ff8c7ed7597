//! Colours that survive print, projectors and colour-blind readers.
//!
//! Okabe and Ito's order for categories (blue and vermillion first), cividis for quantities. No
//! colour carries meaning alone: lines differ by dash or marker, areas by label.

/// Red, green and blue, opaque: transparency does not survive every publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// Text and axes.
pub const BLACK: Colour = Colour(0, 0, 0);
/// The page.
pub const WHITE: Colour = Colour(255, 255, 255);
/// What stands behind: many points of which none is meant.
pub const FAINT: Colour = Colour(140, 140, 140);
/// Secondary marks.
pub const GREY: Colour = Colour(110, 110, 110);
/// Quiet grounds: bands, empty cells.
pub const LIGHT: Colour = Colour(232, 232, 232);
/// First category.
pub const BLUE: Colour = Colour(0, 114, 178);
/// Second category.
pub const VERMILLION: Colour = Colour(213, 94, 0);
/// Third category.
pub const GREEN: Colour = Colour(0, 158, 115);
/// Fourth category.
pub const PURPLE: Colour = Colour(204, 121, 167);
/// Sixth category.
pub const ORANGE: Colour = Colour(230, 159, 0);
/// Categories in order of use.
pub const CATEGORIES: [Colour; 6] = [BLUE, VERMILLION, GREEN, PURPLE, BLACK, ORANGE];

impl Colour {
    /// This colour thinned with white: 1 leaves it, 0 makes it white.
    #[must_use]
    pub fn tint(self, strength: f64) -> Self {
        self.over(WHITE, strength)
    }

    /// This colour laid over a ground: 1 leaves it, 0 leaves the ground.
    #[must_use]
    pub fn over(self, ground: Self, strength: f64) -> Self {
        let mix = |part: u8, under: u8| blend(f64::from(under), f64::from(part), strength);
        Self(mix(self.0, ground.0), mix(self.1, ground.1), mix(self.2, ground.2))
    }

    /// Relative luminance, 0 black to 1 white (WCAG).
    pub fn luminance(self) -> f64 {
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Black or white, whichever reads better on this ground.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.luminance() > 0.179 { BLACK } else { WHITE }
    }

    /// As SVG writes it.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// A part of a colour as an amount of light, 0 to 1 (sRGB).
pub(super) fn linear(part: u8) -> f64 {
    let share = f64::from(part) / 255.0;
    if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
}

/// Cividis (Nuñez, Anderton and Renslow 2018) with its light end thinned, so that little is pale on paper.
const CIVIDIS: [Colour; 10] = [
    Colour(0, 34, 78),
    Colour(33, 61, 107),
    Colour(76, 85, 108),
    Colour(103, 109, 112),
    Colour(127, 124, 117),
    Colour(156, 149, 119),
    Colour(189, 175, 110),
    Colour(223, 203, 93),
    Colour(249, 228, 125),
    Colour(255, 247, 214),
];

/// From less through nothing to more: brown over white to blue, equally dark at equal distance from the middle (anchors of
/// lightness 26, 42, 58, 74, 88 and 97 in CIELAB).
const DIVERGING: [Colour; 11] = [
    Colour(93, 51, 21),
    Colour(148, 82, 35),
    Colour(200, 120, 65),
    Colour(231, 168, 128),
    Colour(249, 214, 194),
    Colour(247, 247, 247),
    Colour(202, 223, 250),
    Colour(135, 186, 240),
    Colour(35, 146, 219),
    Colour(1, 104, 161),
    Colour(4, 65, 102),
];

/// The colour of a share between 0 and 1 on the diverging scale: white at one half.
pub fn diverging(share: f64) -> Colour {
    between(&DIVERGING, share.clamp(0.0, 1.0))
}

/// The colour of a share between 0 and 1 on the sequential scale, light for little and dark for much.
pub fn sequential(share: f64) -> Colour {
    between(&CIVIDIS, 1.0 - share.clamp(0.0, 1.0))
}

/// The colour at a share of the way along some anchors.
fn between(anchors: &[Colour], share: f64) -> Colour {
    let place = share * (anchors.len() - 1) as f64;
    let below = (libm::floor(place) as usize).min(anchors.len() - 2);
    let (low, high, rest) = (anchors[below], anchors[below + 1], place - below as f64);
    let mix = |a: u8, b: u8| blend(f64::from(a), f64::from(b), rest);
    Colour(mix(low.0, high.0), mix(low.1, high.1), mix(low.2, high.2))
}

fn blend(from: f64, to: f64, share: f64) -> u8 {
    libm::round(from + (to - from) * share).clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequential_colours_darken_steadily() {
        let mut last = 2.0;
        for step in 0..=50 {
            let now = sequential(f64::from(step) / 50.0).luminance();
            assert!(now < last, "step {step}");
            last = now;
        }
    }

    #[test]
    fn the_diverging_scale_is_equally_light_on_both_sides_and_lightest_in_its_middle() {
        let lightness = |share: f64| 116.0 * libm::cbrt(diverging(share).luminance()) - 16.0;
        let mut last = lightness(0.5);
        assert!(last > 96.0);
        for step in 1..=50 {
            let off = f64::from(step) / 100.0;
            let (less, more) = (lightness(0.5 - off), lightness(0.5 + off));
            assert!((less - more).abs() < 1.5, "{off}: {less} {more}");
            assert!(less < last, "{off}");
            last = less;
            // Told apart by blue against red, which red-green blindness leaves.
            let (brown, blue) = (diverging(0.5 - off), diverging(0.5 + off));
            assert!(off < 0.1 || (brown.0 > brown.2 + 30 && blue.2 > blue.0 + 30), "{off}");
        }
    }

    #[test]
    fn ink_keeps_its_contrast_on_every_ground() {
        for step in 0..=50 {
            let ground = sequential(f64::from(step) / 50.0);
            let (a, b) = (ground.luminance() + 0.05, ground.ink().luminance() + 0.05);
            assert!(a.max(b) / a.min(b) >= 4.5, "step {step}");
        }
    }
}
