//! Points as they are listed: in the study, side by side, or in a file.

use super::super::super::Files;
use super::super::super::check::Check;
use super::super::super::extend;
use super::super::super::report::{Origin, Report};
use super::super::super::written::{self, Node, Value};
use super::factor::Field;
use super::values::word;
use super::{Design, Domain, Factor, checking};
use crate::diagnostic::Diagnostic;
use crate::parameter::Unit;

/// Most diagnostics of one file of rows.
const TOLD: usize = 10;

/// Fills in the rows of a design that lists them, and what the rows say of factors.
pub(super) fn filled(
    report: &mut Report,
    (files, study): (&dyn Files, &str),
    field: &Field<'_>,
    sweep: &Node,
    mut factors: Vec<Factor>,
) -> Option<(Design, Vec<Factor>)> {
    let Design::Rows { from, .. } = field.asked else { return Some((field.asked.clone(), factors)) };
    let numbers = match *from {
        "zip" => zipped(report, sweep, &factors)?,
        "table" => {
            let mut check = checking(report);
            let Some(node) = sweep.get("table") else {
                check.missing(sweep.at, "the sweep has no table", "write table = \"points.csv\"");
                return None;
            };
            let file = check.text(node, "sweep.table")?;
            let name = extend::beside(study, &file);
            let text = match files.read(&name) {
                Ok(text) => text,
                Err(mut diagnostic) => {
                    diagnostic.message = format!("this names a table that cannot be read: {}", diagnostic.message);
                    let hint = "the path is relative to the study; the table is CSV, or Parquet with that ending";
                    diagnostic.hint.get_or_insert_with(|| hint.to_owned());
                    report.noticed(node.at, diagnostic);
                    return None;
                }
            };
            let source = report.add_source(&name, &text);
            of_table(report, source, &text, &mut factors)?
        }
        _ => listed(report, sweep, &mut factors)?,
    };
    Some((Design::Rows { from, numbers }, factors))
}

/// Row i has the i-th value of every factor.
fn zipped(report: &mut Report, sweep: &Node, factors: &[Factor]) -> Option<Vec<f64>> {
    let mut columns = Vec::new();
    for factor in factors {
        match factor.grid() {
            Ok(levels) => columns.push(levels),
            Err(reason) => {
                checking(report).error(factor.at, reason, "a zip design takes the values of all factors side by side");
                return None;
            }
        }
    }
    let rows = columns[0].len();
    if let Some(other) = columns.iter().position(|column| column.len() != rows) {
        let message = format!(
            "factor {} has {rows} values, and factor {} has {}: they cannot go side by side",
            factors[0].key,
            factors[other].key,
            columns[other].len()
        );
        let at = sweep.get("design").map_or(sweep.at, |node| node.at);
        checking(report).error(
            at,
            message,
            "give all factors as many, or use design = \"factorial\" for every combination",
        );
        return None;
    }
    Some((0..rows).flat_map(|row| columns.iter().map(move |column| column[row]).collect::<Vec<_>>()).collect())
}

/// The rows of `sweep.rows`.
fn listed(report: &mut Report, sweep: &Node, factors: &mut [Factor]) -> Option<Vec<f64>> {
    let mut check = checking(report);
    let example = format!("write rows = [{{ {} = ... }}]", factors[0].key);
    let Some(node) = sweep.get("rows") else {
        check.missing(sweep.at, "the sweep has no rows", example);
        return None;
    };
    let Value::List(items) = &node.value else {
        check.error(node.at, format!("sweep.rows is a list, but {} stands here", node.kind()), example);
        return None;
    };
    if items.is_empty() {
        check.missing(node.at, "sweep.rows is empty", example);
        return None;
    }
    let keys: Vec<String> = factors.iter().map(|factor| factor.key.clone()).collect();
    let known: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut numbers = Some(Vec::with_capacity(items.len() * factors.len()));
    for item in items {
        let Some(entries) = item.entries() else {
            check.error(item.at, format!("a row is a table, but {} stands here", item.kind()), example.clone());
            return None;
        };
        check.unknown_keys(entries, "sweep.rows", &known);
        for factor in factors.iter_mut() {
            let number = match item.get(&factor.key) {
                Some(node) => number(&mut check, factor, node),
                None => {
                    let hint = format!("write {} = and its value: every row has one for each factor", factor.key);
                    check.missing(item.at, format!("this row has no {}", factor.key), hint);
                    None
                }
            };
            numbers = numbers.zip(number).map(|(mut numbers, number)| {
                numbers.push(number);
                numbers
            });
        }
    }
    numbers
}

