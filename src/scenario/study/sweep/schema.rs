//! The part of the JSON Schema of studies that is about sweeps.

use super::super::super::schema::{closed, object};
use super::{design, values};
use serde_json::{Value, json};

fn whole(description: &str, least: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "description": description })
}

fn number(description: &str) -> Value {
    json!({ "type": "number", "description": description })
}

/// A number of the parameter's unit, plain or in words.
fn quantity(description: &str) -> Value {
    json!({ "type": ["number", "string"], "description": description })
}

/// `[sweep]`.
pub(in crate::scenario::study) fn sweep() -> Value {
    let row = json!({ "type": "object", "description": "A value for each factor, by its key." });
    closed(
        "Which points are run.",
        object([
            ("design", json!({ "type": "string", "enum": design::names(), "description": "How points are chosen." })),
            ("seed", whole("Luck of the design; the master seed if it is not said.", 0)),
            (
                "assumed",
                json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1, "description": "Also vary every number of the baseline that is assumed and that no factor stands for, by this share of itself up and down." }),
            ),
            ("points", whole("How many points (latin-hypercube, sobol), or points in a slice.", 1)),
            ("base_points", whole("How many blocks (saltelli), rounded up to a power of two.", 1)),
            (
                "second_order",
                json!({ "type": "boolean", "default": false, "description": "Whether blocks serve for pairs of factors (saltelli)." }),
            ),
            ("trajectories", whole("How many trajectories (morris).", 1)),
            (
                "levels",
                json!({ "type": "integer", "minimum": 2, "default": 4, "description": "Levels of the grid, even (morris)." }),
            ),
            (
                "candidates",
                json!({ "type": "integer", "minimum": 0, "default": 0, "description": "From how many trajectories the widest are chosen; 0: as drawn (morris)." }),
            ),
            (
                "improve",
                json!({ "type": "string", "enum": ["none", "maximin", "correlation", "discrepancy"], "default": "none", "description": "Towards what points are exchanged (latin-hypercube)." }),
            ),
            (
                "trials",
                json!({ "type": "integer", "minimum": 0, "default": 10_000, "description": "How many exchanges are tried." }),
            ),
            ("rows", json!({ "type": "array", "items": row, "minItems": 1, "description": "The points (list)." })),
            (
                "table",
                json!({ "type": "string", "description": "A CSV or Parquet file with a column for each factor, relative to this one (table)." }),
            ),
        ]),
    )
}

/// `[factor.*]`.
pub(in crate::scenario::study) fn factor() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    closed(
        "Something that is varied.",
        object([
            ("name", text("Its name for people; the parameter's own if it is not said.")),
            (
                "parameter",
                json!({
                    "description": "The parameter it stands for, or several that share its value; * for every entity.",
                    "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }]
                }),
            ),
            ("values", json!({ "type": "array", "minItems": 1, "description": "Its values, in order." })),
            (
                "weights",
                json!({ "type": "array", "items": { "type": "number", "minimum": 0 }, "description": "How probable each of its words is." }),
            ),
            ("from", quantity("The least value.")),
            ("to", quantity("The greatest value.")),
            ("levels", whole("How many levels it has in a grid.", 1)),
            (
                "scale",
                json!({ "type": "string", "enum": ["linear", "log"], "default": "linear", "description": "Even in the number, or in its logarithm." }),
            ),
            ("whole", json!({ "type": "boolean", "description": "Whether it goes over whole numbers; counts do." })),
            (
                "distribution",
                json!({ "type": "string", "enum": values::distributions(), "default": "uniform", "description": "The law of its values." }),
            ),
            ("mean", quantity("Mean of a normal law.")),
            ("sd", quantity("Standard deviation of a normal law.")),
            ("mode", quantity("The most likely value (triangular, pert).")),
            ("a", number("First shape (beta).")),
            ("b", number("Second shape (beta).")),
            ("log_mean", number("Mean of the natural logarithm (lognormal).")),
            ("log_sd", number("Standard deviation of the natural logarithm (lognormal).")),
            (
                "times",
                json!({ "type": "boolean", "default": false, "description": "Whether its values multiply what the parameters are, each by itself, instead of replacing it." }),
            ),
            ("group", text("Factors of one group are varied together (saltelli, morris).")),
        ]),
    )
}

/// `[constraint.*]`.
pub(in crate::scenario::study) fn constraint() -> Value {
    let weights = json!({
        "type": "object",
        "additionalProperties": { "type": "number" },
        "description": "The weight of each factor in the sum."
    });
    closed(
        "A bound on a weighted sum of factors.",
        object([
            ("weights", weights),
            ("at_least", number("The least the sum may be.")),
            ("at_most", number("The most it may be.")),
        ]),
    )
}
