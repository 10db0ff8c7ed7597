//! The gamma distribution (and with it chi-square), with the functions of `libm` alone, so that bits agree everywhere.

/// The probability that a gamma number of a shape above 0 and scale 1 is at most `x`.
pub fn gamma_probability(shape: f64, x: f64) -> f64 {
    both(shape, x).0
}

/// The probability that a chi-square number with so many degrees of freedom (above 0) is more than `x`.
pub fn chi_square_above(degrees: f64, x: f64) -> f64 {
    both(degrees / 2.0, x / 2.0).1
}

/// The chi-square quantile at a probability between 0 and 1.
pub fn chi_square_quantile(degrees: f64, p: f64) -> f64 {
    2.0 * gamma_quantile(degrees / 2.0, p)
}

/// The quantile at a probability from 0 to 1 of a gamma number of a shape above 0 and scale 1 (about 12 digits), by halving.
pub fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    // From the end that is nearer in probability, so that small tails keep their digits.
    let below = |x: f64| {
        let (lower, upper) = both(shape, x);
        if p > 0.5 { upper > 1.0 - p } else { lower < p }
    };
    let (mut low, mut high) = (0.0, shape + 1.0);
    while below(high) {
        low = high;
        high *= 2.0;
    }
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The probabilities of at most and of more than `x`.
fn both(shape: f64, x: f64) -> (f64, f64) {
    if shape.is_nan() || x.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    let front = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 {
        let lower = (front * series(shape, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (front * fraction(shape, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// The sum of x^n / (a (a + 1) ... (a + n)), Abramowitz and Stegun 6.5.29.
fn series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    let mut place = shape;
    while term > sum * 1e-17 {
        place += 1.0;
        term *= x / place;
        sum += term;
    }
    sum
}

/// The continued fraction of the upper tail (Abramowitz and Stegun 6.5.31), evaluated from the front (Lentz).
fn fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut b = x + 1.0 - shape;
    let mut numerators = 1.0 / TINY;
    let mut denominators = 1.0 / away(b);
    let mut value = denominators;
    for place in 1..100_000 {
        let place = f64::from(place);
        let a = -place * (place - shape);
        b += 2.0;
        denominators = 1.0 / away(a * denominators + b);
        numerators = away(b + a / numerators);
        let step = denominators * numerators;
        value *= step;
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn whole_shapes_have_the_probability_of_a_poisson_count() {
        // P(Gamma(k) > x) = P(Poisson(x) < k).
        for (shape, x) in [(1_u32, 0.3), (3, 2.0), (3, 9.0), (20, 25.0), (200, 180.0)] {
            let mut term = libm::exp(-x);
            let mut sum = term;
            for k in 1..shape {
                term *= x / f64::from(k);
                sum += term;
            }
            close(gamma_probability(f64::from(shape), x), 1.0 - sum, 1e-13);
        }
    }

    #[test]
    fn the_chi_square_quantile_matches_published_values() {
        // Tables of chi-square, 95 %: 1, 2, 5 and 30 degrees of freedom.
        close(chi_square_quantile(1.0, 0.95), 3.841_458_820_694_124, 1e-11);
        close(chi_square_quantile(2.0, 0.95), 5.991_464_547_107_979, 1e-11);
        close(chi_square_quantile(5.0, 0.95), 11.070_497_693_516_351, 1e-11);
        close(chi_square_quantile(30.0, 0.95), 43.772_971_825_742_19, 1e-10);
        close(chi_square_above(2.0, 5.991_464_547_107_979), 0.05, 1e-14);
    }

    proptest::proptest! {
        #[test]
        fn quantile_and_probability_undo_each_other(shape in 0.05..800.0, p in 0.001..0.999) {
            close(gamma_probability(shape, gamma_quantile(shape, p)), p, 1e-11);
        }
    }
}
