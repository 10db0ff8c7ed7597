//! Which laws are possible.

use super::Law;
use crate::statistics::normal_probability;

/// The most whole numbers or categories of a factor, so that each owns a part that coordinates can tell.
const MOST_VALUES: f64 = 1e9;

/// What is wrong with a law, and how to mend it.
pub(super) fn check(law: &Law) -> Result<(), String> {
    match law {
        Law::Interval { low, high } => ends(*low, *high),
        Law::Logarithmic { low, high } => {
            ends(*low, *high)?;
            above_zero("the low end of a logarithmic interval", *low)
        }
        Law::Integers { low, high } => {
            if low > high {
                return Err(format!(
                    "whole numbers from {low} to {high}: the low end is above the high end; exchange them"
                ));
            }
            few((*high as f64) - (*low as f64) + 1.0)?;
            // Beyond 2^53 whole numbers have gaps here.
            if low.unsigned_abs().max(high.unsigned_abs()) > 1 << 53 {
                return Err(format!("whole numbers from {low} to {high}: beyond 2^53 they cannot be told apart"));
            }
            Ok(())
        }
        Law::Categories { count } => {
            if *count == 0 {
                return Err("a factor without categories; name at least one".to_owned());
            }
            few(*count as f64)
        }
        Law::Weighted { weights } => {
            if let Some(weight) = weights.iter().find(|weight| !(**weight >= 0.0 && weight.is_finite())) {
                return Err(format!("{weight} is no weight of a category; give numbers from 0 up"));
            }
            if !(weights.iter().sum::<f64>() > 0.0 && weights.iter().sum::<f64>().is_finite()) {
                return Err("the weights of the categories have no sum above 0; give at least one".to_owned());
            }
            few(weights.len() as f64)
        }
        Law::Normal { mean, sd } => {
            finite(&[*mean])?;
            above_zero("a standard deviation", *sd)
        }
        Law::TruncatedNormal { mean, sd, low, high } => {
            finite(&[*mean])?;
            above_zero("a standard deviation", *sd)?;
            ends(*low, *high)?;
            let (below, above) = ((low - mean) / sd, (high - mean) / sd);
            let left = if below > 0.0 {
                normal_probability(-below) - normal_probability(-above)
            } else {
                normal_probability(above) - normal_probability(below)
            };
            if left > 1e-300 {
                return Ok(());
            }
            Err(format!(
                "a normal of mean {mean} and standard deviation {sd} is never from {low} to {high}; take ends nearer to the mean"
            ))
        }
        Law::Lognormal { log_mean, log_sd } => {
            finite(&[*log_mean])?;
            above_zero("the standard deviation of a logarithm", *log_sd)?;
            let most = log_mean.abs() + 8.3 * log_sd;
            if most < 700.0 {
                return Ok(());
            }
            Err(format!(
                "a lognormal of log_mean {log_mean} and log_sd {log_sd} has values beyond all numbers; both are of the natural \
                 logarithm"
            ))
        }
        Law::Triangular { low, mode, high } | Law::Pert { low, mode, high } => {
            ends(*low, *high)?;
            if low <= mode && mode <= high {
                return Ok(());
            }
            Err(format!("the most likely value {mode} lies outside {low} to {high}; move it or the ends"))
        }
        Law::Beta { a, b, low, high } => {
            above_zero("a shape of a beta", *a)?;
            above_zero("a shape of a beta", *b)?;
            if a.max(*b) > 1e6 {
                return Err(format!(
                    "beta shapes {a} and {b}: beyond a million it is a single value; fix the factor instead"
                ));
            }
            ends(*low, *high)
        }
    }
}

fn ends(low: f64, high: f64) -> Result<(), String> {
    finite(&[low, high, high - low])?;
    if low < high {
        return Ok(());
    }
    Err(format!("from {low} to {high}: the low end is not below the high end; exchange them, or fix the factor"))
}

fn finite(numbers: &[f64]) -> Result<(), String> {
    match numbers.iter().find(|number| !number.is_finite()) {
        Some(number) => Err(format!("{number} is no end, mean or width of a factor; give finite numbers")),
        None => Ok(()),
    }
}

fn above_zero(what: &str, number: f64) -> Result<(), String> {
    if number > 0.0 && number.is_finite() {
        return Ok(());
    }
    Err(format!("{what} is above 0 and finite, but is {number} here"))
}

fn few(values: f64) -> Result<(), String> {
    if values <= MOST_VALUES {
        return Ok(());
    }
    Err(format!("{values} values of one factor are more than {MOST_VALUES}; use an interval"))
}
