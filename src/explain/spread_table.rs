//! The spread of a difference as tables.

use super::spread::{Root, SHARES, Spread, Spreads};
use crate::quantity::Carrier;
use crate::table::{Cell, Field, Schema, Table};
use crate::world::StateIndex;
use std::sync::Arc;

impl Spread {
    /// The cases alone, as a chart wants them: `parent` is -1 where the parent is a root, `via` is one route.
    pub fn tree(&self) -> Table {
        let fields = vec![
            Field::integer("id", "", "Number of the case among the nodes."),
            Field::integer(
                "parent",
                "",
                "The case that it goes back to; -1 where it goes back to an act from outside.",
            ),
            Field::date("date", "First day of the tick."),
            Field::text("state", "Where the case surfaced."),
            Field::text("other", "The other state."),
            Field::text("via", "What carried the difference."),
            Field::integer("gained", "", "1 if only the arm cooperated, -1 if only the baseline did."),
        ];
        let mut table =
            Table::new(Schema::of("tree", "Cases decided otherwise, and the case each goes back to.", fields));
        for node in self.cases() {
            let of_case = |id: &u32| self.nodes[*id as usize - 1].root == Root::Case;
            let parent = node.parent.filter(of_case).map_or(-1, i64::from);
            let mut carriers = node.via.iter().map(|lever| lever.carrier);
            let first = carriers.next().unwrap_or(Carrier::Several);
            let route = if carriers.all(|carrier| carrier == first) { first } else { Carrier::Several };
            table.push([
                i64::from(node.id).into(),
                parent.into(),
                Cell::Date(node.date.days()),
                self.state_key(node.state).into(),
                self.state_key(node.other).into(),
                route.label().into(),
                node.gained.into(),
            ]);
        }
        table
    }

    /// The tree as a table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(spread_schema());
        for node in &self.nodes {
            let root = node.root != Root::Case;
            let via: Vec<String> = node.via.iter().map(|lever| lever.key()).collect();
            table.push([
                i64::from(self.replicate).into(),
                i64::from(node.id).into(),
                i64::from(node.parent.unwrap_or(0)).into(),
                node.root.key().into(),
                Cell::Date(node.date.days()),
                self.state_key(node.state).into(),
                self.state_key(node.other).into(),
                node.handler.as_str().into(),
                via.join("+").as_str().into(),
                if root { "" } else { node.proof.key() }.into(),
                if root { "" } else { node.reach.key() }.into(),
                node.endings.0.into(),
                node.endings.1.into(),
                node.gained.into(),
                i64::from(node.recorded).into(),
                i64::from(node.numbers.0.unwrap_or(0)).into(),
                i64::from(node.numbers.1.unwrap_or(0)).into(),
            ]);
        }
        table
    }

    /// Additional cooperations by carrier, as a table.
    pub fn carriers(&self) -> Table {
        let mut table = Table::new(carriers_schema());
        for (carrier, shares) in Carrier::ALL.iter().zip(self.shares) {
            let [direct, built_on, passed_on] = shares.map(|shares| (shares as f64 / SHARES as f64).into());
            let missing = || f64::NAN.into();
            table.push([
                carrier.key().into(),
                1_i64.into(),
                direct,
                missing(),
                built_on,
                missing(),
                passed_on,
                missing(),
            ]);
        }
        table
    }

    /// The key of a state, empty where there is none.
    fn state_key(&self, state: Option<StateIndex>) -> Arc<str> {
        state.map_or_else(|| Arc::from(""), |state| Arc::clone(&self.states[state]))
    }
}

impl Spreads {
    /// Mean additional cooperations by carrier, as a table.
    pub fn carriers(&self) -> Table {
        let mut table = Table::new(carriers_schema());
        for (carrier, [direct, built_on, passed_on]) in Carrier::ALL.iter().zip(&self.shares) {
            table.push([
                carrier.key().into(),
                i64::from(self.n).into(),
                direct.mean().into(),
                direct.sd().into(),
                built_on.mean().into(),
                built_on.sd().into(),
                passed_on.mean().into(),
                passed_on.sd().into(),
            ]);
        }
        table
    }
}

fn carriers_schema() -> Arc<Schema> {
    let real = |name: &str, words: &str| Field::real(name, "cases", words);
    Schema::of(
        "carriers",
        "Additional cooperations of the arm, by what carried them; a case with several carriers is shared evenly.",
        vec![
            Field::text("carrier", "What carried the difference."),
            Field::integer("n", "runs", "Replicates."),
            real("direct", "Where the carrying piece was last changed from outside: mean per replicate."),
            real("direct_sd", "Its standard deviation between replicates."),
            real(
                "built_on",
                "Where it began to differ from outside and earlier cases have changed it since: mean per replicate.",
            ),
            real("built_on_sd", "Its standard deviation between replicates."),
            real("passed_on", "Where an earlier case made it begin to differ: mean per replicate."),
            real("passed_on_sd", "Its standard deviation between replicates."),
        ],
    )
}

fn spread_schema() -> Arc<Schema> {
    Schema::of(
        "spread",
        "How a difference between two worlds spread: cases decided otherwise, and what they go back to.",
        vec![
            Field::integer("replicate", "", "Number of the run."),
            Field::integer("id", "", "Number of the node, from 1."),
            Field::integer("parent", "", "The node that made the carrying piece of the world differ; 0 for a root."),
            Field::text("kind", "case; or what was acted on from outside: person, unit, institutions, parameters."),
            Field::date("date", "First day of the tick; of a root, of the first case that goes back to it."),
            Field::text("state", "Where the case surfaced, or where the root is."),
            Field::text("other", "The other state."),
            Field::text("handler", "Who handled the case in the arm, or would have; who or what the root is."),
            Field::text("via", "What carried the difference, joined by +; several: nothing alone."),
            Field::text(
                "proof",
                "needed: each, set back, gives back the baseline's ending; enough: each, lent to the baseline, brings about the arm's.",
            ),
            Field::text(
                "reach",
                "How acts from outside reached it, by the carrier that changed last: direct, built_on, passed_on.",
            ),
            Field::text("ending_baseline", "Where the case ended in the baseline."),
            Field::text("ending_arm", "Where the case ended in the arm."),
            Field::integer("gained", "cases", "1 if only the arm cooperated, -1 if only the baseline did."),
            Field::integer("recorded", "", "1 if the case lies in the recorded window, 0 in the burn-in."),
            Field::integer("case_baseline", "", "Number of the case in the baseline's window, for --case; 0 if none."),
            Field::integer("case_arm", "", "Number of the case in the arm's window, for --case; 0 if none."),
        ],
    )
}
