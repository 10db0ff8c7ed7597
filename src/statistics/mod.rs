//! Pure functions on numbers and tables.

mod describe;

pub use describe::{Interval, Moments, gini, mean_interval, median, quantile_sorted, student_quantile};
