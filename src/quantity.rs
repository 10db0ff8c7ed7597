//! Numbers that cannot be wrong: dates, identifiers and the closed lists every other module counts by.

use std::fmt;

/// Days in a year, a twelfth of it in a month: the conversions used everywhere.
pub const DAYS_PER_YEAR: f64 = 365.25;
/// Days in a month.
pub const DAYS_PER_MONTH: f64 = DAYS_PER_YEAR / 12.0;

/// A calendar date (Gregorian), as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// The Julian day number of 1970-01-01.
const EPOCH: i32 = 2_440_588;

impl Date {
    /// The date of that year, month (1-12) and day (1-31), if the calendar has it.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(date.to_julian_day() - EPOCH))
    }

    /// The date that many days after 1970-01-01, if the calendar reaches it.
    pub fn from_days(days: i32) -> Option<Self> {
        time::Date::from_julian_day(days.checked_add(EPOCH)?).ok()?;
        Some(Self(days))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        time::Date::from_julian_day(self.0 + EPOCH).map_or(1970, time::Date::year)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match time::Date::from_julian_day(self.0 + EPOCH) {
            Ok(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()),
            Err(_) => write!(f, "day {}", self.0),
        }
    }
}

/// A closed list: names as written, names in words, and back.
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $key:literal, $label:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();
            /// Their names as written in scenarios and tables, in order.
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            /// The name as written in scenarios and tables.
            pub fn key(self) -> &'static str {
                Self::KEYS[self as usize]
            }

            /// The name as a person would say it.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// The one of that name.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::KEYS.iter().position(|k| *k == key).map(|index| Self::ALL[index])
            }
        }
    };
}

pub(crate) use closed_list;

closed_list! {
    /// A channel of cross-border cooperation.
    Tool {
        /// Informal police-to-police contact.
        Informal = "informal", "informal police contact";
        /// The process of the Heads of Specialist (Trafficking) Units.
        Hsu = "hsu", "HSU process";
        /// Mutual legal assistance.
        Mla = "mla", "mutual legal assistance";
        /// Extradition.
        Extradition = "extradition", "extradition";
        /// A joint investigation.
        Joint = "joint", "joint investigation";
    }
}

closed_list! {
    /// What a practitioner does.
    Role {
        /// Officer of a specialist trafficking unit.
        Investigator = "investigator", "investigator";
        /// Head of a specialist trafficking unit.
        Head = "head", "unit head";
        /// Prosecutor, or officer of the central authority.
        Prosecutor = "prosecutor", "prosecutor";
        /// Worker of a non-governmental organisation.
        Ngo = "ngo", "NGO worker";
        /// Regional coordinator of a state.
        Coordinator = "coordinator", "regional coordinator";
    }
}

closed_list! {
    /// What kind of organisation a unit is.
    UnitKind {
        /// Specialist trafficking unit of the police: heads and investigators.
        Police = "police", "specialist unit";
        /// Prosecution service and central authority.
        Prosecution = "prosecution", "prosecution service";
        /// Non-governmental organisation.
        Ngo = "ngo", "NGO";
        /// The state's desk in the regional process.
        Secretariat = "secretariat", "regional desk";
    }
}

closed_list! {
    /// What can keep a case from cross-border cooperation. The order is the order of every table.
    Barrier {
        /// Unfamiliarity with legal cooperation tools.
        Unfamiliarity = "unfamiliarity", "unfamiliarity with tools";
        /// Unsuitability of tools for trafficking offences.
        Unsuitability = "unsuitability", "unsuitable tools";
        /// Lack of awareness of trafficking in the units.
        Unawareness = "unawareness", "lack of awareness";
        /// Differences in laws, standards and priorities.
        LegalDifference = "legal_difference", "differences in law and priorities";
        /// Distrust between practitioners.
        Distrust = "distrust", "distrust";
        /// No common language.
        Language = "language", "language";
        /// Informal requests sent back for a formal letter.
        Approval = "approval", "approval requirement";
        /// The political gate between two states is shut.
        Gate = "gate", "political gate";
        /// Busy desks.
        Workload = "workload", "workload";
        /// The NGO fears for the victims.
        NgoFear = "ngo_fear", "NGO fear for victims";
        /// The habit of handling alone.
        HabitAlone = "habit_alone", "habit of handling alone";
    }
}

closed_list! {
    /// Where a transnational case ends. Every case ends in exactly one place.
    Ending {
        /// The NGO that found it told nobody.
        Withheld = "withheld", "withheld by NGO";
        /// The handler did not see that it was trafficking.
        NotRecognised = "not_recognised", "not recognised";
        /// Nobody sought cooperation.
        Alone = "alone", "handled alone";
        /// The informal request came back for want of a formal letter.
        SentBack = "sent_back", "sent back for approval";
        /// The gate between the two states was shut.
        GateShut = "gate_shut", "gate shut";
        /// The counterpart said no.
        Refused = "refused", "refused";
        /// The counterpart never answered.
        Lapsed = "lapsed", "lapsed";
        /// The counterpart accepted.
        Accepted = "accepted", "cooperation";
    }
}

closed_list! {
    /// The litmus: is the handler willing, is the handler able?
    Litmus {
        /// Would seek if nothing hindered, and would get through to a counterpart if wholly inclined: all who did get through, and close calls.
        WillingAble = "willing_able", "willing and able";
        /// Would seek if nothing hindered, but could not get through even if wholly inclined.
        WillingHindered = "willing_hindered", "willing but hindered";
        /// Would get through if wholly inclined, but would not seek even if nothing hindered.
        AbleUnwilling = "able_unwilling", "able but unwilling";
        /// Neither the one nor the other alone would do.
        Neither = "neither", "neither";
    }
}

closed_list! {
    /// What carries a difference between two worlds into a decision. The order is the order of every table.
    Carrier {
        /// The case itself: whether it surfaces, where, on whose desk.
        Arrival = "arrival", "arrival of the case";
        /// Who sits at the desks.
        Presence = "presence", "who is there";
        /// Awareness of the officer.
        Awareness = "awareness", "awareness";
        /// What the NGO worker lived through and sees colleagues do.
        Referral = "referral", "NGO trust and norm";
        /// Personal habit.
        Habit = "habit", "personal habit";
        /// The unit's routine.
        Routine = "routine", "routine of the unit";
        /// Evidence for and against a contact.
        Trust = "trust", "trust in a contact";
        /// The unit's trust in a state's practitioners.
        GeneralisedTrust = "generalised_trust", "trust in strangers";
        /// What peers are seen to do, and what is declared.
        Norm = "norm", "norm";
        /// Familiarity with tools.
        Familiarity = "familiarity", "familiarity with tools";
        /// Whom one knows.
        Contacts = "contacts", "contacts";
        /// How busy a desk is.
        Workload = "workload", "workload";
        /// Laws, gates, tools, priorities, parameters.
        Institutions = "institutions", "institutions and parameters";
        /// None of them alone.
        Several = "several", "several together";
    }
}

impl Ending {
    /// Whether a case that ended so was recognised as trafficking.
    pub fn recognised(self) -> bool {
        !matches!(self, Self::Withheld | Self::NotRecognised)
    }
}
