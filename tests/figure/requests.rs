//! Every kind of figure through the door that `run`, `compare` and `figure` use.

use std::collections::BTreeSet;

use super::{context, tables};
use comity::figure::sheet::Mark;
use comity::figure::{Context, Drawing, JOURNALS, Kind, Request, Style, Theme, Wording};

/// A request of every kind that fits the tables of this test.
pub(super) fn requests() -> Vec<Request> {
    let request = |kind: &Kind| Request {
        measure: Some("cooperation_rate".to_owned()),
        window: Some("during".to_owned()),
        indifference: Some(0.01),
        ..Request::new(*kind, kind.key())
    };
    Kind::ALL.iter().map(request).collect()
}

fn drawn(request: &Request, context: &Context) -> Drawing {
    request.draw(&tables(), context).unwrap_or_else(|error| panic!("{}: {error}", request.name))
}

fn texts(drawing: &Drawing) -> Vec<String> {
    let text = |mark: &Mark| match mark {
        Mark::Text { text, .. } => Some(text.clone()),
        _ => None,
    };
    drawing.sheet.marks.iter().filter_map(text).collect()
}

#[test]
fn every_kind_is_fit_for_print_in_one_column_of_every_journal() {
    for journal in &JOURNALS {
        for request in requests() {
            let style = Style { width: Some(journal.columns[0]), ..Style::of(journal) };
            let drawing = drawn(&request, &Context { style, ..context() });
            let faults = drawing.sheet.faults();
            assert!(faults.is_empty(), "{} {}:\n{}", journal.key, request.name, faults.join("\n"));
            let wide = drawing.sheet.width * 25.4 / 72.0;
            assert!((wide - journal.columns[0]).abs() < 0.01, "{} {}: {wide} mm", journal.key, request.name);
            assert!(!drawing.data.schema.fields.is_empty(), "{} comes with its numbers", request.name);
        }
    }
}

#[test]
fn every_kind_can_be_drawn_in_every_theme_without_touching_its_layout() {
    for request in requests() {
        let print = drawn(&request, &context());
        for theme in [Theme::Dark, Theme::Greyscale] {
            let style = Style::default().themed(theme);
            let drawing = drawn(&request, &Context { style, ..context() });
            assert_eq!(drawing.sheet.marks.len(), print.sheet.marks.len(), "{} {theme:?}", request.name);
            assert_eq!(texts(&drawing), texts(&print), "{} {theme:?}", request.name);
            if theme == Theme::Greyscale {
                let colours = drawing.svg.split('"').filter(|part| part.len() == 7 && part.starts_with('#'));
                for colour in colours {
                    assert!(colour[1..3] == colour[3..5] && colour[3..5] == colour[5..7], "{}: {colour}", request.name);
                }
            }
        }
    }
}

#[test]
fn a_height_is_met_to_the_hundredth_or_refused_with_the_least() {
    for request in requests() {
        let free = drawn(&request, &context()).sheet.height * 25.4 / 72.0;
        let style = Style { height: Some(free + 15.0), ..Style::default() };
        match request.draw(&tables(), &Context { style, ..context() }) {
            Ok(drawing) => {
                assert!((drawing.sheet.height * 25.4 / 72.0 - free - 15.0).abs() < 0.01, "{}", request.name);
                assert!(drawing.sheet.faults().is_empty(), "{}:\n{}", request.name, drawing.sheet.faults().join("\n"));
            }
            Err(error) => assert!(
                matches!(request.kind, Kind::Matrix) && error.to_string().contains("takes at most"),
                "{}: {error}",
                request.name
            ),
        }
        let style = Style { height: Some(21.0), ..Style::default() };
        let error = request.draw(&tables(), &Context { style, ..context() }).expect_err("too flat for anything");
        assert!(error.to_string().contains("takes at least"), "{}: {error}", request.name);
    }
}

/// A word that no figure has, in front of every word.
fn foreign(words: &str) -> String {
    words.split_inclusive([' ', '\n']).map(|word| format!("Ω{word}")).collect()
}

#[test]
fn a_language_file_reaches_every_word_of_every_figure() {
    for request in requests() {
        let own = context();
        let before = drawn(&request, &own);
        let asked = own.wording.asked();
        let wording = Wording::new(asked.iter().map(|words| (words.clone(), foreign(words))));
        let style = Style { width: Some(190.0), ..Style::default() };
        let drawing = drawn(&request, &Context { wording, style, ..context() });
        for text in texts(&drawing) {
            // Numbers, units that are symbols, letters of panels, and dates within words of their own.
            let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
            let word = text.split([' ', '(', ')']).any(|word| word.chars().filter(|l| l.is_alphabetic()).count() > 2);
            assert!(letters < 3 || !word || text.contains('Ω'), "{}: “{text}” is in no language file", request.name);
        }
        assert_ne!(before.svg, drawing.svg, "{}", request.name);
    }
}

#[test]
fn an_order_is_obeyed_and_what_it_does_not_name_follows() {
    let forest = requests().into_iter().find(|request| request.kind == Kind::Forest).expect("a forest");
    let rows = |order: &[&str]| {
        let order = order.iter().map(|key| (*key).to_owned()).collect();
        let shown = texts(&drawn(&forest, &Context { order, ..context() }));
        let labels = ["Handbook, shared authorship", "Liaison officers", "Joint exercises"];
        labels.map(|label| shown.iter().position(|text| text == label).expect(label))
    };
    let [handbook, liaison, exercises] = rows(&[]);
    assert!(liaison < exercises && exercises < handbook, "the largest first");
    let [handbook, liaison, exercises] = rows(&["handbook"]);
    assert!(handbook < liaison && liaison < exercises, "the one named first");
}

#[test]
fn names_of_requests_and_kinds_are_told_apart() {
    let keys: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
    assert_eq!(keys.len(), Kind::ALL.len());
    for kind in Kind::ALL {
        assert_eq!(Kind::from_key(kind.key()), Some(*kind));
        assert!(!kind.tables().is_empty() && kind.sentence().ends_with(['.', '?']), "{kind:?}");
        let json = serde_json::to_string(&Request::new(*kind, "x")).expect("plain data");
        assert!(json.contains(&format!("\"{}\"", kind.key())), "{json}");
        assert_eq!(serde_json::from_str::<Request>(&json).expect("the same data"), Request::new(*kind, "x"));
    }
}
