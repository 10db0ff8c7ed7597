//! Probabilities and quantiles of the normal, Student's and the equicorrelated multivariate t distribution.
//!
//! The last is what intervals that shall hold *together* are made of. Let `p` contrasts share their
//! comparison arm, so that any two are correlated by 1/2, and one estimate of the variance with `d` degrees
//! of freedom. With independent standard normal Z and Z1..Zp, and S = sqrt(chi-square(d) / d), the contrasts
//! in units of their standard error are Tj = (Z + Zj) / (sqrt(2) S), and
//!
//! P(all Tj <= x) = E[ Phi(Z + sqrt(2) x S)^p ],  P(all |Tj| <= x) = E[ (Phi(Z + sqrt(2) x S) - Phi(Z - sqrt(2) x S))^p
//! ].
//!
//! (Dunnett 1955; Hsu 1996.) Both expectations are integrals of smooth functions that vanish at both ends, for
//! which the plain trapezoidal rule converges faster than any power of its step: over Z, and over the
//! logarithm of S. Nothing is drawn, so the constant is the same everywhere and always.

use crate::random::normal_quantile;
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::beta_reg;

/// Degrees of freedom from which Student's quantile is expanded around the normal one.
const MANY_DEGREES: f64 = 1000.0;

/// The probability that a standard normal number is at most `x`.
pub fn normal_probability(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// The quantile of Student's t distribution.
///
/// # Panics
/// When the degrees of freedom are not positive: the caller has at least two numbers.
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    // Inverting the beta function loses digits with many degrees, and does not end with very many. Fisher's expansion is exact to
    // about 1e-11 there.
    if degrees >= MANY_DEGREES {
        let z = normal_quantile(p);
        let (cubed, fifth, seventh) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z);
        let first = (cubed + z) / 4.0;
        let second = (5.0 * fifth + 16.0 * cubed + 3.0 * z) / 96.0;
        let third = (3.0 * seventh + 19.0 * fifth + 17.0 * cubed - 15.0 * z) / 384.0;
        return z + (first + (second + third / degrees) / degrees) / degrees;
    }
    StudentsT::new(0.0, 1.0, degrees).expect("degrees of freedom are positive").inverse_cdf(p)
}

/// The probability that Student's t is at least as far from 0 as `t`, on either side; missing for a missing `t`.
pub fn student_two_sided(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    beta_reg(degrees / 2.0, 0.5, degrees / (degrees + t * t))
}

/// The probability that Student's t is at most `t`; missing for a missing `t`.
pub fn student_lower(t: f64, degrees: f64) -> f64 {
    let tail = student_two_sided(t, degrees) / 2.0;
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// Whether contrasts are bounded on one side or on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Bounded above only.
    One,
    /// Bounded above and below.
    Two,
}

/// Contrasts that share one comparison arm and one estimate of variance: correlated by 1/2 in pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simultaneous {
    /// How many contrasts, at least one.
    pub comparisons: usize,
    /// Degrees of freedom of the variance, above 0.
    pub degrees: f64,
    /// One side or both.
    pub sides: Sides,
}

impl Simultaneous {
    /// The probability that no contrast lies beyond `x` standard errors.
    pub fn probability(self, x: f64) -> f64 {
        self.over(&spread_nodes(self.degrees), x)
    }

    /// The number of standard errors beyond which no contrast lies with the given probability (about nine digits).
    ///
    /// # Panics
    /// When the degrees of freedom are not positive.
    pub fn quantile(self, level: f64) -> f64 {
        let tail = match self.sides {
            Sides::One => 1.0 - level,
            Sides::Two => (1.0 - level) / 2.0,
        };
        // One contrast alone needs no more, contrasts that know nothing of each other (Bonferroni) no less.
        let mut low = student_quantile(1.0 - tail, self.degrees);
        if self.comparisons <= 1 {
            return low;
        }
        let mut high = student_quantile(1.0 - tail / self.comparisons as f64, self.degrees);
        let nodes = spread_nodes(self.degrees);
        let mut low_off = self.over(&nodes, low) - level;
        let mut high_off = self.over(&nodes, high) - level;
        // False position, halving the weight of an end that stays (the Illinois rule).
        let mut last = 0;
        for _ in 0..100 {
            if high - low <= 1e-11 * high.abs() || high_off <= low_off {
                break;
            }
            let middle = (low * high_off - high * low_off) / (high_off - low_off);
            let off = self.over(&nodes, middle) - level;
            if off.abs() < 1e-13 {
                return middle;
            }
            if off < 0.0 {
                low = middle;
                low_off = off;
                high_off = if last == -1 { high_off / 2.0 } else { high_off };
                last = -1;
            } else {
                high = middle;
                high_off = off;
                low_off = if last == 1 { low_off / 2.0 } else { low_off };
                last = 1;
            }
        }
        (low + high) / 2.0
    }

