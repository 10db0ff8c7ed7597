use super::*;
use crate::statistics::examples::close;

fn base(count: usize) -> BasePoints {
    BasePoints::at_least(count).expect("it is small")
}

/// Whether every elementary interval of two columns that should hold one point in 2^(m - t) holds 2^t.
fn is_net(points: &Points, columns: [usize; 2], t: u32) -> bool {
    let m = points.rows().ilog2();
    (0..=m - t).all(|cuts| {
        let across = m - t - cuts;
        let mut met = vec![0_usize; 1 << (m - t)];
        for row in points.iter() {
            let cell = |x: f64, cuts: u32| (x * f64::from(1_u32 << cuts)) as usize;
            met[(cell(row[columns[0]], cuts) << across) + cell(row[columns[1]], across)] += 1;
        }
        met.iter().all(|count| *count == 1 << t)
    })
}

#[test]
fn every_elementary_interval_of_the_first_two_dimensions_has_its_share() {
    for m in 0..=10 {
        let plain = sobol(base(1 << m), 2, Scrambling::None).expect("it is small");
        assert!(is_net(&plain, [0, 1], 0), "plain, 2^{m}");
        for seed in 0..5 {
            let scrambled = sobol(base(1 << m), 2, Scrambling::Owen(seed)).expect("it is small");
            assert!(is_net(&scrambled, [0, 1], 0), "scrambled, seed {seed}, 2^{m}");
        }
    }
    // The test can fail: a pair of dimensions that is no net of the best kind.
    let later = sobol(base(256), 8, Scrambling::None).expect("it is small");
    assert!(!is_net(&later, [5, 7], 0));
}

#[test]
fn scrambling_keeps_the_quality_of_each_pair_of_dimensions() {
    let plain = sobol(base(256), 12, Scrambling::None).expect("it is small");
    let scrambled = sobol(base(256), 12, Scrambling::Owen(77)).expect("it is small");
    let quality = |points: &Points, pair| (0..=8).find(|t| is_net(points, pair, *t));
    for pair in (0..12).flat_map(|a| (0..a).map(move |b| [a, b])) {
        assert_eq!(quality(&plain, pair), quality(&scrambled, pair), "{pair:?}");
    }
}

#[test]
fn each_dimension_alone_has_one_point_in_each_stratum() {
    for scrambling in [Scrambling::None, Scrambling::Owen(5)] {
        let points = sobol(base(512), MOST_DIMENSIONS, scrambling).expect("it is small");
        for column in 0..MOST_DIMENSIONS {
            let mut met: Vec<usize> = points.column(column).map(|x| (x * 512.0) as usize).collect();
            met.sort_unstable();
            assert_eq!(met, (0..512).collect::<Vec<usize>>(), "dimension {column}");
        }
    }
}

#[test]
fn twice_the_points_begin_with_the_same_ones() {
    for scrambling in [Scrambling::None, Scrambling::Owen(5)] {
        let few = sobol(base(64), 3, scrambling).expect("it is small");
        let many = sobol(base(128), 5, scrambling).expect("it is small");
        assert!(few.iter().zip(many.iter()).all(|(few, many)| few == &many[..3]));
    }
}

#[test]
fn a_scrambled_point_is_uniform_and_its_digits_are_independent_coins() {
    // The third point of 4000 scramblings: chi-square over 16 cells and over 16 cells of finer digits, 99.9 % point with
    // 15 degrees of freedom 37.7.
    for scale in [16.0, 16.0 * 4096.0] {
        let mut met = [0.0; 16];
        for seed in 0..4000 {
            let points = sobol(base(4), 2, Scrambling::Owen(seed)).expect("it is small");
            met[(points.at(2, 1) * scale) as usize % 16] += 1.0;
        }
        let chi_square: f64 = met.iter().map(|count| (count - 250.0) * (count - 250.0) / 250.0).sum();
        assert!(chi_square < 37.7, "{chi_square}");
    }
}

#[test]
fn points_fall_independently_within_their_cells() {
    // Each of 16 cells holds one point, and no coin behind the fourth digit is shared: the places within the cells are
    // uncorrelated, with standard error 1/sqrt(3000) = 0.018.
    let pairs: Vec<(f64, f64)> = (0..3000)
        .map(|seed| {
            let points = sobol(base(16), 1, Scrambling::Owen(seed)).expect("it is small");
            let place = |row| points.at(row, 0) * 16.0 % 1.0 - 0.5;
            (place(0), place(9))
        })
        .collect();
    let correlation = pairs.iter().map(|(x, y)| x * y).sum::<f64>() / 3000.0 * 12.0;
    close(correlation, 0.0, 4.0 * 0.018);
}

