//! Chance in the outcomes, and how shares keep it out.

use super::{EXACT, NONE, blocks, close, ishigami, luck, plain, to_angle};
use comity::random::Draws;
use comity::statistics::design::{Blocks, Member, Points, Scrambling};
use comity::statistics::sensitivity::{
    Centre, Chance, Refusal, Replicated, Replication, SharedDraws, VarianceAnalysis, VarianceShares, log_variances,
    variance_replication, variance_shares,
};

/// Blocks with one more group, the seed: A and all AB_i but the last draw alike, and so do B and all BA_i but the last. The outcome knows
/// the factors and the draws.
fn with_seed(points: &Points, own: Blocks, of: impl Fn(&[f64], &mut Draws) -> f64, test: u64) -> (Vec<f64>, Blocks) {
    let seeded = Blocks { groups: own.groups + 1, second_order: own.second_order };
    let bases = points.rows() / own.size();
    let outcome = |base: usize, row: Member, of_b: bool| {
        let mut draws = luck(test, (base * 2 + usize::from(of_b)) as u64);
        of(points.row(own.row(base, row).expect("it is there")), &mut draws)
    };
    let block = |base: usize| {
        (0..seeded.size()).map(move |place| match seeded.member(place).1 {
            Member::Ab(group) if group == own.groups => (base, Member::A, true),
            Member::Ba(group) if group == own.groups => (base, Member::B, false),
            member @ (Member::A | Member::Ab(_)) => (base, member, false),
            member @ (Member::B | Member::Ba(_)) => (base, member, true),
        })
    };
    ((0..bases).flat_map(block).map(|(base, member, of_b)| outcome(base, member, of_b)).collect(), seeded)
}

/// A point's replicates, drawn for it alone.
fn replicated(points: &Points, count: usize, of: impl Fn(&[f64], &mut Draws) -> f64, test: u64) -> Vec<f64> {
    let one = |row: usize, x: &[f64], replicate: usize| of(x, &mut luck(test, (row * count + replicate) as u64));
    points
        .iter()
        .enumerate()
        .flat_map(|(row, x)| (0..count).map(move |replicate| (row, x, replicate)))
        .map(|(row, x, replicate)| one(row, x, replicate))
        .collect()
}

fn analysis(blocks: Blocks, chance: Chance) -> VarianceAnalysis<'static> {
    VarianceAnalysis { blocks, chance, centre: Centre::Pairs, bootstrap: NONE }
}

/// Y = X1 + 2 X2 + (1 + X3) Z: closed forms for everything.
fn linear(x: &[f64], draws: &mut Draws) -> f64 {
    x[0] + 2.0 * x[1] + (1.0 + x[2]) * draws.normal()
}

/// Ishigami's function with noise of a standard deviation that rises with the third factor.
fn noisy(sigma: f64) -> impl Fn(&[f64], &mut Draws) -> f64 {
    move |x, draws| {
        let angles: Vec<f64> = x.iter().map(|u| to_angle(*u)).collect();
        ishigami(&angles) + sigma * (0.5 + x[2]) * draws.normal()
    }
}

#[test]
fn with_the_seed_as_a_factor_all_shares_of_a_stochastic_model_are_its_closed_forms() {
    let (points, own) = blocks(32_768, 3, true, Scrambling::Owen(1));
    let (outcomes, seeded) = with_seed(&points, own, linear, 20);
    let got = variance_shares(&analysis(seeded, Chance::Seed { group: 3 }), &outcomes).expect("it is sound");
    // Of V = 2.75: the seed's own share, with and without interactions.
    close(got.groups[3].best().total.value, 0.848_484_848_484_848_5, 0.01);
    close(got.groups[3].best().first.value, 0.818_181_818_181_818_1, 0.01);
    close(got.chance.expect("it is seen").value, 0.848_484_848_484_848_5, 0.01);
    // Of the variance of the mean response, 0.41667.
    close(got.variance.value, 0.416_666_666_666_666_63, 0.03);
    for (group, first) in [0.2, 0.8, 0.0].into_iter().enumerate() {
        close(got.groups[group].best().first.value, first, 0.05);
    }
    // Total shares of V hold the interaction with the seed.
    let whole = variance_shares(&plain(seeded), &outcomes).expect("it is sound");
    close(whole.variance.value, 2.75, 0.03);
    for (group, total) in [0.030_303, 0.121_212, 0.030_303].into_iter().enumerate() {
        close(whole.groups[group].best().total.value, total, 0.006);
        close(got.groups[group].best().total.value / (total * 2.75 / 0.416_667), 1.0, 0.12);
    }
    let pair = whole.pairs.iter().find(|pair| (pair.one, pair.other) == (2, 3)).expect("it is there");
    close(pair.share.value, 0.030_303_030_303_030_3, 0.02);
}

