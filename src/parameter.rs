//! One parameter declared once: key, unit, range, default, sentence, source and its grade.
//!
//! A mechanism declares its parameters with [`parameters!`](crate::parameters); from that one declaration come its
//! field, its check, the documentation table, the JSON Schema, `--set` and the axis label of a sweep.

use crate::quantity::{Role, Tool};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How well a number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Seen in the source named.
    Seen,
    /// From the literature as remembered; to be checked before print.
    Memory,
    /// Arithmetic on such numbers.
    Derived,
    /// Assumed.
    Assumed,
}

impl Grade {
    /// All of them, best first.
    pub const ALL: [Self; 4] = [Self::Seen, Self::Memory, Self::Derived, Self::Assumed];

    /// The word used in scenarios and tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Memory => "memory",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }

    /// The grade of that name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.key() == key)
    }
}

/// What a number counts or measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A chance between 0 and 1.
    Probability,
    /// A part of a whole between 0 and 1, or a standing on a scale from 0 (none) to 1 (full).
    Share,
    /// A duration in days; scenarios may write it in words (`"13 months"`).
    Days,
    /// How often a year.
    PerYear,
    /// A weight in the utility of a choice (logit units).
    Utility,
    /// A growth rate per repetition of an act.
    PerRepetition,
    /// A plain factor or shape without unit.
    Factor,
    /// Pieces of evidence.
    Evidence,
    /// A whole number of things.
    Count,
    /// An amount of money, in the currency the scenario names.
    Money,
}

impl Unit {
    /// The unit in words, as written in column metadata and on axes.
    pub fn label(self) -> &'static str {
        match self {
            Self::Probability => "probability",
            Self::Share => "share",
            Self::Days => "days",
            Self::PerYear => "per year",
            Self::Utility => "utility",
            Self::PerRepetition => "per repetition",
            Self::Factor => "factor",
            Self::Evidence => "pieces of evidence",
            Self::Count => "count",
            Self::Money => "units of currency",
        }
    }
}

/// Over what a declaration repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// One number.
    One,
    /// One number per tool.
    Tools,
    /// One number per role.
    Roles,
    /// One number per entity of the scenario (`state.THA.priority`); the scenario knows which there are.
    Each,
    /// As `Each`, but it may be left out: then a general rule gives the value and the key is absent.
    Maybe,
}

/// One declaration, as a mechanism writes it.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// The table it stands in.
    pub group: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// Whether it is one number, or one per tool or role.
    pub over: Over,
    /// What it measures.
    pub unit: Unit,
    /// Lowest value allowed.
    pub low: f64,
    /// Highest value allowed.
    pub high: f64,
    /// The default, one for each place.
    pub defaults: &'static [f64],
    /// What it means, in a sentence.
    pub sentence: &'static str,
    /// How well it is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: &'static str,
}

/// One parameter with a key of its own.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Key as in `--set`: `habit.half_life`, `tool.mla.delay`, `role.head.turnover`.
    pub key: String,
    /// The declaration it comes from.
    pub declaration: Declaration,
    /// Its default.
    pub default: f64,
}

impl Declaration {
    /// The parameters this declaration stands for, where that does not depend on the scenario.
    pub fn expand(&self) -> Vec<Parameter> {
        let keys: Vec<String> = match self.over {
            Over::One => vec![format!("{}.{}", self.group, self.name)],
            Over::Tools => Tool::KEYS.iter().map(|tool| format!("{}.{tool}.{}", self.group, self.name)).collect(),
            Over::Roles => Role::KEYS.iter().map(|role| format!("{}.{role}.{}", self.group, self.name)).collect(),
            Over::Each | Over::Maybe => Vec::new(),
        };
        keys.into_iter()
            .zip(self.defaults)
            .map(|(key, default)| Parameter { key, declaration: *self, default: *default })
            .collect()
    }
}

impl Declaration {
    /// The key of this declaration for one entity of the scenario (only for [`Over::Each`] and [`Over::Maybe`]).
    pub fn key_of(&self, entity: &str) -> String {
        format!("{}.{entity}.{}", self.group, self.name)
    }
}

/// A setting that is a word, not a number: a variant of a mechanism, or a switch.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// Key as in `--set`: `habit.variant`, `mechanisms.turnover`.
    pub key: &'static str,
    /// The words allowed; the first is the default.
    pub options: &'static [&'static str],
    /// What it decides, in a sentence.
    pub sentence: &'static str,
}

