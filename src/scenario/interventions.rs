//! Interventions: reading, and checking them against what there is to act on.

use super::check::{Check, listed, shortened};
use super::commitments::tools;
use super::entities::state_index;
use super::extend::pair_key;
use super::numbers::{self, Declared, Written};
use super::print::quoted;
use super::units::{nearest, number};
use super::written::{Node, Value};
use super::{Corridor, State, TimeFrame};
use crate::intervention::delivery::Delivery;
use crate::intervention::parameter::{Change, ParameterChange, Place};
use crate::intervention::schedule::{Measure, Schedule, Trigger};
use crate::intervention::shock::{Event, Shock, ShockNumbers};
use crate::intervention::target::{Choosing, Targeted, Targets};
use crate::intervention::treaty::{Treaty, TreatyNumbers};
use crate::intervention::{
    Content, Intervention, Kind, capacity_building, declaration, exchange, handbook, harmonisation,
    information_sharing, liaison_officer, ngo_partnership, retention, specialised_units, working_group,
};
use crate::parameter::{Declaration, Over, Settings, Unit};
use crate::quantity::{Date, Role, Tool, UnitKind};
use crate::random::name_address;

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

    fn schedule(&mut self, delivery: &Delivery) -> Option<Schedule> {
        let time = self.setting.time;
        let trigger = match self.node("when") {
            Some(node) => Some(self.trigger(node)?),
            None => None,
        };
        if self.node("start").is_none() && trigger.is_none() {
            let message = format!("{} does not say when it begins", self.written.path);
            let hint = format!("write start = {}, or when = {{ measure = \"seeking_rate\", below = 0.3 }}", time.start);
            self.check.missing(self.written.key_at, message, hint);
            return None;
        }
        let start = match self.node("start") {
            Some(_) => Some(self.date("start")?),
            None => None,
        };
        let end = match self.node("end") {
            Some(_) => Some(self.date("end")?),
            None => None,
        };
        let first_day = -f64::from(time.burn_in_ticks()) * time.tick_days;
        if let Some((date, day)) = start {
            let at = self.node("start").map_or(self.written.key_at, |node| node.at);
            if day < first_day {
                let message = format!("{} begins on {date}, before the first day of the run", self.written.path);
                self.check.error(at, message, "begin later, or lengthen time.burn_in");
                return None;
            }
            if date >= time.end {
                let message = format!("{} begins on {date}, but the run ends on {}", self.written.path, time.end);
                self.check.warn(at, message, "it will do nothing: begin earlier, or end later");
            }
        }
        if let (Some((end, last)), Some(node)) = (end, self.node("end")) {
            let (begin, first) = start.unwrap_or((time.start, 0.0));
            if last <= first {
                let message = format!("{} ends on {end}, but begins on {begin}", self.written.path);
                self.check.error(node.at, message, "the end comes after the start; swap the two");
                return None;
            }
        }
        if let (Some(_), false) = (delivery.every, self.kind.has_occasions()) {
            let message =
                format!("{} is repeated, but its kind ({}) has no occasions", self.written.path, self.kind.label());
            self.check.warn(
                self.node("every").map_or(self.written.key_at, |node| node.at),
                message,
                "it holds from start to end; take every out",
            );
        }
        Some(Schedule {
            start: start.map_or(first_day, |(_, day)| day),
            end: end.map(|(_, day)| day),
            lasts: delivery.lasts,
            every: delivery.every,
            ramp_up: delivery.ramp_up,
            ramp_down: delivery.ramp_down,
            fading: delivery.fading,
            trigger,
        })
    }

    fn trigger(&mut self, node: &'s Node) -> Option<Trigger> {
        let path = self.at("when");
        let entries = self.check.table(node, &path);
        self.check.unknown_keys(entries, &path, &["measure", "above", "below", "over"]);
        let example = "write when = { measure = \"seeking_rate\", below = 0.3, over = \"1 year\" }";
        let Some(measure) = node.get("measure") else {
            self.check.missing(node.at, format!("{path} names no measure"), example);
            return None;
        };
        let measure = Measure::from_key(self.check.one_of(measure, &format!("{path}.measure"), Measure::KEYS)?)?;
        let (above, level) = match (node.get("above"), node.get("below")) {
            (Some(level), None) => (true, level),
            (None, Some(level)) => (false, level),
            (Some(_), Some(_)) => {
                let message = format!("{path} wants one level, but above and below are both given");
                self.check.error(node.at, message, "keep the one at which it is to set off");
                return None;
            }
            (None, None) => {
                self.check.error(node.at, format!("{path} wants a level, above or below which it sets off"), example);
                return None;
            }
        };
        let side = if above { "above" } else { "below" };
        let level = self.check.quantity(level, &format!("{path}.{side}"), Unit::Share, (0.0, 1.0))?;
        let over = match node.get("over") {
            Some(over) => self.check.quantity(over, &format!("{path}.over"), Unit::Days, (0.1, 36525.0))?,
            None => crate::quantity::DAYS_PER_YEAR,
        };
        let line =
            format!("{{ measure = \"{}\", {side} = {}, over = {} }}", measure.key(), number(level), number(over));
        self.lines.push(("when", line));
        Some(Trigger { measure, above, level, over })
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

    fn targets(&mut self) -> Option<Targets> {
        let states = self.setting.states;
        let mut sound = true;
        let named = self.words("states").map(|words| {
            let path = self.at("states");
            let found: Vec<Option<usize>> = words
                .iter()
                .map(|(item, key)| state_index(self.check, self.setting.root, states, key, item.at, &path))
                .collect();
            sound &= !found.is_empty() && found.iter().all(Option::is_some);
            found.into_iter().flatten().collect::<Vec<usize>>()
        });
        let pairs = self.pairs(&mut sound);
        let mut of = match (&named, &pairs) {
            (Some(named), _) => named.clone(),
            (None, Some(pairs)) => pairs.iter().flat_map(|(a, b)| [*a, *b]).collect(),
            (None, None) => (0..states.len()).collect(),
        };
        of.sort_unstable();
        of.dedup();
        let pairs = pairs.unwrap_or_else(|| {
            (0..of.len())
                .flat_map(|high| (0..high).map(move |low| (low, high)))
                .map(|(low, high)| (of[low], of[high]))
                .collect()
        });
        let roles = self.roles(&mut sound);
        let units = self.units(&of, &mut sound);
        let choosing = match self.node("choose") {
            Some(node) => {
                let word = self.check.one_of(node, &self.at("choose"), Choosing::KEYS);
                sound &= word.is_some();
                let choosing = word.and_then(Choosing::from_key).unwrap_or(Choosing::Random);
                self.lines.push(("choose", quoted(choosing.key())));
                choosing
            }
            None => Choosing::Random,
        };
        let targets = Targets { states: of, pairs, roles, units, choosing };
        (sound && self.selects(&targets)).then_some(targets)
    }

    /// Whether the targets select anybody or anything at all.
    fn selects(&mut self, targets: &Targets) -> bool {
        let purge = self
            .node("event")
            .is_some_and(|node| matches!(&node.value, Value::Text(word) if word == Event::Purge.key()));
        let targeted = if purge { Targeted::People } else { self.kind.targeted() };
        let on_pairs = matches!(targeted, Targeted::Pairs | Targeted::PeopleInPairs);
        if on_pairs && targets.pairs.is_empty() {
            let message = format!("{} acts between states, but only one is named", self.written.path);
            let hint = "name two states at least, or a pair: pairs = [\"KHM-THA\"]";
            self.check.error(self.node("states").map_or(self.written.key_at, |node| node.at), message, hint);
            return false;
        }
        let touched = |(a, b): &(usize, usize)| targets.states.contains(a) || targets.states.contains(b);
        if targeted == Targeted::PeopleInPairs && !targets.pairs.iter().any(touched) {
            let message = format!("{} selects nobody: no pair has one of the states named", self.written.path);
            let at = self.node("pairs").map_or(self.written.key_at, |node| node.at);
            self.check.error(at, message, "name pairs of these states, or take the line states out");
            return false;
        }
        if targeted == Targeted::Nobody {
            let aimed =
                ["states", "pairs", "roles", "units", "choose"].into_iter().filter_map(|key| self.node(key)).next();
            if let Some(node) = aimed {
                let message = format!("{} changes a number, which is aimed at nobody", self.written.path);
                self.check.warn(node.at, message, "the key of the number says where it acts; take the line out");
            }
        }
        let on_people = matches!(targeted, Targeted::People | Targeted::PeopleInPairs);
        let anybody = targets.units.iter().any(|unit| {
            let kind = UnitKind::ALL[unit % UnitKind::COUNT];
            targets.roles.iter().any(|role| kind_of(*role) == kind)
        });
        if on_people && !anybody {
            let message = format!("{} selects nobody: none of these units has one of these roles", self.written.path);
            let roles = Role::ALL.iter().map(|role| format!("{} ({})", role.key(), kind_of(*role).key()));
            let hint = format!("roles and their units: {}", roles.collect::<Vec<_>>().join(", "));
            self.check.error(self.node("roles").map_or(self.written.key_at, |node| node.at), message, hint);
            return false;
        }
        true
    }

    fn pairs(&mut self, sound: &mut bool) -> Option<Vec<(usize, usize)>> {
        let words = self.words("pairs")?;
        let path = self.at("pairs");
        let mut pairs = Vec::new();
        for (item, word) in &words {
            let key = pair_key(word);
            let Some((a, b)) = key.split_once('-').filter(|(a, b)| a != b) else {
                let message = format!("{path}: {} does not name two states", shortened(word));
                self.check.error(item.at, message, "join the keys of two states by a hyphen, as in KHM-THA");
                *sound = false;
                continue;
            };
            let mut index = |key| state_index(self.check, self.setting.root, self.setting.states, key, item.at, &path);
            match (index(a), index(b)) {
                (Some(a), Some(b)) => pairs.push((a.min(b), a.max(b))),
                _ => *sound = false,
            }
        }
        *sound &= !words.is_empty();
        pairs.sort_unstable();
        pairs.dedup();
        Some(pairs)
    }

    fn roles(&mut self, sound: &mut bool) -> Vec<Role> {
        let Some(words) = self.words("roles") else { return self.kind.usual_roles().to_vec() };
        let path = self.at("roles");
        let mut roles = Vec::new();
        for (item, word) in &words {
            match Role::from_key(word) {
                Some(role) => roles.push(role),
                None => {
                    let near = nearest(word, Role::KEYS.iter().copied());
                    let hint = near.map_or(format!("the roles are {}", Role::KEYS.join(", ")), |near| {
                        format!("did you mean \"{near}\"?")
                    });
                    self.check.error(item.at, format!("{path}: there is no role {}", shortened(word)), hint);
                    *sound = false;
                }
            }
        }
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    fn units(&mut self, states: &[usize], sound: &mut bool) -> Vec<usize> {
        let Some(words) = self.words("units") else {
            return states
                .iter()
                .flat_map(|state| (0..UnitKind::COUNT).map(move |kind| state * UnitKind::COUNT + kind))
                .collect();
        };
        let path = self.at("units");
        let mut units = Vec::new();
        for (item, word) in &words {
            let (state, kind) = word.split_once('.').unwrap_or((word, ""));
            let state = state_index(self.check, self.setting.root, self.setting.states, state, item.at, &path);
            let unit = UnitKind::from_key(kind);
            if unit.is_none() {
                let message = format!("{path}: {} does not name a unit", shortened(word));
                let hint = format!("write STATE.KIND, as in THA.police; the kinds are {}", UnitKind::KEYS.join(", "));
                self.check.error(item.at, message, hint);
            }
            match (state, unit) {
                (Some(state), Some(_)) if !states.contains(&state) => {
                    let message = format!("{path}: {} lies outside the states aimed at", shortened(word));
                    self.check.error(item.at, message, "name its state as well, or take it out");
                    *sound = false;
                }
                (Some(state), Some(kind)) => units.push(state * UnitKind::COUNT + kind as usize),
                _ => *sound = false,
            }
        }
        units.sort_unstable();
        units.dedup();
        units
    }

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

    fn content(&mut self, declared: &Declared, settings: &Settings) -> Option<Content> {
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

/// The kind of unit in which a role sits.
fn kind_of(role: Role) -> UnitKind {
    match role {
        Role::Investigator | Role::Head => UnitKind::Police,
        Role::Prosecutor => UnitKind::Prosecution,
        Role::Ngo => UnitKind::Ngo,
        Role::Coordinator => UnitKind::Secretariat,
    }
}
