//! What is counted: one list, from which come the columns of `series`, their units and the rows of `summary`.

use crate::table::Field;

macro_rules! counts {
    ($($variant:ident = $key:literal, $unit:literal, $sentence:literal;)*) => {
        /// Something that is counted per tick and state.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Count {
            $(#[doc = $sentence] $variant,)*
        }

        impl Count {
            /// All of them, in the order of the columns.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Column name.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// Column name, unit and meaning.
            pub fn field(self) -> Field {
                match self { $(Self::$variant => Field::integer($key, $unit, $sentence),)* }
            }
        }
    };
}

counts! {
    Surfaced = "surfaced", "cases", "Cases that could have come to light, found or not.";
    Arrived = "arrived", "cases", "Transnational cases that came to light.";
    FoundByNgo = "found_by_ngo", "cases", "Of those, cases that an NGO found.";
    Referred = "referred", "cases", "Of those, cases of which the NGO told the police.";
    Withheld = "withheld", "cases", "Cases of which the NGO told nobody.";
    NotRecognised = "not_recognised", "cases", "Cases that the officer did not recognise as trafficking.";
    Recognised = "recognised", "cases", "Cases recognised as trafficking, and handled.";
    Alone = "alone", "cases", "Recognised cases in which nobody sought cooperation.";
    AloneByHabit = "alone_by_habit", "cases", "Of those, cases handled alone from habit, without deliberation.";
    Sought = "sought", "cases", "Recognised cases in which cooperation was sought.";
    SoughtByHabit = "sought_by_habit", "cases", "Of those, cases in which habit sought it, without deliberation.";
    SentBack = "sent_back", "cases", "Requests sent back for want of a formal letter.";
    GateShut = "gate_shut", "cases", "Requests that met a shut political gate.";
    Refused = "refused", "cases", "Requests that the counterpart refused.";
    Lapsed = "lapsed", "cases", "Requests that were never answered.";
    Accepted = "accepted", "cases", "Requests that the counterpart accepted.";
    FormalRequests = "formal_requests", "requests", "Requests for mutual legal assistance, extradition or a joint investigation.";
    Communications = "communications", "communications", "Communications across the border, by all channels, counted when they begin.";
    Rescues = "rescues", "victims", "Victims rescued or returned through cooperation, by the state that asked.";
    Arrests = "arrests", "arrests", "Arrests through cooperation, by the state that asked.";
    Prosecutions = "prosecutions", "prosecutions", "Arrested culprits who were prosecuted.";
    RescuedCases = "cases_with_rescue", "cases", "Cooperations that brought a rescue.";
    ArrestedCases = "cases_with_arrest", "cases", "Cooperations that brought an arrest.";
    Impunity = "rescues_without_arrest", "cases", "Cooperations that brought rescue but no arrest.";
    RecordedCommunications = "recorded_communications", "communications", "Communications by the police channels that officials recorded.";
    RecordedRescues = "recorded_rescues", "victims", "Rescued victims that officials recorded.";
    RecordedArrests = "recorded_arrests", "arrests", "Arrests that officials recorded.";
    Identified = "victims_identified", "victims", "Victims in recognised cases.";
    Left = "left", "practitioners", "Practitioners who left their desk.";
}

/// Something that stands at a level at the end of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Level {
    /// Routine of cooperating in the specialist unit.
    RoutineCooperating,
    /// Routine of handling alone in the specialist unit.
    RoutineAlone,
    /// Generalised trust of the specialist unit in foreign practitioners.
    GeneralisedTrust,
    /// Share of colleagues seen to cooperate in the specialist unit.
    Norm,
}

impl Level {
    /// All of them, in the order of the columns.
    pub const ALL: &'static [Self] =
        &[Self::RoutineCooperating, Self::RoutineAlone, Self::GeneralisedTrust, Self::Norm];

    /// Column name, unit and meaning.
    pub fn field(self) -> Field {
        let (key, sentence) = match self {
            Self::RoutineCooperating => (
                "routine_cooperating",
                "Strength of the specialist unit's routine of cooperating; region: mean over states.",
            ),
            Self::RoutineAlone => (
                "routine_alone",
                "Strength of the specialist unit's routine of handling alone; region: mean over states.",
            ),
            Self::GeneralisedTrust => (
                "generalised_trust",
                "The specialist unit's generalised trust in other states' practitioners, mean over them; region: mean over states.",
            ),
            Self::Norm => (
                "perceived_norm",
                "Share of colleagues that the specialist unit is seen to contain who cooperate; region: mean over states.",
            ),
        };
        Field::real(key, "share", sentence)
    }
}