/// Where a value in force comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// How well it is known.
    pub grade: Grade,
    /// Source, in words; empty for an assumption.
    pub source: Arc<str>,
    /// Who set it: `default`, a file and line, or `--set`.
    pub set_by: Arc<str>,
}

/// The numbers in force, by key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    numbers: BTreeMap<Arc<str>, (f64, Provenance)>,
    choices: BTreeMap<Arc<str>, (Arc<str>, Arc<str>)>,
}

impl Settings {
    /// The defaults of the given declarations and choices.
    pub fn defaults(declarations: &[Declaration], choices: &[Choice]) -> Self {
        let mut settings = Self::default();
        let by_default: Arc<str> = "default".into();
        for parameter in declarations.iter().flat_map(Declaration::expand) {
            let provenance = Provenance {
                grade: parameter.declaration.grade,
                source: parameter.declaration.source.into(),
                set_by: Arc::clone(&by_default),
            };
            settings.numbers.insert(parameter.key.into(), (parameter.default, provenance));
        }
        for choice in choices {
            settings.choices.insert(choice.key.into(), (choice.options[0].into(), Arc::clone(&by_default)));
        }
        settings
    }

    /// The number of that key.
    ///
    /// # Panics
    /// When no such parameter is declared: keys come from declarations, and scenarios are checked against them.
    pub fn number(&self, key: &str) -> f64 {
        self.numbers.get(key).unwrap_or_else(|| panic!("{key} is declared")).0
    }

    /// The number of that key, if one is in force.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.numbers.get(key).map(|(value, _)| *value)
    }

    /// The word chosen for that key.
    ///
    /// # Panics
    /// As [`number`](Self::number).
    pub fn choice(&self, key: &str) -> &str {
        &self.choices.get(key).unwrap_or_else(|| panic!("{key} is declared")).0
    }

    /// Whether a mechanism is switched on.
    pub fn is_on(&self, mechanism: &str) -> bool {
        self.choice(&format!("mechanisms.{mechanism}")) == "on"
    }

    /// All numbers with their provenance, by key.
    pub fn numbers(&self) -> impl Iterator<Item = (&str, f64, &Provenance)> {
        self.numbers.iter().map(|(key, (value, provenance))| (&**key, *value, provenance))
    }

    /// All choices, by key, with who made them.
    pub fn choices(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.choices.iter().map(|(key, (word, set_by))| (&**key, &**word, &**set_by))
    }

    /// Sets a number; the caller has checked key and range against a declaration.
    pub fn set_number(&mut self, key: &str, value: f64, provenance: Provenance) {
        self.numbers.insert(key.into(), (value, provenance));
    }

    /// Sets a choice; the caller has checked key and word against a declaration.
    pub fn set_choice(&mut self, key: &str, word: &str, set_by: &str) {
        self.choices.insert(key.into(), (word.into(), set_by.into()));
    }
}

