//! From sums to tables: `summary`, `pairs`, `funnel`, `barriers`, `litmus`, `depth`, `parameters`. Those of levels are in [`levels`].

use super::accumulate::{Accumulator, PEOPLE, all_rates, ratio};
use super::levels;
use super::probe::Probes;
use crate::quantity::{Barrier, Ending, Litmus};
use crate::record::{Count, DEPTH, GroupKey, REGION};
use crate::scenario::Scenario;
use crate::statistics::Moments;
use crate::table::{Cell, Field, Schema, Table};

/// The tables that do not grow with the number of replicates.
#[derive(Debug, Clone)]
pub struct Tables {
    /// measure, unit, n, mean, sd, interval.
    pub summary: Table,
    /// Flows between states.
    pub pairs: Table,
    /// Where cases end.
    pub funnel: Table,
    /// Which barriers bind.
    pub barriers: Table,
    /// Willing and able.
    pub litmus: Table,
    /// Depth of cooperative practice.
    pub depth: Table,
    /// How levels are spread over practitioners.
    pub levels: Table,
    /// Quantiles of the same.
    pub levels_quantiles: Table,
    /// What was done by interventions, if there are any.
    pub interventions: Option<Table>,
}

fn interval_fields(unit: &str) -> [Field; 2] {
    [
        Field::real(
            "ci_low",
            unit,
            "Lower end of the 95 % confidence interval of the mean over replicates (Student's t).",
        ),
        Field::real("ci_high", unit, "Upper end of it."),
    ]
}

/// All tables of an experiment of replicates.
pub fn tables(scenario: &Scenario, sum: &Accumulator, probes: Option<&Probes>) -> Tables {
    Tables {
        summary: summary(sum),
        pairs: pairs(scenario, sum),
        funnel: funnel(scenario, sum),
        barriers: barriers(scenario, sum),
        litmus: litmus(scenario, sum),
        depth: depth(sum, probes),
        levels: levels::levels(&sum.levels, sum.n),
        levels_quantiles: levels::levels_quantiles(&sum.levels, sum.n),
        interventions: (!sum.interventions.is_empty()).then(|| interventions(scenario, sum)),
    }
}

fn summary(sum: &Accumulator) -> Table {
    let mut fields = vec![
        Field::text("measure", "What is measured, over the whole region and window."),
        Field::text("unit", "Its unit."),
        Field::text("description", "What it means."),
        Field::integer("n", "replicates", "Replicates in which it is defined."),
        Field::real("mean", "see unit", "Mean over replicates."),
        Field::real("sd", "see unit", "Standard deviation between replicates."),
    ];
    fields.extend(interval_fields("see unit"));
    let mut table = Table::new(Schema::of("summary", "The region over the whole window, one row per measure.", fields));
    let mut row = |key: &str, unit: &str, sentence: &str, moments: &Moments| {
        let interval = moments.interval();
        table.push([
            key.into(),
            unit.into(),
            sentence.into(),
            (moments.n as i64).into(),
            moments.mean().into(),
            moments.sd().into(),
            interval.low.into(),
            interval.high.into(),
        ]);
    };
    let region = &sum.totals[sum.states()];
    for count in Count::ALL {
        let field = count.field();
        row(&field.name, &field.unit, &field.description, &region[*count as usize]);
    }
    for (rate, moments) in all_rates().zip(&sum.rates) {
        row(rate.key, "ratio", rate.sentence, moments);
    }
    for ((key, unit, sentence), moments) in PEOPLE.iter().zip(&sum.people) {
        row(key, unit, sentence, moments);
    }
    table
}

