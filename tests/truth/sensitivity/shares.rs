//! Shares of the variance.

use super::{EXACT, close, ishigami_blocks, plain};
use comity::statistics::Address;
use comity::statistics::design::{Blocks, Groups, Scrambling};
use comity::statistics::sensitivity::{
    Bootstrap, Centre, Importance, NARROW, NEGLIGIBLE_SHARE, Refusal, Settled, Shares, VarianceAnalysis, convergence,
    variance_shares,
};

/// Reference values of one sample.
struct Case {
    variance: f64,
    /// Saltelli 2010, centred by the mean over A and B.
    first: [f64; 3],
    /// The same as SALib centres it.
    first_salib: [f64; 3],
    /// Jansen.
    total: [f64; 3],
    /// SALib's second order: 12, 13, 23.
    pairs: Option<[f64; 3]>,
    /// Azzini and others: first, total.
    crossed: Option<[[f64; 3]; 2]>,
    /// SALib's half-widths (z times standard deviation over resamples): first, total.
    half_widths: [[f64; 3]; 2],
}

#[track_caller]
fn check(outcomes: &[f64], blocks: Blocks, case: &Case) {
    let got = variance_shares(&plain(blocks), outcomes).expect("it is sound");
    close(got.variance.value, case.variance, 1e-9);
    let rows = VarianceAnalysis { centre: Centre::Rows, ..plain(blocks) };
    let salib = variance_shares(&rows, outcomes).expect("it is sound");
    for factor in 0..3 {
        close(got.groups[factor].plain.first.value, case.first[factor], 1e-9);
        close(salib.groups[factor].plain.first.value, case.first_salib[factor], 1e-9);
        close(got.groups[factor].plain.total.value, case.total[factor], 1e-9);
        match (case.crossed, got.groups[factor].crossed) {
            (Some([first, total]), Some(crossed)) => {
                close(crossed.first.value, first[factor], 1e-9);
                close(crossed.total.value, total[factor], 1e-9);
                assert_eq!(got.groups[factor].best().first.value, crossed.first.value);
            }
            (None, None) => assert_eq!(got.groups[factor].best().total.value, got.groups[factor].plain.total.value),
            (want, got) => panic!("{got:?} where {want:?} was to be"),
        }
    }
    let places: Vec<(usize, usize)> = salib.pairs.iter().map(|pair| (pair.one, pair.other)).collect();
    if let Some(pairs) = case.pairs {
        assert_eq!(places, [(0, 1), (0, 2), (1, 2)]);
        salib.pairs.iter().zip(pairs).for_each(|(got, want)| close(got.share.value, want, 1e-9));
    } else {
        assert!(places.is_empty());
    }
    // Half of a percentile interval is near z times the standard deviation; both have the error of about 2000 resamples.
    let bootstrap = Bootstrap { address: Address { seed: 3, label: "shares" }, resamples: 4000, level: 0.95 };
    let with = variance_shares(&VarianceAnalysis { bootstrap, ..plain(blocks) }, outcomes).expect("it is sound");
    for factor in 0..3 {
        let Shares { first, total } = with.groups[factor].plain;
        for (got, want) in [(first, case.half_widths[0][factor]), (total, case.half_widths[1][factor])] {
            let ratio = got.interval.half_width() / want;
            assert!((0.9..1.1).contains(&ratio), "factor {factor}: {ratio}");
        }
    }
}

