//! Designs of experiments against other programs: scipy 1.17.1 (`stats.qmc`) and SALib 1.6.0, and through the estimators that
//! live on them against the exact variance shares of a known function.

use comity::statistics::design::{
    BasePoints, Ends, Goal, Groups, Law, Margin, Member, Points, Scrambling, centred_discrepancy, even_levels,
    full_factorial, improved_latin_hypercube, largest_correlation, latin_hypercube, quality, saltelli,
    smallest_distance, sobol, spread, trajectory, wraparound_discrepancy,
};

fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "got {got}, want {want}, off by {:e}", got - want);
}

fn base(count: usize) -> BasePoints {
    BasePoints::at_least(count).expect("it is small")
}

#[test]
fn a_full_factorial_of_categories_whole_numbers_and_numbers_comes_in_the_order_of_a_product() {
    // itertools.product(["a", "b"], [1, 2, 3], [0.1, 0.2]): the last fastest.
    let levels = [even_levels(2, Ends::Left), even_levels(3, Ends::Left), even_levels(2, Ends::Included)];
    let points = full_factorial(&levels).expect("it is small");
    let margin = |law| Margin::new(law).expect("it is sound");
    let margins = [
        margin(Law::Categories { count: 2 }),
        margin(Law::Integers { low: 1, high: 3 }),
        margin(Law::Interval { low: 0.1, high: 0.2 }),
    ];
    let rows: Vec<Vec<f64>> =
        points.iter().map(|row| margins.iter().zip(row).map(|(margin, u)| margin.at(*u)).collect()).collect();
    let mut want = Vec::new();
    for category in [0.0, 1.0] {
        for whole in [1.0, 2.0, 3.0] {
            for number in [0.1, 0.2] {
                want.push(vec![category, whole, number]);
            }
        }
    }
    assert_eq!(rows, want);
}

#[test]
fn plain_sobol_points_are_those_of_scipy() {
    // The first 16 of 8 dimensions, in sixteenths.
    const SIXTEENTHS: [[u8; 8]; 16] = [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [8, 8, 8, 8, 8, 8, 8, 8],
        [12, 4, 4, 4, 12, 12, 4, 12],
        [4, 12, 12, 12, 4, 4, 12, 4],
        [6, 6, 10, 14, 6, 2, 6, 14],
        [14, 14, 2, 6, 14, 10, 14, 6],
        [10, 2, 14, 10, 10, 14, 2, 2],
        [2, 10, 6, 2, 2, 6, 10, 10],
        [3, 5, 15, 7, 9, 5, 7, 15],
        [11, 13, 7, 15, 1, 13, 15, 7],
        [15, 1, 11, 3, 5, 9, 3, 3],
        [7, 9, 3, 11, 13, 1, 11, 11],
        [5, 3, 5, 9, 15, 7, 1, 1],
        [13, 11, 13, 1, 7, 15, 9, 9],
        [9, 7, 1, 13, 3, 11, 5, 13],
        [1, 15, 9, 5, 11, 3, 13, 5],
    ];
    let points = sobol(base(16), 8, Scrambling::None).expect("it is small");
    for (got, want) in points.iter().zip(SIXTEENTHS) {
        assert_eq!(got, want.map(|sixteenths| f64::from(sixteenths) / 16.0));
    }
}

#[test]
fn a_thousand_plain_sobol_points_of_all_dimensions_are_those_of_scipy() {
    // Every coordinate of 1024 points of 128 dimensions, folded into one word; and some by themselves.
    let points = sobol(base(1024), 128, Scrambling::None).expect("it is small");
    let fold = |word: u64, x: &f64| {
        word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add((x * f64::from(1 << 30)) as u64).wrapping_add(1)
    };
    assert_eq!(points.numbers().iter().fold(0, fold), 0xb72c_15e2_02d6_0000);
    assert_eq!(points.at(1023, 127), 0.700_195_312_5);
    assert_eq!(points.at(777, 63), 0.426_757_812_5);
    let first = sobol(base(1024), 64, Scrambling::None).expect("it is small");
    assert_eq!(first.numbers().iter().sum::<f64>(), 32_736.0);
}

