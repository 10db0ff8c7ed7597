//! Optimisation against another program (pymoo 0.6.2), closed forms, and complete enumeration.

use comity::statistics::optimisation::{
    Dominance, Outcome, Portfolio, Rule, Search, Settings, Subset, Variable, crowding, fronts, hypervolume, knee,
};

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "got {got}, want {want}, off by {:e}", got - want);
}

#[test]
fn fronts_and_crowding_are_those_of_pymoo() {
    let points = [
        [1.0, 9.0],
        [2.0, 7.0],
        [3.0, 7.5],
        [4.0, 4.0],
        [5.0, 5.0],
        [6.0, 3.0],
        [7.0, 3.5],
        [8.0, 1.0],
        [9.0, 2.0],
        [2.0, 8.0],
        [4.0, 4.0],
        [9.5, 0.5],
    ];
    let got = fronts(&points);
    assert_eq!(got, [vec![0, 1, 3, 5, 7, 10, 11], vec![2, 4, 6, 8, 9]]);
    // pymoo takes the mean over the two objectives, here as in Deb and others it is the sum.
    let means = [
        f64::INFINITY,
        0.470_588_235_294_117_64,
        0.176_470_588_235_294_1,
        0.411_764_705_882_352_9,
        0.352_941_176_470_588_2,
        0.294_117_647_058_823_54,
        f64::INFINITY,
    ];
    let distances = crowding(&points, &got[0]);
    for (got, mean) in distances.into_iter().zip(means) {
        assert!(got == mean || (got - 2.0 * mean).abs() < 1e-9, "{got} where twice {mean} was to be");
    }
}

/// Test problems of Zitzler, Deb and Thiele (2000), 30 variables from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Zdt {
    One,
    Two,
    Three,
}

impl Zdt {
    fn evaluate(self, x: &[f64]) -> Outcome {
        let g = 1.0 + 9.0 * x[1..].iter().sum::<f64>() / (x.len() as f64 - 1.0);
        let share = x[0] / g;
        let second = match self {
            Self::One => 1.0 - share.sqrt(),
            Self::Two => 1.0 - share * share,
            Self::Three => 1.0 - share.sqrt() - share * libm::sin(10.0 * core::f64::consts::PI * x[0]),
        };
        Outcome { objectives: vec![x[0], g * second], violation: 0.0 }
    }
}

#[test]
fn a_search_finds_the_fronts_of_zdt_as_well_as_pymoo_does() {
    // The least hypervolume of five runs of pymoo (population 100, 200 generations, reference 1.1 and 1.1), and of the true front.
    let table = [
        (Zdt::One, 0.867_172_304_461_565_5, 0.876_414_226_048_305_7),
        (Zdt::Two, 0.533_190_097_292_155_5, 0.543_083_249_979_166_1),
        (Zdt::Three, 1.325_411_353_637_298_2, 1.331_641_414_461_331),
    ];
    for (problem, least, most) in table {
        for seed in 1..=2 {
            let settings = Settings { seed, population: 100, objectives: 2 };
            let mut search =
                Search::start(&[Variable::Real { low: 0.0, high: 1.0 }; 30], settings).expect("it is sound");
            for _ in 0..200 {
                let outcomes: Vec<Outcome> = search.proposals().iter().map(|x| problem.evaluate(x)).collect();
                search.tell(&outcomes).expect("it is what was proposed");
            }
            let front: Vec<&[f64]> = search.parents().map(|own| own.objectives.as_slice()).collect();
            let volume = hypervolume(&front, &[1.1, 1.1]).expect("it is sound");
            println!("{problem:?} {seed}: {volume}");
            assert!(least - 0.005 <= volume && volume <= most, "{problem:?}: {volume}, pymoo {least}");
            let archive: Vec<&[f64]> = search.archive().iter().map(|own| own.objectives.as_slice()).collect();
            assert!(volume <= hypervolume(&archive, &[1.1, 1.1]).expect("it is sound"));
            assert_eq!(fronts(&archive).len(), 1, "something in the archive is dominated");
        }
    }
}

