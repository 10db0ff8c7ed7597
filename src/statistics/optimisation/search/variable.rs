//! What a search varies, and how two proposals are crossed and changed.
//!
//! Real numbers are crossed by simulated binary crossover and changed by polynomial mutation, both kept within bounds (Deb and Agrawal
//! 1995; Deb and Goyal 1996). A whole number stands for the stretch from itself to the next, is treated as the middle of it, and what
//! comes out is cut to a whole number: never rounded, so that the ends are as likely as any other. Choices and switches are taken from
//! either parent and changed to another at random: they have no order.

use super::super::Refusal;
use crate::random::{Draws, scaled_index};

/// The index of crossover's distribution: larger ones keep children nearer to their parents.
const CROSSOVER_INDEX: f64 = 15.0;
/// The index of mutation's distribution.
const MUTATION_INDEX: f64 = 20.0;
/// The largest whole number every whole number up to which can be told from the next.
const MOST_WHOLE: i64 = 1 << 53;

/// What a search varies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Variable {
    /// Any number from low to high.
    Real {
        /// The lowest.
        low: f64,
        /// The highest.
        high: f64,
    },
    /// A whole number, both ends included.
    Integer {
        /// The lowest.
        low: i64,
        /// The highest.
        high: i64,
    },
    /// One of so many choices, which count from 0.
    Choice {
        /// How many.
        options: usize,
    },
    /// On (1) or off (0).
    OnOff,
}

impl Variable {
    pub(super) fn check(self, of: usize) -> Result<(), Refusal> {
        let refuse = |what, value, allowed| Err(Refusal::Number { what, of, value, allowed });
        match self {
            Self::Real { low, high }
                if !(low.is_finite() && high.is_finite() && low < high && (high - low).is_finite()) =>
            {
                refuse("the highest value of variable", high, "a number above the lowest, which is a number too")
            }
            Self::Integer { low, high } if low >= high || low < -MOST_WHOLE || MOST_WHOLE < high => {
                refuse("the highest value of variable", high as f64, "above the lowest, both within 2^53 of 0")
            }
            Self::Choice { options } if options < 2 => {
                refuse("the number of choices of variable", options as f64, "at least 2")
            }
            _ => Ok(()),
        }
    }

    /// The value at share `u` of the way, 0 <= u < 1.
    pub(super) fn at(self, u: f64) -> f64 {
        match self {
            Self::Real { low, high } => (low + u * (high - low)).min(high),
            Self::Integer { low, high } => cut(low as f64 + u * ((high - low) as f64 + 1.0), low, high),
            Self::Choice { options } => scaled_index(u, options) as f64,
            Self::OnOff => scaled_index(u, 2) as f64,
        }
    }

    /// Two children's values of two parents' values.
    pub(super) fn cross(self, parents: [f64; 2], draws: &mut Draws) -> [f64; 2] {
        let (crossed, swapped, u) = (draws.uniform() < 0.5, draws.uniform() < 0.5, draws.uniform());
        let Some(bounds) = self.stretch() else {
            return if crossed { [parents[1], parents[0]] } else { parents };
        };
        if !crossed || parents[0] == parents[1] {
            return parents;
        }
        let middle = self.middle();
        let children = crossover(parents.map(|own| own + middle), bounds, u).map(|own| self.settle(own));
        // Which child is near which parent is luck.
        if swapped { [children[1], children[0]] } else { children }
    }

    /// A changed value, another one unless it is a real number whose change is below its digits.
    pub(super) fn mutate(self, value: f64, draws: &mut Draws) -> f64 {
        let u = draws.uniform();
        let count = match self {
            Self::Real { low, high } => return mutation(value, [low, high], u),
            Self::Integer { low, high } => {
                let [bottom, top] = [low as f64, high as f64];
                let moved = self.settle(mutation(value + 0.5, [bottom, top + 1.0], u));
                // A change too small for a whole number is one of 1, away from an end it stands at.
                let up = value == bottom || (value != top && u >= 0.5);
                let near = if up { value + 1.0 } else { value - 1.0 };
                return if moved == value { near } else { moved };
            }
            Self::Choice { options } => options,
            Self::OnOff => 2,
        };
        let other = scaled_index(u, count - 1) as f64;
        if other < value { other } else { other + 1.0 }
    }

    fn stretch(self) -> Option<[f64; 2]> {
        match self {
            Self::Real { low, high } => Some([low, high]),
            Self::Integer { low, high } => Some([low as f64, high as f64 + 1.0]),
            Self::Choice { .. } | Self::OnOff => None,
        }
    }

    fn middle(self) -> f64 {
        if matches!(self, Self::Integer { .. }) { 0.5 } else { 0.0 }
    }

    fn settle(self, raw: f64) -> f64 {
        match self {
            Self::Real { low, high } => raw.clamp(low, high),
            Self::Integer { low, high } => cut(raw, low, high),
            Self::Choice { .. } | Self::OnOff => raw,
        }
    }
}

fn cut(raw: f64, low: i64, high: i64) -> f64 {
    libm::floor(raw).clamp(low as f64, high as f64)
}