#[test]
fn scrambled_points_integrate_with_less_error_than_chance() {
    // The product of six 1 + (x - 1/2): mean 1. Root mean square error over 40 scramblings of 256 points; plain Monte Carlo
    // has sd 0.79 / 16 = 0.05.
    let errors = (0..40).map(|seed| {
        let points = sobol(base(256), 6, Scrambling::Owen(seed)).expect("it is small");
        let mean = points.iter().map(|row| row.iter().map(|x| 0.5 + x).product::<f64>()).sum::<f64>() / 256.0;
        (mean - 1.0) * (mean - 1.0)
    });
    let error = libm::sqrt(errors.sum::<f64>() / 40.0);
    assert!(error < 0.01, "{error}");
}

#[test]
fn polynomials_are_primitive_and_initial_numbers_odd_and_small() {
    let mut seen = Vec::new();
    for (inner, initial) in DIRECTIONS {
        let degree = initial.len() as u32;
        let polynomial = 1 << degree | inner << 1 | 1;
        assert!(!seen.contains(&polynomial), "{polynomial} comes twice");
        seen.push(polynomial);
        // Powers of x modulo the polynomial come round after 2^degree - 1 steps and not before.
        let next = |power: u32| {
            let doubled = power << 1;
            if doubled >> degree & 1 == 1 { doubled ^ polynomial } else { doubled }
        };
        let mut power = next(1);
        let mut steps = 1;
        while power != 1 {
            power = next(power);
            steps += 1;
        }
        assert_eq!(steps, (1 << degree) - 1, "{polynomial}");
        assert!(initial.iter().enumerate().all(|(place, m)| m % 2 == 1 && m >> (place + 1) == 0), "{initial:?}");
    }
}

#[test]
fn counts_are_rounded_up_to_a_power_of_two_and_it_is_said() {
    let asked = |count| BasePoints::at_least(count).map(|base| (base.count(), base.notice().is_some()));
    assert_eq!(asked(1), Ok((1, false)));
    assert_eq!(asked(1000), Ok((1024, true)));
    assert_eq!(asked(1024), Ok((1024, false)));
    assert_eq!(asked(0), Err(Refusal::NoRows));
    assert!(asked(usize::MAX).is_err());
    let words = base(1000).notice().expect("it was rounded");
    assert!(words.contains("1000 base points were rounded up to 1024"), "{words}");
}

#[test]
fn too_many_dimensions_are_refused() {
    let refused = sobol(base(4), MOST_DIMENSIONS + 1, Scrambling::None);
    assert_eq!(refused, Err(Refusal::TooManyDimensions { needed: 129, method: Method::Sobol }));
    assert_eq!(sobol(base(4), 0, Scrambling::None), Err(Refusal::NoFactors));
    assert!(matches!(sobol(base(1 << 26), 2, Scrambling::None), Err(Refusal::TooManyNumbers { .. })));
}

#[test]
fn a_digit_is_flipped_by_the_coin_of_the_digits_before_it() {
    // Rows 0, 1 and 8 to 15 of the first dimension: 0, 1/2, and in sixteenths.
    let sixteenths = |x: f64| (x * 16.0) as u32;
    let plain = sobol(base(16), 1, Scrambling::None).expect("it is small");
    let row_of = |x: u32| plain.column(0).position(|got| sixteenths(got) == x).expect("each comes once");
    let (zero, half, one) = (row_of(0), row_of(8), row_of(1));
    let mut agree = [0.0; 4];
    for seed in 0..2000 {
        let scrambled = sobol(base(16), 1, Scrambling::Owen(seed)).expect("it is small");
        let flips = |row: usize| sixteenths(scrambled.at(row, 0)) ^ sixteenths(plain.at(row, 0));
        // 0000 and 0001 share the digits before each of their four.
        assert_eq!(flips(zero), flips(one));
        // 0000 and 1000 share none: only the first coin is the same.
        for (place, agree) in agree.iter_mut().enumerate() {
            *agree += f64::from(1 - ((flips(zero) ^ flips(half)) >> (3 - place) & 1));
        }
    }
    assert_eq!(agree[0], 2000.0);
    agree[1..].iter().for_each(|agree| close(*agree, 1000.0, 4.0 * 22.4));
}
