//! Interventions: reading, and checking them against what there is to act on.

mod content;
mod schedule;
mod targets;

use crate::intervention::delivery::Delivery;
use crate::intervention::{Intervention, Kind};
use crate::parameter::{Declaration, Settings};
use crate::quantity::Date;
use crate::random::name_address;
use crate::scenario::check::Check;
use crate::scenario::numbers::{self, Declared, Written};
use crate::scenario::print::quoted;
use crate::scenario::written::{Node, Value};
use crate::scenario::{Corridor, State, TimeFrame};

/// What interventions can be aimed at, and when.
pub(super) struct Setting<'s> {
    pub(super) root: &'s Node,
    pub(super) time: TimeFrame,
    pub(super) states: &'s [State],
    pub(super) corridors: &'s [Corridor],
}

/// Keys of an intervention that are no numbers, whatever its kind.
const FACTS: [&str; 10] = ["kind", "name", "start", "end", "states", "pairs", "roles", "units", "choose", "when"];

/// The numbers an intervention of a kind declares: those of delivery, and those of its content.
pub(super) fn declarations(kind: Kind) -> Vec<Declaration> {
    Delivery::DECLARATIONS.iter().chain(kind.declarations()).copied().collect()
}

/// The keys of a kind's content that are no numbers.
pub(super) fn content_facts(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Treaty | Kind::Handbook => &["tools"],
        Kind::Shock => &["event"],
        Kind::Parameter => &["parameter", "set", "add", "scale"],
        _ => &[],
    }
}

/// An intervention as read: what it is, and its facts as lines of TOML.
pub(super) type Read = (Intervention, Vec<(&'static str, String)>);

/// Reads the interventions and their numbers.
pub(super) fn interventions(
    check: &mut Check<'_>,
    declared: &Declared,
    settings: &mut Settings,
    setting: &Setting<'_>,
) -> Vec<Read> {
    numbers::entities(check, setting.root, "intervention")
        .iter()
        .filter_map(|written| intervention(check, declared, settings, setting, written))
        .collect()
}

fn intervention(
    check: &mut Check<'_>,
    declared: &Declared,
    settings: &mut Settings,
    setting: &Setting<'_>,
    written: &Written<'_>,
) -> Option<Read> {
    let (node, path) = (written.node, written.path.as_str());
    let Some(kind_node) = node.get("kind") else {
        check.missing(
            written.key_at,
            format!("{path} has no kind"),
            format!("write kind = \"handbook\"; the kinds are {}", Kind::KEYS.join(", ")),
        );
        return None;
    };
    let kind = Kind::from_key(check.one_of(kind_node, &format!("{path}.kind"), Kind::KEYS)?)?;
    let of = declarations(kind);
    let facts: Vec<&str> = FACTS.iter().chain(content_facts(kind)).copied().collect();
    check.unknown_keys(node.entries().unwrap_or(&[]), path, &numbers::entity_keys(&of, &facts));
    numbers::read_entity(check, settings, &of, (written.key, Some(node)));
    let delivery = Delivery::of_entity(settings, written.key);
    let mut reader = Reader { check, setting, written, kind, lines: vec![("kind", quoted(kind.key()))] };
    let name = reader.name();
    let schedule = reader.schedule(&delivery);
    let targets = reader.targets();
    let content = reader.content(declared, settings);
    let lines = reader.lines;
    let intervention = Intervention {
        key: written.key.to_owned(),
        name,
        content: content?,
        targets: targets?,
        schedule: schedule?,
        delivery,
        address: name_address(written.key),
    };
    Some((intervention, lines))
}

/// Reads the facts of one intervention.
struct Reader<'r, 'c, 's> {
    check: &'r mut Check<'c>,
    setting: &'s Setting<'s>,
    written: &'s Written<'s>,
    kind: Kind,
    lines: Vec<(&'static str, String)>,
}

impl<'s> Reader<'_, '_, 's> {
    fn node(&self, key: &str) -> Option<&'s Node> {
        self.written.node.get(key).filter(|node| !node.takes_out())
    }

    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.written.path)
    }

    fn name(&mut self) -> String {
        let given = self.check.fact(self.written.node, &self.written.path, "name", Check::name);
        let usual = || {
            let label = self.written.key.replace(['_', '-'], " ");
            let mut letters = label.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or(label.clone())
        };
        let name = given.unwrap_or_else(usual);
        self.lines.push(("name", quoted(&name)));
        name
    }

    fn date(&mut self, key: &'static str) -> Option<(Date, f64)> {
        self.node(key)?;
        let date = self.check.fact(self.written.node, &self.written.path, key, Check::date)?;
        self.lines.push((key, date.to_string()));
        Some((date, f64::from(date.days() - self.setting.time.start.days())))
    }

    /// The words of a list, each with its place.
    fn words(&mut self, key: &'static str) -> Option<Vec<(&'s Node, String)>> {
        let node = self.node(key)?;
        let path = self.at(key);
        let Value::List(items) = &node.value else {
            let message = format!("{path} is a list, but {} stands here", node.kind());
            self.check.error(node.at, message, format!("write {key} = [\"…\"]"));
            return Some(Vec::new());
        };
        if items.is_empty() {
            self.check.error(
                node.at,
                format!("{path} is empty, so nobody is aimed at"),
                "name some, or take the line out for all",
            );
        }
        let words: Vec<(&Node, String)> =
            items.iter().filter_map(|item| Some((item, self.check.text(item, &path)?))).collect();
        let line: Vec<String> = words.iter().map(|(_, word)| quoted(word)).collect();
        self.lines.push((key, format!("[{}]", line.join(", "))));
        Some(words)
    }
}
