//! Which option holds, whatever is true of the parameters? Regret is what an option falls short of the best one in a draw from what the
//! parameters may be.

use super::Refusal;
use super::acceptability::best;
use crate::statistics::Direction;

/// An option over all draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regret {
    /// Mean effect.
    pub effect: f64,
    /// Mean regret, 0 or more.
    pub expected: f64,
    /// Largest regret in a draw of any weight.
    pub largest: f64,
    /// The draw in which it is that large, the first of equal ones.
    pub worst_draw: usize,
    /// Share of draws in which the option is best; those that tie share a draw.
    pub best: f64,
}

/// All options over all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Regrets {
    /// By option.
    pub options: Vec<Regret>,
    /// The options with the smallest largest regret: more than one if they tie.
    pub smallest_largest: Vec<usize>,
    /// The options with the smallest expected regret: those with the best mean effect.
    pub smallest_expected: Vec<usize>,
}

/// Regrets of options from their effects in draws (rows; one number per option, none missing) and the weights of draws, which need
/// not add up to 1.
///
/// # Errors
/// Without draws or options, with rows or weights of another length, a missing or infinite effect, a weight below 0, and without any
/// above 0.
pub fn regret(draws: &[impl AsRef<[f64]>], weights: &[f64], direction: Direction) -> Result<Regrets, Refusal> {
    let options = draws.first().map_or(0, |row| row.as_ref().len());
    check(draws, weights, options)?;
    let sign = match direction {
        Direction::Largest => 1.0,
        Direction::Smallest => -1.0,
    };
    let none = Regret { effect: 0.0, expected: 0.0, largest: f64::NEG_INFINITY, worst_draw: 0, best: 0.0 };
    let mut regrets = vec![none; options];
    let all: f64 = weights.iter().sum();
    for (draw, (row, weight)) in draws.iter().zip(weights).enumerate().filter(|(_, (_, weight))| **weight > 0.0) {
        let good: Vec<f64> = row.as_ref().iter().map(|effect| sign * effect).collect();
        let most = good.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let share = weight / all;
        for ((own, good), best) in regrets.iter_mut().zip(&good).zip(best(&good)) {
            let regret = most - good;
            own.effect += share * sign * good;
            own.expected += share * regret;
            own.best += share * best;
            if regret > own.largest {
                (own.largest, own.worst_draw) = (regret, draw);
            }
        }
    }
    let smallest = |of: fn(&Regret) -> f64| {
        let least = regrets.iter().map(of).fold(f64::INFINITY, f64::min);
        (0..options).filter(|option| of(&regrets[*option]) == least).collect::<Vec<usize>>()
    };
    Ok(Regrets {
        smallest_largest: smallest(|own| own.largest),
        smallest_expected: smallest(|own| own.expected),
        options: regrets,
    })
}

fn check(draws: &[impl AsRef<[f64]>], weights: &[f64], options: usize) -> Result<(), Refusal> {
    if options == 0 {
        return Err(Refusal::TooFew { what: "options with a draw", given: 0, needed: 1 });
    }
    if weights.len() != draws.len() {
        return Err(Refusal::Uneven { what: "weights of draws", given: weights.len(), needed: draws.len() });
    }
    for (of, row) in draws.iter().enumerate() {
        if row.as_ref().len() != options {
            return Err(Refusal::Uneven { what: "effects in a draw", given: row.as_ref().len(), needed: options });
        }
        if let Some(value) = row.as_ref().iter().find(|value| !value.is_finite()) {
            let allowed = "a number; mend the failed run, or leave the draw out";
            return Err(Refusal::Number { what: "an effect in draw", of, value: *value, allowed });
        }
    }
    if let Some(of) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        return Err(Refusal::Number { what: "the weight of draw", of, value: weights[of], allowed: "0 or more" });
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        return Err(Refusal::TooFew { what: "draws with a weight above 0", given: 0, needed: 1 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn the_option_that_is_never_best_may_be_the_one_to_take() {
        // Regrets: option 0: 0, 10; option 1: 8, 0; option 2: 3, 4.
        let draws = [[10.0, 2.0, 7.0], [0.0, 10.0, 6.0], [99.0, 0.0, 0.0]];
        let got = regret(&draws, &[3.0, 1.0, 0.0], Direction::Largest).expect("it is sound");
        let largest: Vec<f64> = got.options.iter().map(|own| own.largest).collect();
        assert_eq!(largest, [10.0, 8.0, 4.0]);
        assert_eq!(got.smallest_largest, [2]);
        assert_eq!(got.smallest_expected, [0]);
        [2.5, 6.0, 3.25].iter().zip(&got.options).for_each(|(want, own)| close(own.expected, *want, 1e-12));
        [0.75, 0.25, 0.0].iter().zip(&got.options).for_each(|(want, own)| close(own.best, *want, 1e-12));
        close(got.options[0].effect, 7.5, 1e-12);
        assert_eq!(got.options[2].worst_draw, 1);
        let turned = draws.map(|row| row.map(|x| -x));
        let smallest = regret(&turned, &[3.0, 1.0, 0.0], Direction::Smallest).expect("it is sound");
        assert_eq!(smallest.smallest_largest, [2]);
        assert_eq!(smallest.options[1].expected, got.options[1].expected);
    }

    #[test]
    fn options_that_tie_share_and_missing_effects_are_refused() {
        let got = regret(&[[1.0, 1.0], [2.0, 2.0]], &[1.0; 2], Direction::Largest).expect("it is sound");
        assert!(got.options.iter().all(|own| own.best == 0.5 && own.largest == 0.0));
        assert_eq!(got.smallest_largest, [0, 1]);
        assert!(regret(&[[1.0, f64::NAN]], &[1.0], Direction::Largest).is_err());
        assert!(regret(&[[1.0, 2.0]], &[0.0], Direction::Largest).is_err());
        assert!(regret(&[[1.0, 2.0]], &[1.0; 2], Direction::Largest).is_err());
        assert!(regret(&[[0.0; 0]], &[1.0], Direction::Largest).is_err());
    }

    proptest::proptest! {
        #[test]
        fn regret_is_what_the_best_in_each_draw_would_bring_more(
            draws in proptest::collection::vec(proptest::collection::vec(-9.0_f64..9.0, 4), 1..9),
        ) {
            let got = regret(&draws, &vec![1.0; draws.len()], Direction::Largest).expect("it is sound");
            let most = |row: &Vec<f64>| row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let ideal = draws.iter().map(most).sum::<f64>() / draws.len() as f64;
            for own in &got.options {
                close(own.effect + own.expected, ideal, 1e-9);
                proptest::prop_assert!(0.0 <= own.expected && own.expected <= own.largest + 1e-9);
            }
            close(got.options.iter().map(|own| own.best).sum(), 1.0, 1e-9);
        }
    }
}
