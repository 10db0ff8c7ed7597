//! How much of the space between a front and a point of reference the front dominates: one number for how good and how wide it is.

use super::Refusal;

/// The area (two objectives) or volume (three) dominated by points, all objectives to be small, as far as the reference. Points that
/// are not better than the reference in every objective, or lack a number, add nothing.
///
/// # Errors
/// With other than two or three objectives, points of another number of them, or a reference that is not finite.
pub fn hypervolume(points: &[impl AsRef<[f64]>], reference: &[f64]) -> Result<f64, Refusal> {
    let objectives = reference.len();
    if !(2..=3).contains(&objectives) {
        let value = objectives as f64;
        return Err(Refusal::Setting { name: "the number of objectives", value, allowed: "2 or 3" });
    }
    if let Some(of) = reference.iter().position(|value| !value.is_finite()) {
        let what = "the reference in objective";
        return Err(Refusal::Number { what, of, value: reference[of], allowed: "a number" });
    }
    if let Some(other) = points.iter().find(|point| point.as_ref().len() != objectives) {
        return Err(Refusal::Uneven { what: "objectives of a point", given: other.as_ref().len(), needed: objectives });
    }
    let better = |point: &&[f64]| point.iter().zip(reference).all(|(value, limit)| value < limit);
    let mut inside: Vec<&[f64]> = points.iter().map(AsRef::as_ref).filter(better).collect();
    if objectives == 2 {
        return Ok(area(&inside, reference));
    }
    // Slices of the third objective, each as wide as all points below it.
    inside.sort_by(|a, b| a[2].total_cmp(&b[2]));
    let end = |last: usize| inside.get(last + 1).map_or(reference[2], |next| next[2]);
    let slice = |last: usize| area(&inside[..=last], reference) * (end(last) - inside[last][2]);
    Ok((0..inside.len()).map(slice).sum())
}

/// The area of the first two objectives.
fn area(points: &[&[f64]], reference: &[f64]) -> f64 {
    let mut order: Vec<(f64, f64)> = points.iter().map(|point| (point[0], point[1])).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut edge = reference[1];
    let mut sum = 0.0;
    for (first, second) in order {
        if second < edge {
            sum += (reference[0] - first) * (edge - second);
            edge = second;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn boxes_are_counted_once() {
        let two = [[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [2.5, 2.5], [2.0, 2.0], [5.0, 0.0], [f64::NAN, 0.0]];
        // 3 x 1, and of the next two boxes what is new: 2 x 1 and 1 x 1.
        close(hypervolume(&two, &[4.0, 4.0]).expect("it is sound"), 6.0, 1e-12);
        let three = [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]];
        // 4 x 1, 1 x 2, in common 1 x 1.
        close(hypervolume(&three, &[2.0, 2.0, 2.0]).expect("it is sound"), 5.0, 1e-12);
        let none: [[f64; 3]; 0] = [];
        assert_eq!(hypervolume(&none, &[1.0; 3]).expect("it is sound"), 0.0);
        assert!(hypervolume(&three, &[1.0, 1.0]).is_err());
        assert!(hypervolume(&[[0.0]], &[1.0]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn it_is_the_share_of_a_fine_grid_that_is_dominated(
            points in proptest::collection::vec(proptest::collection::vec(0_u8..=6, 3), 0..8),
        ) {
            // On whole numbers, cells of a grid are dominated whole or not at all.
            let points: Vec<Vec<f64>> = points.iter().map(|point| point.iter().map(|x| f64::from(*x)).collect()).collect();
            let cells = (0..216).map(|cell| [cell / 36, cell / 6 % 6, cell % 6].map(f64::from));
            let covered = cells.filter(|cell| points.iter().any(|point| point.iter().zip(cell).all(|(x, low)| x <= low)));
            let volume = hypervolume(&points, &[6.0; 3]).expect("it is sound");
            close(volume, covered.count() as f64, 1e-9);
        }
    }
}
