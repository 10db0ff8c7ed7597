//! What a run lets be seen, alike for the engine and its twin.

use comity::mechanism::arrival::Case;
use comity::mechanism::funnel::Finder;
use comity::quantity::{Ending, Litmus, Tool};
use comity::record::{CaseRecord, Conclusion, Observer, View};
use comity::world::Desk;

/// A request for cooperation.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub tool: Tool,
    pub counterpart: Desk,
    pub known: bool,
    pub brokered: bool,
    pub keeps: bool,
    pub well_formed: bool,
    pub delay: Option<f64>,
    pub late: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Left(Desk),
    Missed {
        corridor: u64,
        event: u64,
    },
    Case {
        corridor: u64,
        event: u64,
        time: f64,
        here: usize,
        there: usize,
        victims: u32,
        acts: u32,
        finder: Finder,
        handler: Desk,
        ending: Ending,
        by_habit: bool,
        request: Option<Request>,
        communications: u32,
        recorded_communications: u32,
        /// The barriers that bind alone, as bits, and whether all together do.
        binding: Option<(u16, bool)>,
        litmus: Option<Litmus>,
    },
    Conclusion {
        case: u64,
        due: f64,
        asker: (Desk, u32),
        counterpart: (Desk, u32),
        rescue: bool,
        arrests: u32,
        prosecution: bool,
        leak: bool,
        late: bool,
        referrer: Option<(Desk, u32)>,
        recorded_rescues: u32,
        recorded_arrests: u32,
    },
    Tick,
}

/// Writes down all that the engine lets be seen.
#[derive(Debug, Default)]
pub struct Log {
    pub asks_why: bool,
    pub events: Vec<Event>,
}

impl Observer for Log {
    fn asks_why(&self, _now: f64) -> bool {
        self.asks_why
    }

    fn missed(&mut self, _now: f64, case: &Case) {
        self.events.push(Event::Missed { corridor: case.address.0, event: case.address.1 });
    }

    fn case(&mut self, _now: f64, record: &CaseRecord) {
        let case = &record.case;
        self.events.push(Event::Case {
            corridor: case.address.0,
            event: case.address.1,
            time: case.time,
            here: case.here,
            there: case.there,
            victims: case.victims,
            acts: case.acts,
            finder: record.finder,
            handler: record.handler,
            ending: record.ending,
            by_habit: record.by_habit,
            request: record.request.map(|request| Request {
                tool: request.tool,
                counterpart: request.counterpart,
                known: request.known,
                brokered: request.brokered,
                keeps: request.keeps,
                well_formed: request.well_formed,
                delay: request.delay,
                late: request.late,
            }),
            communications: record.communications,
            recorded_communications: record.recorded_communications,
            binding: record.binding.map(|binding| (binding.single, binding.together)),
            litmus: record.litmus,
        });
    }

    fn conclusion(&mut self, _now: f64, conclusion: &Conclusion) {
        let cooperation = &conclusion.cooperation;
        self.events.push(Event::Conclusion {
            case: cooperation.case,
            due: cooperation.due,
            asker: cooperation.asker,
            counterpart: cooperation.counterpart,
            rescue: cooperation.rescue,
            arrests: cooperation.arrests,
            prosecution: cooperation.prosecution,
            leak: cooperation.leak,
            late: cooperation.late,
            referrer: cooperation.referrer,
            recorded_rescues: conclusion.recorded_rescues,
            recorded_arrests: conclusion.recorded_arrests,
        });
    }

    fn left(&mut self, _now: f64, desk: Desk) {
        self.events.push(Event::Left(desk));
    }

    fn tick(&mut self, _view: View<'_>) {
        self.events.push(Event::Tick);
    }
}
