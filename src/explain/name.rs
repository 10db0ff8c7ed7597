//! Names of practitioners: for people to read, and for people to type.

use crate::diagnostic::Diagnostic;
use crate::quantity::UnitKind;
use crate::world::{Desk, Region, UnitIndex, World};

/// A desk as a scholar would say it: `THA investigator 3`.
pub fn desk_name(region: &Region, desk: Desk) -> String {
    let role = region.role_of(desk);
    let state = region.state_of(desk);
    let place = desk - region.desks_of(state, role).0 + 1;
    format!("{} {} {place}", region.states[state].key, role.label())
}

/// Whoever sits at a desk now: `THA investigator 3 (2nd holder)`.
pub fn practitioner(region: &Region, world: &World, desk: Desk) -> String {
    holder(region, desk, world.people.at(desk).generation)
}

/// Somebody who sat at a desk, by the number of predecessors.
pub fn holder(region: &Region, desk: Desk, generation: u32) -> String {
    format!("{} ({} holder)", desk_name(region, desk), ordinal(generation + 1))
}

/// A unit: `THA specialist unit`.
pub fn unit_name(region: &Region, unit: UnitIndex) -> String {
    let facts = &region.units[unit];
    format!("{} {}", region.states[facts.state].key, facts.kind.label())
}

/// A desk as it is typed: `THA.police.5`, its place in its unit counted from 1.
pub fn desk_key(region: &Region, desk: Desk) -> String {
    let unit = &region.units[region.unit_of(desk)];
    format!("{}.{}.{}", region.states[unit.state].key, unit.kind.key(), desk - unit.first + 1)
}

/// The desk that is meant by `THA.police.5`.
///
/// # Errors
/// When there is no such desk; the diagnostic says what there is.
pub fn find_desk(region: &Region, key: &str) -> Result<Desk, Vec<Diagnostic>> {
    let refuse = |message: String, hint: String| Err(vec![Diagnostic::error(message).hint(hint)]);
    let parts: Vec<&str> = key.split('.').collect();
    let [state, kind, place] = parts[..] else {
        return refuse(
            format!("`{key}` names no practitioner"),
            "write state, unit and place, as in THA.police.3".to_owned(),
        );
    };
    let Some(state) = region.states.iter().position(|own| &*own.key == state) else {
        let states: Vec<&str> = region.states.iter().map(|own| &*own.key).collect();
        return refuse(
            format!("`{key}` names no practitioner: there is no state {state}"),
            format!("the states are {}", states.join(", ")),
        );
    };
    let Some(kind) = UnitKind::from_key(kind) else {
        return refuse(
            format!("`{key}` names no practitioner: there is no unit {kind}"),
            format!("the units are {}", UnitKind::KEYS.join(", ")),
        );
    };
    let unit = &region.units[region.unit_in(state, kind)];
    match place.parse::<u32>() {
        Ok(place) if 1 <= place && place <= unit.desks => Ok(unit.first + place - 1),
        _ => refuse(
            format!(
                "`{key}` names no practitioner: {} has no desk {place}",
                unit_name(region, region.unit_in(state, kind))
            ),
            format!("its desks are 1 to {}, heads first", unit.desks),
        ),
    }
}

/// 1st, 2nd, 3rd, 4th ...
pub fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// The longest line of a text.
const WIDTH: usize = 110;

/// A text whose lines are broken between words, what goes on set in as its line is, and two more where a line is set in.
pub(super) fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 50);
    for line in text.lines() {
        let inset = line.len() - line.trim_start().len();
        let hanging = if inset == 0 { 0 } else { inset + 2 };
        let mut length = 0;
        let mut rest = line;
        while !rest.is_empty() {
            let word_end =
                rest.trim_start().find(' ').map_or(rest.len(), |end| end + rest.len() - rest.trim_start().len());
            let (word, after) = rest.split_at(word_end);
            let letters = word.chars().count();
            if length > inset && length + letters > WIDTH {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', hanging));
                out += word.trim_start();
                length = hanging + word.trim_start().chars().count();
            } else {
                out += word;
                length += letters;
            }
            rest = after;
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, ordinal, wrapped};

    #[test]
    fn wrapping_changes_nothing_but_the_space_between_words() {
        let text = format!("short\n\n    {}\n  two  spaces\n", "word and ".repeat(60));
        let broken = wrapped(&text);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&broken), words(&text));
        assert!(broken.lines().all(|line| line.chars().count() <= WIDTH), "{broken}");
        assert!(broken.lines().count() > 6 && broken.starts_with("short\n\n    word and"));
        assert!(broken.ends_with("\n  two  spaces\n"));
        assert!(broken.lines().nth(3).is_some_and(|line| line.starts_with("      w") || line.starts_with("      a")));
    }

    #[test]
    fn ordinals_are_said_as_people_say_them() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111].into_iter().map(ordinal).collect();
        assert_eq!(said, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]);
    }
}
