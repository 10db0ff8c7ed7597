//! What `[calibrate]` and `[target.*]` may say, as JSON Schema.

use super::super::schema::{closed, object};
use super::calibrate::ERRORS;
use crate::parameter::Grade;
use crate::record::Measure;
use serde_json::{Value, json};

fn whole(description: &str, (least, most): (u64, u64), default: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most, "default": default, "description": description })
}

fn share(description: &str, (least, most): (f64, f64), default: f64) -> Value {
    json!({ "type": "number", "minimum": least, "maximum": most, "default": default, "description": description })
}

fn number(description: &str) -> Value {
    json!({ "type": "number", "description": description })
}

fn above(description: &str) -> Value {
    json!({ "type": "number", "exclusiveMinimum": 0, "description": description })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

/// The table `[calibrate]`.
pub(super) fn calibrate() -> Value {
    closed(
        "How factors are fitted to the targets.",
        object([
            ("particles", whole("Particles of a generation.", (20, 100_000), 200)),
            (
                "simulations",
                whole(
                    "Most simulations of each model, those of its prior included.",
                    (1, super::calibrate::MOST),
                    20_000,
                ),
            ),
            ("generations", whole("Most generations after the prior.", (1, 1000), 20)),
            ("prior", whole("Simulations from the prior.", (50, 1_000_000), 1000)),
            ("quantile", share("Which share of a generation's distances the next must come below.", (0.01, 0.99), 0.5)),
            (
                "least_acceptance",
                share("It ends when fewer simulations than this share are accepted.", (0.0, 1.0), 0.02),
            ),
            (
                "least_effective",
                share(
                    "It ends when the effective sample size falls below this share of the particles.",
                    (0.0, 1.0),
                    0.3,
                ),
            ),
            (
                "epsilon",
                json!({ "type": "number", "minimum": 0, "default": 0, "description": "How near is near enough, as a squared distance." }),
            ),
            (
                "seed",
                json!({ "type": "integer", "minimum": 0, "description": "Luck of the calibration; the master seed if it is not said." }),
            ),
            (
                "assumed",
                json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1, "description": "Also fit every number of the baseline that is assumed and that no factor stands for, between this share of itself less and more." }),
            ),
        ]),
    )
}

/// One table `[target.NAME]`.
pub(super) fn target() -> Value {
    let measures: Vec<&str> = Measure::all().map(Measure::key).collect();
    let errors: Vec<&str> = ERRORS.iter().map(|(name, _)| *name).collect();
    let grades: Vec<&str> = Grade::ALL.iter().map(|grade| grade.key()).collect();
    let mut one = closed(
        "A figure that the model is fitted to: a measure or a pattern, its value, and how far it may be from the truth.",
        object([
            ("name", text("Its name for people.")),
            (
                "measure",
                json!({ "type": "string", "enum": measures, "description": "The outcome of the region over the whole run." }),
            ),
            ("pattern", text("The pattern of the evidence that a run of the window has: P1, P9.")),
            ("value", number("The figure.")),
            ("error", json!({ "type": "string", "enum": errors, "description": "Its error model." })),
            ("cv", above("Of an overdispersed count: variation besides Poisson, as a share of the count.")),
            ("sd", above("Of a deviation: its standard deviation.")),
            ("low", number("Of a band: its lower end.")),
            ("high", number("Of a band: its upper end.")),
            ("probability", share("Of a band: the probability that it holds the truth.", (0.01, 0.9999), 0.95)),
            ("share", above("Of a relative error: its standard deviation as a share of the figure.")),
            ("log_sd", above("Of a ratio: the standard deviation of its logarithm.")),
            (
                "counts",
                json!({ "type": "array", "items": { "type": "number", "exclusiveMinimum": 0 }, "minItems": 2, "maxItems": 2, "description": "Of a ratio: its two counts, in place of log_sd." }),
            ),
            (
                "discrepancy",
                json!({ "type": "number", "minimum": 0, "default": 0, "description": "Standard deviation of what the model cannot get right." }),
            ),
            ("source", text("Where the figure comes from.")),
            ("grade", json!({ "type": "string", "enum": grades, "description": "How well it is known." })),
            ("period", text("Of which time it is, in words.")),
        ]),
    );
    if let Value::Object(fields) = &mut one {
        fields.insert("required".to_owned(), json!(["value", "error"]));
    }
    one
}
