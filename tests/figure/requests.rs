//! Every kind of figure through the door that `run`, `compare` and `figure` use.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use super::{calibration, context, sensitivity, sweep_points};
use comity::figure::sheet::Mark;
use comity::figure::{Context, Drawing, JOURNALS, Kind, Request, Style, Tables, Theme, Wording};
use comity::format::parquet;

/// A figure asked for, and the tables of the result it is asked of.
struct Asked {
    request: Request,
    tables: &'static Tables,
}

/// Commands that, together, leave tables for every kind of figure.
const RESULTS: [(&str, &[&str]); 8] = [
    ("run", &["run", "scenarios/exchange-programme.toml", "-n", "5"]),
    ("teaching", &["run", "scenarios/teaching.toml", "-n", "1", "--plain"]),
    ("study", &["compare", "scenarios/study-interventions.toml", "-n", "3"]),
    ("tipping", &["compare", "scenarios/study-tipping.toml", "-n", "2"]),
    ("packages", &["compare", "scenarios/study-inclination.toml", "-n", "4"]),
    ("predictions", &["validate", "scenarios/teaching.toml", "--predictions", "-n", "2"]),
    ("spread", &["explain", "scenarios/asean-baseline.toml", "scenarios/handbook.toml"]),
    ("mixes", &["optimise", "scenarios/study-best-mix.toml", "--set", QUICK[0], "--set", QUICK[1], "--set", QUICK[2]]),
];

/// What makes an optimisation quick.
const QUICK: [&str; 3] = ["optimise.first=3", "optimise.most=6", "optimise.fresh=6"];

/// Real results, made once, and every figure they were left with.
fn asked() -> &'static [Asked] {
    static ASKED: OnceLock<Vec<Asked>> = OnceLock::new();
    ASKED.get_or_init(|| {
        let results = RESULTS.iter().flat_map(|(name, command)| of_result(name, command));
        results.chain(of_sweeps()).chain(of_analyses()).collect()
    })
}

/// Figures of points made by hand: of every kind that a sweep is left with.
fn of_sweeps() -> impl Iterator<Item = Asked> {
    sweep_points::charts().into_iter().map(|(name, points, request)| {
        let tables: &'static Tables = Box::leak(Box::new(sweep_points::tables(points)));
        Asked { request: Request { name: name.to_owned(), ..request }, tables }
    })
}

/// Figures of what a sensitivity analysis found, and of a calibration, of tables made by hand.
fn of_analyses() -> impl Iterator<Item = Asked> {
    sensitivity::charts().into_iter().chain(calibration::charts()).map(|(name, tables, request)| {
        let tables: &'static Tables = Box::leak(Box::new(tables));
        Asked { request: Request { name: name.to_owned(), ..request }, tables }
    })
}

fn of_result(name: &str, command: &[&str]) -> Vec<Asked> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("figures-of-{name}"));
    let _ = fs::remove_dir_all(&folder);
    let program =
        Command::new(env!("CARGO_BIN_EXE_comity")).args(command).arg("--quiet").arg("--out").arg(&folder).output();
    let program = program.expect("the program starts");
    assert!(program.status.success(), "{command:?}: {}", String::from_utf8_lossy(&program.stderr));
    // A work in steps keeps its result beside them.
    let result = folder.join("result");
    let folder = if result.is_dir() { result } else { folder };
    let mut tables = Tables::new();
    for file in fs::read_dir(&folder).expect("a folder of results") {
        let path = file.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "parquet") {
            let table = parquet::read(fs::read(&path).expect("a table")).expect("a table of ours");
            tables.insert(table.schema.name.clone(), table);
        }
    }
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["charts_not_drawn"], serde_json::json!([]), "{name}");
    let mut requests: Vec<Request> = serde_json::from_value(manifest["charts"].clone()).expect("requests");
    if name == "run" {
        requests.push(Request::new(Kind::BarriersByRole, "barriers-by-role"));
    }
    let tables: &'static Tables = Box::leak(Box::new(tables));
    requests.into_iter().map(|request| Asked { request, tables }).collect()
}

