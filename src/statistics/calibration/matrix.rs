//! Small symmetric matrices, as rows.

/// Rows of a square matrix.
pub type Matrix = Vec<Vec<f64>>;

/// The lower factor L with L L' = matrix (Cholesky); `None` unless the matrix is positive definite beyond rounding.
pub fn cholesky(matrix: &[Vec<f64>]) -> Option<Matrix> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - done;
            if i != j {
                lower[i][j] = rest / lower[j][j];
            } else if rest > 1e-13 * matrix[i][i].abs() {
                lower[i][i] = libm::sqrt(rest);
            } else {
                return None;
            }
        }
    }
    Some(lower)
}

/// Solves L x = right.
pub fn forward(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut solved: Vec<f64> = Vec::with_capacity(right.len());
    for (row, value) in lower.iter().zip(right) {
        let done: f64 = row.iter().zip(&solved).map(|(entry, known)| entry * known).sum();
        solved.push((value - done) / row[solved.len()]);
    }
    solved
}

/// Solves L' x = right.
pub fn backward(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let size = right.len();
    let mut solved = vec![0.0; size];
    for i in (0..size).rev() {
        let done: f64 = (i + 1..size).map(|k| lower[k][i] * solved[k]).sum();
        solved[i] = (right[i] - done) / lower[i][i];
    }
    solved
}

/// Solves L L' x = right.
pub fn solve(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    backward(lower, &forward(lower, right))
}

/// right' (L L')^-1 right.
pub fn quadratic(lower: &[Vec<f64>], right: &[f64]) -> f64 {
    forward(lower, right).iter().map(|value| value * value).sum()
}

/// The logarithm of the determinant of L L'.
pub fn log_determinant(lower: &[Vec<f64>]) -> f64 {
    2.0 * lower.iter().enumerate().map(|(i, row)| libm::log(row[i])).sum::<f64>()
}

/// Eigenvalues from the smallest up and, in the same order, their vectors of length 1 (Jacobi's rotations). The entry of a vector
/// that is largest in size is above 0.
pub fn eigen(matrix: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = matrix.len();
    let mut a = matrix.to_vec();
    let mut vectors: Matrix = (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let scale: f64 = a.iter().flatten().map(|entry| entry * entry).sum();
    for _ in 0..100 {
        let off: f64 = (0..size).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off <= 1e-32 * scale {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|one, other| a[*one][*one].total_cmp(&a[*other][*other]));
    let values = order.iter().map(|place| a[*place][*place]).collect();
    let column = |place: &usize| {
        let column: Vec<f64> = vectors.iter().map(|row| row[*place]).collect();
        let largest =
            column.iter().fold(0.0_f64, |most, entry| if entry.abs() > most.abs() + 1e-9 { *entry } else { most });
        let sign = if largest < 0.0 { -1.0 } else { 1.0 };
        column.iter().map(|entry| sign * entry).collect()
    };
    (values, order.iter().map(column).collect())
}

/// One rotation, after which the entry (p, q) is 0.
fn rotate(a: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let half = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let tangent = f64::copysign(1.0, half) / (half.abs() + libm::sqrt(half * half + 1.0));
    let cosine = 1.0 / libm::sqrt(tangent * tangent + 1.0);
    let sine = tangent * cosine;
    for row in a.iter_mut().chain(vectors.iter_mut()) {
        let (own, other) = (row[p], row[q]);
        row[p] = cosine * own - sine * other;
        row[q] = sine * own + cosine * other;
    }
    let (before, after) = a.split_at_mut(q);
    for (upper, lower) in before[p].iter_mut().zip(after[0].iter_mut()) {
        let (own, other) = (*upper, *lower);
        *upper = cosine * own - sine * other;
        *lower = sine * own + cosine * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    fn example() -> Matrix {
        vec![vec![4.0, 1.0, -0.5], vec![1.0, 3.0, 0.7], vec![-0.5, 0.7, 2.0]]
    }

    #[test]
    fn a_solution_solves() {
        let matrix = example();
        let lower = cholesky(&matrix).expect("it is positive definite");
        let right = [1.0, -2.0, 0.5];
        let solved = solve(&lower, &right);
        for (row, want) in matrix.iter().zip(right) {
            close(row.iter().zip(&solved).map(|(a, b)| a * b).sum(), want, 1e-13);
        }
        close(quadratic(&lower, &right), right.iter().zip(&solved).map(|(a, b)| a * b).sum(), 1e-13);
        // By the rule of Sarrus.
        close(log_determinant(&lower), libm::log(24.0 - 0.35 - 0.35 - 0.75 - 1.96 - 2.0), 1e-13);
        assert_eq!(cholesky(&[vec![1.0, 2.0], vec![2.0, 4.0]]), None);
    }

    #[test]
    fn eigenvectors_are_only_stretched() {
        let matrix = example();
        let (values, vectors) = eigen(&matrix);
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]));
        for (value, vector) in values.iter().zip(&vectors) {
            for (row, own) in matrix.iter().zip(vector) {
                close(row.iter().zip(vector).map(|(a, b)| a * b).sum(), value * own, 1e-12);
            }
            close(vector.iter().map(|entry| entry * entry).sum(), 1.0, 1e-13);
        }
    }
}