#[test]
fn plain_blocks_of_64_give_the_shares_of_salib() {
    let (outcomes, blocks) = ishigami_blocks(64, true, Scrambling::None);
    check(
        &outcomes,
        blocks,
        &Case {
            variance: 14.199_702_941_843_512,
            first: [0.292_937_851_231_564_57, 0.608_943_130_814_157_2, -0.022_897_457_636_202_22],
            first_salib: [0.292_741_285_757_336_5, 0.608_943_130_814_157_3, -0.024_523_686_533_122_122],
            total: [0.575_938_339_669_809_9, 0.460_527_469_550_390_87, 0.192_801_109_909_168_13],
            pairs: Some([-0.121_579_392_220_640_4, 0.265_697_207_457_548_27, -0.120_168_785_259_998_88]),
            crossed: Some([
                [0.304_072_546_560_309_4, 0.458_937_773_678_870_8, -0.012_957_389_125_331_648],
                [0.534_573_566_227_482_8, 0.458_937_773_678_870_84, 0.215_743_762_498_437_77],
            ]),
            half_widths: [
                [0.243_283_074_948_111_83, 0.197_819_237_135_661_2, 0.251_260_026_051_298_8],
                [0.347_990_357_296_138_14, 0.170_616_762_016_831_57, 0.073_965_221_674_933_65],
            ],
        },
    );
}

#[test]
fn plain_blocks_of_1024_give_the_shares_of_salib() {
    let (outcomes, blocks) = ishigami_blocks(1024, true, Scrambling::None);
    check(
        &outcomes,
        blocks,
        &Case {
            variance: 13.818_954_443_238_66,
            first: [0.332_955_304_116_902_1, 0.441_313_938_544_067_36, 0.018_578_602_420_244_23],
            first_salib: [0.332_955_105_353_173_24, 0.441_313_938_544_066_9, 0.018_578_437_929_572_516],
            total: [0.558_179_045_711_466_5, 0.443_284_584_030_347_43, 0.242_149_373_354_965_67],
            pairs: Some([-4.955_281_413_510_093e-5, 0.227_607_105_537_880_24, 0.004_876_551_648_890_354_4]),
            crossed: Some([
                [0.323_715_340_545_974_4, 0.435_824_674_092_061_3, 0.015_090_788_164_189_121],
                [0.548_850_874_044_444_4, 0.435_824_674_092_061_44, 0.239_400_450_724_110_12],
            ]),
            half_widths: [
                [0.062_929_820_686_036_25, 0.054_614_753_276_146_774, 0.055_158_660_510_448_04],
                [0.086_221_203_277_093_65, 0.040_319_355_644_116_71, 0.027_864_107_506_240_753],
            ],
        },
    );
}

#[test]
fn scrambled_blocks_give_the_shares_of_salib() {
    let outcomes: Vec<f64> = include_str!("ishigami_blocks_scrambled_256.txt")
        .lines()
        .map(|line| line.parse().expect("each line is a number"))
        .collect();
    assert_eq!(outcomes.len(), 2048);
    check(
        &outcomes,
        Blocks { groups: 3, second_order: true },
        &Case {
            variance: 14.025_229_872_100_285,
            first: [0.309_259_299_202_431_56, 0.442_568_307_192_166_83, -0.038_742_612_317_054_08],
            first_salib: [0.309_269_558_830_793_7, 0.442_567_742_763_069_7, -0.038_926_402_353_034_33],
            total: [0.541_224_568_704_501_5, 0.436_938_880_390_493_2, 0.255_173_096_385_137_24],
            pairs: Some([0.008_916_603_784_513_533, 0.326_284_081_243_523_54, -0.005_476_131_259_224_491]),
            crossed: Some([
                [0.309_838_523_726_731_2, 0.443_780_472_978_536_6, -0.011_334_578_320_060_067],
                [0.565_074_596_804_920_6, 0.443_780_472_978_536_6, 0.243_512_807_000_094_06],
            ]),
            half_widths: [
                [0.121_402_356_717_433_59, 0.108_402_651_985_867_63, 0.114_936_337_956_526_98],
                [0.157_843_680_293_189_8, 0.080_777_100_677_693_52, 0.053_225_640_664_865_69],
            ],
        },
    );
}

