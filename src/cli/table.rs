//! `comity table`: a table of a result, as an article prints it.

use super::arguments::{Table as Arguments, TableForm};
use super::kept::{self, Kept};
use super::terminal::Terminal;
use super::{Ended, Errors, say};
use comity::article::{self, ArticleError, Choice, Format, Kind};
use comity::diagnostic::Diagnostic;
use comity::storage::write_new;
use comity::table::Table;
use std::path::Path;

/// The word that asks for every outcome.
const ALL: &str = "all";

/// Prints a table, or leaves it in a file.
pub fn table(arguments: &Arguments, terminal: &Terminal) -> Result<Ended, Errors> {
    let kept = kept::open(&arguments.result)?;
    let kind = kind(arguments, &kept)?;
    let table = kept.table(kind.key())?;
    let choice = Choice {
        measure: measure(arguments, &kept, kind, &table, terminal),
        window: arguments.window.clone(),
        arms: arguments.arm.clone(),
        title: arguments.title.clone(),
        label: arguments.label_id.clone(),
    };
    let printed = article::printed(kind, &table, &choice, &kept.source()).map_err(refused)?;
    let bytes = printed.write(format(arguments)).map_err(|error| vec![Diagnostic::error(error.to_string())])?;
    match &arguments.out {
        Some(out) => {
            write_new(out, &bytes).map_err(|error| vec![Diagnostic::from(error)])?;
            terminal.announce(&out.display().to_string());
        }
        None => say(&String::from_utf8_lossy(&bytes))?,
    }
    Ok(Ended::Done)
}

/// The kinds of tables that a result holds.
fn kinds(kept: &Kept) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| kept.rows(kind.key()) > 0).collect()
}

fn kind(arguments: &Arguments, kept: &Kept) -> Result<Kind, Errors> {
    let present = kinds(kept);
    let names = present.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(", ");
    let shown = kept.path.display();
    let hint = if present.is_empty() {
        "`comity run`, `compare` and `validate --out` leave results that tables can be made of".to_owned()
    } else {
        format!("it can be one of: {names}")
    };
    let refuse = |message: String| Err(vec![Diagnostic::error(message).hint(&hint)]);
    let Some(wanted) = &arguments.kind else {
        return match present.first() {
            Some(first) => Ok(*first),
            None => refuse(format!("no table for print can be made of {shown}")),
        };
    };
    match Kind::from_key(wanted) {
        Some(kind) if present.contains(&kind) => Ok(kind),
        Some(_) => refuse(format!("{shown} holds nothing for a table of {wanted}")),
        None => refuse(format!("there is no kind of table called {wanted}")),
    }
}

/// The measure asked for; without one, of effects and packages the main outcome, if the result names it.
fn measure(arguments: &Arguments, kept: &Kept, kind: Kind, table: &Table, terminal: &Terminal) -> Option<String> {
    match arguments.measure.as_deref() {
        Some(ALL) => return None,
        Some(measure) => return Some(measure.to_owned()),
        None => {}
    }
    if !matches!(kind, Kind::Effects | Kind::Packages) {
        return None;
    }
    let measures = table.texts("measure")?;
    let main = kept.manifest.get("main_outcome")?.as_str()?.to_owned();
    if !measures.iter().any(|measure| **measure == *main) || measures.iter().all(|measure| **measure == *main) {
        return None;
    }
    terminal
        .announce(&format!("the main outcome, {main}; --measure {ALL} prints every outcome, --measure KEY another"));
    Some(main)
}

/// The form asked for, or the one that the ending of the file says.
fn format(arguments: &Arguments) -> Format {
    let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match (arguments.format, arguments.out.as_deref().and_then(ending).as_deref()) {
        (Some(TableForm::Markdown), _) => Format::Markdown,
        (Some(TableForm::Latex), _) | (None, Some("tex")) => Format::Latex,
        (Some(TableForm::Csv), _) | (None, Some("csv")) => Format::Csv,
        (Some(TableForm::Html), _) | (None, Some("html" | "htm")) => Format::Html,
        (Some(TableForm::Typst), _) | (None, Some("typ")) => Format::Typst,
        (None, _) => Format::Markdown,
    }
}

fn refused(error: ArticleError) -> Errors {
    let hint = match &error {
        ArticleError::MissingColumn { .. } => "make the result anew with this version of comity",
        ArticleError::Empty { .. } => "choose another --kind",
        ArticleError::NotBy { .. } => "leave that choice out, or choose another --kind",
        ArticleError::Unknown { .. } | ArticleError::NoneTogether { .. } => "choose of what the table has",
        ArticleError::Label { .. } => "as in --label-id tab:effects",
    };
    vec![Diagnostic::error(error.to_string()).hint(hint)]
}
