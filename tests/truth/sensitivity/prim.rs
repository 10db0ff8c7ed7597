//! Where it fails.

use super::{close, luck};
use comity::statistics::sensitivity::{End, Interest, Peeling, Prim, Refusal, Sample, prim};

/// Four factors; interest where the first is low and the second high, with some noise.
fn planted(rows: u64) -> Sample {
    let mut columns = vec![Vec::new(); 4];
    let mut outcomes = Vec::new();
    for row in 0..rows {
        let mut draws = luck(6, row);
        let x: Vec<f64> = (0..4).map(|_| draws.uniform()).collect();
        let inside = x[0] < 0.35 && x[1] > 0.6;
        let hit = if inside { draws.uniform() < 0.9 } else { draws.uniform() < 0.03 };
        columns.iter_mut().zip(&x).for_each(|(column, x)| column.push(*x));
        outcomes.push(f64::from(u8::from(hit)));
    }
    Sample::complete(&columns, &outcomes).expect("it is sound")
}

fn search(sample: &Sample) -> Prim {
    prim(sample, Interest::AtLeast(0.5), &Peeling::default()).expect("it is sound")
}

#[test]
fn the_planted_box_is_found() {
    let found = search(&planted(1200));
    let best = found.boxes.iter().filter(|own| own.coverage > 0.75).max_by(|a, b| a.density.total_cmp(&b.density));
    let best = best.expect("the whole covers all");
    assert!(best.density > 0.75, "{best:?}");
    let limit = |factor, end| best.limits.iter().find(|limit| limit.factor == factor && limit.end == end);
    close(limit(0, End::High).expect("it limits the first").value, 0.35, 0.06);
    close(limit(1, End::Low).expect("it limits the second").value, 0.6, 0.06);
    assert!(limit(0, End::High).is_some_and(|limit| limit.quasi_p < 1e-9));
}

#[test]
fn each_cut_takes_a_twentieth_of_a_box_and_the_numbers_of_a_box_are_those_of_its_points() {
    let sample = planted(600);
    let found = search(&sample);
    let points: Vec<usize> = found.boxes.iter().map(|own| own.points).collect();
    // Without ties a box of n loses floor((n - 1) / 20) + 1 points, whichever cut is made.
    assert_eq!(points[..5], [600, 570, 541, 513, 487]);
    let cuts = points[..=found.cuts].windows(2);
    assert!(cuts.clone().all(|pair| pair[0] - pair[1] == (pair[0] - 1) / 20 + 1), "{points:?}");
    assert!(points[found.cuts..].windows(2).all(|pair| pair[1] > pair[0]));
    assert!(found.boxes.windows(2).all(|pair| pair[1].density > pair[0].density));
    let all = sample.outcomes().iter().filter(|outcome| **outcome > 0.5).count();
    for own in &found.boxes {
        let inside = |row: &usize| {
            let values = sample.factors().iter().map(|column| column[*row]);
            values.zip(&own.ranges).all(|(value, range)| range.low <= value && value <= range.high)
        };
        let rows: Vec<usize> = (0..600).filter(inside).collect();
        let hits = rows.iter().filter(|row| sample.outcomes()[**row] > 0.5).count();
        assert_eq!((own.points, own.hits), (rows.len(), hits));
        close(own.coverage, hits as f64 / all as f64, 1e-15);
        close(own.density, hits as f64 / rows.len() as f64, 1e-15);
        close(own.mass, rows.len() as f64 / 600.0, 1e-15);
        assert!(own.mass >= 0.05);
        assert_eq!(own.restricted, own.limits.chunk_by(|a, b| a.factor == b.factor).count());
    }
}

#[test]
fn a_limit_that_does_nothing_has_a_large_quasi_p() {
    let found = search(&planted(600));
    let last = found.boxes.last().expect("the whole is there");
    let of = |factor| last.limits.iter().filter(move |limit| limit.factor == factor);
    assert!(of(0).chain(of(1)).any(|limit| limit.quasi_p < 1e-6));
    assert!(of(2).chain(of(3)).all(|limit| limit.quasi_p > 1e-3), "{:?}", last.limits);
}

#[test]
fn the_same_points_in_another_order_give_the_same_boxes() {
    let sample = planted(400);
    let turned: Vec<Vec<f64>> = sample.factors().iter().map(|column| column.iter().rev().copied().collect()).collect();
    let outcomes: Vec<f64> = sample.outcomes().iter().rev().copied().collect();
    assert_eq!(search(&sample), search(&Sample::complete(&turned, &outcomes).expect("it is sound")));
    // Interest in low outcomes is interest in the opposite ones.
    let opposite: Vec<f64> = sample.outcomes().iter().map(|outcome| -outcome).collect();
    let mirrored = Sample::complete(sample.factors(), &opposite).expect("it is sound");
    let got = prim(&mirrored, Interest::AtMost(-0.5), &Peeling::default()).expect("it is sound");
    assert_eq!(got, search(&sample));
}

#[test]
fn levels_of_a_factor_are_cut_whole() {
    let column: Vec<f64> = (0..90).map(|row| f64::from(row % 3)).collect();
    let outcomes: Vec<f64> = column.iter().map(|level| f64::from(u8::from(*level == 2.0))).collect();
    let sample = Sample::complete(&[column], &outcomes).expect("it is sound");
    let found = search(&sample);
    assert_eq!(found.boxes.iter().map(|own| own.points).collect::<Vec<usize>>(), [90, 60, 30]);
    assert_eq!(found.boxes[2].ranges[0].low, 1.5);
    assert_eq!((found.boxes[2].density, found.boxes[2].coverage), (1.0, 1.0));
}

#[test]
fn nothing_to_tell_apart_too_few_points_and_odd_settings_are_refused() {
    let sample = planted(100);
    let all = prim(&sample, Interest::AtLeast(-1.0), &Peeling::default());
    assert_eq!(all, Err(Refusal::OneKind { all: true }));
    let few = prim(&planted(39), Interest::AtLeast(0.5), &Peeling::default());
    assert_eq!(few, Err(Refusal::TooFew { what: "points", complete: 39, dropped: 0, needed: 40 }));
    let odd = prim(&sample, Interest::AtLeast(0.5), &Peeling { peel: 0.0, ..Peeling::default() });
    assert!(matches!(odd, Err(Refusal::Setting { .. })));
}
