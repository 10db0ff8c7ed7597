//! `comity figure`: figures of a result drawn again, from its tables alone.

use super::arguments::{Column, Figure, FigureLook, FigureOf};
use super::figure_words::{template, wording};
use super::kept::{Kept, open};
use super::picture::{Picture, files};
use super::results::{CHARTS_LIST, CHARTS_OF};
use super::run_results::CHARTED;
use super::terminal::{Terminal, columns, counted};
use super::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::figure::{self, Changes, Context, JOURNALS, Journal, Kind, Request, Style, Tables, Theme};
use comity::record::REGION;
use comity::storage::write_over;
use comity::table::Table;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What is drawn where no journal is named.
const FORMATS: [Picture; 3] = [Picture::Svg, Picture::Pdf, Picture::Png];

/// How many faults of one figure are told.
const FAULTS: usize = 3;
/// What helps against most of them.
const ROOM: &str = "make the figure wider or higher, the text smaller, or the labels shorter";

/// Draws figures, lists them, or prints their words.
pub fn figure(arguments: &Figure, terminal: &Terminal) -> Result<Ended, Errors> {
    if arguments.journals {
        say(&of_journals())?;
        return Ok(Ended::Done);
    }
    let path = arguments.result.as_deref().expect("clap asks for it unless --journals is there");
    let kept = open(path)?;
    if arguments.list {
        say(&listed(&kept, terminal))?;
        return Ok(Ended::Done);
    }
    let requests = requests(arguments, &kept, terminal)?;
    if arguments.words.title.is_some() && requests.len() > 1 {
        let names: Vec<&str> = requests.iter().map(|request| request.name.as_str()).collect();
        let message = format!("--title is for one figure, but there are {}: {}", names.len(), names.join(", "));
        return Err(vec![Diagnostic::error(message).hint("name one of them: --name NAME")]);
    }
    let journal = arguments.look.journal.as_deref().and_then(Journal::from_key);
    let context = Context {
        title: arguments.words.title.clone().unwrap_or_default(),
        order: arguments.of.order.clone(),
        select: arguments.of.select.clone(),
        wording: wording(arguments.words.language.as_deref(), &arguments.words.label)?,
        style: style(&arguments.look, journal)?,
        ..of_result(&kept)
    };
    let (tables, mut errors) = tables(&kept, &requests);
    known_keys(&tables, &requests, arguments)?;
    if arguments.words.print_words {
        for request in &requests {
            request.draw(&tables, &context).map_err(|error| vec![not_drawn(request, &error)])?;
        }
        say(&template(&context.wording.asked()))?;
        return Ok(Ended::Done);
    }
    let formats = formats(&arguments.look, journal);
    let dpi = arguments.look.dpi.or(journal.map(|journal| journal.dpi)).unwrap_or(figure::DPI);
    let make = |request: Request| {
        let made = request.draw(&tables, &context).and_then(|drawing| Ok((files(&drawing, &formats, dpi)?, drawing)));
        (request, made)
    };
    let made: Vec<_> = requests.into_par_iter().map(make).collect();
    let idle = context.wording.idle();
    if let Some(label) = arguments
        .words
        .label
        .iter()
        .find(|label| label.split_once('=').is_some_and(|(own, _)| idle.iter().any(|words| words == own.trim())))
    {
        let message = format!("--label {label}: none of these figures says that");
        return Err(vec![
            Diagnostic::error(message)
                .hint("--print-words prints the words they use; keys of arms and states do as well"),
        ]);
    }
    let out = arguments.out.clone().unwrap_or_else(|| beside(path, "figures"));
    let (mut rows, mut warnings): (Vec<Vec<String>>, Errors) = (Vec::new(), Vec::new());
    for (request, made) in made {
        match made {
            Ok((files, drawing)) => {
                let mut names = Vec::new();
                for (ending, bytes) in files {
                    let name = format!("{}.{ending}", request.name);
                    write_over(&out.join(&name), &bytes).map_err(|error| vec![Diagnostic::from(error)])?;
                    names.push(ending);
                }
                let mm = |points: f64| points * 25.4 / 72.0;
                let size = format!("{:.0} × {:.0} mm", mm(drawing.sheet.width), mm(drawing.sheet.height));
                let faults = drawing.sheet.faults().into_iter().take(FAULTS);
                let tell = |fault| Diagnostic::warning(format!("{}: {fault}", request.name)).hint(ROOM);
                warnings.extend(faults.map(tell));
                rows.push(vec![request.name, size, names.join(", "), drawing.title]);
            }
            Err(error) => errors.push(not_drawn(&request, &error)),
        }
    }
    if rows.is_empty() {
        return Err(errors);
    }
    say(&format!("{}\n{} in {}\n", columns(&rows, &[]), counted(rows.len(), "figure"), out.display()))?;
    if let Some(journal) = journal {
        terminal.announce(&format!("{}: {} Check its guide before you submit.", journal.name, journal.seen));
    }
    terminal.report(&warnings);
    terminal.report(&errors);
    Ok(if errors.is_empty() { Ended::Done } else { Ended::Partly })
}