#[test]
fn numbers_of_quality_are_those_of_scipy() {
    let hypercube = [[0.1, 0.5, 0.3], [0.3, 0.1, 0.7], [0.5, 0.9, 0.1], [0.7, 0.3, 0.9], [0.9, 0.7, 0.5]];
    let hypercube = Points::from_rows(&hypercube.map(Vec::from)).expect("they are points");
    let got = quality(&hypercube);
    close(got.centred_discrepancy, 0.030_157_637_037_036_666, 1e-12);
    close(got.wraparound_discrepancy, 0.061_251_709_629_630_11, 1e-12);
    close(got.smallest_distance, 0.489_897_948_556_635_6, 1e-12);
    close(got.largest_correlation, 0.799_999_999_999_999_9, 1e-12);

    let net = sobol(base(16), 2, Scrambling::None).expect("it is small");
    close(centred_discrepancy(&net), 0.003_624_386_257_595_313_4, 1e-12);
    close(wraparound_discrepancy(&net), 0.003_968_132_866_753_571, 1e-12);
    close(smallest_distance(&net), 0.088_388_347_648_318_45, 1e-12);
    close(largest_correlation(&net), 0.011_764_705_882_352_941, 1e-12);

    let grid = full_factorial(&[even_levels(3, Ends::Left), even_levels(3, Ends::Left)]).expect("it is small");
    close(centred_discrepancy(&grid), 0.019_975_994_513_030_67, 1e-12);
    close(wraparound_discrepancy(&grid), 0.049_725_651_577_504_415, 1e-12);
    close(smallest_distance(&grid), 0.333_333_333_333_333_37, 1e-12);
    close(largest_correlation(&grid), 0.0, 1e-12);
}

#[test]
fn latin_hypercubes_and_scrambled_points_are_as_even_as_those_of_scipy() {
    // Medians of the centred discrepancy over 20 seeds in scipy: plain, after exchanges ("random-cd"), scrambled Sobol'.
    let median = |design: &dyn Fn(u64) -> Points| {
        let mut values: Vec<f64> = (0..20).map(|seed| centred_discrepancy(&design(seed))).collect();
        values.sort_by(f64::total_cmp);
        (values[9] + values[10]) / 2.0
    };
    for (rows, columns, plain, exchanged, scrambled) in [
        (16, 3, 0.008_765_940_433_385_078, 0.004_490_844_651_473_758, 0.005_359_707_171_423_866_4),
        (64, 6, 0.011_005_828_070_305_257, 0.004_283_804_223_240_484, 0.005_329_040_475_155_589),
    ] {
        let got = median(&|seed| latin_hypercube(seed, rows, columns).expect("it is small"));
        close(got / plain, 1.0, 0.15);
        let improved =
            |seed| improved_latin_hypercube(seed, rows, columns, Goal::Discrepancy, 10_000).expect("it is small");
        let got = median(&improved);
        assert!(got < 1.1 * exchanged, "{got} against {exchanged}");
        let got = median(&|seed| sobol(base(rows), columns, Scrambling::Owen(seed)).expect("it is small"));
        close(got / scrambled, 1.0, 0.15);
    }
}

#[test]
fn blocks_of_saltelli_are_those_of_salib() {
    // N = 4, three factors, second order, in quarters: A, AB_1 to AB_3, BA_1 to BA_3, B.
    const QUARTERS: [[u8; 3]; 32] = [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [3, 1, 1],
        [1, 1, 1],
        [3, 3, 1],
        [3, 1, 3],
        [3, 3, 3],
        [1, 1, 3],
        [1, 3, 1],
        [1, 3, 3],
        [1, 3, 3],
        [3, 3, 3],
        [1, 1, 3],
        [1, 3, 1],
        [1, 1, 1],
        [3, 3, 1],
        [3, 1, 3],
        [3, 1, 1],
    ];
    let groups = Groups::single(3).expect("there are some");
    let (points, _) = saltelli(base(4), &groups, true, Scrambling::None).expect("it is small");
    assert_eq!(points.rows(), 32);
    for (got, want) in points.iter().zip(QUARTERS) {
        assert_eq!(got, want.map(|quarters| f64::from(quarters) / 4.0));
    }

    // SALib's older sampler skipped four points: ours are the later half of twice as many. Its first two blocks, in eighths.
    const LEGACY: [[u8; 3]; 16] = [
        [3, 3, 5],
        [7, 3, 5],
        [3, 3, 5],
        [3, 3, 1],
        [3, 3, 1],
        [7, 3, 1],
        [7, 3, 5],
        [7, 3, 1],
        [7, 7, 1],
        [3, 7, 1],
        [7, 7, 1],
        [7, 7, 5],
        [7, 7, 5],
        [3, 7, 5],
        [3, 7, 1],
        [3, 7, 5],
    ];
    let (points, _) = saltelli(base(8), &groups, true, Scrambling::None).expect("it is small");
    for (got, want) in points.iter().skip(32).zip(LEGACY) {
        assert_eq!(got, want.map(|eighths| f64::from(eighths) / 8.0));
    }

    // Two groups, N = 2: six points at the origin, six at the centre.
    let groups = Groups::of(vec![0, 1, 0]).expect("they are sound");
    let (points, _) = saltelli(base(2), &groups, true, Scrambling::None).expect("it is small");
    let want: Vec<f64> = [[0.0; 18], [0.5; 18]].concat();
    assert_eq!(points.numbers(), want);
}

