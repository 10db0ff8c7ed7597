//! In what order the matrix puts its states.

use super::{STATES, context, hold, named, pairs_table, schema, wide};
use comity::figure::sheet::{Anchor, Mark};
use comity::figure::{self, Context, Drawing, MatrixOrder, Wording};
use comity::table::{Cell, Kind, Table};

/// Nine states in three blocks, named so that no other order puts the blocks together.
fn blocks() -> Table {
    use Kind::{Real, Text};
    let mut table = Table::new(schema("pairs", &[("from", Text), ("to", Text), ("communications", Real)]));
    for a in 0..9 {
        for b in (0..9).filter(|b| *b != a) {
            let value = if a % 3 == b % 3 { 30.0 + f64::from(a) } else { 1.0 };
            table.push([Cell::from(format!("s{a}").as_str()), Cell::from(format!("s{b}").as_str()), Cell::Real(value)]);
        }
    }
    table
}

/// The names of the rows from top to bottom, and where they stand.
fn rows(drawing: &Drawing) -> Vec<(String, f64)> {
    let name = |mark: &Mark| match mark {
        Mark::Text { at, text, lettering } if lettering.anchor == Anchor::End && text.starts_with('S') => {
            Some((text.clone(), at.1))
        }
        _ => None,
    };
    drawing.sheet.marks.iter().filter_map(name).collect()
}

#[test]
fn states_of_a_block_stand_together_and_gaps_part_real_groups() {
    let drawing = figure::matrix(&blocks(), &context()).expect("a matrix");
    hold("matrix-groups", &drawing);
    let rows = rows(&drawing);
    assert_eq!(rows.len(), 9);
    let block = |name: &str| name[1..].parse::<u32>().expect("a number") % 3;
    for three in rows.chunks(3) {
        assert!(three.iter().all(|(name, _)| block(name) == block(&three[0].0)), "{rows:?}");
    }
    let steps: Vec<f64> = rows.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    for (index, step) in steps.iter().enumerate() {
        let wider = step - steps[0];
        assert!(if index % 3 == 2 { wider > 2.0 } else { wider.abs() < 1e-6 }, "{steps:?}");
    }
    assert!(drawing.caption.contains("Gaps part 3 groups"), "{}", drawing.caption);
}

#[test]
fn where_there_are_no_groups_there_are_no_gaps_and_the_caption_says_so() {
    let table = pairs_table(&named(&STATES), 1.0);
    let drawing = figure::matrix(&table, &context()).expect("a matrix");
    assert!(drawing.caption.contains("They form no groups"), "{}", drawing.caption);
}

#[test]
fn the_order_by_total_is_there_to_choose_and_an_order_given_goes_before_both() {
    let table = blocks();
    let by_total = figure::matrix_ordered(&table, MatrixOrder::Total, &context()).expect("a matrix");
    hold("matrix-total", &by_total);
    let names = |drawing: &Drawing| rows(drawing).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    // A total is the number of the state and the sum of the numbers of its block, more than for all.
    assert_eq!(names(&by_total), ["S8", "S5", "S7", "S2", "S4", "S6", "S1", "S3", "S0"]);
    let order = ["s4", "s0", "s8"].map(str::to_owned).to_vec();
    for kind in [MatrixOrder::Total, MatrixOrder::Groups] {
        let given = Context { order: order.clone(), ..context() };
        let drawing = figure::matrix_ordered(&table, kind, &given).expect("a matrix");
        assert_eq!(names(&drawing)[..3], ["S4", "S0", "S8"]);
        assert!(drawing.caption.contains("the order asked for"), "{}", drawing.caption);
    }
}

#[test]
fn a_matrix_speaks_the_words_given_and_its_cells_stay_square() {
    let words = [("State asked".to_owned(), "Ersuchter Staat".to_owned())];
    let spoken = Context { wording: Wording::new(words), ..wide(120.0) };
    let drawing = figure::matrix(&blocks(), &spoken).expect("a matrix");
    hold("matrix-spoken", &drawing);
    assert!(drawing.svg.contains("Ersuchter Staat") && !drawing.svg.contains(">State asked<"));
    let mut tall = wide(120.0);
    tall.style.stretch = 2.0;
    let stretched = figure::matrix(&blocks(), &tall).expect("a matrix");
    assert!((stretched.sheet.height - drawing.sheet.height).abs() < 1e-9);
}
