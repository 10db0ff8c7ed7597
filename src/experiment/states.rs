//! The states of a scenario as a table: who they are, how many practitioners they have, where a map shows them.

use crate::engine::Setup;
use crate::quantity::Role;
use crate::scenario::Scenario;
use crate::table::{Cell, Field, Schema, Table};

/// The table `states`: a row per state in the order of the scenario.
///
/// `practitioners` counts the desks staffed on the first day; `longitude` and `latitude` are missing where the scenario gives none.
pub fn states_table(scenario: &Scenario, setup: &Setup) -> Table {
    let mut table = Table::new(Schema::of(
        "states",
        "The member states, one row each.",
        vec![
            Field::text("key", "Key, as in state.KEY."),
            Field::text("name", "Name in full."),
            Field::text("legal_family", "Legal family."),
            Field::text("language", "Working language of its practitioners."),
            Field::text(
                "tip_law",
                "Day on which its law against trafficking came into force; empty where there is none.",
            ),
            Field::integer("practitioners", "practitioners", "Practitioners of all roles on the first day."),
            Field::real(
                "longitude",
                "degrees",
                "Degrees east of Greenwich at which a map shows it; missing where not given.",
            ),
            Field::real(
                "latitude",
                "degrees",
                "Degrees north of the equator at which a map shows it; missing where not given.",
            ),
        ],
    ));
    for (index, state) in scenario.states().iter().enumerate() {
        let desks: i64 = Role::ALL.iter().map(|role| setup.region.desks_of(index, *role).1 as i64).sum();
        let (longitude, latitude) =
            state.coordinates.map_or((f64::NAN, f64::NAN), |place| (place.longitude, place.latitude));
        table.push([
            Cell::from(state.key.as_str()),
            Cell::from(state.name.as_str()),
            Cell::from(state.legal_family.as_str()),
            Cell::from(state.language.as_str()),
            Cell::from(state.tip_law.map(|date| date.to_string()).unwrap_or_default().as_str()),
            Cell::Integer(desks),
            Cell::Real(longitude),
            Cell::Real(latitude),
        ]);
    }
    table
}
