//! When an intervention begins and ends, and what sets it off.

use super::Reader;
use crate::intervention::delivery::Delivery;
use crate::intervention::schedule::{Measure, Schedule, Trigger};
use crate::parameter::Unit;
use crate::scenario::units::number;
use crate::scenario::written::Node;

impl<'s> Reader<'_, '_, 's> {
    pub(super) fn schedule(&mut self, delivery: &Delivery) -> Option<Schedule> {
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
}
