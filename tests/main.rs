//! All tests that look at comity from outside, one room each.

mod scenario;