fn not_drawn(request: &Request, error: &figure::FigureError) -> Diagnostic {
    Diagnostic::error(format!("{} was not drawn: {error}", request.name))
}

/// Where something made of a result goes unless said otherwise: beside the result, which a later run may replace.
pub fn beside(path: &Path, what: &str) -> PathBuf {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = format!("{}-{what}", whole.file_name().unwrap_or_default().to_string_lossy());
    // A path such as `.` has no name to put another beside.
    match path.parent().filter(|_| path.file_name().is_some()) {
        Some(folder) => folder.join(name),
        None => whole.with_file_name(name),
    }
}

/// The charts that a result says it was left with; of those that this version does not know it is told.
pub fn charts(kept: &Kept, terminal: &Terminal) -> Vec<Request> {
    let list = kept.manifest.get(CHARTS_LIST).and_then(Value::as_array);
    let (mut known, mut strange) = (Vec::new(), Errors::new());
    for chart in list.into_iter().flatten() {
        match serde_json::from_value(chart.clone()) {
            Ok(request) => known.push(request),
            Err(error) => {
                let message = format!("{} names a figure that this version cannot draw: {error}", kept.path.display());
                strange.push(Diagnostic::warning(message).hint("draw it with the version that made the result"));
            }
        }
    }
    terminal.report(&strange);
    known
}

