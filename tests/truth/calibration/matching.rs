//! History matching and its emulator.

use super::{all_close, close};
use comity::random::{Purpose, Randomness};
use comity::statistics::calibration::{
    CUT, Covariance, Emulator, ErrorModel, Expected, Observed, Refusal, Smoothness, Target, chi_square_quantile,
    implausibilities, implausibility, joint_implausibility, non_implausible,
};

#[test]
fn implausibility_is_that_of_the_worked_example() {
    let target = Target::new(10.0, ErrorModel::Deviation { sd: 0.5 }, 0.8).expect("it is sound");
    let want = [
        10.599_978_800_063_6,
        10.281_979_436_061_69,
        9.327_981_344_055_967,
        7.737_984_524_046_426,
        5.511_988_976_033_071,
        2.649_994_700_015_9,
        0.847_998_304_005_090_6,
        4.981_990_036_029_894,
        9.751_980_496_058_513,
        15.157_969_684_090_947,
        21.199_957_600_127_2,
    ];
    let of = |x: f64| implausibility(&target, Expected { mean: 30.0 * x * x, variance: 0.0 });
    let got: Vec<f64> = (0..11).map(|step| of(f64::from(step) / 10.0)).collect();
    all_close(&got, &want, 1e-12);
    close(of(0.488_869_637_032_989_9), CUT, 1e-12);
    close(of(0.653_967_235_153_183_6), CUT, 1e-12);
    close(non_implausible(&got, CUT), 2.0 / 11.0, 1e-15);
    // Uncertainty of the simulator or its emulator makes a setting less implausible.
    close(implausibility(&target, Expected { mean: 13.0, variance: 8.11 }), 1.0, 1e-12);
}

#[test]
fn several_targets_have_a_largest_and_a_second_largest_implausibility() {
    let figures: Vec<Target> = [474.0, 142.0, 36.0]
        .iter()
        .map(|value| Target::new(*value, ErrorModel::Poisson, 0.1 * value).expect("it is sound"))
        .collect();
    for (predicted, each, second) in [
        (
            [500.0, 150.0, 40.0],
            [0.498_457_610_154_250_55, 0.431_556_966_615_946_67, 0.571_661_950_475_029_4],
            0.498_457_610_154_250_55,
        ),
        (
            [430.0, 120.0, 30.0],
            [0.843_543_647_953_347_1, 1.186_781_658_193_853_3, 0.857_492_925_712_544_2],
            0.857_492_925_712_544_2,
        ),
        ([474.0, 142.0, 36.0], [0.0, 0.0, 0.0], 0.0),
        ([600.0, 142.0, 36.0], [2.415_602_264_593_675_7, 0.0, 0.0], 0.0),
    ] {
        let expected = predicted.map(|mean| Expected { mean, variance: 0.0 });
        let got = implausibilities(&figures, &expected).expect("as many");
        all_close(&got.each, &each, 1e-12);
        close(got.largest, each.iter().copied().fold(0.0, f64::max), 1e-12);
        close(got.second, second, 1e-12);
    }
    // Together, without correlation: the sum of squares against chi-square with three degrees of freedom.
    let off = [26.0, 8.0, 4.0];
    let mut covariance = vec![vec![0.0; 3]; 3];
    for (place, own) in figures.iter().enumerate() {
        covariance[place][place] = own.variance() + own.discrepancy() * own.discrepancy();
    }
    let got = joint_implausibility(&off, &covariance, 0.95).expect("it is sound");
    close(got.squared, figures.iter().zip(off).map(|(own, off)| own.distance(own.value() + off)).sum(), 1e-12);
    close(got.cut, chi_square_quantile(3.0, 0.95), 0.0);
    assert!(!got.implausible());
    let replicates = Expected::of_replicates(&[3.0, 5.0, f64::NAN, 7.0]).expect("there are three");
    close(replicates.mean, 5.0, 1e-15);
    close(replicates.variance, 4.0 / 3.0, 1e-15);
}

