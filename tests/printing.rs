//! `comity figure` and `comity report` as their user meets them.

use super::program::{Scratch, comity};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

fn done(arguments: &[&str]) -> Output {
    comity(arguments).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A small result of a scenario.
fn result(scratch: &Scratch) -> PathBuf {
    let folder = scratch.0.join("result");
    let output = done(&["run", "scenarios/teaching.toml", "-n", "3", "--plain", "-q", "--out", &text(&folder)]);
    assert!(output.status.success(), "{}", said(&output));
    folder
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn figures_drawn_again_are_those_the_result_was_left_with() {
    let scratch = Scratch::new();
    let folder = result(&scratch);
    let output = done(&["figure", &text(&folder)]);
    assert!(output.status.success(), "{}", said(&output));
    let (kept, again) = (folder.join("charts"), scratch.0.join("result-figures"));
    assert_eq!(names(&kept), names(&again));
    for name in names(&kept) {
        let bytes = |folder: &Path| fs::read(folder.join(&name)).expect("a file");
        assert!(bytes(&kept) == bytes(&again), "{name} differs");
    }
}

#[test]
fn a_journal_sets_size_formats_and_resolution_and_options_have_the_last_word() {
    let scratch = Scratch::new();
    let folder = text(&result(&scratch));
    let out = scratch.0.join("figures");
    let output = done(&["figure", &folder, "--kind", "funnel", "--journal", "plos", "--out", &text(&out)]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("PLOS") && said(&output).contains("Check its guide"), "{}", said(&output));
    assert_eq!(names(&out), ["funnel.csv", "funnel.md", "funnel.svg", "funnel.tiff"].map(str::to_owned).into());
    let svg = fs::read_to_string(out.join("funnel.svg")).expect("a figure");
    assert!(svg.contains("width=\"132mm\"") && svg.contains("font-size=\"8\""));
    let more = ["--width", "100", "--height", "90", "--text", "7.5", "--format", "svg", "--theme", "dark"];
    let mut arguments = vec!["figure", &folder, "--kind", "funnel", "--journal", "plos"];
    let out = text(&out);
    arguments.extend(more);
    arguments.extend(["--out", out.as_str()]);
    let output = done(&arguments);
    assert!(output.status.success(), "{}", said(&output));
    let svg = fs::read_to_string(Path::new(&out).join("funnel.svg")).expect("a figure");
    assert!(svg.contains("width=\"100mm\" height=\"90mm\"") && svg.contains("font-size=\"7.5\""));
    assert!(!svg.contains("fill=\"#ffffff\"/>"), "the ground is dark");
}

#[test]
fn words_of_a_file_and_of_the_command_line_stand_in_the_figure() {
    let scratch = Scratch::new();
    let folder = text(&result(&scratch));
    let output = done(&["figure", &folder, "--kind", "litmus", "--print-words"]);
    let words = String::from_utf8(output.stdout).expect("words");
    assert!(words.contains("\"State by state\" = \"State by state\""), "{words}");
    let file = scratch.0.join("words.toml");
    fs::write(&file, words.replace("= \"State by state\"", "= \"Staat für Staat\"")).expect("a file");
    let out = text(&scratch.0.join("figures"));
    let file = text(&file);
    let output = done(&[
        "figure",
        &folder,
        "--kind",
        "litmus",
        "--language",
        &file,
        "--label",
        "ORI=Herkunft",
        "--format",
        "svg",
        "--out",
        &out,
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let svg = fs::read_to_string(Path::new(&out).join("litmus.svg")).expect("a figure");
    assert!(svg.contains("Staat für Staat") && svg.contains("Herkunft") && !svg.contains("State by state"));
}

#[test]
fn what_cannot_be_drawn_is_said_with_a_way_out() {
    let scratch = Scratch::new();
    let whole = result(&scratch);
    let folder = text(&whole);
    let file = scratch.0.join("words.toml");
    fs::write(&file, "a = 1\n").expect("a file");
    let file = text(&file);
    let refused: [(&[&str], &[&str]); 16] = [
        (&["--kind", "forest"], &["forest is drawn from effects", "from it can be drawn series"]),
        (&["--name", "fnord"], &["has no figure fnord", "it has cooperation"]),
        (&["--select", "XXX"], &["--select XXX", "they have", "ORI"]),
        (&["--order", "XXX"], &["--order XXX"]),
        (&["--label", "nothing"], &["is not KEY=TEXT"]),
        (&["--kind", "funnel", "--label", "nothing=x"], &["none of these figures says that", "--print-words"]),
        (&["--title", "x"], &["--title is for one figure", "--name NAME"]),
        (&["--language", &file], &["what stands for \"a\" is no text", "quotes"]),
        (&["--kind", "funnel", "--width", "10"], &["50 to 1000 mm wide"]),
        (&["--kind", "funnel", "--text", "3"], &["text is 6 to 24 pt"]),
        (&["--kind", "funnel", "--height", "21"], &["takes at least"]),
        (&["--kind", "funnel", "--dpi", "5"], &["--dpi is 30 to 2400"]),
        (&["--kind", "funnel", "--state", "FRA"], &["--state FRA", "they have DES, ORI"]),
        (&["--kind", "funnel", "--arm", "x"], &["none of these figures is of one arm", "attrition, loop"]),
        (&["--kind", "litmus", "--label", "ORI="], &["is not KEY=TEXT"]),
        (&["--kind", "litmus", "--label", "ORI=泰国"], &["no glyph for `泰`"]),
    ];
    for (arguments, promised) in refused {
        let out = text(&scratch.0.join("out"));
        let mut all = vec!["figure", folder.as_str()];
        all.extend(arguments);
        all.extend(["--out", out.as_str()]);
        let output = done(&all);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        for words in promised {
            assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
        }
        assert!(!scratch.0.join("out").exists(), "{arguments:?} leaves nothing");
    }
}

#[test]
fn a_damaged_result_is_refused_by_the_name_of_what_is_damaged() {
    let scratch = Scratch::new();
    let folder = result(&scratch);
    let run = |arguments: &[&str]| {
        let shown = text(&folder);
        let mut all = vec!["figure", shown.as_str()];
        all.extend(arguments);
        let output = done(&all);
        (output.status.code(), said(&output))
    };
    let funnel = folder.join("funnel.parquet");
    let bytes = fs::read(&funnel).expect("a table");
    fs::write(&funnel, &bytes[..bytes.len() / 2]).expect("a table");
    let (code, words) = run(&["--kind", "funnel"]);
    assert!(code == Some(2) && words.contains("funnel.parquet") && words.contains("breaks off"), "{words}");
    fs::remove_file(&funnel).expect("a table");
    let (code, words) = run(&["--kind", "funnel"]);
    assert!(code == Some(2) && words.contains("funnel is drawn from funnel"), "{words}");
    fs::write(folder.join("manifest.json"), "{").expect("a manifest");
    let (code, words) = run(&[]);
    assert!(code == Some(2) && words.contains("manifest.json is damaged"), "{words}");
    fs::remove_file(folder.join("manifest.json")).expect("a manifest");
    let (code, words) = run(&[]);
    assert!(code == Some(2) && words.contains("is not a result folder"), "{words}");
    let output = done(&["figure", "scenarios/nowhere"]);
    assert!(said(&output).contains("there is no folder scenarios/nowhere"), "{}", said(&output));
}

#[test]
fn one_table_that_is_gone_costs_its_own_figures_alone() {
    let scratch = Scratch::new();
    let folder = result(&scratch);
    fs::remove_file(folder.join("barriers.parquet")).expect("a table");
    let output = done(&["figure", &text(&folder), "--format", "svg"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("barriers.parquet is missing"), "{}", said(&output));
    let drawn = names(&scratch.0.join("result-figures"));
    assert!(drawn.contains("funnel.svg") && !drawn.contains("barriers.svg"), "{drawn:?}");
}

#[test]
fn nothing_that_is_not_ours_is_written_over() {
    let scratch = Scratch::new();
    let folder = result(&scratch);
    let manifest = folder.join("manifest.json");
    let before = fs::read(&manifest).expect("a manifest");
    let letter = scratch.0.join("letter.html");
    fs::write(&letter, "Dear colleague").expect("a letter");
    let refused: [(Vec<String>, &str); 4] = [
        (vec!["report".into(), text(&folder), "--out".into(), text(&manifest)], "no report of comity"),
        (vec!["report".into(), text(&folder), "--out".into(), text(&folder.join("new.html"))], "holds a result"),
        (vec!["report".into(), text(&folder), "--out".into(), text(&letter)], "no report of comity"),
        (vec!["figure".into(), text(&folder), "--out".into(), text(&folder)], "holds a result"),
    ];
    for (arguments, promised) in refused {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = done(&arguments);
        assert!(
            output.status.code() == Some(2) && said(&output).contains(promised),
            "{arguments:?}: {}",
            said(&output)
        );
    }
    assert!(fs::read(&manifest).expect("a manifest") == before);
    assert_eq!(fs::read_to_string(&letter).expect("a letter"), "Dear colleague");
}

#[test]
fn a_table_of_another_result_is_not_drawn_under_this_ones_name() {
    let scratch = Scratch::new();
    let folder = result(&scratch);
    let other = scratch.0.join("other");
    let made = done(&[
        "run",
        "scenarios/teaching.toml",
        "--set",
        "gate.approval=0",
        "-n",
        "2",
        "--plain",
        "-q",
        "--out",
        &text(&other),
    ]);
    assert!(made.status.success(), "{}", said(&made));
    fs::copy(other.join("funnel.parquet"), folder.join("funnel.parquet")).expect("a table");
    let output = done(&["figure", &text(&folder), "--kind", "funnel"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("funnel.parquet belongs to another result"), "{}", said(&output));
}

#[test]
fn what_was_selected_is_said_and_decides_nothing() {
    let scratch = Scratch::new();
    let folder = text(&scratch.0.join("study"));
    let made = done(&["compare", "scenarios/study-interventions.toml", "-n", "3", "-q", "--out", &folder]);
    assert!(made.status.success(), "{}", said(&made));
    let out = scratch.0.join("out");
    let shown = text(&out);
    let output = done(&[
        "figure",
        &folder,
        "--kind",
        "cost-effect",
        "--window",
        "during",
        "--select",
        "retention,specialised-units",
        "--format",
        "svg",
        "--out",
        &shown,
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let file = names(&out).into_iter().find(|name| name.ends_with(".md")).expect("a caption");
    let caption = fs::read_to_string(out.join(&file)).expect("a caption");
    assert!(caption.contains("Selected: 2 of 14"), "{caption}");
    let numbers = fs::read_to_string(out.join(file.replace(".md", ".csv"))).expect("numbers");
    let retention = numbers.lines().find(|line| line.starts_with("Retention")).expect("an arm");
    assert!(retention.ends_with("dominated"), "{numbers}");
    assert_eq!(numbers.lines().count(), 3, "{numbers}");
}

#[test]
fn the_confidence_of_a_study_stands_in_its_captions_tables_and_report() {
    let scratch = Scratch::new();
    let folder = scratch.0.join("study");
    let set = ["--set", "analysis.confidence=0.8", "-n", "3", "-q", "--out"];
    let out = text(&folder);
    let mut arguments = vec!["compare", "scenarios/study-inclination.toml"];
    arguments.extend(set);
    arguments.push(&out);
    let made = done(&arguments);
    assert!(made.status.success(), "{}", said(&made));
    for name in names(&folder.join("charts")).into_iter().filter(|name| name.ends_with(".md") || name.ends_with(".svg"))
    {
        let chart = fs::read_to_string(folder.join("charts").join(&name)).expect("a chart");
        assert!(!chart.contains("95%"), "{name}");
    }
    let forest = fs::read_to_string(folder.join("charts/forest.md")).expect("a caption");
    assert!(forest.contains("80% interval of the mean"), "{forest}");
    let table = done(&["table", &out]);
    assert!(said(&table).contains("80% interval") && !said(&table).contains("95%"), "{}", said(&table));
    let page = scratch.0.join("page.html");
    assert!(done(&["report", &out, "--out", &text(&page)]).status.success());
    let page = fs::read_to_string(page).expect("the page");
    assert!(page.contains("(80% interval") && page.contains("Intervals are 80% confidence intervals"));
    // A source of a parameter may name 95 % of something else.
    let (told, _) = page.split_once(">Parameters</h2>").expect("the parameters come last");
    assert!(!told.contains("95%") && !told.contains("95 %"));
}

/// Texts of a page in order, tags left out, after checking that tags nest.
fn nested(page: &str) -> Vec<String> {
    let (mut open, mut texts): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a page of HTML 5");
    while let Some(start) = rest.find('<') {
        texts.push(rest[..start].trim().to_owned());
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name: String = tag.trim_start_matches('/').chars().take_while(|letter| letter.is_alphanumeric()).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()), "tags nest: <{tag}>");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    texts.retain(|text| !text.is_empty());
    texts
}

#[test]
fn a_report_is_one_sound_page_that_fetches_and_runs_nothing() {
    let scratch = Scratch::new();
    let folder = scratch.0.join("study");
    let made = done(&["compare", "scenarios/study-inclination.toml", "-n", "3", "-q", "--out", &text(&folder)]);
    assert!(made.status.success(), "{}", said(&made));
    for folder in [folder, result(&scratch)] {
        let output = done(&["report", &text(&folder)]);
        assert!(output.status.success(), "{}", said(&output));
        let page = PathBuf::from(said(&output).trim());
        let page = fs::read_to_string(&page).expect("the page");
        for word in ["http-equiv", "<script", "<link", "src=", "url(http", "@import", "onload"] {
            assert!(!page.contains(word), "{word}");
        }
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let distinct: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "identifiers are unique");
        for wanted in page.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(wanted.split(' ').all(|id| ids.contains(&id)), "{wanted}");
        }
        let texts = nested(&page);
        for heading in
            ["Question", "In brief", "The model in brief", "Figures", "Limits", "Methods, to be adapted", "Parameters"]
        {
            assert!(texts.iter().any(|text| text == heading), "{heading}");
        }
        assert_eq!(page.matches("<h1").count(), 1);
        assert_eq!(page.matches("role=\"img\"").count(), page.matches("<figcaption>").count());
        let again = done(&["report", &text(&folder), "--out", &text(&scratch.0.join("again.html"))]);
        assert!(again.status.success());
        assert!(fs::read_to_string(scratch.0.join("again.html")).expect("the page") == page, "the same bytes");
    }
}

/// A result with the table of a sweep over two factors.
#[cfg(feature = "charts")]
fn sweep(scratch: &Scratch) -> PathBuf {
    use comity::figure::{SweepCharts, sweep_requests};
    let folder = scratch.0.join("sweep");
    fs::create_dir_all(&folder).expect("a folder");
    let points = super::figure::sweep_points::two();
    let writer = comity::format::parquet::ParquetWriter::new(Vec::new(), &points.schema, &[]);
    let mut writer = writer.expect("a table can be written");
    writer.write(&points).expect("the rows fit");
    fs::write(folder.join("points.parquet"), writer.finish().expect("a table")).expect("a file");
    let charts = SweepCharts {
        measure: "accepted",
        windows: &["last"],
        arms: &["handbook", "exchange"],
        ..SweepCharts::default()
    };
    let manifest = serde_json::json!({
        "result_digest": "0", "version": "0.1.0", "rows": { "points": points.rows() },
        "charts": sweep_requests(&points, &charts), "charts_of": { "scenario": "teaching", "replicates": 20, "seed": 1 },
    });
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("a manifest");
    folder
}

#[cfg(feature = "charts")]
#[test]
fn figures_of_a_sweep_are_listed_drawn_again_and_drawn_of_something_else() {
    let scratch = Scratch::new();
    let (folder, out) = (text(&sweep(&scratch)), scratch.0.join("out"));
    let run = |arguments: &[&str]| {
        let mut all = vec!["figure", folder.as_str()];
        all.extend(arguments);
        let output = done(&all);
        (output.status.code(), said(&output))
    };
    let (code, words) = run(&["--list"]);
    assert_eq!(code, Some(0), "{words}");
    for kind in ["response", "heatmap-differences", "heatmap-differences-handbook", "factors-differences"] {
        assert!(words.contains(kind), "{kind}: {words}");
    }
    let out = text(&out);
    let svg = ["--format", "svg", "--out", out.as_str()];
    let with = |arguments: &[&'static str]| run(&[arguments, &svg].concat());
    let (code, words) = with(&[]);
    assert!(code == Some(0) && words.contains("3 figures"), "{words}");
    let (code, words) = with(&["--kind", "heatmap", "--factor", "half_life,exchange_places", "--threshold", "0.4"]);
    assert!(code == Some(0) && words.contains("heatmap-half_life-exchange_places"), "{words}");
    let (code, words) = with(&["--kind", "factors", "--order", "half_life"]);
    assert!(code == Some(0) && words.contains("What each factor does: Baseline"), "{words}");
    for (arguments, promised) in [
        (&["--kind", "response"][..], "response was not drawn: a figure of kind `response` is of one factor"),
        (&["--kind", "factors", "--factor", "trust"], "its factors are exchange_places, half_life"),
        (&["--kind", "factors", "--select", "trust"], "they have exchange_places, half_life"),
        (&["--kind", "heatmap", "--arm", "treaty"], "has baseline, handbook, exchange"),
        (&["--kind", "heatmap", "--measure", "sought"], "measure has accepted"),
    ] {
        let (code, words) = with(arguments);
        assert!(code == Some(2) && words.contains(promised), "{arguments:?}: {words}");
    }
    let run = text(&result(&scratch));
    let words = said(&done(&["figure", &run, "--kind", "funnel", "--threshold", "0.4"]));
    assert!(words.contains("--threshold: none of these figures marks one"), "{words}");
    assert!(words.contains("response") && words.contains("factors-differences"), "{words}");
}
