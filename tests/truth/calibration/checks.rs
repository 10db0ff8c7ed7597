//! What was learned, whether predictions look like the figures, and whether the pipeline is right.

use super::{all_close, close};
use comity::random::{Purpose, Randomness};
use comity::statistics::Interval;
use comity::statistics::calibration::{
    Agreement, Combination, Draws, ErrorModel, Learned, Observing, RankTest, RankVerdict, Refusal, Target, Weights,
    coverage, holding, identifiability, information, judge_ranks, predictive_check, rank_among,
};

#[test]
fn three_figures_identify_three_combinations_of_four_parameters() {
    // communications = 30 a b, rescues = 30 a b c, arrests = 30 a b c d.
    let theta = [4.0, 3.95, 0.299_578_059_071_729_96, 0.253_521_126_760_563_4];
    let figures = [474.0, 142.0, 36.0];
    let derivatives: Vec<Vec<f64>> = (0..3)
        .map(|figure| {
            (0..4).map(|place| if place <= figure + 1 { figures[figure] / theta[place] } else { 0.0 }).collect()
        })
        .collect();
    let got = information(&derivatives, &figures).expect("it is sound");
    all_close(&got.matrix[0], &[40.75, 41.265_822_784_810_12, 148.542_253_521_126_75, 35.5], 1e-7);
    all_close(&got.matrix[2], &[148.542_253_521_126_75, 150.422_535_211_267_61, 1_983.352_906_169_410_7, 474.0], 1e-7);
    all_close(&got.eigenvalues, &[0.0, 59.303_896_835_345_24, 417.156_493_084_557_8, 2_149.541_802_332_579], 1e-7);
    assert_eq!(got.rank, 3);
    let logs: Vec<Vec<f64>> =
        derivatives.iter().map(|row| row.iter().zip(theta).map(|(own, theta)| own * theta).collect()).collect();
    let got = information(&logs, &figures).expect("it is sound");
    all_close(&got.eigenvalues, &[0.0, 27.300_737_154_635_186, 130.503_909_461_897_96, 1_360.195_353_383_466_7], 1e-7);
    assert_eq!((got.rank, got.null.len()), (3, 1));
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let sign = got.null[0][0].signum();
    all_close(&got.null[0].iter().map(|entry| sign * entry).collect::<Vec<f64>>(), &[half, -half, 0.0, 0.0], 1e-7);
}

