//! Whom an intervention is aimed at, and whether that is anybody.

use super::Reader;
use crate::intervention::shock::Event;
use crate::intervention::target::{Choosing, Targeted, Targets};
use crate::quantity::{Role, UnitKind};
use crate::scenario::check::shortened;
use crate::scenario::entities::state_index;
use crate::scenario::extend::pair_key;
use crate::scenario::print::quoted;
use crate::scenario::units::nearest;
use crate::scenario::written::Value;

impl Reader<'_, '_, '_> {
    pub(super) fn targets(&mut self) -> Option<Targets> {
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
