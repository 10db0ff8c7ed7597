//! A JSON Schema (draft 7) of study files: what scenarios may say, and what only studies do.

use super::super::schema::{closed, date, object, plain_number, schema, ticks};
use super::analysis::{CONFIDENCE, MOST, OUTCOMES};
use super::{OWN, calibrate_schema, optimise, sweep};
use crate::parameter::Unit;
use crate::record::Measure;
use serde_json::{Map, Value, json};

/// The JSON Schema of a study file.
pub fn study_schema() -> Value {
    let mut whole = schema();
    let Some(Value::Object(properties)) = whole.get_mut("properties") else {
        unreachable!("the schema of scenarios lists its properties")
    };
    properties.remove("extends");
    let library = properties.remove("intervention").unwrap_or_else(|| json!({ "type": "object" }));
    let more = object([
        ("title", json!({ "type": "string", "description": "What the study is called." })),
        ("description", json!({ "type": "string", "description": "What it asks." })),
        (
            "baseline",
            json!({ "type": "string", "description": "The scenario that arms are held against, relative to this file." }),
        ),
        ("intervention", library),
        ("arm", named("Arms: each adds something to the baseline.", arm())),
        ("package", named("Packages: several arms together.", package())),
        ("window", named("Windows of analysis; the whole run if there are none.", window())),
        ("analysis", analysis()),
        ("sweep", sweep::schema::sweep()),
        ("optimise", optimise::schema()),
        ("calibrate", calibrate_schema::calibrate()),
        ("target", named("Figures that a calibration is fitted to.", calibrate_schema::target())),
        ("factor", named("What a sweep, a calibration or an optimisation varies.", sweep::schema::factor())),
        ("constraint", named("Bounds that points of a sweep keep.", sweep::schema::constraint())),
    ]);
    debug_assert!(more.keys().all(|key| OWN.contains(&key.as_str())), "the reader knows what the schema knows");
    // The study's own keys come first, then what it may change in the baseline.
    let changes = std::mem::take(properties);
    properties.extend(more);
    for (key, value) in changes {
        properties.entry(key).or_insert(value);
    }
    if let Value::Object(fields) = &mut whole {
        fields.insert("title".to_owned(), json!("A study of comity"));
        fields.insert("required".to_owned(), json!(["baseline"]));
    }
    whole
}

fn named(description: &str, one: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "patternProperties": { "^[A-Za-z0-9_-]+$": one },
        "additionalProperties": false
    })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn label() -> Value {
    json!({ "type": "string", "description": "Its name for people." })
}

fn arm() -> Value {
    closed(
        "The baseline with something added.",
        object([
            ("name", label()),
            ("interventions", texts("Interventions of this file's library.")),
            ("files", texts("Scenario files, relative to this one: all that they add to the baseline.")),
            (
                "set",
                json!({ "type": "object", "description": "Values, each by its path: { \"gate.approval\" = 0.0 }." }),
            ),
        ]),
    )
}

fn package() -> Value {
    let stagger = json!({
        "description": "Also run every order of the arms, each arm's interventions so much later than the arm before.",
        "anyOf": plain_number(Unit::Days, (1.0, 36_600.0))
    });
    closed(
        "Several arms together.",
        object([("name", label()), ("arms", texts("The arms, two or more.")), ("stagger", stagger)]),
    )
}

fn window() -> Value {
    let moment = |description: &str| json!({ "description": description, "anyOf": [date(), ticks()] });
    closed(
        "A part of the run that is looked at by itself.",
        object([
            ("from", moment("First day; the start of the run if it is not said.")),
            ("until", moment("First day that no longer belongs to it; the end of the run if it is not said.")),
        ]),
    )
}

fn analysis() -> Value {
    let measures: Vec<&str> = Measure::all().map(Measure::key).collect();
    let outcome = json!({ "type": "string", "enum": measures });
    let margins: Map<String, Value> =
        measures.iter().map(|key| ((*key).to_owned(), json!({ "type": "number", "minimum": 0 }))).collect();
    closed(
        "What is to be learnt, and how surely.",
        object([
            (
                "outcomes",
                json!({ "type": "array", "items": outcome, "minItems": 1, "default": OUTCOMES, "description": "What is measured." }),
            ),
            (
                "main",
                json!({ "type": "string", "enum": measures, "description": "The outcome that arms are ranked by; the first if it is not said." }),
            ),
            (
                "smallest_is_best",
                json!({ "type": "boolean", "default": false, "description": "Whether the arm with the smallest main outcome is the best." }),
            ),
            (
                "confidence",
                json!({ "description": "Confidence of every interval.", "default": 0.95, "anyOf": plain_number(Unit::Share, CONFIDENCE) }),
            ),
            (
                "half_width",
                json!({ "type": "number", "exclusiveMinimum": 0, "description": "Add replicates until every contrast of the main outcome is known to so much." }),
            ),
            (
                "most_replicates",
                json!({ "type": "integer", "minimum": 2, "default": MOST, "description": "Replicates after which half_width gives up." }),
            ),
            (
                "relevant",
                json!({
                    "description": "A difference no larger than this matters to nobody: of the main outcome, or of each.",
                    "anyOf": [{ "type": "number", "minimum": 0 }, closed("Per outcome.", margins)]
                }),
            ),
            (
                "period",
                json!({ "description": "One period of the difference series.", "default": "3 months", "anyOf": plain_number(Unit::Days, (1.0, 36_600.0)) }),
            ),
        ]),
    )
}