#[test]
fn replicates_by_themselves_shrink_and_lift_shares_as_the_closed_forms_say_and_corrected_they_are_right() {
    let (points, own) = blocks(16_384, 3, false, Scrambling::Owen(2));
    let raw = |got: &VarianceShares| {
        [0, 1, 2].map(|group| [got.groups[group].plain.first.value, got.groups[group].plain.total.value])
    };
    let cases = [
        (1, [[0.030_303, 0.878_788], [0.121_212, 0.969_697], [0.0, 0.848_485]]),
        (5, [[0.094_340, 0.622_642], [0.377_358, 0.905_660], [0.0, 0.528_302]]),
        (20, [[0.156_25, 0.375], [0.625, 0.843_75], [0.0, 0.218_75]]),
    ];
    for (count, want) in cases {
        let outcomes = replicated(&points, count, linear, 21);
        let means = Replicated::of(&outcomes, count).expect("they are whole points");
        let got = raw(&variance_shares(&plain(own), &means.means).expect("it is sound"));
        for (got, want) in got.iter().flatten().zip(want.iter().flatten()) {
            close(*got, *want, 0.03);
        }
        if count == 1 {
            continue;
        }
        close(means.noise(), 2.333_333_333_333_333_5, 0.03);
        for draws in [SharedDraws::Apart, SharedDraws::Alike] {
            let chance = Chance::Replicates { count, draws };
            let got = variance_shares(&analysis(own, chance), &outcomes).expect("it is sound");
            close(got.variance.value, 0.416_666_666_666_666_63, 0.02);
            for (got, want) in raw(&got).iter().zip([0.2, 0.8, 0.0]) {
                got.iter().for_each(|share| close(*share, want, 0.05));
            }
            close(got.chance.expect("it is seen").value, 0.848_484_848_484_848_5, 0.01);
            let noise = got.noise.expect("it is seen");
            let verdict = variance_replication(noise, got.variance.value, count, 0.5);
            let enough = matches!(verdict, Replication::Enough);
            assert_eq!(enough, count == 20, "{verdict:?}");
        }
    }
}

#[test]
fn replicates_that_draw_alike_everywhere_need_the_correction_for_that() {
    // Replicate k has the same seed at every point, so x3 and the seed interact in means as well: V_3,seed / r of the variance.
    // All luck is in two draws here, so many small designs are averaged.
    let (points, own) = blocks(512, 3, false, Scrambling::Owen(3));
    let sums = |draws: SharedDraws| {
        let mut sums = [0.0; 2];
        for round in 0..300_u64 {
            let one = |x: &[f64], replicate: u64| linear(x, &mut luck(22, round * 2 + replicate));
            let outcomes: Vec<f64> = points.iter().flat_map(|x| [one(x, 0), one(x, 1)]).collect();
            let chance = Chance::Replicates { count: 2, draws };
            match variance_shares(&analysis(own, chance), &outcomes) {
                Ok(got) => {
                    sums[0] += got.variance.value / 300.0;
                    sums[1] += got.groups[2].plain.total.value * got.variance.value / 300.0;
                }
                // Taking away as if draws were apart can leave nothing.
                Err(refusal) => assert!(matches!(refusal, Refusal::OnlyChance { .. })),
            }
        }
        sums
    };
    let [variance, third] = sums(SharedDraws::Alike);
    close(variance, 0.416_667, 0.02);
    close(third, 0.0, 0.02);
    let [variance, third] = sums(SharedDraws::Apart);
    assert!((variance - 0.416_667).abs() > 0.1 || third < -0.1, "{variance} {third}");
}

#[test]
fn dispersion_has_shares_of_its_own() {
    // Only x3 moves the variance over replicates; the halves tell how uncertain an estimated logarithm is.
    let (points, own) = blocks(2048, 3, true, Scrambling::Owen(4));
    let outcomes = replicated(&points, 20, linear, 23);
    let logs = log_variances(&outcomes, 20).expect("there are enough");
    let chance = Chance::Replicates { count: logs.batches, draws: SharedDraws::Apart };
    let got = variance_shares(&analysis(own, chance), &logs.values).expect("it is sound");
    // Var(log (1 + X)^2) = 4 (int log^2 - (int log)^2) over 1 to 2.
    let log2 = core::f64::consts::LN_2;
    let mean = 2.0 * log2 - 1.0;
    let square = 2.0 * log2 * log2 - 4.0 * log2 + 2.0;
    close(got.variance.value, 4.0 * (square - mean * mean), 0.012);
    for (group, want) in [0.0, 0.0, 1.0].into_iter().enumerate() {
        let shares = got.groups[group].best();
        close(shares.first.value, want, 0.1);
        close(shares.total.value, want, 0.1);
    }
}