/// A ratio of two counts; missing where the second is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Column name.
    pub key: &'static str,
    /// What is counted above the line.
    pub part: Count,
    /// What is counted below it.
    pub whole: Count,
    /// Meaning.
    pub sentence: &'static str,
}

/// The rates of the `series` table.
pub const RATES: [Rate; 2] = [
    Rate {
        key: "seeking_rate",
        part: Count::Sought,
        whole: Count::Recognised,
        sentence: "Share of recognised cases in which cooperation was sought.",
    },
    Rate {
        key: "cooperation_rate",
        part: Count::Accepted,
        whole: Count::Arrived,
        sentence: "Share of arrived cases in which cooperation was sought and accepted.",
    },
];

/// More rates, for the `summary` table.
pub const SUMMARY_RATES: [Rate; 8] = [
    Rate {
        key: "referral_rate",
        part: Count::Referred,
        whole: Count::FoundByNgo,
        sentence: "Share of cases found by NGOs that they tell the police.",
    },
    Rate {
        key: "recognition_rate",
        part: Count::Recognised,
        whole: Count::Arrived,
        sentence: "Share of arrived cases that are recognised as trafficking.",
    },
    Rate {
        key: "acceptance_rate",
        part: Count::Accepted,
        whole: Count::Sought,
        sentence: "Share of requests that are accepted.",
    },
    Rate {
        key: "habit_share_of_seeking",
        part: Count::SoughtByHabit,
        whole: Count::Sought,
        sentence: "Share of requests that habit made.",
    },
    Rate {
        key: "habit_share_of_alone",
        part: Count::AloneByHabit,
        whole: Count::Alone,
        sentence: "Share of cases handled alone that habit decided.",
    },
    Rate {
        key: "rescues_per_communication",
        part: Count::RecordedRescues,
        whole: Count::RecordedCommunications,
        sentence: "Recorded rescues per recorded communication.",
    },
    Rate {
        key: "arrests_per_communication",
        part: Count::RecordedArrests,
        whole: Count::RecordedCommunications,
        sentence: "Recorded arrests per recorded communication.",
    },
    Rate {
        key: "rescues_per_arrest",
        part: Count::RecordedRescues,
        whole: Count::RecordedArrests,
        sentence: "Recorded rescues per recorded arrest.",
    },
];

/// Something that a region amounts to over a stretch of time: a count, or a ratio of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A count.
    Count(Count),
    /// A ratio of two counts.
    Rate(&'static Rate),
}

impl Measure {
    /// All of them: the counts, then the rates.
    pub fn all() -> impl Iterator<Item = Self> {
        let rates = RATES.iter().chain(&SUMMARY_RATES).map(Self::Rate);
        Count::ALL.iter().map(|count| Self::Count(*count)).chain(rates)
    }

    /// The one of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::all().find(|measure| measure.key() == key)
    }

    /// Its name, as in the tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Count(count) => count.key(),
            Self::Rate(rate) => rate.key,
        }
    }

    /// Its name as a person would say it.
    pub fn label(self) -> String {
        self.key().replace('_', " ")
    }

    /// Its unit.
    pub fn unit(self) -> String {
        match self {
            Self::Count(count) => count.field().unit,
            Self::Rate(rate) if matches!(rate.whole, Count::RecordedCommunications | Count::RecordedArrests) => {
                "ratio".to_owned()
            }
            Self::Rate(_) => "share".to_owned(),
        }
    }

    /// What it means, in a sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::Count(count) => count.field().description,
            Self::Rate(rate) => rate.sentence.to_owned(),
        }
    }

    /// Its value for some counts; a ratio without a whole is missing.
    pub fn of(self, counts: &[u64; Count::COUNT]) -> f64 {
        match self {
            Self::Count(count) => counts[count as usize] as f64,
            Self::Rate(rate) => {
                let (part, whole) = (counts[rate.part as usize], counts[rate.whole as usize]);
                if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
            }
        }
    }
}