    fn over(self, spreads: &[(f64, f64)], x: f64) -> f64 {
        spreads.iter().map(|(spread, weight)| weight * self.given(core::f64::consts::SQRT_2 * x * spread)).sum()
    }

    /// The probability given the spread: the integral over what the contrasts share.
    fn given(self, reach: f64) -> f64 {
        const STEP: f64 = 0.25;
        let mut sum = 0.0;
        for place in -36..=36 {
            let z = f64::from(place) * STEP;
            let inside = match self.sides {
                Sides::One => normal_probability(z + reach),
                Sides::Two => normal_probability(z + reach) - normal_probability(z - reach),
            };
            sum += libm::exp(-z * z / 2.0) * power(inside, self.comparisons);
        }
        sum * STEP / libm::sqrt(2.0 * core::f64::consts::PI)
    }
}

/// Nodes and weights (sum 1) for sqrt(chi-square / degrees), evenly spaced in its logarithm.
pub(super) fn spread_nodes(degrees: f64) -> Vec<(f64, f64)> {
    let log_weight = |v: f64| degrees * (v - (libm::exp(2.0 * v) - 1.0) / 2.0);
    let step = 0.25 / libm::sqrt(2.0 * degrees);
    let side = |sign: f64| {
        (1..)
            .map(move |place| sign * f64::from(place) * step)
            .map(|v| (libm::exp(v), libm::exp(log_weight(v))))
            .take_while(|(_, weight)| *weight > 1e-17)
    };
    let mut nodes: Vec<(f64, f64)> = side(-1.0).chain([(1.0, 1.0)]).chain(side(1.0)).collect();
    let total: f64 = nodes.iter().map(|node| node.1).sum();
    nodes.iter_mut().for_each(|node| node.1 /= total);
    nodes
}

