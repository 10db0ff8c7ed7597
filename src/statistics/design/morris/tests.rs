use super::*;
use crate::statistics::examples::close;

fn plan() -> Trajectories {
    Trajectories { seed: 11, count: 20, candidates: 0, levels: 4 }
}

#[test]
fn each_step_moves_one_group_by_delta_and_stays_on_the_grid() {
    for levels in [2, 4, 6, 8, 10] {
        for groups in [Groups::single(5), Groups::of(vec![2, 0, 1, 0, 2, 2])] {
            let groups = groups.expect("they are sound");
            for candidates in [0, 30] {
                let design = morris(&Trajectories { levels, candidates, ..plan() }, &groups).expect("it is small");
                let grid: Vec<f64> = (0..levels).map(|level| level as f64 / (levels - 1) as f64).collect();
                assert!(design.points.numbers().iter().all(|x| grid.contains(x)));
                assert_eq!(design.points.rows(), 20 * (groups.count() + 1));
                assert_eq!(design.steps.len(), 20 * groups.count());
                for step in &design.steps {
                    let (before, after) = (design.points.row(step.row), design.points.row(step.row + 1));
                    for (factor, group) in groups.of_factors().iter().enumerate() {
                        let moved = (after[factor] - before[factor]).abs();
                        close(moved, if *group == step.group { design.delta } else { 0.0 }, 1e-15);
                    }
                }
                for steps in design.steps.chunks_exact(groups.count()) {
                    let mut met: Vec<usize> = steps.iter().map(|step| step.group).collect();
                    met.sort_unstable();
                    assert_eq!(met, (0..groups.count()).collect::<Vec<usize>>());
                    assert_eq!(steps[0].row % (groups.count() + 1), 0);
                }
            }
        }
    }
}

#[test]
fn every_level_and_either_direction_come_equally_often() {
    let groups = Groups::single(3).expect("there are some");
    let design = morris(&Trajectories { count: 4000, ..plan() }, &groups).expect("it is small");
    // First points: 12,000 coordinates, standard error of a count of a quarter 47.
    let firsts: Vec<f64> = design.points.iter().step_by(4).flatten().copied().collect();
    for level in 0..4 {
        let met = firsts.iter().filter(|x| (**x * 3.0).round() == f64::from(level)).count() as f64;
        close(met, 3000.0, 4.0 * 47.0);
    }
    let rising = |step: &&Step| design.points.at(step.row + 1, step.group) > design.points.at(step.row, step.group);
    close(design.steps.iter().filter(rising).count() as f64, 6000.0, 4.0 * 55.0);
}

#[test]
fn chosen_trajectories_are_wider_than_drawn_ones_and_come_from_the_candidates() {
    let groups = Groups::single(6).expect("there are some");
    let paths = |design: &Morris| {
        let rows: Vec<&[f64]> = design.points.iter().collect();
        rows.chunks_exact(7).map(<[&[f64]]>::concat).collect::<Vec<Vec<f64>>>()
    };
    let plain = paths(&morris(&plan(), &groups).expect("it is small"));
    let candidates = paths(&morris(&Trajectories { count: 200, ..plan() }, &groups).expect("it is small"));
    let chosen = paths(&morris(&Trajectories { candidates: 200, ..plan() }, &groups).expect("it is small"));
    assert_eq!(plain, candidates[..20]);
    assert!(chosen.iter().all(|path| candidates.contains(path)));
    assert!(spread(&chosen, 6) > 1.05 * spread(&plain, 6), "{} {}", spread(&chosen, 6), spread(&plain, 6));
}

#[test]
fn growing_and_exchanging_reaches_nearly_the_best_of_all() {
    let groups = Groups::single(4).expect("there are some");
    let mut equal = 0;
    for seed in 0..20 {
        let design = morris(&Trajectories { seed, count: 14, ..plan() }, &groups).expect("it is small");
        let rows: Vec<&[f64]> = design.points.iter().collect();
        let paths: Vec<Vec<f64>> = rows.chunks_exact(5).map(<[&[f64]]>::concat).collect();
        let square = |i: usize, j: usize| distance(&paths[i], &paths[j], 4);
        let squares: Vec<Vec<f64>> = (0..14).map(|i| (0..14).map(|j| square(i, j) * square(i, j)).collect()).collect();
        let best = sum_of(&squares, &best_of_all(&squares, 5));
        let grown = sum_of(&squares, &best_grown(&squares, 5));
        assert!(0.98 * best < grown && grown <= best * (1.0 + 1e-12), "{grown} of {best}");
        equal += usize::from(grown > best * (1.0 - 1e-9));
    }
    assert!(equal >= 14, "{equal} of 20 are the best");
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let groups = Groups::single(4).expect("there are some");
    let chosen = |seed| morris(&Trajectories { seed, count: 6, candidates: 40, ..plan() }, &groups);
    assert_eq!(chosen(1), chosen(1));
    assert_ne!(chosen(1), chosen(2));
}

#[test]
fn impossible_trajectories_are_refused() {
    let groups = Groups::single(4).expect("there are some");
    let refused = |plan: Trajectories| morris(&plan, &groups).err();
    assert_eq!(refused(Trajectories { levels: 5, ..plan() }), Some(Refusal::OddLevels { levels: 5 }));
    assert_eq!(refused(Trajectories { levels: 0, ..plan() }), Some(Refusal::OddLevels { levels: 0 }));
    assert_eq!(refused(Trajectories { count: 0, ..plan() }), Some(Refusal::NoRows));
    let few = refused(Trajectories { candidates: 5, ..plan() });
    assert_eq!(few, Some(Refusal::FewCandidates { candidates: 5, trajectories: 20 }));
    assert!(matches!(refused(Trajectories { count: 1 << 30, ..plan() }), Some(Refusal::TooManyNumbers { .. })));
    let many = refused(Trajectories { candidates: 1001, ..plan() });
    assert_eq!(many, Some(Refusal::ManyCandidates { candidates: 1001 }));
}

#[test]
fn the_widest_choice_is_that_of_salib_by_either_way() {
    // Six trajectories of three factors on four levels, in thirds; SALib's brute force and local search choose these four.
    const THIRDS: [[u8; 12]; 6] = [
        [3, 3, 3, 3, 3, 1, 3, 1, 1, 1, 1, 1],
        [2, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2],
        [2, 3, 3, 0, 3, 3, 0, 1, 3, 0, 1, 1],
        [1, 1, 3, 1, 1, 1, 3, 1, 1, 3, 3, 1],
        [3, 1, 0, 3, 1, 2, 3, 3, 2, 1, 3, 2],
        [2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 2],
    ];
    let paths = THIRDS.map(|path| path.map(|thirds| f64::from(thirds) / 3.0).to_vec());
    let square = |i: usize, j: usize| distance(&paths[i], &paths[j], 3) * distance(&paths[i], &paths[j], 3);
    let squares: Vec<Vec<f64>> = (0..6).map(|i| (0..6).map(|j| square(i, j)).collect()).collect();
    assert_eq!(widest(&paths, 4, 3), [1, 2, 4, 5]);
    assert_eq!(best_of_all(&squares, 4), [1, 2, 4, 5]);
    assert_eq!(best_grown(&squares, 4), [1, 2, 4, 5]);
}

#[test]
fn a_step_is_half_the_levels() {
    // SALib 1.6.0.
    for (levels, want) in
        [(4, 0.666_666_666_666_666_6), (6, 0.6), (8, 0.571_428_571_428_571_4), (10, 0.555_555_555_555_555_6)]
    {
        close(delta(levels), want, 1e-15);
    }
}