fn pairs(scenario: &Scenario, sum: &Accumulator) -> Table {
    let columns = [
        ("cases", "cases", "Cases found in `from` that concern `to`."),
        ("sought", "cases", "Of those, cases in which `from` asked `to`."),
        ("accepted", "cases", "Of those, cases in which `to` accepted."),
        ("communications", "communications", "Communications in cases found in `from`, by all channels."),
        ("rescues", "victims", "Victims rescued."),
        ("arrests", "arrests", "Arrests."),
        ("formal_requests", "requests", "Requests by formal tools."),
        ("recorded_communications", "communications", "Communications by the police channels that officials recorded."),
    ];
    let mut fields = vec![
        Field::text("from", "State that asks: the case was found there."),
        Field::text("to", "State that is asked."),
    ];
    fields.extend(
        columns
            .iter()
            .map(|(name, unit, sentence)| Field::real(name, unit, &format!("{sentence} Mean over replicates."))),
    );
    fields.push(Field::real(
        "relative_acceptance",
        "ratio",
        "(x - e) / e: communications against those expected if every case drew as many (Savage and Deutsch 1960).",
    ));
    let mut table = Table::new(Schema::of("pairs", "Flows between states, one row per ordered pair.", fields));
    let states = sum.states();
    let all = |column: usize| sum.pairs.iter().map(|row| row[column].mean()).sum::<f64>();
    let per_case = ratio(all(3), all(0));
    for from in 0..states {
        for to in (0..states).filter(|to| *to != from) {
            let row = &sum.pairs[from * states + to];
            let mean = |column: usize| Cell::Real(row[column].mean());
            let expected = row[0].mean() * per_case;
            let relative = if expected > 0.0 { (row[3].mean() - expected) / expected } else { f64::NAN };
            table.push([
                scenario.states()[from].key.as_str().into(),
                scenario.states()[to].key.as_str().into(),
                mean(0),
                mean(1),
                mean(2),
                mean(3),
                mean(4),
                mean(5),
                mean(6),
                mean(7),
                relative.into(),
            ]);
        }
    }
    table
}

