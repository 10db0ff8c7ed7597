//! Methods for any sample.

use super::{blocks, close, ishigami, luck, to_angle};
use comity::random::normal_quantile;
use comity::statistics::Address;
use comity::statistics::design::{BasePoints, Scrambling, sobol};
use comity::statistics::sensitivity::{
    Dummies, Importance, Pawn, Sample, partial_rank_correlations, pawn, rbd_fast, standardised_coefficients,
};

const DUMMIES: Dummies<'static> = Dummies { address: Address { seed: 6, label: "dummies" }, count: 1000, level: 0.95 };
const FEW: Dummies<'static> = Dummies { count: 1, ..DUMMIES };

/// Three factors and a dummy in a Latin hypercube, with Ishigami's function of the three.
fn latin() -> Sample {
    let mut columns = vec![Vec::new(); 4];
    let mut outcomes = Vec::new();
    for line in include_str!("ishigami_latin_1000.csv").lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|number| number.parse().expect("it is a number")).collect();
        close(ishigami(&row), row[4], 1e-12);
        (0..4).for_each(|factor| columns[factor].push(row[factor]));
        outcomes.push(row[4]);
    }
    assert_eq!(outcomes.len(), 1000);
    Sample::complete(&columns, &outcomes).expect("it is sound")
}

/// Many even points and an outcome.
fn even(rows: usize, factors: usize, value: impl Fn(f64) -> f64, outcome: impl Fn(&[f64]) -> f64) -> Sample {
    let base = BasePoints::at_least(rows).expect("it is small");
    let points = sobol(base, factors, Scrambling::Owen(3)).expect("it is small");
    let columns: Vec<Vec<f64>> = (0..factors).map(|factor| points.column(factor).map(&value).collect()).collect();
    let outcomes: Vec<f64> =
        points.iter().map(|row| outcome(&row.iter().map(|u| value(*u)).collect::<Vec<f64>>())).collect();
    Sample::complete(&columns, &outcomes).expect("it is sound")
}

#[test]
fn rbd_fast_gives_the_shares_of_salib() {
    let got = rbd_fast(&latin(), 10, &DUMMIES).expect("there is enough");
    let corrected =
        [0.320_977_983_634_083_5, 0.446_970_577_904_563_46, 0.004_640_544_538_210_656_5, -0.002_123_074_928_061_508_7];
    let plain =
        [0.334_558_423_961_401_8, 0.458_031_166_346_472_2, 0.024_547_733_647_446_446, 0.017_919_386_570_499_723];
    for (got, (corrected, plain)) in got.iter().zip(corrected.into_iter().zip(plain)) {
        close(got.first, corrected, 1e-9);
        close(got.uncorrected, plain, 1e-9);
    }
    let verdicts: Vec<Importance> = got.iter().map(|own| own.importance()).collect();
    use Importance::{Important, Negligible};
    assert_eq!(verdicts, [Important, Important, Negligible, Negligible]);
}

#[test]
fn dummies_of_pawn_have_the_distribution_found_by_permutation() {
    let got = pawn(&latin(), 10, &DUMMIES).expect("there is enough");
    let dummy = got[0].dummy;
    close(dummy.median, 0.077_433_75, 0.003);
    close(dummy.median_high, 0.094_025, 0.003);
    close(dummy.largest, 0.123_525, 0.003);
    close(dummy.largest_high, 0.161_1, 0.006);
    assert!(got.iter().all(|own| own.dummy == dummy));
    let verdicts: Vec<Importance> = got.iter().map(Pawn::importance).collect();
    use Importance::{Important, Negligible};
    assert_eq!(verdicts, [Important, Important, Important, Negligible]);
}

#[test]
fn pawn_of_many_thin_slices_is_that_of_points_held_fixed() {
    // Deterministic convolutions, good to 0.003; a slice of 1024 rows adds the width of the slice and some noise.
    let got = pawn(&even(1 << 16, 3, to_angle, ishigami), 64, &FEW).expect("there is enough");
    let mean = [0.230_054_734_597_884_06, 0.389_784_082_958_579_3, 0.092_621_419_227_138_07];
    let median = [0.224_538_527_071_701_08, 0.409_957_906_545_362_4, 0.083_972_967_183_874_26];
    let largest = [0.289_038_435_057_667_8, 0.510_913_309_876_538_3, 0.270_549_806_787_025_5];
    for factor in 0..3 {
        close(got[factor].mean, mean[factor], 0.012);
        close(got[factor].median, median[factor], 0.015);
        close(got[factor].largest, largest[factor], 0.03);
    }
    // A sum of normal numbers with weights 1, 2 and 3: closed form and quadrature.
    let outcome = |x: &[f64]| x[0] + 2.0 * x[1] + 3.0 * x[2];
    let got = pawn(&even(1 << 16, 3, normal_quantile, outcome), 64, &FEW).expect("there is enough");
    let mean = [0.088_311_136_904_147_3, 0.194_869_083_712_289_23, 0.353_991_036_936_234_24];
    let median = [0.074_587_172_694_412_06, 0.167_475_880_754_794_1, 0.318_722_559_438_225_8];
    for factor in 0..3 {
        close(got[factor].mean, mean[factor], 0.012);
        close(got[factor].median, median[factor], 0.012);
    }
}

