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

/// How a budget is spent.
#[derive(Debug, Clone, Copy)]
enum Way {
    SeedAsFactor,
    Uncorrected,
    Replicates(usize),
    OneSeed,
}

/// Noise, runs of a column, how they are spent, and root mean square errors of first orders and totals measured elsewhere.
const SPENT: [(f64, usize, Way, [[f64; 3]; 2]); 24] = [
    (1.5, 512, Way::SeedAsFactor, [[0.0362, 0.0178, 0.0385], [0.0539, 0.0142, 0.0181]]),
    (1.5, 512, Way::Uncorrected, [[0.0578, 0.0720, 0.0453], [0.0849, 0.0850, 0.1148]]),
    (1.5, 512, Way::Replicates(2), [[0.0521, 0.0469, 0.0506], [0.0641, 0.0389, 0.0229]]),
    (1.5, 512, Way::Replicates(4), [[0.0871, 0.0499, 0.0683], [0.0829, 0.0418, 0.0292]]),
    (1.5, 512, Way::Replicates(8), [[0.1195, 0.0701, 0.0890], [0.1049, 0.0542, 0.0406]]),
    (1.5, 512, Way::OneSeed, [[0.0351, 0.0204, 0.0415], [0.0536, 0.0126, 0.0180]]),
    (1.5, 2048, Way::SeedAsFactor, [[0.0123, 0.0097, 0.0098], [0.0099, 0.0071, 0.0143]]),
    (1.5, 2048, Way::Uncorrected, [[0.0508, 0.0673, 0.0149], [0.0667, 0.0826, 0.1120]]),
    (1.5, 2048, Way::Replicates(2), [[0.0191, 0.0164, 0.0184], [0.0171, 0.0136, 0.0118]]),
    (1.5, 2048, Way::Replicates(4), [[0.0312, 0.0183, 0.0395], [0.0535, 0.0143, 0.0119]]),
    (1.5, 2048, Way::Replicates(8), [[0.0406, 0.0410, 0.0444], [0.0564, 0.0341, 0.0143]]),
    (1.5, 2048, Way::OneSeed, [[0.0123, 0.0110, 0.0168], [0.0089, 0.0066, 0.0143]]),
    (4.0, 512, Way::SeedAsFactor, [[0.0706, 0.0557, 0.0542], [0.0876, 0.0516, 0.1100]]),
    (4.0, 512, Way::Uncorrected, [[0.1805, 0.2494, 0.0594], [0.2574, 0.3116, 0.4230]]),
    (4.0, 512, Way::Replicates(2), [[0.1148, 0.1096, 0.0990], [0.1218, 0.1011, 0.0774]]),
    (4.0, 512, Way::Replicates(4), [[0.1300, 0.0948, 0.1150], [0.1171, 0.0802, 0.0657]]),
    (4.0, 512, Way::Replicates(8), [[0.1443, 0.1077, 0.1202], [0.1274, 0.0841, 0.0715]]),
    (4.0, 512, Way::OneSeed, [[0.0715, 0.0622, 0.1145], [0.0830, 0.0476, 0.1084]]),
    (4.0, 2048, Way::SeedAsFactor, [[0.0319, 0.0299, 0.0251], [0.0325, 0.0254, 0.0987]]),
    (4.0, 2048, Way::Uncorrected, [[0.1786, 0.2464, 0.0261], [0.2465, 0.3081, 0.4184]]),
    (4.0, 2048, Way::Replicates(2), [[0.0519, 0.0498, 0.0519], [0.0533, 0.0487, 0.0445]]),
    (4.0, 2048, Way::Replicates(4), [[0.0562, 0.0473, 0.0559], [0.0692, 0.0389, 0.0341]]),
    (4.0, 2048, Way::Replicates(8), [[0.0585, 0.0621, 0.0594], [0.0646, 0.0468, 0.0312]]),
    (4.0, 2048, Way::OneSeed, [[0.0327, 0.0328, 0.1007], [0.0313, 0.0246, 0.0985]]),
];

#[test]
fn a_budget_spent_in_each_way_gives_the_errors_measured_elsewhere() {
    for (sigma, budget, way, want) in SPENT {
        let got = errors(if budget > 1000 { 60 } else { 100 }, |round| {
            let scrambling = Scrambling::Owen(round);
            let (outcomes, shape, chance) = match way {
                Way::SeedAsFactor => {
                    let (points, own) = blocks(budget, 3, false, scrambling);
                    let (outcomes, seeded) = with_seed(&points, own, noisy(sigma), 100 + round);
                    (outcomes, seeded, Chance::Seed { group: 3 })
                }
                Way::Uncorrected => {
                    let (points, own) = blocks(budget, 3, false, scrambling);
                    (replicated(&points, 1, noisy(sigma), 300 + round), own, Chance::Ignored)
                }
                Way::Replicates(count) => {
                    let (points, own) = blocks(budget / count, 3, false, scrambling);
                    let chance = Chance::Replicates { count, draws: SharedDraws::Apart };
                    (replicated(&points, count, noisy(sigma), 300 + round), own, chance)
                }
                Way::OneSeed => {
                    // All members of a block draw alike, and only the seed's own column by itself.
                    let (points, own) = blocks(budget, 3, false, scrambling);
                    let (apart, seeded) = with_seed(&points, own, noisy(sigma), 100 + round);
                    let outcome = |(row, apart): (usize, &f64)| {
                        let (base, member) = seeded.member(row);
                        let own_row = own.row(base, if member == Member::Ab(3) { Member::A } else { member });
                        let x = points.row(own_row.expect("it is there"));
                        let alike = noisy(sigma)(x, &mut luck(100 + round, 2 * base as u64));
                        if member == Member::Ab(3) { *apart } else { alike }
                    };
                    (apart.iter().enumerate().map(outcome).collect(), seeded, Chance::Seed { group: 3 })
                }
            };
            variance_shares(&analysis(shape, chance), &outcomes).expect("it is sound")
        });
        for (got, want) in got.iter().flatten().zip(want.iter().flatten()) {
            // Up to a hundred rounds here, hardly more there, and errors of few base points have long tails.
            assert!((0.6..1.6).contains(&(got / want)), "{sigma} {budget} {way:?}: got {got}, want {want}");
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