/// Ten points of two parameters.
const POINTS: [[f64; 2]; 10] = [
    [0.05, 0.2],
    [0.15, 0.9],
    [0.3, 0.5],
    [0.45, 0.05],
    [0.5, 0.75],
    [0.65, 0.4],
    [0.8, 0.95],
    [0.95, 0.1],
    [0.7, 0.7],
    [0.2, 0.35],
];
const OUTCOMES: [f64; 10] =
    [0.330_52, 1.525_827, 1.148_848, 0.418_63, 0.516_12, -0.657_766, -0.473_665, -0.588_186, -0.626_576, 1.019_539];

/// What scikit-learn says with known hyperparameters: smoothness, means and standard deviations at four points, log marginal likelihood,
/// leave-one-out means, variances, standardised residuals and log predictive density.
type Known = (Smoothness, [f64; 4], [f64; 4], f64, [f64; 10], [f64; 10], [f64; 10], f64);

const KNOWN: [Known; 3] = [
    (
        Smoothness::Gaussian,
        [0.393_556_928_945_193, 0.255_547_554_371_952_76, -0.578_210_434_216_866, 1.164_399_328_018_540_5],
        [0.211_019_550_896_095_5, 0.130_335_192_896_051_33, 0.310_757_103_709_329_35, 0.084_755_766_624_115_9],
        -6.577_114_013_225_594,
        [
            0.593_869_482_701_689_9,
            1.009_392_558_498_076_7,
            1.204_063_866_322_443_4,
            0.110_908_229_355_201_12,
            0.343_694_900_917_169_25,
            -0.516_127_930_141_548_5,
            -0.517_547_855_761_371_1,
            -0.864_440_295_543_837_7,
            -0.601_080_848_436_266_6,
            0.951_782_663_647_827_3,
        ],
        [
            0.173_473_327_968_958_9,
            0.585_399_063_006_477_3,
            0.035_505_563_419_803_036,
            0.302_756_707_654_639_75,
            0.111_633_463_531_874_45,
            0.075_487_863_571_854_44,
            0.164_307_049_384_367_33,
            0.853_800_796_989_675_5,
            0.037_346_455_284_851_86,
            0.031_517_512_362_640_59,
        ],
        [
            -0.632_289_710_610_445,
            0.674_977_329_787_219_4,
            -0.293_032_429_776_667_4,
            0.559_256_880_384_153_9,
            0.516_063_667_621_304_4,
            -0.515_515_149_798_827_6,
            0.108_259_691_213_599_57,
            0.298_972_168_700_608_17,
            -0.131_926_762_354_588_83,
            0.381_657_630_191_551_9,
        ],
        -0.061_916_813_894_337_897,
    ),
    (
        Smoothness::Matern52,
        [0.357_818_336_832_788_1, 0.272_901_264_050_685_27, -0.534_460_062_853_322, 1.152_650_572_726_193_5],
        [0.320_252_789_279_659_1, 0.317_527_680_529_596_23, 0.465_852_898_277_747_95, 0.096_558_791_974_050_25],
        -8.696_613_110_131_517,
        [
            0.685_723_781_397_812,
            0.785_832_068_076_208_6,
            1.205_065_836_410_749_2,
            0.084_276_796_561_535_25,
            0.236_584_509_868_294_32,
            -0.397_257_987_771_248_43,
            -0.495_169_795_262_564_77,
            -0.543_847_566_002_542_6,
            -0.549_174_649_994_012_7,
            0.899_057_244_116_771_5,
        ],
        [
            0.422_330_682_207_804_4,
            0.851_041_821_295_237_3,
            0.147_841_581_105_091_27,
            0.649_670_522_538_802_8,
            0.355_708_170_016_965_3,
            0.263_314_737_540_061_85,
            0.413_646_739_129_336_5,
            1.131_224_539_310_075,
            0.149_546_579_883_646_14,
            0.125_895_057_842_200_48,
        ],
        [
            -0.546_576_887_908_711_7,
            0.802_145_763_520_408_1,
            -0.146_209_579_529_216_18,
            0.414_819_255_336_231_26,
            0.468_694_690_852_340_6,
            -0.507_672_339_578_449_3,
            0.033_436_476_806_326_13,
            -0.041_687_508_641_329_5,
            -0.200_152_165_378_236_52,
            0.339_560_330_325_925_03,
        ],
        -4.841_960_125_966_192,
    ),
    (
        Smoothness::Matern32,
        [0.356_949_366_646_648_84, 0.283_313_964_699_254_24, -0.514_277_853_550_389_6, 1.148_656_740_424_245_4],
        [0.401_229_705_411_010_33, 0.444_960_940_469_564_64, 0.563_071_905_756_900_6, 0.098_109_401_929_399_92],
        -9.568_898_034_031_493,
        [
            0.701_472_412_970_727_3,
            0.713_511_981_045_779_6,
            1.143_741_552_269_206_3,
            0.095_752_141_999_075_11,
            0.217_616_582_146_742,
            -0.319_097_928_060_118_05,
            -0.462_215_598_517_414_67,
            -0.445_594_947_612_141_9,
            -0.511_088_897_442_077_3,
            0.887_332_650_064_317_5,
        ],
        [
            0.598_811_762_641_282_6,
            0.951_711_059_882_782_7,
            0.266_990_434_892_186_66,
            0.799_263_758_165_996_4,
            0.518_441_380_766_773,
            0.407_422_554_592_150_54,
            0.580_480_698_817_983_5,
            1.204_104_338_441_296_6,
            0.262_520_414_888_909_4,
            0.231_267_246_131_398_57,
        ],
        [
            -0.479_372_414_643_536_86,
            0.832_668_096_089_431_9,
            0.009_882_595_947_438_027,
            0.361_154_643_435_827_15,
            0.414_571_534_300_788_2,
            -0.530_581_033_728_224_2,
            -0.015_027_574_600_549_157,
            -0.129_945_191_576_719_88,
            -0.225_398_979_039_582_75,
            0.274_912_983_185_277_74,
        ],
        -6.603_901_291_179_205,
    ),
];