#[test]
fn a_straight_line_of_normal_numbers_has_its_weights_as_coefficients() {
    let outcome = |x: &[f64]| x[0] + 2.0 * x[1] + 3.0 * x[2];
    let sample = even(1 << 14, 3, normal_quantile, outcome);
    let got = standardised_coefficients(&sample, 0.95).expect("there is enough");
    close(got.r_squared, 1.0, 1e-12);
    let want = [0.267_261_241_912_424_4, 0.534_522_483_824_848_8, 0.801_783_725_737_273_2];
    for (got, want) in got.coefficients.iter().zip(want) {
        // Of the exact weights the sample's own deviations keep it, which even points know to 1e-4.
        close(got.estimate.value, want, 1e-3);
        assert!(got.probability < 1e-12);
    }
    let got = rbd_fast(&sample, 10, &FEW).expect("there is enough");
    let want = [0.071_428_571_428_571_42, 0.285_714_285_714_285_7, 0.642_857_142_857_142_9];
    // The tails of a normal factor are sharp: a hundredth and a half of a share lies beyond ten harmonics.
    got.iter().zip(want).for_each(|(got, want)| close(got.first, 0.985 * want, 0.004));
    // Two equal weights and none: the third is a dummy.
    let sample = even(1 << 14, 3, normal_quantile, |x: &[f64]| x[0] + x[1]);
    let got = rbd_fast(&sample, 10, &FEW).expect("there is enough");
    got.iter().zip([0.5, 0.5, 0.0]).for_each(|(got, want)| close(got.first, 0.985 * want, 0.004));
}

#[test]
fn ranks_follow_what_rises_and_r_squared_warns_of_what_does_not() {
    // Ishigami's function is no line: R2 = 0.20.
    let straight = standardised_coefficients(&latin(), 0.95).expect("there is enough");
    close(straight.r_squared, 0.20, 0.02);
    let ranked = partial_rank_correlations(&latin(), 0.95).expect("there is enough");
    assert!(ranked.r_squared < 0.25 && ranked.coefficients[0].estimate.value > 0.3);
    assert!(ranked.coefficients[3].probability > 0.05);
    // What rises throughout is all in the ranks.
    let sample = even(1 << 10, 2, |u| u, |x: &[f64]| libm::exp(6.0 * x[0]));
    let ranked = partial_rank_correlations(&sample, 0.95).expect("there is enough");
    close(ranked.r_squared, 1.0, 1e-9);
    close(ranked.coefficients[0].estimate.value, 1.0, 1e-6);
    assert!(standardised_coefficients(&sample, 0.95).expect("there is enough").r_squared < 0.8);
}

#[test]
fn intervals_of_coefficients_hold_the_truth_about_as_often_as_they_say() {
    // y = x1 + x2 + noise of variance 2, all normal: SRC 0.5, 0.5; the third is a dummy. PRCC of the dummy is 0.
    let mut held = [0; 3];
    for round in 0..400_u64 {
        let mut draws = luck(5, round);
        let columns: Vec<Vec<f64>> = (0..3).map(|_| (0..40).map(|_| draws.normal()).collect()).collect();
        let noise = core::f64::consts::SQRT_2;
        let outcomes: Vec<f64> =
            (0..40).map(|row| columns[0][row] + columns[1][row] + noise * draws.normal()).collect();
        let sample = Sample::complete(&columns, &outcomes).expect("it is sound");
        let holds = |got: comity::statistics::Interval, want: f64| usize::from(got.low <= want && want <= got.high);
        let straight = standardised_coefficients(&sample, 0.9).expect("there is enough");
        held[0] += holds(straight.coefficients[0].estimate.interval, 0.5);
        held[1] += holds(straight.coefficients[2].estimate.interval, 0.0);
        let ranked = partial_rank_correlations(&sample, 0.9).expect("there is enough");
        held[2] += holds(ranked.coefficients[2].estimate.interval, 0.0);
    }
    for held in held {
        let share = held as f64 / 400.0;
        assert!((0.85..0.95).contains(&share), "{share}");
    }
}

#[test]
fn a_category_has_a_slice_for_each_of_its_values_and_its_share_by_blocks() {
    // Y = mu[c] + 2 U, c of probabilities 0.5, 0.3, 0.2 and mu = 0, 1, 3: V = 1.62333, shares 0.794661 and 0.205339.
    let category = |u: f64| f64::from(u8::from(u >= 0.5) + u8::from(u >= 0.8));
    let outcome = |row: &[f64]| [0.0, 1.0, 3.0][category(row[0]) as usize] + 2.0 * row[1];
    let (points, shape) = blocks(4096, 2, true, Scrambling::Owen(9));
    let outcomes: Vec<f64> = points.iter().map(outcome).collect();
    let got = comity::statistics::sensitivity::variance_shares(&super::plain(shape), &outcomes).expect("it is sound");
    close(got.variance.value, 1.623_333_333_333_333, 0.01);
    close(got.groups[0].best().first.value, 0.794_661_190_965_092_5, 0.01);
    close(got.groups[1].best().first.value, 0.205_338_809_034_907_62, 0.01);
    let column = vec![points.column(0).map(category).collect(), points.column(1).collect()];
    let sample = Sample::complete(&column, &outcomes).expect("it is sound");
    let got = pawn(&sample, 10, &FEW).expect("there is enough");
    assert_eq!((got[0].slices.len(), got[1].slices.len()), (3, 10));
    // Category 2 lies above 3 where all others lie below: half and 0.3 of the rest are there.
    close(got[0].slices[2], 0.8, 0.01);
}
