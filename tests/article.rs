//! Tables for readers: what they say, in every format, and that no label breaks out of its cell.

mod escaping;
mod program;

use comity::article::{ArticleError, Choice, Format, Kind, Printed, Source, printed};
use comity::table::{Cell, Field, Schema, Table};

/// The `effects` table of two arms in two windows, as a comparison makes it, without the columns that are not printed.
pub fn effects(label: &str) -> Table {
    let words = ["arm", "label", "kind", "measure", "measure_label", "unit", "window"];
    let mut fields: Vec<Field> = words.iter().map(|name| Field::text(name, "")).collect();
    fields.extend([Field::date("from", ""), Field::date("until", ""), Field::integer("n", "replicates", "")]);
    let low = "Lower end of the 95 % confidence interval of the difference (Student's t, paired).";
    let reals = ["baseline_mean", "arm_mean", "difference", "ci_low", "ci_high", "relative_change", "p_holm"];
    fields.extend(reals.iter().map(|name| Field::real(name, "", if *name == "ci_low" { low } else { "" })));
    fields.extend([Field::real("cost", "USD", ""), Field::real("cost_per_additional", "USD per unit", "")]);
    let mut table = Table::new(Schema::of("effects", "", fields));
    let nothing = f64::NAN;
    let rows: [(&str, &str, &str, [f64; 9]); 4] = [
        ("exchange", label, "during", [0.0665, 0.0732, 0.0067, 0.0048, 0.0086, 0.1011, 0.0009, 490_000.0, nothing]),
        ("gate", "A shut gate", "during", [0.0665, 0.0587, -0.0078, -0.0098, -0.0058, -0.117, 0.0001, 0.0, nothing]),
        ("exchange", label, "after", [0.1, nothing, nothing, nothing, nothing, nothing, nothing, 490_000.0, nothing]),
        ("both", "Both", "after", [0.1, 0.25, 0.15, 0.09, 0.21, 1.5, 1.0, 490_000.0, 1234.5]),
    ];
    for (arm, label, window, numbers) in rows {
        let kind = if arm == "both" { "order" } else { "arm" };
        let [a, b, c, d, e, f, g, h, i] = numbers.map(Cell::Real);
        let share = ["cooperation_rate", "cooperation rate", "share"].map(Cell::from);
        let [measure, measure_label, unit] = share;
        let row = [arm.into(), label.into(), kind.into(), measure, measure_label, unit, window.into()];
        let [arm, label, kind, measure, measure_label, unit, window] = row;
        let (from, until, n) = (Cell::Date(13_330), Cell::Date(14_426), Cell::Integer(8));
        table.push([arm, label, kind, measure, measure_label, unit, window, from, until, n, a, b, c, d, e, f, g, h, i]);
    }
    table
}

/// Where the small tables come from.
pub fn source(name: &str) -> Source {
    Source {
        name: name.to_owned(),
        digest: "c39ccc4e88a03cc5".to_owned(),
        replicates: Some(8),
        seed: Some(7),
        version: "0.1.0".to_owned(),
        interrupted: false,
    }
}

/// The table of effects with that label, caption and source.
pub fn with_label(label: &str) -> Printed {
    let choice = Choice { title: Some(format!("Effects: {label}")), ..Choice::default() };
    printed(Kind::Effects, &effects(label), &choice, &source(label)).expect("the table is whole")
}

fn shown(choice: &Choice) -> Printed {
    printed(Kind::Effects, &effects("Exchange"), choice, &source("study")).expect("the table is whole")
}

