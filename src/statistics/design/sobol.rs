//! Sobol' points, plain and scrambled.
//!
//! The direction numbers are those of Joe and Kuo (2008), the order is that of the Gray code (Antonov and Saleev 1979), the
//! first point is the origin, and nothing is skipped: any 2^m points from the beginning are a net. Arithmetic is in 64 bits,
//! coordinates carry 52 of them.
//!
//! Scrambling is Owen's (1995), by its definition and not by a hash that approximates it: in each column a binary digit is
//! flipped or not by a coin that belongs to the digits before it. Points that share their leading digits share those coins, so
//! a net stays a net, while each point by itself is uniform. The coins of six levels of that tree (63 of them) are one word
//! drawn at the address (column, depth, digits before). So a point does not depend on how many follow: twice the points
//! begin with the same ones. A last half of a digit keeps scrambled coordinates off 0 and 1.

use super::directions::DIRECTIONS;
use super::points::allowed;
use super::{Chance, MOST_NUMBERS, Method, Points, Refusal, draws};
use crate::random::Draws;

/// The most dimensions a Sobol' sequence has here.
pub const MOST_DIMENSIONS: usize = DIRECTIONS.len() + 1;

/// Binary digits of a coordinate.
const DIGITS: u32 = 52;
/// Levels of the tree of coins that one word holds.
const LEVELS: u32 = 6;

/// How many points a Sobol' design begins with: a power of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasePoints {
    asked: usize,
    taken: usize,
}

impl BasePoints {
    /// At least so many: rounded up to a power of two, because only then is each part of the cube met equally often.
    ///
    /// # Errors
    /// For none, and beyond 10^8.
    pub fn at_least(asked: usize) -> Result<Self, Refusal> {
        match asked {
            0 => Err(Refusal::NoRows),
            _ if asked > MOST_NUMBERS => Err(Refusal::TooManyNumbers { rows: asked, columns: 1 }),
            _ => Ok(Self { asked, taken: asked.next_power_of_two() }),
        }
    }

    /// The power of two.
    pub fn count(self) -> usize {
        self.taken
    }

    /// What to say when it is more than was asked for.
    pub fn notice(self) -> Option<String> {
        let Self { asked, taken } = self;
        let words = || {
            format!("{asked} base points were rounded up to {taken}, a power of two: Sobol' points are even only then")
        };
        (asked != taken).then(words)
    }
}

/// Whether and how Sobol' points are scrambled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrambling {
    /// As they are, the origin first.
    None,
    /// Owen's scrambling from a seed.
    Owen(u64),
}

/// The first Sobol' points of so many dimensions (at most 128).
///
/// # Errors
/// Without columns, beyond 128, and beyond 10^8 numbers.
pub fn sobol(base: BasePoints, columns: usize, scrambling: Scrambling) -> Result<Points, Refusal> {
    sequence(base, columns, scrambling, Method::Sobol)
}

/// Sobol' points for a design.
pub(super) fn sequence(
    base: BasePoints,
    columns: usize,
    scrambling: Scrambling,
    method: Method,
) -> Result<Points, Refusal> {
    let rows = base.count();
    allowed(rows, columns)?;
    if columns > MOST_DIMENSIONS {
        return Err(Refusal::TooManyDimensions { needed: columns, method });
    }
    let mut numbers = vec![0.0; rows * columns];
    for column in 0..columns {
        let directions = directions(column);
        let mut digits = 0_u64;
        let tree = Tree::of(scrambling, column);
        for row in 0..rows {
            if row > 0 {
                digits ^= directions[row.trailing_zeros() as usize];
            }
            numbers[row * columns + column] = tree.coordinate(digits >> (64 - DIGITS));
        }
    }
    Ok(Points::laid_out(columns, numbers))
}

/// The direction numbers of a dimension, the first digit of a fraction in the highest bit.
fn directions(column: usize) -> [u64; 64] {
    let mut numbers = [0; 64];
    if column == 0 {
        for (place, number) in numbers.iter_mut().enumerate() {
            *number = 1 << (63 - place);
        }
        return numbers;
    }
    let (inner, initial) = DIRECTIONS[column - 1];
    let degree = initial.len();
    for place in 0..64 {
        numbers[place] = if place < degree {
            u64::from(initial[place]) << (63 - place)
        } else {
            let far = numbers[place - degree];
            let powers = (1..degree).filter(|back| inner >> (degree - 1 - back) & 1 == 1);
            powers.fold(far ^ (far >> degree), |number, back| number ^ numbers[place - back])
        };
    }
    numbers
}

/// The coins of a column.
enum Tree {
    /// None.
    Plain,
    /// Of a seed and column; those of the first two words' levels are kept, for they are asked again and again.
    Scrambled { seed: u64, column: usize, first: u64, second: Vec<u64> },
}

impl Tree {
    fn of(scrambling: Scrambling, column: usize) -> Self {
        match scrambling {
            Scrambling::None => Self::Plain,
            Scrambling::Owen(seed) => {
                let word = |depth, before| Self::luck(seed, column, depth, before).bits();
                let second = (0..1 << LEVELS).map(|before| word(1, before)).collect();
                Self::Scrambled { seed, column, first: word(0, 0), second }
            }
        }
    }

    fn luck(seed: u64, column: usize, depth: u32, before: u64) -> Draws {
        draws(seed, Chance::Scramble, column, (u64::from(depth) << 56) | before)
    }

    /// The coordinate of 52 digits.
    fn coordinate(&self, digits: u64) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << DIGITS) as f64;
        let Self::Scrambled { seed, column, first, second } = self else { return digits as f64 * STEP };
        let mut flips = 0;
        for depth in 0..DIGITS.div_ceil(LEVELS) {
            let before = digits >> (DIGITS - LEVELS * depth);
            let coins = match depth {
                0 => *first,
                1 => second[before as usize],
                _ => Self::luck(*seed, *column, depth, before).bits(),
            };
            // The coins of a word are a heap: the first is bit 1, those of the next digit bits 2 and 3, and so on.
            let mut place = 1;
            for level in depth * LEVELS..((depth + 1) * LEVELS).min(DIGITS) {
                let below = DIGITS - 1 - level;
                flips |= (coins >> place & 1) << below;
                place = 2 * place + (digits >> below & 1);
            }
        }
        ((digits ^ flips) as f64 + 0.5) * STEP
    }
}

#[cfg(test)]
mod tests;
