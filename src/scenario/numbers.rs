//! Declared numbers and choices: which keys there are, and reading them from the tree.

use super::check::Check;
use super::extend::ENTITIES;
use super::report::Origin;
use super::units::nearest;
use super::written::{Entry, Node};
use super::{Scenario, interventions};
use crate::mechanism;
use crate::parameter::{Choice, Declaration, Over, Parameter, Provenance, Settings};
use crate::quantity::{Role, Tool};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Keys at the top of a scenario that are no groups of numbers.
const OWN: [&str; 6] = ["title", "description", "extends", "currency", "time", "run"];

/// All that is declared, ready to be looked up.
pub(super) struct Declared {
    pub(super) declarations: Vec<Declaration>,
    pub(super) choices: Vec<Choice>,
    parameters: BTreeMap<String, Parameter>,
    defaults: Settings,
}

impl Declared {
    /// What the mechanisms and the world declare. It never changes, and is put together once.
    pub(super) fn all() -> &'static Self {
        static ALL: OnceLock<Declared> = OnceLock::new();
        ALL.get_or_init(|| {
            let (declarations, choices) = (mechanism::declarations(), mechanism::choices());
            let parameters = declarations.iter().flat_map(Declaration::expand).map(|p| (p.key.clone(), p)).collect();
            let defaults = Settings::defaults(&declarations, &choices);
            Self { declarations, choices, parameters, defaults }
        })
    }

    /// The parameter of a key that belongs to no entity.
    pub(super) fn parameter(&self, key: &str) -> Option<&Parameter> {
        self.parameters.get(key)
    }

    /// The numbers declared for every entity of a group.
    pub(super) fn of_entities(&self, group: &str) -> Vec<Declaration> {
        let each = |declaration: &&Declaration| {
            declaration.group == group && matches!(declaration.over, Over::Each | Over::Maybe)
        };
        self.declarations.iter().filter(each).copied().collect()
    }

    /// The declaration behind a key, `state.THA.priority` and the like included.
    pub(super) fn of_key(&self, key: &str) -> Option<Declaration> {
        if let Some(parameter) = self.parameters.get(key) {
            return Some(parameter.declaration);
        }
        let (group, rest) = key.split_once('.')?;
        let (_, name) = rest.rsplit_once('.')?;
        self.of_entities(group).into_iter().find(|declaration| declaration.name == name)
    }

    /// The groups of numbers and choices that are no entities, in order of declaration.
    pub(super) fn groups(&self) -> Vec<&'static str> {
        let of_numbers = self.declarations.iter().map(|declaration| declaration.group);
        let of_choices = self.choices.iter().map(|choice| choice.key.split('.').next().unwrap_or(choice.key));
        let mut groups: Vec<&str> = Vec::new();
        for group in of_numbers.chain(of_choices) {
            if !groups.contains(&group) && !ENTITIES.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }

    /// The keys that may stand below a path, which is empty or a group or a group and a tool or role.
    fn below(&self, path: &str) -> Vec<&str> {
        let keys = self.parameters.keys().map(String::as_str).chain(self.choices.iter().map(|choice| choice.key));
        let mut below: Vec<&str> = Vec::new();
        for key in keys {
            let rest = key.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
            if let Some(step) = rest.and_then(|rest| rest.split('.').next())
                && !below.contains(&step)
            {
                below.push(step);
            }
        }
        below
    }

    /// The keys that may stand at the top of a scenario.
    pub(super) fn top_keys(&self) -> Vec<&'static str> {
        OWN.iter().chain(&self.groups()).chain(&ENTITIES).copied().collect()
    }

    /// Every full key that does not depend on the entities.
    pub(super) fn full_keys(&self) -> Vec<String> {
        self.parameters.keys().cloned().chain(self.choices.iter().map(|choice| choice.key.to_owned())).collect()
    }
}

impl Scenario {
    /// The declaration behind a key of this scenario, its interventions' numbers included.
    pub(super) fn declaration_of(&self, declared: &Declared, key: &str) -> Option<Declaration> {
        let Some(rest) = key.strip_prefix("intervention.") else { return declared.of_key(key) };
        let (entity, name) = rest.rsplit_once('.')?;
        let intervention = self.interventions.iter().find(|intervention| intervention.key == entity)?;
        interventions::declarations(intervention.kind()).into_iter().find(|of| of.name == name)
    }
}