#[test]
fn the_knee_is_where_the_chord_is_furthest() {
    let points = [
        (0.0, 0.0),
        (5.0, 9.0),
        (7.0, 14.0),
        (9.0, 17.0),
        (11.0, 20.0),
        (12.0, 30.0),
        (15.0, 33.0),
        (17.0, 39.0),
        (19.0, 50.0),
        (20.0, 52.0),
        (24.0, 59.0),
        (25.0, 61.0),
        (27.0, 66.0),
        (28.0, 67.0),
        (29.0, 69.0),
        (30.0, 70.0),
        (31.0, 72.0),
        (32.0, 82.0),
        (34.0, 83.0),
        (35.0, 85.0),
        (36.0, 88.0),
        (37.0, 91.0),
        (39.0, 102.0),
        (43.0, 108.0),
        (44.0, 111.0),
        (47.0, 115.0),
        (48.0, 119.0),
        (50.0, 122.0),
        (51.0, 124.0),
        (53.0, 128.0),
        (54.0, 135.0),
        (56.0, 140.0),
        (59.0, 144.0),
        (61.0, 149.0),
        (63.0, 160.0),
        (68.0, 169.0),
        (72.0, 173.0),
        (73.0, 175.0),
        (74.0, 180.0),
        (79.0, 193.0),
        (84.0, 199.0),
        (93.0, 202.0),
        (97.0, 206.0),
        (99.0, 213.0),
        (104.0, 226.0),
    ];
    let distances = [
        0.0,
        -0.005_836_398_721_502_309,
        -0.003_790_650_716_027_269_6,
        -0.008_002_484_844_946_455,
        -0.012_214_318_973_865_651,
        0.012_274_488_032_850_216,
        0.001_263_550_238_675_769_7,
        0.006_438_089_311_347_897,
        0.027_256_583_720_005_632,
        0.026_715_062_189_144_57,
        0.021_420_184_998_503_313,
        0.020_878_663_467_642_25,
        0.022_924_411_473_117_298,
        0.019_254_098_875_059_175,
        0.018_712_577_344_198_09,
        0.015_042_264_746_139_97,
        0.014_500_743_215_278_927,
        0.038_989_550_221_994_78,
        0.028_520_133_958_681_38,
        0.027_978_612_427_820_3,
        0.030_565_881_964_156_41,
        0.033_153_151_500_492_486,
        0.053_971_645_909_150_18,
        0.045_547_977_651_311_85,
        0.048_135_247_187_647_88,
        0.040_253_100_460_670_55,
        0.045_969_161_064_203_74,
        0.041_757_326_935_284_5,
        0.041_215_805_404_423_496,
        0.040_132_762_342_701_446,
        0.055_235_196_147_825_95,
        0.057_280_944_153_300_976,
        0.049_398_797_426_323_65,
        0.051_444_545_431_798_68,
        0.072_263_039_840_456_41,
        0.066_426_641_118_954_12,
        0.051_745_390_726_721_47,
        0.051_203_869_195_860_466,
        0.060_048_720_866_590_74,
        0.066_727_486_413_876_91,
        0.051_504_714_490_783_254,
        -0.000_300_845_294_922_867_7,
        -0.014_982_095_687_155_436,
        -0.006_678_765_547_286_093,
        0.0,
    ];
    let got = knee(&points).expect("there is one");
    assert_eq!((got.place, points[got.place]), (34, (63.0, 160.0)));
    got.distances.iter().zip(distances).for_each(|(got, want)| close(*got, want, 1e-9));
}

#[test]
fn dominance_of_noisy_options_is_the_product_of_normal_probabilities() {
    let (a, b) = ([(10.0, 0.6), (5.0, 0.3)], [(9.0, 0.5), (5.4, 0.3)]);
    let got = Dominance::between(&a, &b).expect("it is sound");
    close(got.better[0], 0.100_207_730_846_427_42, 1e-12);
    close(got.better[1], 0.827_110_706_924_420_1, 1e-12);
    close(got.dominates, 0.082_882_887_099_680_61, 1e-12);
    close(got.dominated, 0.155_564_449_328_833_07, 1e-12);
    close(got.neither, 0.761_552_663_571_486_3, 1e-12);
    let turned = Dominance::between(&b, &a).expect("it is sound");
    close(turned.dominates, got.dominated, 1e-12);
}