#[test]
fn of_a_ridge_the_product_is_known_and_its_factors_are_not() {
    // 474 ~ Poisson(30 a b), a and b even on 0 to 10, on a grid of 1000 x 1000 cells, weighted by the likelihood.
    let target = Target::new(474.0, ErrorModel::Poisson, 0.0).expect("it is sound");
    let axis = |step: usize| 10.0 * (step as f64 + 0.5) / 1000.0;
    let top = target.log_density(474.0);
    let mut values = Vec::new();
    let mut raw = Vec::new();
    for i in 0..1000 {
        for j in 0..1000 {
            let likelihood = libm::exp(target.log_density(30.0 * axis(i) * axis(j)) - top);
            if likelihood > 1e-12 {
                values.push(vec![axis(i), axis(j)]);
                raw.push(likelihood);
            }
        }
    }
    let weights = Weights::new(&raw).expect("some is likely");
    let prior_values: Vec<Vec<f64>> =
        (0..300).flat_map(|i| (0..300).map(move |j| vec![(i as f64 + 0.5) / 30.0, (j as f64 + 0.5) / 30.0])).collect();
    let prior_weights = Weights::even(prior_values.len()).expect("there are some");
    let posterior = Draws { values: &values, weights: &weights };
    let got = identifiability(posterior, Draws { values: &prior_values, weights: &prior_weights }).expect("sound");
    let a = &got.parameters[0];
    close(weights.mean(&values.iter().map(|row| row[0]).collect::<Vec<f64>>()), 4.564_091_069_498_302, 1e-3);
    close(a.posterior_sd, 2.366_714_109_910_751_6, 1e-3);
    close(a.prior_sd, 2.886_751_345_948_129, 1e-3);
    close(a.contraction, 0.327_839_718_633_923, 1e-3);
    assert_eq!(a.learned, Learned::Weakly);
    // In logs the prior of a b has the variance 2; the posterior's is about 1 / 474.
    let product = &got.pairs[0];
    assert_eq!(product.combination, Combination::Product(0, 1));
    close(product.prior_sd, std::f64::consts::SQRT_2, 0.015);
    close(product.posterior_sd, 0.725_843_323_241_423 / 15.815_257_725_155_01, 1e-4);
    assert_eq!(product.learned, Learned::Informed);
    assert!(product.contraction > 0.998);
    assert_eq!(got.pairs[1].combination, Combination::Ratio(0, 1));
    assert!(got.pairs[1].contraction < 0.5);
    // The parameters' own units: correlation of logs -0.996.
    let logs: Vec<Vec<f64>> = values.iter().map(|row| row.iter().map(|own| libm::log(*own)).collect()).collect();
    let covariance = weights.covariance(&logs);
    close(covariance[0][1] / libm::sqrt(covariance[0][0] * covariance[1][1]), -0.996_293_553_084_657_7, 1e-3);
    assert!(got.correlations[0][1] < -0.8);
    // The narrow direction comes first, along (1, 1) in both.
    let Combination::Direction(entries) = &got.directions[0].combination else { panic!("a direction") };
    close(entries[0] * entries[1], 0.5, 0.02);
    assert!(got.directions[0].contraction > got.directions[1].contraction);
    // a b itself.
    let products: Vec<f64> = values.iter().map(|row| row[0] * row[1]).collect();
    close(weights.mean(&products), 15.815_257_725_155_01, 1e-3);
    close(1.0 - weights.variance(&products) / 486.111_111_111_111_3, 0.998_916_197_309_932, 1e-3);
}

#[test]
fn what_the_figures_do_not_touch_is_not_informed() {
    let values = |seed: u64, sd: f64| -> Vec<Vec<f64>> {
        (0..3000)
            .map(|index| {
                let mut draws = Randomness { seed, replicate: 0 }.at(Purpose::Bootstrap, 35, index);
                vec![sd * draws.normal(), draws.normal()]
            })
            .collect()
    };
    let (posterior, prior) = (values(1, 0.5), values(2, 1.0));
    let weights = Weights::even(3000).expect("there are some");
    let draws = |values| Draws { values, weights: &weights };
    let got = identifiability(draws(&posterior), draws(&prior)).expect("it is sound");
    close(got.parameters[0].contraction, 0.75, 4.0 * got.parameters[0].standard_error);
    close(got.parameters[0].standard_error, 0.25 * libm::sqrt(4.0 / 3000.0), 0.001);
    close(got.parameters[1].contraction, 0.0, 4.0 * got.parameters[1].standard_error);
    assert_eq!([0, 1].map(|place| got.parameters[place].learned), [Learned::Informed, Learned::NotInformed]);
    // Values below 0 have no logarithm.
    assert_eq!(got.pairs[0].combination, Combination::Sum(0, 1));
    let constant = vec![vec![1.0, 2.0]; 3000];
    assert_eq!(identifiability(draws(&posterior), draws(&constant)), Err(Refusal::Singular { what: "parameters" }));
}

