//! Calibration against reference values of other programs, closed forms and exact posteriors.

mod checks;
mod generations;
mod matching;
mod regression;
mod targets;

/// Says which number is off, and by how much.
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "got {got}, want {want}, off by {:e}", got - want);
}

/// All numbers of a table, by row, without its header.
fn table(text: &str) -> Vec<Vec<f64>> {
    let row = |line: &str| line.split(',').map(|number| number.parse().expect("it is a number")).collect();
    text.lines().skip(1).map(row).collect()
}

/// All numbers of two lists are close.
fn all_close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).for_each(|(got, want)| close(*got, *want, tolerance));
}