#[test]
fn blocks_without_second_order_give_the_shares_of_salib() {
    let (outcomes, blocks) = ishigami_blocks(256, false, Scrambling::None);
    check(
        &outcomes,
        blocks,
        &Case {
            variance: 13.629_642_186_637_005,
            first: [0.325_952_348_201_362_76, 0.482_007_284_193_992_47, 0.011_733_171_934_743_686],
            first_salib: [0.326_023_734_631_745_1, 0.482_007_284_193_992_5, 0.011_232_399_475_786_59],
            total: [0.564_602_482_027_506_2, 0.457_007_142_980_521_2, 0.250_648_843_543_775_76],
            pairs: None,
            crossed: None,
            half_widths: [
                [0.116_815_259_062_148_47, 0.115_804_336_276_937_44, 0.128_790_826_535_399_64],
                [0.183_888_693_397_911_83, 0.084_377_435_008_902_65, 0.054_853_091_995_047_61],
            ],
        },
    );
}

#[test]
fn an_outcome_far_from_zero_gives_the_same_shares() {
    // Uncentred, the first share of the third factor would be -14.
    let (mut outcomes, blocks) = ishigami_blocks(256, true, Scrambling::None);
    outcomes.iter_mut().for_each(|outcome| *outcome += 1000.0);
    check(
        &outcomes,
        blocks,
        &Case {
            variance: 13.629_642_186_637_007,
            first: [0.325_952_348_201_362_76, 0.482_007_284_193_991_8, 0.011_733_171_934_743_599],
            first_salib: [0.326_038_971_959_229_7, 0.482_007_284_193_991_5, 0.011_125_510_338_570_893],
            total: [0.564_602_482_027_504_4, 0.457_007_142_980_52, 0.250_648_843_543_775_5],
            pairs: Some([-0.018_110_907_981_889_968, 0.264_889_873_260_601_54, -0.005_645_845_624_611_118]),
            crossed: Some([
                [0.320_051_218_922_106, 0.436_802_144_174_472_55, 0.020_683_210_707_199_754],
                [0.553_027_291_636_857_4, 0.436_802_144_174_472_16, 0.248_208_994_865_710_27],
            ]),
            half_widths: [
                [0.116_878_008_563_224_8, 0.115_800_327_789_064_82, 0.128_788_598_391_130_7],
                [0.183_888_693_397_911_53, 0.084_377_435_008_902_66, 0.054_853_091_995_047_36],
            ],
        },
    );
}

/// Mean and root mean square error of shares over seeds: per factor, first and total.
fn errors(seeds: u64, pick: impl Fn(u64) -> [[f64; 2]; 3]) -> [[[f64; 2]; 2]; 3] {
    let all: Vec<[[f64; 2]; 3]> = (0..seeds).map(pick).collect();
    let mut got = [[[0.0; 2]; 2]; 3];
    for factor in 0..3 {
        for kind in 0..2 {
            let off = all.iter().map(|shares| shares[factor][kind] - EXACT[factor][kind]);
            let mean = off.clone().sum::<f64>() / seeds as f64;
            let square = off.map(|off| off * off).sum::<f64>() / seeds as f64;
            got[factor][kind] = [mean, square.sqrt()];
        }
    }
    got
}

#[test]
fn the_crossed_estimators_err_half_as_much_in_first_orders() {
    // Measured at N = 256 over scramblings (scipy): first .025 .022 .025 against .037 .041 .043, total .039 .022 .015 against
    // .058 .035 .011. Over 100 seeds an error is known to 7 %.
    let pick = |crossed: bool| {
        move |seed: u64| {
            let (outcomes, blocks) = ishigami_blocks(256, true, Scrambling::Owen(seed));
            let got = variance_shares(&plain(blocks), &outcomes).expect("it is sound");
            [0, 1, 2].map(|factor| {
                let group = got.groups[factor];
                let shares = if crossed { group.best() } else { group.plain };
                [shares.first.value, shares.total.value]
            })
        }
    };
    let want = [[[[0.037, 0.058], [0.041, 0.035], [0.043, 0.011]]], [[[0.025, 0.039], [0.022, 0.022], [0.025, 0.015]]]];
    for (crossed, [want]) in [false, true].into_iter().zip(want) {
        let got = errors(100, pick(crossed));
        for factor in 0..3 {
            for kind in 0..2 {
                let [bias, error] = got[factor][kind];
                let ratio = error / want[factor][kind];
                assert!((0.7..1.35).contains(&ratio), "crossed {crossed}, factor {factor}, kind {kind}: {error}");
                close(bias, 0.0, 0.4 * want[factor][kind]);
            }
        }
    }
}