/// What captions say of the result.
pub fn of_result(kept: &Kept) -> Context {
    let of = kept.manifest.get(CHARTS_OF);
    let text = |key: &str| of.and_then(|of| of.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |key: &str| of.and_then(|of| of.get(key)).and_then(Value::as_u64).unwrap_or_default();
    let names = of.and_then(|of| of.get("names")).and_then(Value::as_object);
    let names = names.into_iter().flatten().filter_map(|(key, name)| Some((key.clone(), name.as_str()?.to_owned())));
    let version = kept.manifest.get("version").and_then(Value::as_str).unwrap_or_default();
    Context {
        scenario: text("scenario"),
        digest: text("digest"),
        replicates: number("replicates"),
        seed: number("seed"),
        version: version.to_owned(),
        names: names.collect(),
        ..Context::default()
    }
}

/// Kinds for which the result has the tables.
fn possible(kept: &Kept) -> Vec<Kind> {
    let there = |kind: &Kind| {
        kind.tables().iter().all(|table| table.ends_with('?') || (kept.has(table) && kept.rows(table) > 0))
    };
    Kind::ALL.iter().copied().filter(there).collect()
}

fn listed(kept: &Kept, terminal: &Terminal) -> String {
    let charts = charts(kept, terminal);
    let mut rows = vec![["kind", "drawn as", "shows"].map(str::to_owned).to_vec()];
    for kind in possible(kept) {
        let names: Vec<&str> =
            charts.iter().filter(|chart| chart.kind == kind).map(|chart| chart.name.as_str()).collect();
        let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
        rows.push(vec![kind.key().to_owned(), names, kind.sentence().to_owned()]);
    }
    columns(&rows, &[])
}

/// The figures asked for.
fn requests(arguments: &Figure, kept: &Kept, terminal: &Terminal) -> Result<Vec<Request>, Errors> {
    let charts = charts(kept, terminal);
    let of = &arguments.of;
    let mut chosen: Vec<Request> = Vec::new();
    for name in &arguments.name {
        match charts.iter().find(|chart| chart.name == *name) {
            Some(chart) => chosen.push(chart.clone()),
            None => {
                let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
                let message = format!("{} has no figure {name}", kept.path.display());
                let hint = format!("it has {}; --kind draws others", names.join(", "));
                return Err(vec![Diagnostic::error(message).hint(hint)]);
            }
        }
    }
    for key in &arguments.kind {
        let kind = Kind::from_key(key).expect("clap knows the kinds");
        if !possible(kept).contains(&kind) {
            let can: Vec<&str> = possible(kept).into_iter().map(Kind::key).collect();
            let tables: Vec<&str> = kind.tables().iter().map(|table| table.trim_end_matches('?')).collect();
            let message =
                format!("{key} is drawn from {}, which {} does not have", tables.join(" and "), kept.path.display());
            return Err(vec![Diagnostic::error(message).hint(format!("from it can be drawn {}", can.join(", ")))]);
        }
        let own: Vec<Request> = charts.iter().filter(|chart| chart.kind == kind).cloned().collect();
        if own.is_empty() {
            chosen.push(Request::like(kind, &charts));
        } else {
            chosen.extend(own);
        }
    }
    if arguments.name.is_empty() && arguments.kind.is_empty() {
        chosen = charts;
    }
    if chosen.is_empty() {
        let message = format!("{} says of no figure how it was drawn", kept.path.display());
        return Err(vec![Diagnostic::error(message).hint("name a kind: --kind KIND; --list says which can be drawn")]);
    }
    let asked = [
        ("measure", of.measure.is_some()),
        ("window", of.window.is_some()),
        ("arm", of.arm.is_some()),
        ("quantity", of.quantity.is_some()),
        ("against", of.against.is_some()),
        ("state", of.state.is_some()),
        ("factor", !of.factor.is_empty()),
        ("threshold", of.threshold.is_some()),
    ];
    for (what, _) in asked.iter().filter(|(_, asked)| *asked) {
        if !chosen.iter().any(|request| request.kind.takes(what)) {
            let can: Vec<&str> = Kind::ALL.iter().filter(|kind| kind.takes(what)).map(|kind| kind.key()).collect();
            let has = match *what {
                "threshold" => "marks one".to_owned(),
                "against" => "is of one arm against another".to_owned(),
                what => format!("is of one {what}"),
            };
            let message = format!("--{what}: none of these figures {has}");
            return Err(vec![
                Diagnostic::error(message).hint(format!("figures of these kinds are: {}", can.join(", "))),
            ]);
        }
    }
    let changes = changes(of);
    let mut distinct: Vec<Request> = Vec::new();
    for request in chosen {
        let mut request = request.changed(&changes);
        let taken = |name: &str| distinct.iter().any(|other| other.name == name);
        if distinct.contains(&request) {
            continue;
        }
        if taken(&request.name) {
            // Of another window, where that was not what was asked for.
            let Some(window) = request.window.as_deref() else { continue };
            request.name = format!("{}-{window}", request.name);
            if taken(&request.name) {
                continue;
            }
        }
        distinct.push(request);
    }
    Ok(distinct)
}

/// What the figures are to show instead.
fn changes(of: &FigureOf) -> Changes {
    Changes {
        measure: of.measure.clone(),
        window: of.window.clone(),
        arm: of.arm.clone(),
        quantity: of.quantity.clone(),
        against: of.against.clone(),
        state: of.state.clone(),
        factors: of.factor.clone(),
        threshold: of.threshold,
    }
}

/// The tables that those figures need, and what is wrong with those that cannot be had.
pub fn tables(kept: &Kept, requests: &[Request]) -> (Tables, Errors) {
    let (mut tables, mut errors) = (Tables::new(), Errors::new());
    let states: Vec<&str> = requests.iter().map(|request| request.state.as_deref().unwrap_or(REGION)).collect();
    let mut names: Vec<&str> = requests.iter().flat_map(|request| request.kind.tables()).copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let known = name.trim_end_matches('?');
        if tables.contains_key(known) || (known != name && !kept.has(known)) {
            continue;
        }
        let rows =
            |table: &Table| if known == "series" { charted(table, &states) } else { (0..table.rows()).collect() };
        match kept.part(known, &rows) {
            Ok(table) => drop(tables.insert(known.to_owned(), table)),
            Err(found) => errors.extend(found),
        }
    }
    (tables, errors)
}