#[test]
fn the_emulator_with_known_hyperparameters_is_that_of_scikit_learn() {
    let points: Vec<Vec<f64>> = POINTS.iter().map(|point| point.to_vec()).collect();
    let observed = Observed { points: &points, means: &OUTCOMES, noise: &[0.01; 10] };
    for (smoothness, means, sds, likelihood, left_means, left_variances, left_standardised, log_density) in KNOWN {
        let covariance = Covariance { smoothness, variance: 1.5, lengthscales: vec![0.3, 0.6] };
        let emulator = Emulator::new(observed, 0.0, covariance).expect("it is sound");
        for (place, point) in [[0.1, 0.1], [0.5, 0.5], [0.9, 0.9], [0.3, 0.5]].iter().enumerate() {
            let got = emulator.at(point).expect("it has two coordinates");
            close(got.mean, means[place], 1e-8);
            close(libm::sqrt(got.variance), sds[place], 1e-8);
        }
        close(emulator.log_likelihood(), likelihood, 1e-8);
        let left = emulator.left_out();
        all_close(&left.means, &left_means, 1e-8);
        all_close(&left.variances, &left_variances, 1e-8);
        all_close(&left.standardised, &left_standardised, 1e-8);
        close(left.log_density, log_density, 1e-8);
    }
}

#[test]
fn the_emulator_of_replicates_weighs_each_mean_by_its_noise() {
    let points: Vec<Vec<f64>> = [0.0, 0.25, 0.5, 0.75, 1.0].iter().map(|x| vec![*x]).collect();
    let noise = [0.2 / 4.0, 0.1 / 8.0, 0.4 / 2.0, 0.05 / 16.0, 0.3 / 4.0];
    let observed = Observed { points: &points, means: &[0.1, 0.8, 0.95, 0.4, -0.3], noise: &noise };
    let covariance = Covariance { smoothness: Smoothness::Gaussian, variance: 1.0, lengthscales: vec![0.3] };
    let emulator = Emulator::new(observed, 0.0, covariance).expect("it is sound");
    for (x, mean, variance) in [
        (0.1, 0.401_260_844_329_837_3, 0.029_028_179_765_432_816),
        (0.6, 0.781_756_412_698_220_7, 0.045_565_958_592_054_7),
        (0.9, -0.025_706_269_848_148_906, 0.032_813_695_859_806_424),
    ] {
        let got = emulator.at(&[x]).expect("it has one coordinate");
        close(got.mean, mean, 1e-10);
        close(got.variance, variance, 1e-10);
    }
}