/// Simulated binary crossover of two different values at probability `u`: children in the order of the parents, each kept on its side
/// of the bounds.
fn crossover(parents: [f64; 2], [low, high]: [f64; 2], u: f64) -> [f64; 2] {
    let [lower, upper] = if parents[0] < parents[1] { parents } else { [parents[1], parents[0]] };
    let (middle, half) = ((lower + upper) / 2.0, (upper - lower) / 2.0);
    let children = [middle - half * spread((lower - low) / half, u), middle + half * spread((high - upper) / half, u)];
    let [lower, upper] = children.map(|own| own.clamp(low, high));
    if parents[0] < parents[1] { [lower, upper] } else { [upper, lower] }
}

/// How far children are apart, in distances of their parents, with `room` beyond the parent in half distances of parents.
fn spread(room: f64, u: f64) -> f64 {
    let power = CROSSOVER_INDEX + 1.0;
    let reach = 2.0 - libm::pow(1.0 + room, -power);
    if u <= 1.0 / reach { libm::pow(u * reach, 1.0 / power) } else { libm::pow(1.0 / (2.0 - u * reach), 1.0 / power) }
}

/// Polynomial mutation at probability `u`.
fn mutation(value: f64, [low, high]: [f64; 2], u: f64) -> f64 {
    let range = high - low;
    (value + range * shift([(value - low) / range, (high - value) / range], u)).clamp(low, high)
}

/// How far a value moves, in shares of its range, with so much room below and above it.
fn shift(room: [f64; 2], u: f64) -> f64 {
    let power = MUTATION_INDEX + 1.0;
    let beyond = |room: f64| libm::pow((1.0 - room).max(0.0), power);
    if u < 0.5 {
        libm::pow(2.0 * u + (1.0 - 2.0 * u) * beyond(room[0]), 1.0 / power) - 1.0
    } else {
        1.0 - libm::pow(2.0 * (1.0 - u) + 2.0 * (u - 0.5) * beyond(room[1]), 1.0 / power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Randomness};
    use crate::statistics::examples::close;

    fn draws(event: u64) -> Draws {
        Randomness { seed: 5, replicate: 0 }.at(Purpose::Search, 1, event)
    }

    #[test]
    fn without_bounds_operators_are_those_of_deb_and_agrawal() {
        let free = [f64::NEG_INFINITY, f64::INFINITY];
        let children = [
            (0.1, [0.219_139_232_119_517_7, 0.580_860_767_880_482_2]),
            (0.5, [0.2, 0.6]),
            (0.9, [0.178_835_396_593_952_92, 0.621_164_603_406_047]),
        ];
        for (u, want) in children {
            let got = crossover([0.2, 0.6], free, u);
            got.iter().zip(want).for_each(|(got, want)| close(*got, want, 1e-12));
            assert_eq!(crossover([0.6, 0.2], free, u), [got[1], got[0]]);
        }
        for (u, want) in [(0.1, -0.073_776_673_967_432_26), (0.5, 0.0), (0.9, 0.073_776_673_967_432_26)] {
            close(shift([1.0, 1.0], u), want, 1e-12);
        }
    }

    #[test]
    fn a_whole_numbers_values_are_equally_likely_and_a_change_changes_it() {
        let variable = Variable::Integer { low: -1, high: 2 };
        let values: Vec<f64> = [0.0, 0.249, 0.25, 0.5, 0.75, 0.999].map(|u| variable.at(u)).to_vec();
        assert_eq!(values, [-1.0, -1.0, 0.0, 1.0, 2.0, 2.0]);
        for variable in [variable, Variable::Choice { options: 4 }, Variable::OnOff] {
            for event in 0..200 {
                let value = variable.at(draws(event).uniform());
                let changed = variable.mutate(value, &mut draws(1000 + event));
                assert_ne!(changed, value);
                assert!((0..64).any(|place| variable.at(f64::from(place) / 64.0) == changed), "{changed}");
            }
        }
    }

    #[test]
    fn a_choice_changes_to_each_other_one_equally_often() {
        let mut times = [0; 4];
        for event in 0..3000 {
            times[Variable::Choice { options: 4 }.mutate(1.0, &mut draws(event)) as usize] += 1;
        }
        assert_eq!(times[1], 0);
        assert!(times.iter().filter(|count| (900..1100).contains(*count)).count() == 3, "{times:?}");
    }

    proptest::proptest! {
        #[test]
        fn children_and_changed_values_stay_within_bounds(one in 0.0_f64..1.0, other in 0.0_f64..1.0, event in 0_u64..1000) {
            let real = Variable::Real { low: -3.0, high: 0.5 };
            let whole = Variable::Integer { low: 2, high: 9 };
            for (variable, low, high) in [(real, -3.0, 0.5), (whole, 2.0, 9.0)] {
                let parents = [variable.at(one), variable.at(other)];
                for child in variable.cross(parents, &mut draws(event)) {
                    let changed = variable.mutate(child, &mut draws(event + 5000));
                    for value in [child, changed] {
                        proptest::prop_assert!(low <= value && value <= high);
                        proptest::prop_assert!(variable == real || value.fract() == 0.0);
                    }
                }
            }
        }
    }
}
