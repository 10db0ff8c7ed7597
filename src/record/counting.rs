//! What a case and a conclusion count for: one place, whoever counts and over whatever stretch of time.

use super::{CaseRecord, Conclusion, Count};
use crate::mechanism::funnel::Finder;
use crate::mechanism::tool::formal;
use crate::quantity::Ending;

/// Tells everything that a case counts for in the state where it was found.
pub(super) fn of_case(record: &CaseRecord, add: &mut impl FnMut(Count, u32)) {
    add(Count::Surfaced, 1);
    add(Count::Arrived, 1);
    if record.finder == Finder::Ngo {
        add(Count::FoundByNgo, 1);
        add(Count::Referred, u32::from(record.ending != Ending::Withheld));
    }
    let habit = u32::from(record.by_habit);
    if record.ending.recognised() {
        add(Count::Recognised, 1);
        add(Count::Identified, record.case.victims);
    }
    match record.ending {
        Ending::Withheld => add(Count::Withheld, 1),
        Ending::NotRecognised => add(Count::NotRecognised, 1),
        Ending::Alone => {
            add(Count::Alone, 1);
            add(Count::AloneByHabit, habit);
        }
        Ending::SentBack => add(Count::SentBack, 1),
        Ending::GateShut => add(Count::GateShut, 1),
        Ending::Refused => add(Count::Refused, 1),
        Ending::Lapsed => add(Count::Lapsed, 1),
        Ending::Accepted => add(Count::Accepted, 1),
    }
    if let Some(request) = &record.request {
        add(Count::Sought, 1);
        add(Count::SoughtByHabit, habit);
        add(Count::Communications, record.communications);
        if formal(request.tool) {
            add(Count::FormalRequests, 1);
        } else {
            add(Count::RecordedCommunications, record.recorded_communications);
        }
    }
}

/// Tells everything that a conclusion counts for in the state that asked.
pub(super) fn of_conclusion(conclusion: &Conclusion, add: &mut impl FnMut(Count, u32)) {
    let cooperation = &conclusion.cooperation;
    add(Count::Rescues, if cooperation.rescue { cooperation.victims } else { 0 });
    add(Count::Arrests, cooperation.arrests);
    add(Count::Prosecutions, if cooperation.prosecution { cooperation.arrests } else { 0 });
    add(Count::RescuedCases, u32::from(cooperation.rescue));
    add(Count::ArrestedCases, u32::from(cooperation.arrests > 0));
    add(Count::Impunity, u32::from(cooperation.rescue && cooperation.arrests == 0));
    add(Count::RecordedRescues, conclusion.recorded_rescues);
    add(Count::RecordedArrests, conclusion.recorded_arrests);
}