/// A whole power by multiplication.
fn power(base: f64, times: usize) -> f64 {
    (0..times).fold(1.0, |product, _| product * base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn quantiles_of_many_degrees_join_those_of_fewer() {
        // Of the distribution function, which needs no inversion.
        for degrees in [1000.0, 5000.0, 1e5] {
            for p in [0.6, 0.975, 0.999] {
                close(student_lower(student_quantile(p, degrees), degrees), p, 1e-9);
            }
        }
        // Derivative in the degrees: -(z^3 + z) / (4 d^2), 2.4e-6 here.
        close(student_quantile(0.975, 999.0) - student_quantile(0.975, 1000.0), 2.4e-6, 2e-7);
        close(student_quantile(0.975, 1e9), 1.959_963_986_912, 1e-10);
    }

    #[test]
    fn the_t_distribution_keeps_its_digits_in_the_tail() {
        // scipy 1.17.1: t = 9.090883560075804 with 11 degrees of freedom.
        close(student_two_sided(9.090_883_560_075_804, 11.0), 1.899_689_424_293_638_1e-6, 1e-15);
        close(student_lower(student_quantile(0.9, 7.0), 7.0), 0.9, 1e-12);
        close(student_lower(student_quantile(0.1, 7.0), 7.0), 0.1, 1e-12);
        assert_eq!(student_two_sided(f64::INFINITY, 4.0), 0.0);
        assert!(student_two_sided(f64::NAN, 4.0).is_nan());
    }

    #[test]
    fn the_normal_probability_and_its_quantile_undo_each_other() {
        for p in [1e-8, 0.01, 0.3, 0.5, 0.9, 0.999] {
            close(normal_probability(normal_quantile(p)), p, 1e-15);
        }
    }

    #[test]
    fn simultaneous_points_match_the_published_table() {
        // Equicoordinate 95 % points of the multivariate t at correlation 1/2 (Dunnett 1955, 1964), by an independent
        // quadrature: comparisons, degrees of freedom, one-sided, two-sided.
        let table = [
            (1, 5.0, 2.015_048_373_332_942_5, 2.570_581_835_636_311),
            (1, 10.0, 1.812_461_122_811_675_2, 2.228_138_851_968_416_7),
            (1, 20.0, 1.724_718_242_920_76, 2.085_963_447_265_888),
            (1, 28.0, 1.701_130_934_265_932_2, 2.048_407_141_795_246_3),
            (1, 60.0, 1.670_648_864_908_054_2, 2.000_297_822_014_18),
            (1, 120.0, 1.657_650_899_344_599_3, 1.979_930_405_082_384_7),
            (2, 5.0, 2.440_378_640_236_829, 3.030_235_946_577_996_7),
            (2, 10.0, 2.150_613_826_750_705_6, 2.568_338_876_031_887_3),
            (2, 20.0, 2.027_318_387_366_656_7, 2.378_689_980_181_293_5),
            (2, 28.0, 1.994_414_424_224_057_3, 2.328_876_391_918_041_7),
            (2, 60.0, 1.952_047_062_584_128_2, 2.265_266_965_266_452_5),
            (2, 120.0, 1.934_034_655_286_825_5, 2.238_410_631_737_617_3),
            (3, 5.0, 2.681_423_508_300_060_4, 3.293_154_650_829_145),
            (3, 10.0, 2.337_559_069_576_606, 2.758_996_978_373_591_7),
            (3, 20.0, 2.192_283_462_387_220_7, 2.540_349_609_941_624),
            (3, 28.0, 2.153_625_744_293_310_4, 2.483_035_966_989_183_5),
            (3, 60.0, 2.103_921_141_433_376, 2.409_942_124_991_393_3),
            (3, 120.0, 2.082_813_889_460_939_4, 2.379_116_380_168_827),
            (4, 5.0, 2.848_445_254_528_984, 3.475_893_016_256_259_6),
            (4, 10.0, 2.465_571_782_387_706_4, 2.890_480_110_336_655_5),
            (4, 20.0, 2.304_427_589_188_054, 2.651_029_589_554_809_3),
            (4, 28.0, 2.261_611_810_045_062_4, 2.588_317_659_437_723_5),
            (4, 60.0, 2.206_601_309_884_737, 2.508_390_242_930_327_8),
            (4, 120.0, 2.183_254_647_465_118_7, 2.474_702_641_509_869_4),
            (6, 5.0, 3.077_769_341_785_894_7, 3.727_108_790_450_439),
            (6, 10.0, 2.639_730_101_465_338_5, 3.070_432_131_110_756_7),
            (6, 20.0, 2.456_069_957_649_743_3, 2.801_640_284_428_783_5),
            (6, 28.0, 2.407_342_351_605_426, 2.731_277_253_070_833),
            (6, 60.0, 2.344_778_731_875_997, 2.641_647_668_852_079),
            (6, 120.0, 2.318_240_614_553_338, 2.603_891_887_719_271),
            (9, 5.0, 3.299_686_081_688_073, 3.970_148_345_743_911_7),
            (9, 10.0, 2.806_884_795_619_894_6, 3.244_157_270_607_520_3),
            (9, 20.0, 2.600_747_791_025_990_6, 2.946_281_506_126_57),
            (9, 28.0, 2.546_099_360_834_483, 2.868_279_235_724_877),
            (9, 60.0, 2.475_956_225_725_804_8, 2.768_936_042_004_379),
            (9, 120.0, 2.446_209_791_760_328, 2.727_099_218_860_409),
        ];
        for (comparisons, degrees, one, two) in table {
            let at = |sides| Simultaneous { comparisons, degrees, sides }.quantile(0.95);
            close(at(Sides::One), one, 1e-8);
            close(at(Sides::Two), two, 1e-8);
        }
    }

    #[test]
    fn one_contrast_alone_is_students_t() {
        for degrees in [1.0, 2.0, 5.0, 40.0, 2000.0] {
            let one = Simultaneous { comparisons: 1, degrees, sides: Sides::One };
            let two = Simultaneous { sides: Sides::Two, ..one };
            close(one.probability(1.7), student_lower(1.7, degrees), 1e-11);
            close(two.probability(1.7), 1.0 - student_two_sided(1.7, degrees), 1e-11);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_simultaneous_point_holds_its_level(
            comparisons in 2..16_usize, degrees in 2..300_u32, level in 0.5..0.995,
        ) {
            for sides in [Sides::One, Sides::Two] {
                let contrasts = Simultaneous { comparisons, degrees: f64::from(degrees), sides };
                close(contrasts.probability(contrasts.quantile(level)), level, 1e-10);
            }
        }
    }
}