/// A stage or loss: key, label, kind, and the counts added and taken away.
type FunnelRow = (&'static str, &'static str, &'static str, &'static [Count], &'static [Count]);

/// The stages and losses of the funnel, in order.
const FUNNEL: [FunnelRow; 14] = [
    ("arrived", "came to light", "stage", &[Count::Arrived], &[]),
    ("withheld", "", "loss", &[Count::Withheld], &[]),
    ("reported", "known to the police", "stage", &[Count::Arrived], &[Count::Withheld]),
    ("not_recognised", "", "loss", &[Count::NotRecognised], &[]),
    ("recognised", "recognised as trafficking", "stage", &[Count::Recognised], &[]),
    ("alone", "", "loss", &[Count::Alone], &[]),
    ("sought", "cooperation sought", "stage", &[Count::Sought], &[]),
    ("sent_back", "", "loss", &[Count::SentBack], &[]),
    ("gate_shut", "", "loss", &[Count::GateShut], &[]),
    ("refused", "", "loss", &[Count::Refused], &[]),
    ("lapsed", "", "loss", &[Count::Lapsed], &[]),
    ("accepted", "cooperation accepted", "stage", &[Count::Accepted], &[]),
    ("rescue", "cases with a rescue", "stage", &[Count::RescuedCases], &[]),
    ("arrest", "cases with an arrest", "stage", &[Count::ArrestedCases], &[]),
];

/// The stages of the funnel without the losses: key, label, and the counts added and taken away.
pub(super) fn funnel_stages() -> impl Iterator<Item = (&'static str, &'static str, &'static [Count], &'static [Count])>
{
    let stages = FUNNEL.into_iter().filter(|(_, _, kind, ..)| *kind == "stage");
    stages.map(|(key, label, _, added, taken)| (key, label, added, taken))
}

fn funnel(scenario: &Scenario, sum: &Accumulator) -> Table {
    let fields = vec![
        Field::text("state", "State in which the cases were found, or `region`."),
        Field::text("stage", "Stage, or loss on the way to the next."),
        Field::text("label", "The same in words."),
        Field::text("kind", "`stage` or `loss`."),
        Field::real("cases", "cases", "Mean over replicates."),
        Field::real(
            "sd",
            "cases",
            "Standard deviation between replicates; missing where a stage is a difference of two counts.",
        ),
        Field::real("share", "share", "Of the cases that came to light."),
    ];
    let mut table = Table::new(Schema::of("funnel", "How far cases come, and where they are lost.", fields));
    for (place, totals) in sum.totals.iter().enumerate() {
        let state = scenario.states().get(place).map_or(REGION, |state| state.key.as_str());
        let mean = |counts: &[Count]| counts.iter().map(|count| totals[*count as usize].mean()).sum::<f64>();
        let arrived = mean(&[Count::Arrived]);
        for (key, label, kind, added, taken) in FUNNEL {
            let cases = mean(added) - mean(taken);
            let sd = if taken.is_empty() { totals[added[0] as usize].sd() } else { f64::NAN };
            let label = Ending::from_key(key).filter(|_| kind == "loss").map_or(label, Ending::label);
            table.push([
                state.into(),
                key.into(),
                label.into(),
                kind.into(),
                cases.into(),
                sd.into(),
                ratio(cases, arrived).into(),
            ]);
        }
    }
    table
}

/// The columns that say of what a group consists: state, role, period.
fn group_cells(scenario: &Scenario, group: GroupKey) -> [Cell; 3] {
    let all = || Cell::from("all");
    match group {
        GroupKey::All => [REGION.into(), all(), all()],
        GroupKey::State(state) => [scenario.states()[state].key.as_str().into(), all(), all()],
        GroupKey::Role(role) => [REGION.into(), role.key().into(), all()],
        GroupKey::Year(year) => [REGION.into(), all(), year.to_string().as_str().into()],
    }
}

fn group_fields() -> Vec<Field> {
    vec![
        Field::text("state", "State in which the cases were found, or `region`."),
        Field::text("role", "Role of who handled the case or kept it back, or `all`."),
        Field::text("period", "Calendar year, or `all`."),
    ]
}

fn barriers(scenario: &Scenario, sum: &Accumulator) -> Table {
    let mut fields = group_fields();
    fields.extend([
        Field::text("barrier", "Barrier; `several` together; `none` of those named."),
        Field::text("label", "The same in words."),
        Field::text("kind", "`single`: removing it alone would have brought cooperation (model-internal counterfactual); `joint`: only removing several together; `none`: not even removing all."),
        Field::real("cases", "cases", "Cases not cooperated on, mean over replicates. A case can have several single barriers."),
        Field::real("share", "share", "Of the cases not cooperated on, mean over replicates."),
    ]);
    fields.extend(interval_fields("share"));
    let mut table =
        Table::new(Schema::of("barriers", "Which barrier, if removed, would have brought cooperation.", fields));
    for (group, key) in sum.groups.iter().enumerate() {
        let names = Barrier::ALL.iter().map(|barrier| (barrier.key(), barrier.label(), "single"));
        let names =
            names.chain([("several", "several barriers together", "joint"), ("none", "no named barrier", "none")]);
        for (row, (barrier, label, kind)) in names.enumerate() {
            let [state, role, period] = group_cells(scenario, *key);
            let share = &sum.binding_share[group][row];
            let interval = share.interval();
            table.push([
                state,
                role,
                period,
                barrier.into(),
                label.into(),
                kind.into(),
                sum.binding[group][row].mean().into(),
                share.mean().into(),
                interval.low.into(),
                interval.high.into(),
            ]);
        }
    }
    table
}

fn litmus(scenario: &Scenario, sum: &Accumulator) -> Table {
    let mut fields = group_fields();
    fields.extend([
        Field::text("class", "Willing (would seek if nothing hindered) and able (would seek if wholly inclined)."),
        Field::text("label", "The same in words."),
        Field::real("cases", "cases", "Handled cases, mean over replicates."),
        Field::real("share", "share", "Of the handled cases, mean over replicates."),
    ]);
    fields.extend(interval_fields("share"));
    let mut table = Table::new(Schema::of("litmus", "Handled cases by willingness and ability.", fields));
    for (group, key) in sum.groups.iter().enumerate() {
        for class in Litmus::ALL {
            let [state, role, period] = group_cells(scenario, *key);
            let share = &sum.litmus_share[group][*class as usize];
            let interval = share.interval();
            table.push([
                state,
                role,
                period,
                class.key().into(),
                class.label().into(),
                sum.litmus[group][*class as usize].mean().into(),
                share.mean().into(),
                interval.low.into(),
                interval.high.into(),
            ]);
        }
    }
    table
}

/// The components of the composite: all must be there, for it is a geometric mean.
const COMPOSITE: [&str; 6] = ["D1", "D2", "D3", "D4", "D6", "D9"];

fn depth(sum: &Accumulator, probes: Option<&Probes>) -> Table {
    let mut fields = vec![
        Field::text("measure", "Component of the depth of cooperative practice."),
        Field::text("name", "Its name."),
        Field::text("description", "What it is."),
        Field::text("unit", "Its unit."),
        Field::integer("n", "replicates", "Replicates in which it is defined."),
        Field::real("mean", "see unit", "Mean over replicates."),
        Field::real("sd", "see unit", "Standard deviation between replicates."),
    ];
    fields.extend(interval_fields("see unit"));
    let mut table = Table::new(Schema::of(
        "depth",
        "Depth of cooperative practice: the vector, and the composite beside it.",
        fields,
    ));
    let mut row = |key: &str, name: &str, sentence: &str, unit: &str, moments: &Moments| {
        let interval = moments.interval();
        table.push([
            key.into(),
            name.into(),
            sentence.into(),
            unit.into(),
            (moments.n as i64).into(),
            moments.mean().into(),
            moments.sd().into(),
            interval.low.into(),
            interval.high.into(),
        ]);
    };
    for (measure, moments) in DEPTH.iter().zip(&sum.depth) {
        row(measure.key, measure.name, measure.sentence, "share", moments);
    }
    if let Some(probes) = probes {
        let once = |value: f64| {
            let mut moments = Moments::default();
            moments.add(value);
            moments
        };
        row(
            "D10",
            "institutional embedding",
            "Cooperation in the year after all personal ties and habits are reset / in its twin.",
            "ratio",
            &probes.embedding,
        );
        row(
            "D11.betrayal",
            "recovery from betrayal",
            "Days until cooperation is back at 90 % of its twin's after a betrayal, summed over replicates; missing if not within eight years.",
            "days",
            &once(probes.betrayal_days),
        );
        row(
            "D11.gate",
            "recovery from a shut gate",
            "Days until it is back after all gates were shut for half a year, from their reopening.",
            "days",
            &once(probes.gate_days),
        );
    }
    let parts: Vec<f64> = COMPOSITE
        .iter()
        .filter_map(|key| DEPTH.iter().position(|measure| measure.key == *key))
        .map(|place| sum.depth[place].mean())
        .collect();
    let product: f64 = parts.iter().product();
    let mut composite = Moments::default();
    composite.add(libm::pow(product, 1.0 / parts.len() as f64));
    row(
        "composite",
        "composite",
        "Geometric mean of D1, D2, D3, D4, D6 and D9, equal weights. By convention nascent below 0.25, ascendant below 0.55, else mature; maturity also asks D3 > 0.5 and D10 > 0.5.",
        "share",
        &composite,
    );
    table
}

fn interventions(scenario: &Scenario, sum: &Accumulator) -> Table {
    let fields = vec![
        Field::text("intervention", "Its key in the scenario."),
        Field::text("name", "Its name."),
        Field::text("kind", "What it does."),
        Field::integer("n", "replicates", "Replicates."),
        Field::real("began", "share", "Share of the replicates in which it began within the run."),
        Field::real("occasions", "occasions", "Occasions held, mean over replicates."),
        Field::real("reached", "practitioners", "Practitioners reached, each time counted, mean over replicates."),
        Field::real("cost", scenario.currency(), "What it cost by the end of the run, mean over replicates."),
        Field::real("cost_sd", scenario.currency(), "Standard deviation of that between replicates."),
    ];
    let mut table =
        Table::new(Schema::of("interventions", "What was done, how many it reached, what it cost.", fields));
    for (intervention, [began, occasions, reached, cost]) in scenario.interventions().iter().zip(&sum.interventions) {
        table.push([
            intervention.key.as_str().into(),
            intervention.name.as_str().into(),
            intervention.kind().key().into(),
            (cost.n as i64).into(),
            began.mean().into(),
            occasions.mean().into(),
            reached.mean().into(),
            cost.mean().into(),
            cost.sd().into(),
        ]);
    }
    table
}
