//! Treaties and joint declarations.

use super::check::Check;
use super::entities::state_index;
use super::numbers;
use super::units::nearest;
use super::written::{Node, Value};
use super::{CommitmentDeclaration, State, Treaty};
use crate::parameter::Unit;
use crate::quantity::{Date, Tool};

/// Reads the treaties.
pub(super) fn treaties(check: &mut Check<'_>, root: &Node, states: &[State]) -> Vec<Treaty> {
    let mut treaties = Vec::new();
    for treaty in numbers::entities(check, root, "treaty") {
        let known = ["name", "tools", "requires", "deposits"];
        check.unknown_keys(treaty.node.entries().unwrap_or(&[]), &treaty.path, &known);
        let name = check.fact(treaty.node, &treaty.path, "name", Check::name);
        if treaty.node.get("tools").is_none() {
            let hint = format!("write tools = [\"mla\"]; the tools are {}", Tool::KEYS.join(", "));
            check.missing(treaty.key_at, format!("{} opens no tools", treaty.path), hint);
        }
        let tools = check.fact(treaty.node, &treaty.path, "tools", tools).unwrap_or_default();
        check.fact(treaty.node, &treaty.path, "requires", |check, node, path| check.one_of(node, path, &["both"]));
        let deposits = deposits(check, root, states, (treaty.node, &treaty.path));
        if deposits.len() < 2 {
            let message = format!("{} opens nothing: {} deposited", treaty.path, counted(deposits.len()));
            check.warn(treaty.key_at, message, "a treaty works between states that both deposited");
        }
        let key = treaty.key.to_owned();
        treaties.push(Treaty { name: name.unwrap_or_else(|| key.clone()), key, tools, deposits });
    }
    treaties
}

fn counted(deposits: usize) -> &'static str {
    if deposits == 0 { "no state" } else { "only one state" }
}

/// A list of tools, each once.
pub(super) fn tools(check: &mut Check<'_>, node: &Node, path: &str) -> Option<Vec<Tool>> {
    let Value::List(items) = &node.value else {
        let message = format!("{path} is a list of tools, but {} stands here", node.kind());
        check.error(node.at, message, "write tools = [\"mla\"]");
        return None;
    };
    let mut tools = Vec::new();
    for item in items {
        let Some(word) = check.text(item, path) else { continue };
        let Some(tool) = Tool::from_key(&word) else {
            let hint = match nearest(&word, Tool::KEYS.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("the tools are {}", Tool::KEYS.join(", ")),
            };
            let message = format!("{path}: there is no tool {}", super::check::shortened(&word));
            check.error(item.at, message, hint);
            continue;
        };
        if !tools.contains(&tool) {
            tools.push(tool);
        }
    }
    tools.sort();
    Some(tools)
}

/// Which state deposited when.
fn deposits(check: &mut Check<'_>, root: &Node, states: &[State], treaty: (&Node, &str)) -> Vec<(usize, Date)> {
    let (node, path) = treaty;
    let Some(table) = node.get("deposits") else { return Vec::new() };
    let path = format!("{path}.deposits");
    let mut deposits = Vec::new();
    for entry in check.table(table, &path) {
        let state = state_index(check, root, states, &entry.key, entry.key_at, &path);
        let date = check.fact(table, &path, &entry.key, Check::date);
        if let (Some(state), Some(date)) = (state, date) {
            deposits.push((state, date));
        }
    }
    deposits.sort();
    deposits
}

/// Reads the joint declarations.
pub(super) fn declarations(check: &mut Check<'_>, root: &Node) -> Vec<CommitmentDeclaration> {
    let mut declarations = Vec::new();
    for declaration in numbers::entities(check, root, "declaration") {
        let (node, path) = (declaration.node, &declaration.path);
        check.unknown_keys(node.entries().unwrap_or(&[]), path, &["name", "date", "strength"]);
        for (fact, example) in [("date", "2004-11-29"), ("strength", "0.5")] {
            if node.get(fact).is_none_or(Node::takes_out) {
                check.missing(declaration.key_at, format!("{path} has no {fact}"), format!("write {fact} = {example}"));
            }
        }
        let name = check.fact(node, path, "name", Check::name);
        let date = check.fact(node, path, "date", Check::date);
        let strength =
            check.fact(node, path, "strength", |check, node, path| check.quantity(node, path, Unit::Share, (0.0, 1.0)));
        if let (Some(date), Some(strength)) = (date, strength) {
            let key = declaration.key.to_owned();
            let name = name.unwrap_or_else(|| key.clone());
            declarations.push(CommitmentDeclaration { key, name, date, strength });
        }
    }
    declarations
}
