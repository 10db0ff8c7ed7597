//! Markers and dashes of arms in figures of a sweep.

use super::marks::{Look, Shape, dash};
use super::palette::{CATEGORIES, GREY};
use super::sheet::Dash;
use super::sweep::BASELINE;

/// What arms look like, in the order in which they first come, so that an arm looks alike in figures of one sweep; the
/// baseline has a look of its own.
#[derive(Default)]
pub(super) struct Looks {
    given: usize,
}

impl Looks {
    pub(super) fn next(&mut self, key: &str) -> (Look, Dash) {
        if key == BASELINE {
            return (Look::hollow(Shape::Square, GREY), Dash::Solid);
        }
        self.given += 1;
        look(self.given - 1)
    }
}

/// What the n-th line looks like: solid for one alone.
fn look(index: usize) -> (Look, Dash) {
    let shapes = [Shape::Disc, Shape::Square, Shape::Diamond, Shape::Up, Shape::Down, Shape::Cross];
    let colour = CATEGORIES[index % CATEGORIES.len()];
    let shape = shapes[index % shapes.len()];
    let second = index >= CATEGORIES.len();
    (if second { Look::hollow(shape, colour) } else { Look::filled(shape, colour) }, dash(index + usize::from(second)))
}
