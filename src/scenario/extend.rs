//! From files and command line to one tree: `extends` is a deep overlay, `--set` a small one on top.

use super::Files;
use super::report::{COMMAND_LINE, Origin, Report};
use super::units::nearest;
use super::written::{self, Entry, Node, Value};
use crate::diagnostic::Diagnostic;

/// Groups whose tables are entities, named by the scenario.
pub(super) const ENTITIES: [&str; 6] = ["state", "corridor", "pair", "treaty", "declaration", "intervention"];

/// Longest file read, in bytes.
const LONGEST: usize = 16 << 20;

/// A change on top of a scenario, as given on the command line: `path=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override(String);

impl Override {
    /// A change as written: `habit.half_life=13 months`. It is checked together with the scenario.
    pub fn new(written: impl Into<String>) -> Self {
        Self(written.into())
    }

    /// A number under a key.
    pub fn number(key: &str, value: f64) -> Self {
        Self(format!("{key}={}", super::units::number(value)))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A scenario as one tree.
pub(super) struct Joined {
    pub(super) root: Node,
    /// The file directly extended, as [`Files`] knows it.
    pub(super) extends: Option<String>,
    /// The source of the scenario's own file.
    pub(super) own: usize,
}

/// A file and the files it extends, each as a tree.
pub(super) struct Chain {
    /// The trees, the file's own first.
    pub(super) layers: Vec<Node>,
    /// Their names, as [`Files`] knows them.
    pub(super) names: Vec<String>,
    /// The file directly extended.
    pub(super) extends: Option<String>,
    /// Where the file names it.
    pub(super) extends_at: Option<Origin>,
    /// The source of the file itself.
    pub(super) own: usize,
    /// Whether the chain ended at a file that was known already, and is left out.
    pub(super) met: bool,
}

/// Reads a scenario, all it extends, and the changes on top.
pub(super) fn join(report: &mut Report, name: &str, files: &dyn Files, overrides: &[Override]) -> Option<Joined> {
    let Chain { layers, extends, own, .. } = chain(report, (name, None), files, &[])?;
    let mut root = Node { value: Value::Table(Vec::new()), at: Origin::whole(own) };
    for layer in layers.into_iter().rev() {
        overlay(report, &mut root, layer, &[]);
    }
    for change in overrides {
        if let Some(layer) = set(report, &root, change) {
            overlay(report, &mut root, layer, &[]);
        }
    }
    Some(Joined { root, extends, own })
}

/// Reads a file (named at a place, or by the user) and what it extends, up to a file that is known already.
pub(super) fn chain(
    report: &mut Report,
    (name, named_at): (&str, Option<Origin>),
    files: &dyn Files,
    known: &[String],
) -> Option<Chain> {
    let text = match files.read(name) {
        Ok(text) => text,
        Err(diagnostic) => {
            match named_at {
                Some(at) => unreadable(report, at, "names", diagnostic),
                None => report.placeless(diagnostic),
            }
            return None;
        }
    };
    let mut names = vec![normal(name)];
    let own = add(report, name, &text);
    let mut layers = vec![layer(report, own, &text)?];
    let (mut extends, mut extends_at) = (None, None);
    let mut met = false;
    while let Some((base, at)) = layers.last_mut().and_then(|layer| take_extends(report, layer)) {
        let base = beside(names.last().map_or("", String::as_str), &base);
        extends.get_or_insert_with(|| base.clone());
        extends_at.get_or_insert(at);
        if known.contains(&base) {
            met = true;
            break;
        }
        if let Some(first) = names.iter().position(|name| *name == base) {
            let chain: Vec<&str> = names[first..].iter().map(String::as_str).chain([base.as_str()]).collect();
            report.noticed(
                at,
                Diagnostic::error(format!("extends goes round in a circle: {}", chain.join(" -> ")))
                    .hint("one of these files must not extend another: take its extends line out"),
            );
            break;
        }
        match files.read(&base) {
            Ok(text) => {
                let source = add(report, &base, &text);
                names.push(base);
                layers.push(layer(report, source, &text)?);
            }
            Err(diagnostic) => {
                unreadable(report, at, "extends", diagnostic);
                break;
            }
        }
    }
    Some(Chain { layers, names, extends, extends_at, own, met })
}

fn unreadable(report: &mut Report, at: Origin, what: &str, mut diagnostic: Diagnostic) {
    diagnostic.message = format!("this {what} a file that cannot be read: {}", diagnostic.message);
    if diagnostic.hint.is_none() {
        diagnostic.hint =
            Some(format!("the path is relative to the file that {what}{}", if what == "names" { " it" } else { "" }));
    }
    report.noticed(at, diagnostic);
}

pub(super) fn add(report: &mut Report, name: &str, text: &str) -> usize {
    // A text too long to be read is not kept either.
    report.add_source(name, if text.len() > LONGEST { "" } else { text })
}

/// One file as a tree; `None` when it is not worth reading any further.
pub(super) fn layer(report: &mut Report, source: usize, text: &str) -> Option<Node> {
    if text.len() > LONGEST {
        let size = text.len() >> 20;
        report.noticed(
            Origin::whole(source),
            Diagnostic::error(format!("the file has {size} MB, but a scenario has at most {}", LONGEST >> 20))
                .hint("a scenario is a few kilobytes of TOML; is this the file you meant?"),
        );
        return None;
    }
    let mut node = written::document(report, source, text);
    if node.entries().is_some_and(<[Entry]>::is_empty) {
        report.missing(
            Origin::whole(source),
            Diagnostic::error("the file is empty").hint("`comity new NAME` writes a scenario to start from"),
        );
        return None;
    }
    if let Value::Table(groups) = &mut node.value {
        for group in groups.iter_mut().filter(|group| group.key == "pair") {
            name_pairs(report, &mut group.node);
        }
    }
    Some(node)
}

/// Gives every pair its one name, whichever state was written first.
pub(super) fn name_pairs(report: &mut Report, pairs: &mut Node) {
    let Value::Table(entries) = &mut pairs.value else { return };
    let mut seen: Vec<(String, String)> = Vec::new();
    for entry in entries.iter_mut() {
        let key = pair_key(&entry.key);
        let written = std::mem::replace(&mut entry.key, key);
        if let Some((_, other)) = seen.iter().find(|(key, _)| *key == entry.key) {
            report.noticed(
                entry.key_at,
                Diagnostic::error(format!("the pair {written} stands here as {other} as well"))
                    .hint("a pair has no order: join the two tables"),
            );
        }
        seen.push((entry.key.clone(), written));
    }
}

/// The keys of two states in alphabetical order.
pub(super) fn pair_key(written: &str) -> String {
    match written.split_once('-') {
        Some((a, b)) if b < a => format!("{b}-{a}"),
        _ => written.to_owned(),
    }
}

/// Takes the `extends` line out of a tree.
fn take_extends(report: &mut Report, layer: &mut Node) -> Option<(String, Origin)> {
    let Value::Table(entries) = &mut layer.value else { return None };
    let index = entries.iter().position(|entry| entry.key == "extends")?;
    let entry = entries.remove(index);
    match entry.node.value {
        Value::Text(name) if !name.trim().is_empty() => Some((name, entry.node.at)),
        _ => {
            report.noticed(
                entry.node.at,
                Diagnostic::error("extends is the name of a file").hint("write extends = \"asean-baseline.toml\""),
            );
            None
        }
    }
}

/// Lays a tree over another: tables are joined, all else is replaced.
///
/// A value with its source (`{ value = …, source = … }`) is one thing: a new value does not keep the old source.
pub(super) fn overlay(report: &mut Report, base: &mut Node, upper: Node, path: &[&str]) {
    let (Value::Table(lower), Value::Table(entries)) = (&mut base.value, upper.value) else { return };
    for entry in entries {
        let key = entry.key.clone();
        let inner: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
        let entity_group = path.is_empty() && ENTITIES.contains(&entry.key.as_str());
        if entity_group && entry.node.entries().is_some() && !lower.iter().any(|old| old.key == entry.key) {
            let empty = Node { value: Value::Table(Vec::new()), at: entry.node.at };
            lower.push(Entry { node: empty, ..entry.clone() });
        }
        if let [group, key] = inner[..]
            && ENTITIES.contains(&group)
            && entry.node.takes_out()
            && !lower.iter().any(|old| old.key == *key)
        {
            let near = nearest(key, lower.iter().map(|old| old.key.as_str()));
            report.noticed(
                entry.key_at,
                Diagnostic::error(format!("{group}.{key} = false takes out what the base has, but there is none"))
                    .hint(near.map_or("take the line out".to_owned(), |near| format!("did you mean {near}?"))),
            );
            continue;
        }
        match lower.iter_mut().find(|old| old.key == entry.key) {
            Some(old) if old.node.entries().is_some() && joins(&entry.node) => {
                overlay(report, &mut old.node, entry.node, &inner);
            }
            Some(old) => {
                old.key_at = entry.key_at;
                old.node = entry.node;
            }
            None => lower.push(entry),
        }
    }
}

/// Whether a value is joined with the table below it, rather than put in its stead.
fn joins(upper: &Node) -> bool {
    upper.entries().is_some() && upper.get("value").is_none()
}

/// A change of the command line as a tree.
pub(super) fn set(report: &mut Report, root: &Node, change: &Override) -> Option<Node> {
    let text = change.as_str();
    let source = report.add_source(COMMAND_LINE, text);
    let everything = Origin { source, start: 0, end: text.len() };
    let Some((path, value)) = text.split_once('=') else {
        report.noticed(
            everything,
            Diagnostic::error(format!("--set wants path=value, but got \"{text}\""))
                .hint("for example --set habit.half_life=\"13 months\""),
        );
        return None;
    };
    let offset = text.len() - value.trim_start().len();
    let value = written::value(report, source, value.trim(), offset)?;
    let mut steps = Vec::new();
    let mut at = 0;
    for step in path.split('.') {
        let start = at + (step.len() - step.trim_start().len());
        let key = step.trim().trim_matches('"');
        at += step.len() + 1;
        if key.is_empty() {
            report.noticed(
                everything,
                Diagnostic::error(format!("--set wants a path of names joined by dots, but got \"{}\"", path.trim()))
                    .hint("for example --set state.THA.priority=0.7"),
            );
            return None;
        }
        steps.push((key.to_owned(), Origin { source, start, end: start + step.trim().len() }));
    }
    if let [(group, group_at), rest @ ..] = &mut steps[..] {
        if group == "extends" {
            report.noticed(
                *group_at,
                Diagnostic::error("extends cannot be set").hint("name the other scenario in place of this one"),
            );
            return None;
        }
        if let (true, [(entity, entity_at), ..]) = (ENTITIES.contains(&group.as_str()), rest) {
            if group == "pair" {
                *entity = pair_key(entity);
            } else if root.get(group).and_then(|entities| entities.get(entity)).is_none() {
                report.noticed(*entity_at, no_such(root, group, entity));
                return None;
            }
        }
    }
    Some(
        steps.into_iter().rev().fold(value, |node, (key, key_at)| Node {
            value: Value::Table(vec![Entry { key, key_at, node }]),
            at: key_at,
        }),
    )
}

/// That an entity does not exist, with the nearest that does.
pub(super) fn no_such(root: &Node, group: &str, entity: &str) -> Diagnostic {
    let known: Vec<&str> =
        root.get(group).and_then(Node::entries).unwrap_or(&[]).iter().map(|entry| entry.key.as_str()).collect();
    let hint = match nearest(entity, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => format!("the scenario has no {group} at all"),
        None => format!("the scenario has {}", super::check::listed(&known)),
    };
    Diagnostic::error(format!("there is no {group} {entity}")).hint(hint)
}

/// A file name relative to the directory of another.
pub(super) fn beside(name: &str, relative: &str) -> String {
    let absolute = relative.starts_with(['/', '\\']) || relative.chars().nth(1) == Some(':');
    match name.rfind(['/', '\\']) {
        Some(end) if !absolute => normal(&format!("{}/{relative}", &name[..end])),
        _ => normal(relative),
    }
}

/// A file name without detours, so that the same file has the same name.
pub(super) fn normal(name: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for (index, step) in name.split(['/', '\\']).enumerate() {
        match step {
            "." => {}
            "" if index > 0 => {}
            ".." if steps.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                steps.pop();
            }
            other => steps.push(other),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_found_beside_the_file_that_extends_it() {
        assert_eq!(beside("scenarios/x.toml", "base.toml"), "scenarios/base.toml");
        assert_eq!(beside("scenarios/x.toml", "../base.toml"), "base.toml");
        assert_eq!(beside("x.toml", "./base.toml"), "base.toml");
        assert_eq!(beside("/a/x.toml", "b/./c.toml"), "/a/b/c.toml");
        assert_eq!(beside("/a/x.toml", "/b.toml"), "/b.toml");
        assert_eq!(beside("../x.toml", "../b.toml"), "../../b.toml");
    }
}