#[test]
fn effects_are_printed_in_their_unit_with_decimals_by_their_uncertainty() {
    let text = shown(&Choice::default()).markdown();
    let expected = "\
**Effects against the baseline**

| Arm         | Baseline | With arm | Difference |   95% interval | Relative change | p (Holm) |   n | Cost (USD) |
| ----------- | -------: | -------: | ---------: | -------------: | --------------: | -------: | --: | ---------: |
| **Cooperation rate (%; differences in percentage points), during: 2006-07-01 to 2009-06-30** |          |          |            |                |                 |          |     |            |
| Exchange    |     6.65 |     7.32 |      +0.67 | [+0.48, +0.86] |            +10% |    0.001 |   8 |    490,000 |
| A shut gate |     6.65 |     5.87 |      −0.78 | [−0.98, −0.58] |            −12% |   <0.001 |   8 |          0 |
| **Cooperation rate (%; differences in percentage points), after: 2006-07-01 to 2009-06-30** |          |          |            |                |                 |          |     |            |
| Exchange    |       10 |        – |          – |              – |               – |        – |   8 |    490,000 |

*Note.* n = 8 replicates, each the baseline and the arm with the same draws of chance. Intervals: 95% confidence interval of \
the difference (Student's t, paired). p (Holm): of the two-sided paired t test, adjusted by Holm's rule for all arms and \
packages of the study within an outcome and window; intervals are not adjusted. Cost: mean over replicates, over the whole \
run. – not defined: no estimate, no spread, or nothing to divide by. Source: study, digest c39ccc4e88a0, seed 7, 8 \
replicates, comity 0.1.0.
";
    assert_eq!(text, expected);
}

#[test]
fn what_is_chosen_is_printed_and_nothing_else() {
    let window = Choice { window: Some("during".to_owned()), arms: vec!["gate".to_owned()], ..Choice::default() };
    let table = shown(&window);
    assert_eq!(table.groups.len(), 1);
    assert_eq!(table.groups[0].rows.len(), 1);
    assert_eq!(table.data.rows(), 1);
    let order = Choice { arms: vec!["both".to_owned()], ..Choice::default() };
    let csv = String::from_utf8(shown(&order).write(Format::Csv).expect("dates are dates")).expect("it is UTF-8");
    assert_eq!(csv.lines().count(), 2);
    assert!(
        csv.contains("both,Both,order,cooperation_rate") && csv.contains(",0.15,0.09,0.21,1.5,1.0,490000.0,1234.5")
    );
    assert!(shown(&order).markdown().contains("1,234"));
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let refused =
        |choice: Choice| printed(Kind::Effects, &effects("x"), &choice, &Source::default()).expect_err("it is refused");
    let window = Some("soon".to_owned());
    let error = refused(Choice { window, ..Choice::default() });
    assert_eq!(error.to_string(), "table `effects` has no window `soon`; it has during, after");
    let choice = Choice { window: Some("after".to_owned()), arms: vec!["gate".to_owned()], ..Choice::default() };
    assert!(matches!(refused(choice), ArticleError::NoneTogether { .. }));
    for label in ["", "tab:{x}", "a b", "<x>", "-x"] {
        assert!(matches!(
            refused(Choice { label: Some(label.to_owned()), ..Choice::default() }),
            ArticleError::Label { .. }
        ));
    }
    let empty = Table::new(effects("x").schema);
    let error = printed(Kind::Effects, &empty, &Choice::default(), &Source::default()).expect_err("it is refused");
    assert_eq!(error, ArticleError::Empty { table: "effects".to_owned() });
    let mut other = Table::new(Schema::of("effects", "", vec![Field::text("measure", ""), Field::text("window", "")]));
    other.push(["m".into(), "w".into()]);
    let error = printed(Kind::Effects, &other, &Choice::default(), &Source::default()).expect_err("it is refused");
    assert!(error.to_string().contains("no column `label` of words; its columns are measure, window"), "{error}");
    let choice = Choice { arms: vec!["x".to_owned()], ..Choice::default() };
    let error = printed(Kind::Effects, &other, &choice, &Source::default()).expect_err("it is refused");
    assert_eq!(error.to_string(), "table `effects` has no arms to choose from");
}

#[test]
fn an_interval_whose_making_is_not_told_is_not_called_a_95_percent_one() {
    let told = effects("x");
    let fields = told.schema.fields.iter().map(|field| Field::new(&field.name, field.kind, &field.unit, "")).collect();
    let silent = Table::from_columns(Schema::of("effects", "", fields), told.columns().to_vec()).expect("it fits");
    let text = printed(Kind::Effects, &silent, &Choice::default(), &Source::default()).expect("it is whole").markdown();
    assert!(text.contains("| Interval") || text.contains("Interval |"), "{text}");
    assert!(text.contains("The result does not tell what its intervals are.") && !text.contains("95%"), "{text}");
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    for format in [Format::Markdown, Format::Latex, Format::Csv, Format::Html, Format::Typst] {
        let bytes = || with_label("Exchange").write(format).expect("dates are dates");
        assert_eq!(bytes(), bytes());
    }
}

#[test]
fn every_kind_has_its_key_and_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_key(kind.key()), Some(kind));
    }
    assert_eq!(Kind::from_key("effect"), None);
}