/// Reads every number and choice that belongs to no entity; reports top-level keys that are not known.
pub(super) fn read(check: &mut Check<'_>, declared: &Declared, root: &Node) -> Settings {
    let mut settings = declared.defaults.clone();
    let groups = declared.groups();
    let top = declared.top_keys();
    for entry in root.entries().unwrap_or(&[]) {
        if groups.contains(&entry.key.as_str()) {
            for inner in check.table(&entry.node, &entry.key) {
                read_entry(check, declared, &mut settings, &entry.key, inner);
            }
        } else if !top.contains(&entry.key.as_str()) {
            check.unknown_key(entry, "", &top, &declared.full_keys());
        }
    }
    settings
}

fn read_entry(check: &mut Check<'_>, declared: &Declared, settings: &mut Settings, path: &str, entry: &Entry) {
    let key = format!("{path}.{}", entry.key);
    if let Some(parameter) = declared.parameters.get(&key) {
        if let Some((value, provenance)) = check.number(&entry.node, &key, &parameter.declaration) {
            settings.set_number(&key, value, provenance);
        }
        return;
    }
    if let Some(choice) = declared.choices.iter().find(|choice| choice.key == key) {
        if let Some(given) = check.given(&entry.node, &key)
            && let Some(word) = check.one_of(given.node, &key, choice.options)
        {
            settings.set_choice(&key, word, &given.provenance.set_by);
        }
        return;
    }
    let known = declared.below(path);
    if !known.contains(&entry.key.as_str()) {
        report_unknown(check, declared, path, entry, &known);
        return;
    }
    for inner in check.table(&entry.node, &key) {
        read_entry(check, declared, settings, &key, inner);
    }
}

/// An unknown key in a group; where tools or roles stand, what is missing is one of these.
fn report_unknown(check: &mut Check<'_>, declared: &Declared, path: &str, entry: &Entry, known: &[&str]) {
    for (what, words) in [("tool", Tool::KEYS), ("role", Role::KEYS)] {
        let of_these = known.iter().all(|key| words.contains(key)) && !path.contains('.');
        if of_these {
            let hint = match nearest(&entry.key, words.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("the {what}s are {}", words.join(", ")),
            };
            let key = super::check::shortened(&entry.key);
            check.error(entry.key_at, format!("{path}.{key}: there is no {what} {key}"), hint);
            return;
        }
    }
    check.unknown_key(entry, path, known, &declared.full_keys());
}

/// Reads the numbers of one entity into the settings: as written, or by default.
pub(super) fn read_entity(
    check: &mut Check<'_>,
    settings: &mut Settings,
    of: &[Declaration],
    entity: (&str, Option<&Node>),
) {
    let (key, node) = entity;
    for declaration in of {
        let full = declaration.key_of(key);
        let written = node.and_then(|node| node.get(declaration.name));
        let taken_out = written.is_some_and(Node::takes_out) && declaration.over == Over::Maybe;
        let number = written.filter(|_| !taken_out).map(|node| check.number(node, &full, declaration));
        match (number, declaration.defaults.first()) {
            (Some(Some((value, provenance))), _) => settings.set_number(&full, value, provenance),
            (_, Some(default)) if declaration.over == Over::Each => {
                let (grade, source) = (declaration.grade, declaration.source.into());
                settings.set_number(&full, *default, Provenance { grade, source, set_by: "default".into() });
            }
            _ => {}
        }
    }
}

/// The keys an entity may have: its declared numbers and its facts.
pub(super) fn entity_keys<'k>(of: &[Declaration], facts: &[&'k str]) -> Vec<&'k str> {
    facts.iter().copied().chain(of.iter().map(|declaration| declaration.name)).collect()
}

/// Where an entity is written.
pub(super) struct Written<'n> {
    pub(super) key: &'n str,
    pub(super) path: String,
    pub(super) key_at: Origin,
    pub(super) node: &'n Node,
}

/// The entities of a group as written, those taken out left out, anything that is no table reported.
pub(super) fn entities<'n>(check: &mut Check<'_>, root: &'n Node, group: &str) -> Vec<Written<'n>> {
    let Some(node) = root.get(group) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in check.table(node, group).iter().filter(|entry| !entry.node.takes_out()) {
        let path = format!("{group}.{}", entry.key);
        if !super::check::is_word(&entry.key, group != "state") {
            let what = if group == "state" { "letters, digits and _" } else { "letters, digits, _ and -" };
            let key = super::check::shortened(&entry.key);
            check.error(entry.key_at, format!("\"{key}\" cannot name a {group}"), format!("use {what} only"));
            continue;
        }
        if entry.node.entries().is_none() {
            check.table(&entry.node, &path);
            continue;
        }
        found.push(Written { key: &entry.key, path, key_at: entry.key_at, node: &entry.node });
    }
    found
}
