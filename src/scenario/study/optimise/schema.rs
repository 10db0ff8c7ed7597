//! The part of the JSON Schema of studies that is about optimisations.

use super::super::super::schema::{closed, object};
use serde_json::{Value, json};

/// `[optimise]` in the JSON Schema.
pub(in crate::scenario::study) fn schema() -> Value {
    let whole = |least: u64, default: u64, description: &str| json!({ "type": "integer", "minimum": least, "default": default, "description": description });
    let texts =
        |description: &str| json!({ "type": "array", "items": { "type": "string" }, "description": description });
    let pairs = |most: Option<u64>, description: &str| {
        let mut pair = json!({ "type": "array", "items": { "type": "string" }, "minItems": 2 });
        if let (Some(most), Some(pair)) = (most, pair.as_object_mut()) {
            pair.insert("maxItems".to_owned(), json!(most));
        }
        json!({ "type": "array", "items": pair, "description": description })
    };
    let count = |description: &str| json!({ "type": "integer", "minimum": 0, "description": description });
    closed(
        "The best mix of arms under a budget.",
        object([
            (
                "method",
                json!({ "type": "string", "enum": ["subsets", "search"], "description": "Every mix, or a search; subsets where there are at most 15 arms and no factors." }),
            ),
            (
                "budget",
                json!({ "type": "number", "exclusiveMinimum": 0, "description": "What a mix may cost on average over the whole run; no bound if it is not said." }),
            ),
            ("requires", pairs(Some(2), "Pairs of arms: the first is in no mix without the second.")),
            ("excludes", pairs(None, "Arms of which no two are in one mix.")),
            ("always", texts("Arms of every mix.")),
            ("never", texts("Arms of no mix.")),
            ("at_least", count("So many arms or more in a mix.")),
            ("at_most", count("So many arms or fewer in a mix.")),
            (
                "window",
                json!({ "type": "string", "description": "The window that counts; the first if it is not said." }),
            ),
            (
                "indifference",
                json!({ "type": "number", "exclusiveMinimum": 0, "description": "A difference of the main outcome that does not matter; analysis.relevant if it is not said." }),
            ),
            ("first", whole(2, 10, "Replicates of every mix that is looked at.")),
            ("most", whole(2, 200, "Replicates at which a race of mixes ends (subsets).")),
            ("finalists", whole(1, 5, "How many of the best are run again on fresh seeds.")),
            ("fresh", whole(2, 100, "On how many fresh seeds.")),
            (
                "population",
                json!({ "type": "integer", "minimum": 4, "multipleOf": 2, "default": 40, "description": "Mixes of a generation (search)." }),
            ),
            ("generations", whole(1, 30, "How many generations (search).")),
            ("seed", count("Luck of the search; the master seed if it is not said.")),
        ]),
    )
}
