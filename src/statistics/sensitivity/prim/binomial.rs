//! The upper tail of the binomial distribution.

/// P(X >= least) for X binomial of n and p, summed from the smallest term up to about 13 digits; never 0 by cancellation.
pub(super) fn at_least(least: usize, n: usize, p: f64) -> f64 {
    if least == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 || least > n {
        return 0.0;
    }
    let (log_p, log_rest) = (libm::log(p), libm::log1p(-p));
    let factorial = |k: usize| libm::lgamma(k as f64 + 1.0);
    let all = factorial(n);
    let term =
        |k: usize| libm::exp(all - factorial(k) - factorial(n - k) + k as f64 * log_p + (n - k) as f64 * log_rest);
    (least..=n).rev().map(term).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_small_tables() {
        // Ten throws of a coin: P(X >= 8) = 56 / 1024; a die: P(X >= 1 of 4) = 1 - (5/6)^4.
        assert!((at_least(8, 10, 0.5) - 56.0 / 1024.0).abs() < 1e-14);
        assert!((at_least(1, 4, 1.0 / 6.0) - (1.0 - 625.0 / 1296.0)).abs() < 1e-14);
        assert_eq!(at_least(0, 5, 0.2), 1.0);
        assert_eq!(at_least(3, 5, 0.0), 0.0);
        // All of 40 at one tenth: 1e-40, relatively exact.
        assert!((at_least(40, 40, 0.1) / 1e-40 - 1.0).abs() < 1e-11);
    }
}