/// Root mean square errors of first orders and totals of the mean response, over rounds.
fn errors(rounds: u64, shares: impl Fn(u64) -> VarianceShares) -> [[f64; 3]; 2] {
    let mut squares = [[0.0; 3]; 2];
    for round in 0..rounds {
        let got = shares(round);
        for factor in 0..3 {
            let own = got.groups[factor].plain;
            for (kind, share) in [own.first.value, own.total.value].into_iter().enumerate() {
                let off = share - EXACT[factor][kind];
                squares[kind][factor] += off * off / rounds as f64;
            }
        }
    }
    squares.map(|kind| kind.map(f64::sqrt))
}

#[track_caller]
fn near(got: [[f64; 3]; 2], want: [[f64; 3]; 2]) {
    for (got, want) in got.iter().flatten().zip(want.iter().flatten()) {
        assert!((0.7..1.4).contains(&(got / want)), "got {got}, want {want}");
    }
}

#[test]
fn a_budget_of_512_runs_a_column_gives_the_errors_measured_elsewhere() {
    // Errors of the mean response's shares, known there and here to about a tenth.
    let cases = [
        (
            1.5,
            [[0.036_192, 0.017_774, 0.038_508], [0.053_943, 0.014_246, 0.018_146]],
            [[0.052_052, 0.046_860, 0.050_551], [0.064_090, 0.038_925, 0.022_882]],
            [[0.087_115, 0.049_892, 0.068_322], [0.082_933, 0.041_823, 0.029_227]],
        ),
        (
            4.0,
            [[0.070_586, 0.055_741, 0.054_186], [0.087_612, 0.051_552, 0.109_957]],
            [[0.114_771, 0.109_606, 0.098_953], [0.121_768, 0.101_136, 0.077_361]],
            [[0.129_951, 0.094_817, 0.115_031], [0.117_091, 0.080_215, 0.065_700]],
        ),
    ];
    for (sigma, as_factor, twice, four_times) in cases {
        let seed_as_factor = errors(100, |round| {
            let (points, own) = blocks(512, 3, false, Scrambling::Owen(round));
            let (outcomes, seeded) = with_seed(&points, own, noisy(sigma), 100 + round);
            variance_shares(&analysis(seeded, Chance::Seed { group: 3 }), &outcomes).expect("it is sound")
        });
        near(seed_as_factor, as_factor);
        for (count, want) in [(2, twice), (4, four_times)] {
            let with_replicates = errors(100, |round| {
                let (points, own) = blocks(512 / count, 3, false, Scrambling::Owen(round));
                let outcomes = replicated(&points, count, noisy(sigma), 300 + round);
                let chance = Chance::Replicates { count, draws: SharedDraws::Apart };
                variance_shares(&analysis(own, chance), &outcomes).expect("it is sound")
            });
            near(with_replicates, want);
        }
    }
}

#[test]
fn pure_chance_is_refused_or_named_as_such() {
    let (points, own) = blocks(64, 2, false, Scrambling::Owen(6));
    let (outcomes, seeded) = with_seed(&points, own, |_, draws| draws.normal(), 24);
    // The AB_i equal A, and AB_seed equals B: V_Tseed is half the mean squared difference of A and B.
    let got = variance_shares(&analysis(seeded, Chance::Seed { group: 2 }), &outcomes);
    match got {
        Err(Refusal::OnlyChance { .. }) => {}
        Ok(got) => assert!(got.chance.expect("it is seen").value > 0.9),
        Err(other) => panic!("{other}"),
    }
    let absent = variance_shares(&analysis(seeded, Chance::Seed { group: 3 }), &outcomes);
    assert_eq!(absent, Err(Refusal::NoSuchGroup { group: 3, groups: 3 }));
    let chance = Chance::Replicates { count: 1, draws: SharedDraws::Apart };
    assert!(matches!(variance_shares(&analysis(own, chance), &outcomes), Err(Refusal::Setting { .. })));
}