#[test]
fn intervals_hold_the_exact_shares_about_as_often_as_they_say() {
    // Scrambled points err less than independent ones would, so intervals over base points hold at least what they promise.
    let held = (0..60).map(|seed| {
        let (outcomes, blocks) = ishigami_blocks(256, true, Scrambling::Owen(1000 + seed));
        let bootstrap = Bootstrap { address: Address { seed, label: "cover" }, resamples: 400, level: 0.95 };
        let got = variance_shares(&VarianceAnalysis { bootstrap, ..plain(blocks) }, &outcomes).expect("it is sound");
        let all = got
            .groups
            .iter()
            .zip(EXACT)
            .flat_map(|(group, exact)| [(group.best().first, exact[0]), (group.best().total, exact[1])]);
        all.filter(|(share, exact)| share.interval.low <= *exact && *exact <= share.interval.high).count()
    });
    let share = held.sum::<usize>() as f64 / 360.0;
    assert!(share > 0.92, "{share}");
}

#[test]
fn shares_near_their_closed_forms() {
    // Ishigami's function with b = 0.05, and sums of normal numbers with weights 1, 2, 3 and 1, 1, 0.
    let shares = |outcome: &dyn Fn(&[f64]) -> f64| {
        let (points, shape) = super::blocks(8192, 3, true, Scrambling::Owen(7));
        let outcomes: Vec<f64> = points.iter().map(outcome).collect();
        variance_shares(&plain(shape), &outcomes).expect("it is sound")
    };
    let normal = |u: f64| comity::random::normal_quantile(u);
    let flatter = |row: &[f64]| {
        let x: Vec<f64> = row.iter().map(|u| super::to_angle(*u)).collect();
        super::ishigami(&x) - 0.05 * x[2] * x[2] * x[2] * x[2] * libm::sin(x[0])
    };
    let got = shares(&flatter);
    close(got.variance.value, 8.916_942_440_349_825, 0.02);
    let exact = [
        [0.218_518_564_427_013_34, 0.313_105_356_351_307_1],
        [0.686_894_643_648_693, 0.686_894_643_648_693],
        [0.0, 0.094_586_791_924_293_76],
    ];
    for (group, [first, total]) in got.groups.iter().zip(exact) {
        for shares in [group.plain, group.best()] {
            close(shares.first.value, first, 0.01);
            close(shares.total.value, total, 0.01);
        }
    }
    for (pair, want) in got.pairs.iter().zip([0.0, 0.094_586_791_924_293_76, 0.0]) {
        close(pair.share.value, want, 0.01);
    }
    let slopes: [[f64; 3]; 2] = [[1.0, 2.0, 3.0], [1.0, 1.0, 0.0]];
    for slopes in slopes {
        let line = |row: &[f64]| row.iter().zip(slopes).map(|(u, slope)| slope * normal(*u)).sum::<f64>();
        let got = shares(&line);
        let variance: f64 = slopes.iter().map(|slope| slope * slope).sum();
        close(got.variance.value / variance, 1.0, 0.01);
        for (group, slope) in got.groups.iter().zip(slopes) {
            close(group.best().first.value, slope * slope / variance, 0.01);
            close(group.best().total.value, slope * slope / variance, 0.01);
        }
    }
}

