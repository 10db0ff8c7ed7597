//! The columns of the tables of a sensitivity analysis.

use crate::table::{Field, Schema};
use std::sync::Arc;

/// The columns that say which quantity it is.
fn quantity() -> Vec<Field> {
    vec![
        Field::text(
            "quantity",
            "`level` of the baseline, `effect` of an arm on it, `lead` of one arm over another, or `spread` of runs.",
        ),
        Field::text("arm", "The arm it is of, or `baseline`."),
        Field::text("arm_label", "Its name for people."),
        Field::text("against", "The arm it is compared with; empty for levels and spreads."),
        Field::text("against_label", "Its name for people."),
        Field::text("measure", "What is measured."),
        Field::text("measure_label", "Its name for people."),
        Field::text("unit", "Unit of the quantity."),
        Field::text("window", "Window of analysis."),
    ]
}

fn factor() -> [Field; 2] {
    [Field::text("factor", "The factor, or group of factors."), Field::text("factor_label", "Its name for people.")]
}

fn interval() -> [Field; 2] {
    [
        Field::real("ci_low", "see index", "Lower end of its confidence interval; missing where there is none."),
        Field::real("ci_high", "see index", "Upper end of it."),
    ]
}

fn table(name: &str, sentence: &str, fields: Vec<Field>) -> Arc<Schema> {
    Schema::of(name, sentence, quantity().into_iter().chain(fields).collect())
}

pub(super) fn indices() -> Arc<Schema> {
    let mut fields = vec![Field::text(
        "method",
        "`morris`, `sobol` (Saltelli and Jansen), `azzini` (with second order), `pawn`, `rbd-fast`, `prcc` or `src`.",
    )];
    fields.extend(factor());
    fields.push(Field::text("other", "The second factor of a pair (second order); else empty."));
    fields.push(Field::text(
        "index",
        "`mu`, `mu_star`, `sigma` (in units of the quantity, for the whole range of the factor); `first`, `total`, `second` (shares of \
         the variance); `median`, `largest` (distances between distributions, 0 to 1); `coefficient` (-1 to 1).",
    ));
    fields.push(Field::real("value", "see index", "The index; never clamped."));
    fields.extend(interval());
    fields.push(Field::real(
        "chance",
        "see index",
        "What a factor that does nothing stays below by chance; missing where that is not known.",
    ));
    fields.push(Field::text("verdict", "`matters`, `negligible` or `undecided`; empty where nothing follows."));
    table("indices", "One row per quantity, method, factor and index of a sensitivity analysis.", fields)
}

pub(super) fn analyses() -> Arc<Schema> {
    let fields = vec![
        Field::text("method", "As in `indices`."),
        Field::integer("complete", "", "Trajectories, blocks or points analysed."),
        Field::integer("failed", "", "Those left out as a whole because a run failed or has no such outcome."),
        Field::integer("replicates", "", "Runs of each point (of spreads: batches of them)."),
        Field::integer("resamples", "", "Resamples that intervals are made of, or dummies that tell what chance does."),
        Field::real(
            "variance",
            "square of unit",
            "Variance between points that shares are of; missing for other methods.",
        ),
        Field::real(
            "chance",
            "see method",
            "Share of chance in the variance of a single run (shares), or the mu* that chance alone gives (morris).",
        ),
        Field::real("chance_low", "see method", "Lower end of its confidence interval."),
        Field::real("chance_high", "see method", "Upper end of it; of morris what chance stays below."),
        Field::real("r_squared", "share", "How much of the variance (of ranks) a regression on all factors explains."),
        Field::text("verdict", "What follows for the analysis as a whole, in a sentence."),
    ];
    table("analyses", "One row per quantity and method of a sensitivity analysis.", fields)
}

pub(super) fn convergence() -> Arc<Schema> {
    let mut fields = vec![Field::integer("base_points", "", "Blocks used: a quarter, a half, all.")];
    fields.extend(factor());
    fields.push(Field::real("value", "share", "Total share of the variance."));
    fields.extend(interval());
    table("convergence", "Total shares of the variance with a part of the blocks, and with all.", fields)
}