#[test]
fn predictions_of_the_conjugate_model_hold_the_figure() {
    // Rates from the posterior Gamma(475, 30.1), 30 months each, the count observed with its Poisson error: negative binomial.
    let target = Target::new(474.0, ErrorModel::Poisson, 0.0).expect("it is sound");
    let draws: Vec<f64> = (0..40_000)
        .map(|draw| {
            let mut luck = Randomness { seed: 6, replicate: 0 }.at(Purpose::Bootstrap, 36, draw);
            let rate = 475.0 / 30.1 * luck.gamma_mean_one(475.0);
            target.draw(30.0 * rate, Observing { seed: 6, target: 0, draw })
        })
        .collect();
    let weights = Weights::even(draws.len()).expect("there are some");
    let got = predictive_check(474.0, &draws, &weights).expect("it is sound");
    // scipy: quantiles 415, 473, 535, and P(at least 474) = 0.492513.
    for (p, want) in [(0.025, 415.0), (0.5, 473.0), (0.975, 535.0)] {
        close(weights.quantile(&draws, p), want, 1.5);
    }
    let above = draws.iter().filter(|draw| **draw >= 474.0).count() as f64 / draws.len() as f64;
    close(above, 0.492_512_878_665_681_6, 0.01);
    close(got.rank, 0.5, 0.03);
    assert_eq!(got.agreement, Agreement::InsideHalf);
    assert!(got.ninety.low < got.half.low && got.half.high < got.ninety.high);
    // Near normal with standard deviation 30.8: at the centre the score is 2 sd (phi(0) - 1 / (2 sqrt(pi))).
    close(got.score, 0.233_695 * libm::sqrt(473.4 + 473.4 * 473.4 / 475.0), 0.15);
    assert_eq!(predictive_check(515.0, &draws, &weights).expect("sound").agreement, Agreement::InsideNinety);
    assert_eq!(predictive_check(560.0, &draws, &weights).expect("sound").agreement, Agreement::Outside);
}

#[test]
fn the_score_is_that_of_its_definition() {
    let draws = [3.0, -1.0, 2.0, 2.0, 7.0];
    let weights = Weights::new(&[0.1, 0.3, 0.2, 0.15, 0.25]).expect("they are sound");
    let w = weights.values();
    let mut want = 0.0;
    for (i, one) in draws.iter().enumerate() {
        want += w[i] * (one - 2.5_f64).abs();
        for (j, other) in draws.iter().enumerate() {
            want -= 0.5 * w[i] * w[j] * (one - other).abs();
        }
    }
    let got = predictive_check(2.5, &draws, &weights).expect("it is sound");
    close(got.score, want, 1e-14);
    close(got.rank, 0.65, 1e-14);
    close(predictive_check(2.0, &draws, &weights).expect("it is sound").rank, 0.3 + 0.35 / 2.0, 1e-14);
    let bands = [Interval { low: 0.0, high: 1.0 }, Interval { low: 2.0, high: 3.0 }, Interval::MISSING];
    assert_eq!(coverage(&[0.5, 3.5, 1.0], &bands), Ok(0.5));
    assert!(coverage(&[f64::NAN], &bands[..1]).expect("as many").is_nan());
}