fn drawn(asked: &Asked, context: &Context) -> Drawing {
    asked.request.draw(asked.tables, context).unwrap_or_else(|error| panic!("{}: {error}", asked.request.name))
}

/// One figure of every kind.
fn one_of_each() -> impl Iterator<Item = &'static Asked> {
    Kind::ALL.iter().map(|kind| {
        let found = asked().iter().find(|asked| asked.request.kind == *kind);
        found.unwrap_or_else(|| panic!("no shipped result has a figure of kind {}", kind.key()))
    })
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
        for asked in asked() {
            let request = &asked.request;
            // The height is another matter: some are too much for a page.
            let style = Style { width: Some(journal.columns[0]), highest: None, ..Style::of(journal) };
            let drawing = drawn(asked, &Context { style, ..context() });
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
    for asked in one_of_each() {
        let request = &asked.request;
        let print = drawn(asked, &context());
        for theme in [Theme::Dark, Theme::Greyscale] {
            let style = Style::default().themed(theme);
            let drawing = drawn(asked, &Context { style, ..context() });
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
    for asked in one_of_each() {
        let request = &asked.request;
        let free = drawn(asked, &context()).sheet.height * 25.4 / 72.0;
        let style = Style { height: Some(free + 15.0), ..Style::default() };
        match request.draw(asked.tables, &Context { style, ..context() }) {
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
        match request.draw(asked.tables, &Context { style, ..context() }) {
            Ok(_) => panic!("{} is too flat for anything", request.name),
            Err(error) => assert!(error.to_string().contains("takes at least"), "{}: {error}", request.name),
        }
    }
}

/// A word that no figure has, in front of every word.
fn foreign(words: &str) -> String {
    words.split_inclusive([' ', '\n']).map(|word| format!("Ω{word}")).collect()
}

#[test]
fn a_language_file_reaches_every_word_of_every_figure() {
    for asked in one_of_each() {
        let request = &asked.request;
        let own = context();
        let before = drawn(asked, &own);
        let words = own.wording.asked();
        let wording = Wording::new(words.iter().map(|words| (words.clone(), foreign(words))));
        let style = Style { width: Some(190.0), ..Style::default() };
        let drawing = drawn(asked, &Context { wording, style, ..context() });
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
    let forest = one_of_each().find(|asked| asked.request.kind == Kind::Forest).expect("a forest");
    let rows = |order: &[&str]| {
        let order = order.iter().map(|key| (*key).to_owned()).collect();
        let shown = texts(&drawn(forest, &Context { order, ..context() }));
        let labels = ["Handbook", "Specialised units", "Treaty"];
        labels.map(|label| shown.iter().position(|text| text == label).expect(label))
    };
    let [handbook, units, treaty] = rows(&[]);
    assert!(units < handbook && units < treaty, "the largest first");
    let [handbook, units, treaty] = rows(&["treaty", "handbook"]);
    assert!(treaty < handbook && handbook < units, "those named first");
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

#[test]
fn the_page_on_figures_lists_every_kind() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/figures.md");
    let page = fs::read_to_string(&path).expect("the page");
    let mut table = String::from("\n| kind | shows | drawn from |\n|---|---|---|\n");
    for kind in Kind::ALL {
        let tables: Vec<String> =
            kind.tables().iter().map(|table| format!("`{}`", table.trim_end_matches('?'))).collect();
        table += &format!("| `{}` | {} | {} |\n", kind.key(), kind.sentence(), tables.join(", "));
    }
    let (begin, end) = ("<!-- kinds:begin -->", "<!-- kinds:end -->");
    let (head, rest) = page.split_once(begin).expect("where the list begins");
    let (kept, tail) = rest.split_once(end).expect("where it ends");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, format!("{head}{begin}{table}{end}{tail}")).expect("the page");
    } else {
        assert_eq!(kept, table, "UPDATE_GOLDEN=1 writes the list anew");
    }
}