pub(super) fn tornado() -> Arc<Schema> {
    let mut fields = factor().to_vec();
    fields.extend([
        Field::text("factor_unit", "Unit of the factor."),
        Field::real("own", "see factor_unit", "The factor's value in the study as it is."),
        Field::real("at", "see factor_unit", "The value it was moved to."),
        Field::text("written", "The same as written in scenarios."),
        Field::real("value", "see unit", "The quantity there, all other factors as they are: mean over replicates."),
        Field::real("base", "see unit", "The quantity in the study as it is."),
        Field::real("change", "see unit", "The difference of the two, draw by draw."),
        Field::real("ci_low", "see unit", "Lower end of its confidence interval (paired, Student's t)."),
        Field::real("ci_high", "see unit", "Upper end of it."),
        Field::text("verdict", "`matters` where the interval of the change does not hold 0, else `undecided`."),
    ]);
    table("tornado", "One row per quantity, factor and value: what moving one factor by itself does.", fields)
}

pub(super) fn best_arms() -> Arc<Schema> {
    let fields = vec![
        Field::text("measure", "What is measured."),
        Field::text("measure_label", "Its name for people."),
        Field::text("unit", "Unit of the measure."),
        Field::text("window", "Window of analysis."),
        Field::text("arm", "The arm."),
        Field::text("arm_label", "Its name for people."),
        Field::integer("points", "", "Points at which all arms have a value."),
        Field::real("best", "share", "Share of those at which this arm's mean effect is the best of all."),
        Field::real("helps", "share", "Share at which its mean effect is to the good."),
        Field::real("effect", "see unit", "Mean effect over points."),
        Field::real("effect_low", "see unit", "The 5th percentile of it over points."),
        Field::real("effect_high", "see unit", "The 95th percentile."),
    ];
    Schema::of("best_arms", "How often each arm is best, over the points of the design.", fields)
}

fn interest() -> Field {
    Field::text("interest", "Which points are looked for: `<= 0.12`, say, in units of the quantity.")
}

pub(super) fn boxes() -> Arc<Schema> {
    let fields = vec![
        interest(),
        Field::integer("box", "", "Its number, in the order of the search: 0 is the whole."),
        Field::text("made_by", "`cut` or `paste`; empty for the whole."),
        Field::integer("points", "", "Points in it."),
        Field::integer("hits", "", "Points of interest in it."),
        Field::real("coverage", "share", "Of all points of interest, those in it."),
        Field::real("density", "share", "Of the points in it, those of interest."),
        Field::real("mass", "share", "Of all points, those in it."),
        Field::integer("restricted", "", "How many factors are limited."),
        Field::integer(
            "suggested",
            "",
            "1 for the box that tells points of interest from others best (its share of the ones less its share of the others), else 0.",
        ),
    ];
    table("boxes", "Scenario discovery (PRIM): every box of the search.", fields)
}

pub(super) fn limits() -> Arc<Schema> {
    let mut fields = vec![interest(), Field::integer("box", "", "Number of the box.")];
    fields.extend(factor());
    fields.extend([
        Field::text("end", "`from` or `to`."),
        Field::real(
            "value",
            "unit of the factor",
            "The limit, which belongs to the box; of words the place in their list.",
        ),
        Field::text("written", "The same as written in scenarios."),
        Field::real("lowest", "unit of the factor", "The lowest value of the factor among the points."),
        Field::real("highest", "unit of the factor", "The highest."),
        Field::real(
            "quasi_p",
            "probability",
            "Large: the limit may go (it is no p-value, since the same points chose the limit).",
        ),
        Field::real(
            "kept",
            "share",
            "In what share of searches on random halves of the points the suggested box limits this factor.",
        ),
    ]);
    table("limits", "Scenario discovery (PRIM): the limits of every box.", fields)
}