/// The number of a value in a row; a word that is new is added to the factor's list, unless that was given.
fn number(check: &mut Check<'_>, factor: &mut Factor, node: &Node) -> Option<f64> {
    if let Some(of) = factor.declared {
        return check.quantity(node, &format!("factor.{}", factor.key), of.unit, (of.low, of.high));
    }
    let own = word(check, node);
    if factor.domain == Domain::Rows {
        factor.domain = Domain::Words { words: Vec::new(), weights: None };
        factor.unit = String::new();
    }
    let Domain::Words { words, .. } = &mut factor.domain else {
        return check.quantity(node, &format!("factor.{}", factor.key), Unit::Factor, (f64::MIN, f64::MAX));
    };
    Some(words.iter().position(|word| *word == own).unwrap_or_else(|| {
        words.push(own);
        factor.nodes.push(node.clone());
        words.len() - 1
    }) as f64)
}

/// The rows of a CSV file: a column for each factor, named by its key, in any order; other columns are left alone.
fn of_table(report: &mut Report, source: usize, text: &str, factors: &mut [Factor]) -> Option<Vec<f64>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let whole = Origin::whole(source);
    let broken = |report: &mut Report, error: &csv::Error| {
        let at = error.position().map_or(whole, |position| line_at(source, text, position.byte() as usize));
        let hint = "every line has as many values as the first, which names the columns, with commas between";
        report.noticed(at, Diagnostic::error(format!("this is no CSV: {error}")).hint(hint));
    };
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            broken(report, &error);
            return None;
        }
    };
    let mut places = Vec::new();
    for factor in factors.iter() {
        if headers.iter().filter(|header| *header == factor.key).count() > 1 {
            let message = format!("the table has two columns {}", factor.key);
            report.noticed(whole, Diagnostic::error(message).hint("take one out, or give it another name"));
            return None;
        }
        let Some(place) = headers.iter().position(|header| header == factor.key) else {
            let message = format!("the table has no column {}", factor.key);
            let hint = format!("its columns are {}", headers.iter().collect::<Vec<_>>().join(", "));
            report.noticed(whole, Diagnostic::error(message).hint(hint));
            return None;
        };
        places.push(place);
    }
    let mut numbers: Vec<f64> = Vec::new();
    let mut wrong = 0;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                broken(report, &error);
                return None;
            }
        };
        let start = record.position().map_or(0, |position| position.byte() as usize);
        for (factor, place) in factors.iter_mut().zip(&places) {
            let cell = record.get(*place).unwrap_or_default();
            let mut node = cell.parse::<f64>().ok().map(|number| Node { value: Value::Real(number), at: whole });
            let at = line_at(source, text, start);
            if node.is_none() || factor.declared.is_none() {
                let offset = text[at.start..at.end].find(cell).map_or(at.start, |found| at.start + found);
                node = written::value(report, source, cell, offset);
            }
            let node = node.map(|node| Node { at, ..node });
            match node.and_then(|node| number(&mut checking(report), factor, &node)) {
                Some(number) => numbers.push(number),
                None => wrong += 1,
            }
        }
        if wrong >= TOLD {
            break;
        }
    }
    if wrong > 0 {
        return None;
    }
    if numbers.is_empty() {
        report.noticed(
            whole,
            Diagnostic::error("the table has no rows")
                .hint("below the names of the columns stands a line for each point"),
        );
        return None;
    }
    Some(numbers)
}

/// The line in which a byte stands.
fn line_at(source: usize, text: &str, byte: usize) -> Origin {
    // A record may begin with the end of the line before.
    let mut start = byte.min(text.len());
    while text[start..].starts_with(['\n', '\r']) {
        start += 1;
    }
    let end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    Origin { source, start, end }
}