/// The function of Ishigami and Homma with a = 7 and b = 0.1, its three inputs even from -pi to pi.
fn ishigami(point: &[f64]) -> f64 {
    let x: Vec<f64> = point.iter().map(|u| to_angle(*u)).collect();
    let sines = [libm::sin(x[0]), libm::sin(x[1])];
    sines[0] + 7.0 * sines[1] * sines[1] + 0.1 * x[2] * x[2] * x[2] * x[2] * sines[0]
}

fn to_angle(u: f64) -> f64 {
    let pi = std::f64::consts::PI;
    Margin::new(Law::Interval { low: -pi, high: pi }).expect("it is sound").at(u)
}

#[test]
fn the_sample_of_64_base_points_is_that_of_salib() {
    let groups = Groups::single(3).expect("there are some");
    let (points, _) = saltelli(base(64), &groups, true, Scrambling::None).expect("it is small");
    assert_eq!(points.rows(), 512);
    let quarter = std::f64::consts::FRAC_PI_4;
    let rows = [
        (60, [-3.0 * quarter, -3.0 * quarter, -quarter], 2.765_987_504_430_891),
        (301, [2.650_718_801_466_388, 0.883_572_933_822_129, -1.276_272_015_520_853_6], 4.779_284_709_512_063),
        (511, [-0.294_524_311_274_043, 2.258_019_719_767_664, -2.258_019_719_767_663_7], 3.137_899_769_083_962),
    ];
    for (row, angles, outcome) in rows {
        points.row(row).iter().zip(angles).for_each(|(u, angle)| close(to_angle(*u), angle, 1e-14));
        close(ishigami(points.row(row)), outcome, 1e-12);
    }
    // All rows: the angles, each times the number of its row from 1.
    for (column, want) in
        [-1_621.061_809_252_332_8, 3_204.424_506_661_588_6, -1_621.061_809_252_334_3].into_iter().enumerate()
    {
        let sum: f64 = points.column(column).enumerate().map(|(row, u)| (row + 1) as f64 * to_angle(u)).sum();
        close(sum, want, 1e-8);
    }
}

/// First-order (Saltelli and others 2010, centred) and total (Jansen) shares of Ishigami's function.
fn shares(count: usize, second_order: bool, scrambling: Scrambling) -> [[f64; 2]; 3] {
    let groups = Groups::single(3).expect("there are some");
    let (points, blocks) = saltelli(base(count), &groups, second_order, scrambling).expect("it is small");
    let outcome = |base, member| ishigami(points.row(blocks.row(base, member).expect("it is there")));
    let of = |member| (0..count).map(|base| outcome(base, member)).collect::<Vec<f64>>();
    let (a, b) = (of(Member::A), of(Member::B));
    let n = count as f64;
    let both = a.iter().chain(&b);
    let mean = both.clone().sum::<f64>() / (2.0 * n);
    let variance = both.map(|y| (y - mean) * (y - mean)).sum::<f64>() / (2.0 * n);
    [0, 1, 2].map(|factor| {
        let mixed = of(Member::Ab(factor));
        let first: f64 = (0..count).map(|i| (b[i] - mean) * (mixed[i] - a[i])).sum();
        let total: f64 = (0..count).map(|i| (a[i] - mixed[i]) * (a[i] - mixed[i])).sum();
        [first / (n * variance), total / (2.0 * n * variance)]
    })
}