#[test]
fn the_best_package_under_a_budget_may_not_be_made_of_the_best_parts() {
    // Eight measures worth 1 to 8 for as much, the first two worth 20 more together, and the last two 6 less. Under a budget of 12 the
    // best is the first two and 3 + 6 or 4 + 5, all else being 12 at most.
    let costs: Vec<f64> = (1..=8).map(f64::from).collect();
    let value = |own: Subset| {
        let both = |one, other| if own.has(one) && own.has(other) { 1.0 } else { 0.0 };
        own.items().iter().map(|item| *item as f64 + 1.0).sum::<f64>() + 20.0 * both(0, 1) - 6.0 * both(6, 7)
    };
    let best = |rules: &[Rule]| {
        let portfolio = Portfolio { costs: costs.clone(), budget: 12.0, rules: rules.to_vec() };
        let packages = portfolio.packages().expect("there are some");
        assert!(packages.windows(2).all(|pair| pair[0] < pair[1]));
        let most = packages.iter().map(|own| value(*own)).fold(0.0, f64::max);
        (most, packages.into_iter().filter(|own| value(*own) == most).map(Subset::items).collect::<Vec<_>>())
    };
    assert_eq!(best(&[]), (32.0, vec![vec![0, 1, 3, 4], vec![0, 1, 2, 5]]));
    let apart = best(&[Rule::Excludes { item: 0, other: 1 }]);
    assert_eq!(apart.0, 12.0);
    let few = best(&[Rule::AtMost { count: 3, of: (0..8).collect() }, Rule::Requires { item: 1, needs: 7 }]);
    assert_eq!(few, (31.0, vec![vec![0, 1, 7]]));
}

proptest::proptest! {
    #[test]
    fn packages_are_those_found_by_trying_them_one_by_one(
        costs in proptest::collection::vec(0_u8..9, 1..7), budget in 0_u8..30, pairs in proptest::collection::vec((0_usize..6, 0_usize..6, 0_u8..2), 0..4),
    ) {
        let items = costs.len();
        let pairs: Vec<(usize, usize, u8)> = pairs.into_iter().filter(|(a, b, _)| a != b && *a < items && *b < items).collect();
        let rule = |(a, b, kind): &(usize, usize, u8)| match kind {
            0 => Rule::Requires { item: *a, needs: *b },
            _ => Rule::Excludes { item: *a, other: *b },
        };
        let portfolio = Portfolio {
            costs: costs.iter().map(|cost| f64::from(*cost)).collect(),
            budget: f64::from(budget),
            rules: pairs.iter().map(rule).collect(),
        };
        let mut want = Vec::new();
        for bits in 0_u32..1 << items {
            let has = |item: usize| bits & 1 << item != 0;
            let cost: u32 = (0..items).filter(|item| has(*item)).map(|item| u32::from(costs[item])).sum();
            let obeys = pairs.iter().all(|(a, b, kind)| if *kind == 0 { !has(*a) || has(*b) } else { !has(*a) || !has(*b) });
            if obeys && cost <= u32::from(budget) {
                want.push(bits);
            }
        }
        // Nothing at all is always a package here, so only contradictions are refused: an item that then is in no package.
        match portfolio.packages() {
            Ok(got) => proptest::prop_assert_eq!(got.iter().map(|own| own.bits).collect::<Vec<_>>(), want),
            Err(_) => {
                let dead = |item: &usize| {
                    let free = Portfolio { budget: f64::INFINITY, rules: vec![], ..portfolio.clone() };
                    let all = free.packages().expect("there are no rules");
                    let obeys = |own: &Subset| pairs.iter().all(|(a, b, kind)| !own.has(*a) || own.has(*b) == (*kind == 0));
                    !all.iter().any(|own| own.has(*item) && obeys(own))
                };
                proptest::prop_assert!((0..items).any(|item| dead(&item)));
            }
        }
    }
}