#[test]
fn a_fitted_emulator_foretells_what_it_was_not_told() {
    // sin(6 x) + y / 2 around 40, seen in five replicates of standard deviation 0.2 at 60 points; the third parameter does nothing.
    let truth = |x: &[f64]| 40.0 + libm::sin(6.0 * x[0]) + 0.5 * x[1];
    let mut points = Vec::new();
    let mut means = Vec::new();
    for index in 0..60 {
        let mut draws = Randomness { seed: 4, replicate: 0 }.at(Purpose::Bootstrap, 33, index);
        let point: Vec<f64> = (0..3).map(|_| draws.uniform()).collect();
        means.push(truth(&point) + 0.2 * draws.normal() / libm::sqrt(5.0));
        points.push(point);
    }
    let observed = Observed { points: &points, means: &means, noise: &[0.04 / 5.0; 60] };
    let emulator = Emulator::fitted(observed, Smoothness::Matern52).expect("it is sound");
    let mut squares = 0.0;
    let mut inside = 0;
    for index in 0..200 {
        let mut draws = Randomness { seed: 4, replicate: 0 }.at(Purpose::Bootstrap, 34, index);
        let point: Vec<f64> = (0..3).map(|_| draws.uniform()).collect();
        let got = emulator.at(&point).expect("it has three coordinates");
        let off = got.mean - truth(&point);
        squares += off * off / 200.0;
        inside += usize::from(off.abs() <= 2.0 * libm::sqrt(got.variance));
    }
    // The outcome's standard deviation is about 0.7.
    assert!(squares.sqrt() < 0.07, "{}", squares.sqrt());
    assert!((175..=200).contains(&inside), "{inside}");
    let lengths = &emulator.covariance().lengthscales;
    assert!(lengths[0] < lengths[1] && lengths[1] < lengths[2], "{lengths:?}");
    // Better than any start of the search, and than steps away from where it ended.
    for (axis, by) in (0..3).flat_map(|axis| [(axis, 0.8), (axis, 1.25)]) {
        let mut covariance = emulator.covariance().clone();
        covariance.lengthscales[axis] *= by;
        let moments: comity::statistics::Moments = means.iter().copied().collect();
        let other = Emulator::new(observed, moments.mean(), covariance).expect("it is sound");
        let bounded = emulator.covariance().lengthscales[axis] > 9.0;
        assert!(bounded || other.log_likelihood() <= emulator.log_likelihood() + 1e-3, "{axis} {by}");
    }
    let left = emulator.left_out();
    let spread: comity::statistics::Moments = left.standardised.iter().copied().collect();
    assert!((0.7..1.35).contains(&spread.sd()), "{}", spread.sd());
}

#[test]
fn points_in_one_place_need_noise() {
    let points = vec![vec![0.3], vec![0.3], vec![0.8]];
    let covariance = || Covariance { smoothness: Smoothness::Gaussian, variance: 1.0, lengthscales: vec![0.3] };
    let exact = Observed { points: &points, means: &[1.0, 1.2, 2.0], noise: &[0.0; 3] };
    assert_eq!(Emulator::new(exact, 0.0, covariance()), Err(Refusal::Singular { what: "points" }));
    assert!(Emulator::new(Observed { noise: &[0.1; 3], ..exact }, 0.0, covariance()).is_ok());
    let below = Observed { noise: &[0.1, -0.1, 0.1], ..exact };
    assert!(matches!(Emulator::new(below, 0.0, covariance()), Err(Refusal::Setting { .. })));
}