#[test]
fn a_group_has_the_share_of_its_factors_together() {
    // The first and the third factor together have all but the second's.
    let base = comity::statistics::design::BasePoints::at_least(1024).expect("it is small");
    let groups = Groups::of(vec![0, 1, 0]).expect("they are sound");
    let (points, blocks) =
        comity::statistics::design::saltelli(base, &groups, true, Scrambling::Owen(1)).expect("it is small");
    let angles = |row: &[f64]| row.iter().map(|u| super::to_angle(*u)).collect::<Vec<f64>>();
    let outcomes: Vec<f64> = points.iter().map(|row| super::ishigami(&angles(row))).collect();
    let got = variance_shares(&plain(blocks), &outcomes).expect("it is sound");
    let want = 1.0 - EXACT[1][0];
    close(got.groups[0].best().first.value, want, 0.02);
    close(got.groups[0].best().total.value, want, 0.02);
    close(got.pairs[0].share.value, 0.0, 0.05);
}

#[test]
fn a_failed_run_takes_its_base_point_with_it_and_is_counted() {
    let (mut outcomes, blocks) = ishigami_blocks(64, true, Scrambling::Owen(5));
    let mut without = outcomes.clone();
    without.drain(3 * 8..4 * 8);
    outcomes[3 * 8 + 5] = f64::NAN;
    let got = variance_shares(&plain(blocks), &outcomes).expect("it is sound");
    assert_eq!((got.complete, got.failed), (63, 1));
    let want = variance_shares(&plain(blocks), &without).expect("it is sound");
    // All but what is missing without resamples.
    assert_eq!(got.groups[2].best().total.value, want.groups[2].best().total.value);
    assert_eq!(got.variance.value, want.variance.value);
}

#[test]
fn other_tables_too_few_points_and_constants_are_refused() {
    let (mut outcomes, blocks) = ishigami_blocks(16, true, Scrambling::Owen(5));
    let short = variance_shares(&plain(blocks), &outcomes[1..]);
    assert_eq!(short, Err(Refusal::OtherDesign { given: 127, unit: 8, what: "base point", needed: None }));
    (0..9).for_each(|base| outcomes[base * 8] = f64::NAN);
    let few = variance_shares(&plain(blocks), &outcomes);
    assert_eq!(few, Err(Refusal::TooFew { what: "base points", complete: 7, dropped: 9, needed: 8 }));
    assert_eq!(variance_shares(&plain(blocks), &[0.1; 128]), Err(Refusal::Constant));
}

#[test]
fn shares_settle_with_more_base_points_and_the_verdict_says_when() {
    let bootstrap = Bootstrap { address: Address { seed: 4, label: "settle" }, resamples: 500, level: 0.95 };
    let judge = |count| {
        let (outcomes, blocks) = ishigami_blocks(count, true, Scrambling::Owen(2));
        convergence(&VarianceAnalysis { bootstrap, ..plain(blocks) }, &outcomes, NARROW).expect("it is sound")
    };
    let few = judge(32);
    assert_eq!(few.stages.iter().map(|stage| stage.base_points).collect::<Vec<usize>>(), [8, 16, 32]);
    assert!(matches!(few.settled, Settled::Wide | Settled::Neither), "{:?}", few.settled);
    let enough = few.enough.expect("it can be said");
    assert!((1024..=32_768).contains(&enough), "{enough}");
    let many = judge(8192);
    assert_eq!(many.settled, Settled::Settled, "{} {:?}", many.widest, many.stages.len());
    assert!(many.moved < 0.02 && many.widest < few.widest / 4.0);
    let last = many.stages.last().and_then(|stage| stage.shares.as_ref().ok()).expect("it is sound");
    let verdicts: Vec<Importance> =
        last.groups.iter().map(|group| group.best().first.importance(NEGLIGIBLE_SHARE)).collect();
    assert_eq!(verdicts, [Importance::Important, Importance::Important, Importance::Negligible]);
    // Without resamples there is nothing to judge by.
    let (outcomes, blocks) = ishigami_blocks(32, true, Scrambling::Owen(2));
    assert_eq!(convergence(&plain(blocks), &outcomes, NARROW).expect("it is sound").settled, Settled::Unknown);
}