/// Declares a mechanism's parameters: a struct with their values, and the list of declarations.
///
/// Each line: name, kind of place (`one`, `tools`, `roles`, `each`, `maybe`), unit, range, default(s), grade, source,
/// with the sentence as its doc comment. A list for entities (`each`, `maybe`) is read with `of_entity`.
#[macro_export]
macro_rules! parameters {
    (
        $(#[$meta:meta])*
        entity $name:ident in $group:literal {
            $(#[doc = $sentence:literal] $field:ident: $kind:tt[$unit:ident, $low:expr, $high:expr] = $default:tt, $grade:ident $source:literal;)*
        }
    ) => {
        $crate::parameters!(@declare [$(#[$meta])*] $name in $group {
            $(#[doc = $sentence] $field: $kind[$unit, $low, $high] = $default, $grade $source;)*
        });

        impl $name {
            /// The values in force for one entity, named as in the scenario.
            pub fn of_entity(settings: &$crate::parameter::Settings, entity: &str) -> Self {
                Self { $($field: $crate::parameters!(@read_of $kind settings, entity, $group, stringify!($field)),)* }
            }
        }
    };
    (@declare
        [$(#[$meta:meta])*]
        $name:ident in $group:literal {
            $(#[doc = $sentence:literal] $field:ident: $kind:tt[$unit:ident, $low:expr, $high:expr] = $default:tt, $grade:ident $source:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name { $(#[doc = $sentence] pub $field: $crate::parameters!(@type $kind),)* }

        impl $name {
            /// The declarations these values come from.
            pub const DECLARATIONS: &'static [$crate::parameter::Declaration] = &[
                $($crate::parameter::Declaration {
                    group: $group,
                    name: stringify!($field),
                    over: $crate::parameters!(@over $kind),
                    unit: $crate::parameter::Unit::$unit,
                    low: $low,
                    high: $high,
                    defaults: $crate::parameters!(@defaults $kind $default),
                    sentence: $sentence.trim_ascii(),
                    grade: $crate::parameter::Grade::$grade,
                    source: $source,
                },)*
            ];

            /// The value of that name (at that place, where there is one for each tool or role), if there is one.
            pub fn get(&self, name: &str, place: usize) -> Option<f64> {
                let _ = place;
                match name {
                    $(stringify!($field) => $crate::parameters!(@get $kind self.$field, place),)*
                    _ => None,
                }
            }

            /// Sets the value of that name (at that place, where there is one for each tool or role); whether there is one.
            pub fn set(&mut self, name: &str, place: usize, value: f64) -> bool {
                let _ = place;
                match name {
                    $(stringify!($field) => {
                        $crate::parameters!(@set $kind self.$field, place, value);
                        true
                    })*
                    _ => false,
                }
            }
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident in $group:literal {
            $(#[doc = $sentence:literal] $field:ident: $kind:tt[$unit:ident, $low:expr, $high:expr] = $default:tt, $grade:ident $source:literal;)*
        }
    ) => {
        $crate::parameters!(@declare [$(#[$meta])*] $name in $group {
            $(#[doc = $sentence] $field: $kind[$unit, $low, $high] = $default, $grade $source;)*
        });

        impl $name {
            /// The values in force.
            pub fn from_settings(settings: &$crate::parameter::Settings) -> Self {
                Self { $($field: $crate::parameters!(@read $kind settings, $group, stringify!($field)),)* }
            }
        }
    };
    (@get one $field:expr, $place:ident) => { Some($field) };
    (@get each $field:expr, $place:ident) => { Some($field) };
    (@get maybe $field:expr, $place:ident) => { $field };
    (@get tools $field:expr, $place:ident) => { $field.get($place).copied() };
    (@get roles $field:expr, $place:ident) => { $field.get($place).copied() };
    (@set one $field:expr, $place:ident, $value:ident) => { $field = $value };
    (@set each $field:expr, $place:ident, $value:ident) => { $field = $value };
    (@set maybe $field:expr, $place:ident, $value:ident) => { $field = Some($value) };
    (@set tools $field:expr, $place:ident, $value:ident) => { $field[$place] = $value };
    (@set roles $field:expr, $place:ident, $value:ident) => { $field[$place] = $value };
    (@type each) => { f64 };
    (@type maybe) => { Option<f64> };
    (@over each) => { $crate::parameter::Over::Each };
    (@over maybe) => { $crate::parameter::Over::Maybe };
    (@defaults each $default:tt) => { &[$default] };
    (@defaults maybe none) => { &[] };
    (@read_of each $settings:ident, $entity:ident, $group:literal, $field:expr) => { $settings.number(&format!("{}.{}.{}", $group, $entity, $field)) };
    (@read_of maybe $settings:ident, $entity:ident, $group:literal, $field:expr) => { $settings.get(&format!("{}.{}.{}", $group, $entity, $field)) };
    (@type one) => { f64 };
    (@type tools) => { [f64; $crate::quantity::Tool::COUNT] };
    (@type roles) => { [f64; $crate::quantity::Role::COUNT] };
    (@over one) => { $crate::parameter::Over::One };
    (@over tools) => { $crate::parameter::Over::Tools };
    (@over roles) => { $crate::parameter::Over::Roles };
    (@defaults one $default:tt) => { &[$default] };
    (@defaults tools $default:tt) => { &$default };
    (@defaults roles $default:tt) => { &$default };
    (@read one $settings:ident, $group:literal, $field:expr) => { $settings.number(&format!("{}.{}", $group, $field)) };
    (@read tools $settings:ident, $group:literal, $field:expr) => {
        std::array::from_fn(|i| $settings.number(&format!("{}.{}.{}", $group, $crate::quantity::Tool::KEYS[i], $field)))
    };
    (@read roles $settings:ident, $group:literal, $field:expr) => {
        std::array::from_fn(|i| $settings.number(&format!("{}.{}.{}", $group, $crate::quantity::Role::KEYS[i], $field)))
    };
}
