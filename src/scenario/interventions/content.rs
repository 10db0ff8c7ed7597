//! What an intervention does: the facts of its kind.

use super::Reader;
use crate::intervention::parameter::{Change, ParameterChange, Place};
use crate::intervention::shock::{Event, Shock, ShockNumbers};
use crate::intervention::treaty::{Treaty, TreatyNumbers};
use crate::intervention::{
    Content, Kind, capacity_building, declaration, exchange, handbook, harmonisation, information_sharing,
    liaison_officer, ngo_partnership, retention, specialised_units, working_group,
};
use crate::parameter::{Declaration, Over, Settings, Unit};
use crate::quantity::{Role, Tool};
use crate::scenario::check::{Check, listed, shortened};
use crate::scenario::commitments::tools;
use crate::scenario::extend::pair_key;
use crate::scenario::numbers::Declared;
use crate::scenario::print::quoted;
use crate::scenario::units::{nearest, number};
use crate::scenario::written::{Node, Value};

impl Reader<'_, '_, '_> {
    fn tools(&mut self, usual: Option<Vec<Tool>>) -> Option<Vec<Tool>> {
        if let (None, usual) = (self.node("tools"), usual) {
            if usual.is_none() {
                let message = format!("{} opens no tools", self.written.path);
                self.check.missing(self.written.key_at, message, "write tools = [\"mla\", \"extradition\"]");
            }
            return usual;
        }
        let read = self.check.fact(self.written.node, &self.written.path, "tools", tools)?;
        let line: Vec<String> = read.iter().map(|tool| quoted(tool.key())).collect();
        self.lines.push(("tools", format!("[{}]", line.join(", "))));
        Some(read)
    }

    pub(super) fn content(&mut self, declared: &Declared, settings: &Settings) -> Option<Content> {
        let key = self.written.key;
        Some(match self.kind {
            Kind::Declaration => Content::Declaration(declaration::DeclarationNumbers::of_entity(settings, key)),
            Kind::WorkingGroup => Content::WorkingGroup(working_group::WorkingGroup::of_entity(settings, key)),
            Kind::Treaty => {
                let tools = self.tools(None)?;
                self.warn_of_open_tools(&tools);
                Content::Treaty(Treaty { tools, numbers: TreatyNumbers::of_entity(settings, key) })
            }
            Kind::InformationSharing => {
                Content::InformationSharing(information_sharing::InformationSharing::of_entity(settings, key))
            }
            Kind::Harmonisation => Content::Harmonisation(harmonisation::Harmonisation::of_entity(settings, key)),
            Kind::Exchange => Content::Exchange(exchange::Exchange::of_entity(settings, key)),
            Kind::CapacityBuilding => {
                let content = capacity_building::CapacityBuilding::of_entity(settings, key);
                Content::CapacityBuilding(content)
            }
            Kind::Handbook => Content::Handbook(handbook::Handbook {
                tools: self.tools(Some(Tool::ALL.to_vec()))?,
                numbers: handbook::HandbookNumbers::of_entity(settings, key),
            }),
            Kind::SpecialisedUnits => {
                Content::SpecialisedUnits(specialised_units::SpecialisedUnits::of_entity(settings, key))
            }
            Kind::NgoPartnership => Content::NgoPartnership(ngo_partnership::NgoPartnership::of_entity(settings, key)),
            Kind::LiaisonOfficer => Content::LiaisonOfficer(liaison_officer::LiaisonOfficer::of_entity(settings, key)),
            Kind::Retention => Content::Retention(retention::Retention::of_entity(settings, key)),
            Kind::Shock => self.shock(ShockNumbers::of_entity(settings, key))?,
            Kind::Parameter => self.parameter(declared, settings)?,
        })
    }

    /// A tool that no treaty of the scenario names is open to all already.
    fn warn_of_open_tools(&mut self, tools: &[Tool]) {
        let treaties = self.setting.root.get("treaty").and_then(Node::entries).unwrap_or(&[]);
        for tool in tools {
            let names = |node: &Node| {
                let listed = node.get("value").unwrap_or(node);
                matches!(&listed.value, Value::List(items) if items.iter().any(|item| matches!(&item.value, Value::Text(word) if word == tool.key())))
            };
            if !treaties.iter().any(|treaty| treaty.node.get("tools").is_some_and(names)) {
                let at = self.node("tools").map_or(self.written.key_at, |node| node.at);
                let message = format!("{}: {} is open to all without a treaty", self.written.path, tool.key());
                self.check.warn(at, message, "only the harmonisation it brings will act; gate the tool by a [treaty.…] of the scenario if it should not be open");
            }
        }
    }

    fn shock(&mut self, numbers: ShockNumbers) -> Option<Content> {
        let Some(node) = self.node("event") else {
            let message = format!("{} does not say what happens", self.written.path);
            self.check.missing(
                self.written.key_at,
                message,
                format!("write event = \"gate\"; the events are {}", Event::KEYS.join(", ")),
            );
            return None;
        };
        let event = Event::from_key(self.check.one_of(node, &self.at("event"), Event::KEYS)?)?;
        self.lines.push(("event", quoted(event.key())));
        if matches!(event, Event::Gate | Event::Surge) && self.node("end").is_none() && self.node("lasts").is_none() {
            let message = format!("{}: {} has no end", self.written.path, event.label());
            self.check.missing(self.written.key_at, message, "write lasts = \"6 months\", or an end");
            return None;
        }
        Some(Content::Shock(Shock { event, numbers }))
    }

    fn parameter(&mut self, declared: &Declared, settings: &Settings) -> Option<Content> {
        let Some(node) = self.node("parameter") else {
            let message = format!("{} does not say which number it changes", self.written.path);
            self.check.missing(
                self.written.key_at,
                message,
                "write parameter = \"habit.half_life\", or another key as in --set",
            );
            return None;
        };
        let key = self.check.text(node, &self.at("parameter"))?;
        self.lines.push(("parameter", quoted(&key)));
        let Some((of, place)) = self.place(declared, settings, &key) else {
            self.refuse_parameter(settings, node, &key);
            return None;
        };
        let given: Vec<&'static str> =
            ["set", "add", "scale"].into_iter().filter(|how| self.node(how).is_some()).collect();
        let [how] = given[..] else {
            let message = format!("{} wants one of set, add and scale", self.written.path);
            self.check.error(node.at, message, "write set = VALUE, add = AMOUNT or scale = FACTOR");
            return None;
        };
        let (unit, range) = match how {
            "set" => (of.unit, (of.low, of.high)),
            "add" => (of.unit, (of.low - of.high, of.high - of.low)),
            _ => (Unit::Factor, (0.0, 1e6)),
        };
        let read = |check: &mut Check<'_>, node: &Node, path: &str| check.quantity(node, path, unit, range);
        let value = self.check.fact(self.written.node, &self.written.path, how, read)?;
        self.lines.push((how, number(value)));
        let change = match how {
            "set" => Change::Set(value),
            "add" => Change::Add(value),
            _ => Change::Scale(value),
        };
        let from = settings.get(&key).unwrap_or(0.0);
        Some(Content::Parameter(ParameterChange { key, place, change, from, range: (of.low, of.high) }))
    }

    /// Where a number stands, if it can be changed under way.
    fn place(&self, declared: &Declared, settings: &Settings, key: &str) -> Option<(Declaration, Place)> {
        let (group, rest) = key.split_once('.')?;
        if group == "pair" {
            return self.pair_place(declared, settings, rest);
        }
        settings.get(key)?;
        if let Some(parameter) = declared.parameter(key) {
            let of = parameter.declaration;
            let place = match of.over {
                Over::Tools => Tool::from_key(rest.split('.').next()?)? as usize,
                Over::Roles => Role::from_key(rest.split('.').next()?)? as usize,
                _ => 0,
            };
            let fixed = (of.group, of.name) == ("trust", "generalised");
            return (!fixed).then_some((of, Place::Rule(of.group, of.name, place)));
        }
        let (entity, name) = rest.rsplit_once('.')?;
        let of = declared.of_entities(group).into_iter().find(|of| of.name == name)?;
        let place = match group {
            "state" if of.unit != Unit::Count => {
                Place::State(self.setting.states.iter().position(|state| state.key == entity)?, of.name)
            }
            "corridor" => Place::Corridor(self.setting.corridors.iter().position(|corridor| corridor.key == entity)?),
            _ => return None,
        };
        Some((of, place))
    }

    /// Where a number of two states stands: of any two, whether the scenario states it or it follows from a rule. Only harmonisation must be
    /// stated, for what follows from the rule changes with laws and priorities.
    fn pair_place(&self, declared: &Declared, settings: &Settings, rest: &str) -> Option<(Declaration, Place)> {
        let (entity, name) = rest.rsplit_once('.')?;
        let of = declared.of_entities("pair").into_iter().find(|of| of.name == name)?;
        let key = pair_key(entity);
        let (a, b) = key.split_once('-').filter(|(a, b)| a != b)?;
        let index = |key| self.setting.states.iter().position(|state| state.key == key);
        let (a, b) = (index(a)?, index(b)?);
        if name == "harmonisation" {
            settings.get(&format!("pair.{key}.harmonisation"))?;
        }
        let (low, high) = (a.min(b), a.max(b));
        Some((of, Place::Pair(high * (high - 1) / 2 + low, of.name)))
    }

    fn refuse_parameter(&mut self, settings: &Settings, node: &Node, key: &str) {
        let path = self.at("parameter");
        if settings.get(key).is_some() {
            let message =
                format!("{path}: {} is read on the first day only, and cannot be changed under way", shortened(key));
            self.check.error(
                node.at,
                message,
                "for more desks use kind = \"capacity_building\" with staff; else set it in an arm from the start",
            );
            return;
        }
        if key.starts_with("pair.") && key.ends_with(".harmonisation") {
            let message =
                format!("{path}: {} follows from laws and priorities, and is no number to change", shortened(key));
            self.check.error(
                node.at,
                message,
                "state it for the pair ([pair.KHM-THA] harmonisation = 0.5), or change institutions.base",
            );
            return;
        }
        let known: Vec<&str> = settings.numbers().map(|(key, _, _)| key).collect();
        let hint = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("`comity describe --all` lists every key; some are {}", listed(&known)),
        };
        self.check.error(node.at, format!("{path}: there is no number {} in force", shortened(key)), hint);
    }
}