#[test]
fn a_conclusion_holds_in_a_share_of_the_posterior_that_is_known_as_well_as_draws_allow() {
    // Wilson's interval of 8 in 10 at 95 %: 0.4901 to 0.9433.
    let even = Weights::even(10).expect("there are some");
    let holds = [1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let got = holding(&holds, &even, 0.95).expect("it is sound");
    close(got.share, 0.8, 1e-15);
    close(got.interval.low, 0.490_162, 1e-5);
    close(got.interval.high, 0.943_318, 1e-5);
    // Uneven weights are worth fewer draws.
    let uneven = Weights::new(&[9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).expect("they are sound");
    let wide = holding(&holds, &uneven, 0.95).expect("it is sound");
    assert!(wide.effective < 4.0 && wide.interval.half_width() > got.interval.half_width());
    let all = holding(&[1.0; 10], &even, 0.95).expect("it is sound");
    assert!(all.interval.high == 1.0 && all.interval.low < 0.75);
    assert!(matches!(holding(&[2.0; 10], &even, 0.95), Err(Refusal::Setting { .. })));
}

/// Ranks with so many in each of twenty bins of five, spread evenly within a bin.
fn ranks(counts: [u32; 20]) -> Vec<u32> {
    (0..20_u32).zip(counts).flat_map(|(bin, count)| (0..count).map(move |own| 5 * bin + own % 5)).collect()
}

const TEST: RankTest = RankTest { draws: 99, bins: 20, level: 0.95, seed: 1, simulated: 400 };

#[test]
fn ranks_of_a_normal_model_are_judged_as_they_were_made() {
    // 2000 rounds, 99 draws, 20 bins: a right pipeline, posteriors too narrow, too wide, and shifted.
    for (counts, chi_square, probability, verdict) in [
        (
            [109, 81, 107, 106, 104, 98, 95, 102, 105, 111, 98, 92, 88, 95, 100, 107, 116, 93, 107, 86],
            15.58,
            0.685_090_520_136_811_8,
            RankVerdict::Calibrated,
        ),
        (
            [315, 123, 102, 83, 67, 72, 63, 55, 64, 73, 65, 53, 56, 62, 64, 66, 83, 103, 120, 311],
            1088.24,
            7.504e-219,
            RankVerdict::OverConfident,
        ),
        (
            [9, 34, 70, 70, 100, 124, 147, 129, 169, 162, 158, 135, 147, 143, 120, 101, 94, 51, 27, 10],
            515.82,
            2.669_76e-97,
            RankVerdict::UnderConfident,
        ),
        (
            [266, 218, 174, 124, 151, 108, 101, 107, 89, 78, 84, 80, 72, 76, 58, 61, 56, 40, 35, 22],
            719.98,
            2.091_86e-140,
            RankVerdict::ShiftedHigh,
        ),
    ] {
        let got = judge_ranks(&ranks(counts), &TEST).expect("it is sound");
        assert_eq!(got.counts, counts);
        close(got.chi_square, chi_square, 1e-9);
        close(got.probability / probability, 1.0, 1e-4);
        assert_eq!(got.verdict, verdict);
        assert_eq!(got.within, verdict == RankVerdict::Calibrated);
    }
    let mut mirrored = [266, 218, 174, 124, 151, 108, 101, 107, 89, 78, 84, 80, 72, 76, 58, 61, 56, 40, 35, 22];
    mirrored.reverse();
    assert_eq!(judge_ranks(&ranks(mirrored), &TEST).expect("it is sound").verdict, RankVerdict::ShiftedLow);
}

#[test]
fn even_ranks_leave_the_band_as_often_as_its_level_says() {
    // 150 sets of 200 ranks: 7.5 expected outside, with standard deviation 2.7, and the band's own level is known to 0.01.
    let test = RankTest { draws: 19, bins: 10, simulated: 500, ..TEST };
    let outside = (0..150_u64)
        .filter(|set| {
            let mut draws = Randomness { seed: 77, replicate: 0 }.at(Purpose::Bootstrap, 37, *set);
            let ranks: Vec<u32> = (0..200).map(|_| draws.index(20) as u32).collect();
            let got = judge_ranks(&ranks, &test).expect("it is sound");
            let inside = got.distribution.iter().all(|[share, low, high]| low <= share && share <= high);
            assert_eq!(inside, got.within);
            !got.within
        })
        .count();
    assert!((1..=20).contains(&outside), "{outside}");
}

#[test]
fn a_rank_counts_what_is_below_and_breaks_ties_by_chance() {
    let draws = [1.0, 2.0, 2.0, 2.0, 3.0];
    assert_eq!(rank_among(2.5, &draws, 1, 0), 4);
    assert_eq!(rank_among(0.0, &draws, 1, 0), 0);
    assert_eq!(rank_among(9.0, &draws, 1, 0), 5);
    let mut seen = [0; 6];
    (0..4000).for_each(|round| seen[rank_among(2.0, &draws, 1, round) as usize] += 1);
    assert_eq!(seen[0] + seen[5], 0);
    assert!(seen[1..5].iter().all(|count| (850..1150).contains(count)), "{seen:?}");
    let few = judge_ranks(&[0; 50], &TEST);
    assert_eq!(few, Err(Refusal::TooFew { what: "ranks", given: 50, needed: 100 }));
    let uneven = RankTest { bins: 7, ..TEST };
    assert!(matches!(judge_ranks(&[0; 500], &uneven), Err(Refusal::Setting { .. })));
    assert!(matches!(judge_ranks(&[100; 500], &TEST), Err(Refusal::Setting { .. })));
}
