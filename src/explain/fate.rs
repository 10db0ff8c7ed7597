//! What becomes of a case in one world: not there, not found, or decided.

use super::name::desk_name;
use crate::engine::{Decided, decide_one};
use crate::mechanism::arrival::Case;
use crate::mechanism::funnel::{Docket, Finder, Funnel};
use crate::quantity::Ending;
use crate::world::{OpenCooperation, Region};

/// What becomes of a case in one world.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It does not surface in this tick.
    Absent,
    /// Nobody finds it.
    Missed,
    /// It is found and ends somewhere.
    Decided(Box<Decided>),
}

impl Fate {
    /// What becomes of a case that surfaces, decided on the world as it stands. A number of 0 stands in its cooperation.
    pub fn of(funnel: &Funnel<'_>, docket: &mut Docket, case: Option<&Case>) -> Self {
        let Some(case) = case else { return Self::Absent };
        let mut case = case.clone();
        funnel.stand_in(&mut case);
        match funnel.found(&case) {
            None => Self::Missed,
            Some(finder) => Self::Decided(Box::new(decide_one(funnel, docket, case, finder, 0, false))),
        }
    }

    /// What was decided, if it was found.
    pub fn decided(&self) -> Option<&Decided> {
        match self {
            Self::Decided(decided) => Some(decided),
            Self::Absent | Self::Missed => None,
        }
    }

    /// Where it ended, if it was found.
    pub fn ending(&self) -> Option<Ending> {
        self.decided().map(|decided| decided.record.ending)
    }

    /// Whether it was cooperated on.
    pub fn accepted(&self) -> bool {
        self.ending() == Some(Ending::Accepted)
    }

    /// Its ending as tables name it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Missed => "not_found",
            Self::Decided(decided) => decided.record.ending.key(),
        }
    }

    /// Whether it ended in the same place.
    pub fn ends_like(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// Whether it ended in the same place, by the same hands, and has the same consequences.
    pub fn like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) | (Self::Missed, Self::Missed) => true,
            (Self::Decided(a), Self::Decided(b)) => {
                let request = |decided: &Decided| {
                    let request = decided.record.request.as_ref();
                    request.map(|r| {
                        (r.tool, r.counterpart, r.known, r.brokered, r.keeps, r.late, r.delay.map(f64::to_bits))
                    })
                };
                let acts = |decided: &Decided| (decided.record.case.acts, decided.record.case.victims);
                let (x, y) = (&a.record, &b.record);
                (x.ending, x.finder, x.handler, x.case.worker, x.case.officer)
                    == (y.ending, y.finder, y.handler, y.case.worker, y.case.officer)
                    && request(a) == request(b)
                    && acts(a) == acts(b)
                    && a.cooperation.as_ref().map(yields) == b.cooperation.as_ref().map(yields)
            }
            _ => false,
        }
    }

    /// What became of it, as the end of a sentence.
    pub fn words(&self, region: &Region) -> String {
        let Self::Decided(decided) = self else {
            return if matches!(self, Self::Absent) { "it did not arise" } else { "nobody found it" }.to_owned();
        };
        let record = &decided.record;
        let handler = desk_name(region, record.handler);
        let habit = if record.by_habit { " from habit" } else { "" };
        if let Some(request) = &record.request {
            let asked = desk_name(region, request.counterpart);
            let ended = match record.ending {
                Ending::SentBack => "and the request was sent back for a formal letter",
                Ending::GateShut => "and the gate was shut",
                Ending::Refused => "who refused",
                Ending::Lapsed => "who never answered",
                _ => "who accepted",
            };
            return format!("{handler} asked {asked}{habit} by {}, {ended}", request.tool.label());
        }
        match record.ending {
            Ending::Withheld => format!("{} found it and told nobody", desk_name(region, record.case.worker)),
            Ending::NotRecognised => {
                let officer = desk_name(region, record.case.officer);
                let by = if record.finder == Finder::Ngo { "an NGO referred it, but " } else { "" };
                format!("{by}{officer} did not see that it was trafficking")
            }
            _ => format!("{handler} handled it alone{habit}"),
        }
    }
}

impl Fate {
    /// What became of it, with all that has consequences: for two fates that [`words`](Self::words) cannot tell apart.
    pub fn words_in_full(&self, region: &Region) -> String {
        let Some(decided) = self.decided() else { return self.words(region) };
        let record = &decided.record;
        let mut more = Vec::new();
        if let Some(request) = &record.request {
            more.push(if request.known { "known to each other" } else { "strangers" }.to_owned());
        }
        if let Some(cooperation) = &decided.cooperation {
            let rescued = if cooperation.rescue { cooperation.victims } else { 0 };
            more.push(format!("{:.0} days", cooperation.due - cooperation.since));
            more.push(format!("{rescued} rescued, {} arrested", cooperation.arrests));
        }
        more.push(format!("{} acts", record.case.acts));
        format!("{} ({})", self.words(region), more.join(", "))
    }
}

fn yields(cooperation: &OpenCooperation) -> (bool, u32, bool, bool) {
    (cooperation.rescue, cooperation.arrests, cooperation.prosecution, cooperation.leak)
}
