//! Parts of the variance, not yet divided by it.
//!
//! With outcomes centred by c:
//!
//! | part | estimator | source |
//! |---|---|---|
//! | V | population variance of A and B together | |
//! | V_i | mean((B - c) (AB_i - A)) | Saltelli and others 2010, (b) of their table 2 |
//! | V_Ti | mean((A - AB_i)^2) / 2 | Jansen 1999 |
//! | V_ij | mean((BA_i - c) (AB_j - c) - (A - c) (B - c)) - V_i - V_j | Saltelli 2002 |
//! | crossed V_i | mean((BA_i - B) (A - AB_i)) / 2 | Azzini, Mara and Rosati 2020 |
//! | crossed V_Ti | (mean((B - BA_i)^2) + mean((A - AB_i)^2)) / 4 | the same |
//! | crossed V | (mean((A - B)^2) + mean((BA_i - AB_i)^2)) / 4 | the same |
//!
//! All are functions of means over base points, and quadratic in the outcomes. The second is what makes a correction for
//! chance possible that does not ask where chance comes from: if the means of r replicates give Q and the replicates by themselves
//! give Q_1 to Q_r, then E[Q] = q + e / r and E[Q_k] = q + e, hence (r Q - mean(Q_k)) / (r - 1) estimates q.

use super::columns::Columns;
use super::series::Series;
use crate::statistics::Resamples;

/// What outcomes are centred by before they are multiplied. It does not matter for large designs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Centre {
    /// The mean over A and B, on which the variance rests, too.
    #[default]
    Pairs,
    /// The mean over all rows, as SALib does it.
    Rows,
}

/// Parts of the variance of one group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupTerms {
    pub first: Series,
    pub total: Series,
    /// First, total and whole after Azzini and others; only with second order.
    pub crossed: Option<[Series; 3]>,
}

/// Parts of the variance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Terms {
    pub variance: Series,
    pub groups: Vec<GroupTerms>,
    /// For pairs (0, 1), (0, 2), ... (1, 2), ...; only with second order.
    pub pairs: Vec<Series>,
}

impl Terms {
    pub fn of(columns: &Columns, centre: Centre, resamples: &Resamples) -> Terms {
        let mean = |values: &[f64]| Series::mean(values, resamples);
        let product = |one: &[f64], other: &[f64]| Series::mean_of(one, other, resamples, |one, other| one * other);
        let square = |one: &[f64], other: &[f64]| {
            Series::mean_of(one, other, resamples, |one, other| (one - other) * (one - other))
        };
        let Columns { a, b, ab, ba } = columns;
        let (mean_a, mean_b) = (mean(a), mean(b));
        let pooled = mean_a.plus(&mean_b).map(|sum| sum / 2.0);
        let variance = product(a, a).plus(&product(b, b)).map(|sum| sum / 2.0).with(&pooled, |s, m| s - m * m);
        let mean_ab: Vec<Series> = ab.iter().map(|column| mean(column)).collect();
        let mean_ba: Vec<Series> = ba.iter().map(|column| mean(column)).collect();
        let c = match centre {
            Centre::Pairs => pooled,
            Centre::Rows => {
                let rows = (2 + ab.len() + ba.len()) as f64;
                let sum = mean_ab.iter().chain(&mean_ba).fold(mean_a.plus(&mean_b), |sum, own| sum.plus(own));
                sum.map(|sum| sum / rows)
            }
        };
        let groups: Vec<GroupTerms> = (0..ab.len())
            .map(|group| {
                let change = mean_ab[group].less(&mean_a).with(&c, |change, c| change * c);
                let first = product(b, &ab[group]).less(&product(b, a)).less(&change);
                let squared = square(a, &ab[group]);
                let crossed = ba.get(group).map(|ba| {
                    let own: Vec<f64> = ba.iter().zip(b).map(|(ba, b)| ba - b).collect();
                    let other: Vec<f64> = a.iter().zip(&ab[group]).map(|(a, ab)| a - ab).collect();
                    let total = squared.plus(&square(b, ba)).map(|sum| sum / 4.0);
                    let whole = square(a, b).plus(&square(ba, &ab[group])).map(|sum| sum / 4.0);
                    [product(&own, &other).map(|mean| mean / 2.0), total, whole]
                });
                GroupTerms { first, total: squared.map(|mean| mean / 2.0), crossed }
            })
            .collect();
        let places = (0..ba.len()).flat_map(|i| (i + 1..ba.len()).map(move |j| (i, j)));
        // The mean of a product of centred numbers; c squared stands in both and goes out.
        let centred =
            |one: &[f64], other: &[f64], means: Series| product(one, other).less(&means.with(&c, |means, c| means * c));
        let pairs = places.map(|(i, j)| {
            let mixed = centred(&ba[i], &ab[j], mean_ba[i].plus(&mean_ab[j]));
            let apart = centred(a, b, mean_a.plus(&mean_b));
            mixed.less(&apart).less(&groups[i].first).less(&groups[j].first)
        });
        let pairs = pairs.collect();
        Terms { variance, groups, pairs }
    }

    /// Part by part with other terms of the same design.
    pub fn with(&self, other: &Terms, of: impl Fn(f64, f64) -> f64 + Copy) -> Terms {
        let group = |(own, other): (&GroupTerms, &GroupTerms)| GroupTerms {
            first: own.first.with(&other.first, of),
            total: own.total.with(&other.total, of),
            crossed: own.crossed.as_ref().zip(other.crossed.as_ref()).map(|(own, other)| {
                let [first, total, whole] = own;
                [first.with(&other[0], of), total.with(&other[1], of), whole.with(&other[2], of)]
            }),
        };
        Terms {
            variance: self.variance.with(&other.variance, of),
            groups: self.groups.iter().zip(&other.groups).map(group).collect(),
            pairs: self.pairs.iter().zip(&other.pairs).map(|(own, other)| own.with(other, of)).collect(),
        }
    }

    /// Without the variance of independent noise, which adds itself to whole and total parts and to no other.
    pub fn without_noise(mut self, noise: &Series) -> Terms {
        self.variance = self.variance.less(noise);
        for group in &mut self.groups {
            group.total = group.total.less(noise);
            if let Some([_, total, whole]) = &mut group.crossed {
                *total = total.less(noise);
                *whole = whole.less(noise);
            }
        }
        self
    }
}