/// The rows of the series that are drawn: of the states asked for, of the first thousand replicates.
fn charted(table: &Table, states: &[&str]) -> Vec<usize> {
    let (Some(replicates), Some(names)) = (table.integers("replicate"), table.texts("state")) else {
        return (0..table.rows()).collect();
    };
    (0..table.rows()).filter(|&row| replicates[row] < CHARTED && states.contains(&&*names[row])).collect()
}

/// That what is selected, ordered or named as a state is there.
fn known_keys(tables: &Tables, requests: &[Request], arguments: &Figure) -> Result<(), Errors> {
    let of = &arguments.of;
    let state: Vec<String> = of.state.iter().cloned().collect();
    let items: Vec<String> = requests.iter().flat_map(|request| request.keys(tables)).collect();
    let states: Vec<String> = requests.iter().flat_map(|request| request.states(tables)).collect();
    let asked = [("--select", &of.select, &items), ("--order", &of.order, &items), ("--state", &state, &states)];
    let mut errors: Errors = Vec::new();
    for (option, keys, there) in asked {
        if keys.is_empty() {
            continue;
        }
        let mut known = there.clone();
        known.sort_unstable();
        known.dedup();
        for key in keys.iter().filter(|key| !known.contains(key)) {
            let message = format!("{option} {key}: nothing in these figures has that key");
            errors.push(Diagnostic::error(message).hint(format!("they have {}", known.join(", "))));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn style(look: &FigureLook, journal: Option<&Journal>) -> Result<Style, Errors> {
    let theme = Theme::ALL.into_iter().find(|theme| theme.key() == look.theme).expect("clap knows the themes");
    let mut style = journal.map_or_else(Style::default, Style::of).themed(theme);
    let column = look.column.map(|column| match column {
        Column::Single => style.columns[0],
        Column::Onehalf => style.columns[1],
        Column::Double => style.columns[2],
    });
    style.width = look.width.or(column);
    style.height = look.height;
    style.text = look.text.unwrap_or(style.text);
    if look.dpi.is_some_and(|dpi| !(30..=2400).contains(&dpi)) {
        let message = format!("--dpi is 30 to 2400, but {} was asked for", look.dpi.unwrap_or_default());
        return Err(vec![Diagnostic::error(message).hint("300 does for screens, 600 to 1200 for line art in print")]);
    }
    Ok(style)
}

fn formats(look: &FigureLook, journal: Option<&Journal>) -> Vec<Picture> {
    let mut formats = match journal {
        _ if !look.format.is_empty() => look.format.clone(),
        Some(journal) => journal.formats.iter().filter_map(|name| Picture::from_ending(name)).collect(),
        None => FORMATS.to_vec(),
    };
    formats.dedup();
    formats
}

fn of_journals() -> String {
    let mut out = String::new();
    for journal in &JOURNALS {
        let [one, half, two] = journal.columns;
        let highest = journal.highest.map_or(String::new(), |highest| format!(", at most {highest} mm high"));
        out += &format!(
            "{}: {}\n  {one}, {half} or {two} mm wide{highest}; text {} pt, {} dpi; {}\n  {}\n",
            journal.key,
            journal.name,
            journal.text,
            journal.dpi,
            journal.formats.join(", "),
            journal.seen
        );
    }
    out
}
