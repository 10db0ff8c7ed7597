//! Truths of the program, one room each.

mod twin;
mod worlds;