#[test]
fn variance_shares_from_plain_blocks_are_the_reference_values() {
    let check = |count, second_order, first: [f64; 3], total: [f64; 3]| {
        let got = shares(count, second_order, Scrambling::None);
        for factor in 0..3 {
            close(got[factor][0], first[factor], 1e-10);
            close(got[factor][1], total[factor], 1e-10);
        }
    };
    check(
        64,
        true,
        [0.292_937_851_231_564_57, 0.608_943_130_814_157_2, -0.022_897_457_636_202_22],
        [0.575_938_339_669_809_9, 0.460_527_469_550_390_87, 0.192_801_109_909_168_18],
    );
    check(
        256,
        false,
        [0.325_952_348_201_362_76, 0.482_007_284_193_992_47, 0.011_733_171_934_743_686],
        [0.564_602_482_027_506_2, 0.457_007_142_980_521_2, 0.250_648_843_543_775_76],
    );
    check(
        1024,
        true,
        [0.332_955_304_116_902_1, 0.441_313_938_544_067_36, 0.018_578_602_420_244_23],
        [0.558_179_045_711_466_5, 0.443_284_584_030_347_43, 0.242_149_373_354_965_67],
    );
}

#[test]
fn variance_shares_from_scrambled_blocks_are_right_and_as_precise_as_elsewhere() {
    // Exact shares; root mean square errors at N = 256 measured with scipy's scrambling. Over 100 seeds an error is
    // known to 7 % (one standard error), the mean of the shares to a tenth of it.
    let exact = [[0.313_905, 0.557_589], [0.442_411, 0.442_411], [0.0, 0.243_684]];
    let errors = [[0.040, 0.060], [0.042, 0.032], [0.051, 0.010]];
    let all: Vec<[[f64; 2]; 3]> = (0..100).map(|seed| shares(256, false, Scrambling::Owen(seed))).collect();
    for factor in 0..3 {
        for kind in 0..2 {
            let off = |shares: &[[f64; 2]; 3]| shares[factor][kind] - exact[factor][kind];
            let mean = all.iter().map(off).sum::<f64>() / 100.0;
            let error = (all.iter().map(|shares| off(shares) * off(shares)).sum::<f64>() / 100.0).sqrt();
            close(mean, 0.0, 0.4 * errors[factor][kind]);
            assert!(error < 1.3 * errors[factor][kind], "factor {factor}, kind {kind}: {error}");
        }
    }
}

#[test]
fn a_trajectory_is_the_matrix_of_morris() {
    // SALib's B* for x* = (1/3, 0, 1/3), four levels, the second factor first, then the third, then the first; only the
    // first rises.
    let groups = Groups::single(3).expect("there are some");
    let got = trajectory(&[1, 0, 1], &[true, false, false], &[1, 2, 0], &groups, 4);
    let third = 1.0 / 3.0;
    let want = [third, 2.0 * third, 1.0, third, 0.0, 1.0, third, 0.0, third, 1.0, 0.0, third];
    got.iter().zip(want).for_each(|(got, want)| close(*got, want, 1e-14));
}

#[test]
fn distances_of_trajectories_and_the_widest_choice_are_those_of_salib() {
    // Six trajectories of three factors on four levels, in thirds; SALib keeps distances in single precision.
    const THIRDS: [[u8; 12]; 6] = [
        [3, 3, 3, 3, 3, 1, 3, 1, 1, 1, 1, 1],
        [2, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2],
        [2, 3, 3, 0, 3, 3, 0, 1, 3, 0, 1, 1],
        [1, 1, 3, 1, 1, 1, 3, 1, 1, 3, 3, 1],
        [3, 1, 0, 3, 1, 2, 3, 3, 2, 1, 3, 2],
        [2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 2],
    ];
    let paths: Vec<Vec<f64>> =
        THIRDS.iter().map(|path| path.iter().map(|thirds| f64::from(*thirds) / 3.0).collect()).collect();
    let want: [&[f64]; 6] = [
        &[],
        &[16.00753402709961],
        &[16.087886810302734, 17.153732299804688],
        &[11.023446083068848, 14.157984733581543, 14.747735023498535],
        &[11.243387222290039, 16.584854125976562, 16.046634674072266, 11.910054206848145],
        &[17.06391716003418, 11.023446083068848, 15.019414901733398, 14.686175346374512, 17.490768432617188],
    ];
    for (i, row) in want.iter().enumerate() {
        for (j, want) in row.iter().enumerate() {
            let got = spread(&[paths[i].clone(), paths[j].clone()], 3);
            close(got / want, 1.0, 1e-6);
        }
    }
    let mut best = (0.0, Vec::new());
    for left in 0..6 {
        for other in 0..left {
            let choice: Vec<usize> = (0..6).filter(|path| *path != left && *path != other).collect();
            let chosen: Vec<Vec<f64>> = choice.iter().map(|path| paths[*path].clone()).collect();
            if spread(&chosen, 3) > best.0 {
                best = (spread(&chosen, 3), choice);
            }
        }
    }
    assert_eq!(best.1, [1, 2, 4, 5]);
}
