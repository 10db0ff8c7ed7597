//! The columns of the tables of a calibration.

use super::draws::{factor_table, posterior_table};
use super::problem::Problem;
use super::tables::CalibrationTables;
use crate::table::{Field, Schema, Table};

pub(super) fn model() -> Field {
    Field::text("model", "`baseline`, or the arm that is a rival model.")
}

impl CalibrationTables {
    /// Empty tables for the models of a study, which have the same parameters.
    pub fn new(problem: &Problem<'_>) -> Self {
        let share = |name: &str, sentence: &str| Field::real(name, "share", sentence);
        let as_observed = |name: &str, sentence: &str| Field::real(name, "see key", sentence);
        let generations = vec![
            model(),
            Field::integer("generation", "", "Number of the generation; 0 is the prior."),
            Field::real("epsilon", "squared distance", "How near particles had to come; missing for the prior."),
            Field::integer("particles", "", "Particles."),
            Field::integer("simulations", "", "Simulations run for it."),
            Field::integer("failed", "", "Of these, failed ones, or ones without a figure."),
            share("acceptance", "Share of simulations accepted."),
            Field::real("effective", "particles", "Effective sample size."),
            Field::real("distance", "squared distance", "Median of its particles."),
        ];
        let predictive = vec![
            model(),
            Field::text("kind", "`target` of the calibration, or `pattern` of the evidence."),
            Field::text("key", "Its name."),
            Field::text("label", "What it says."),
            Field::text("use", "`calibrated`, or `held out`: nobody fitted to it."),
            as_observed("observed", "The figure; missing for a pattern, which is a band."),
            as_observed("low", "Lower end of the band, or of the 95 % interval of the figure."),
            as_observed("high", "Upper end of it; missing where there is none."),
            as_observed("prior_median", "Median prediction of the prior; missing beyond the window."),
            as_observed("prior_low", "Lower end of its central 90 %."),
            as_observed("prior_high", "Upper end of it."),
            as_observed("mean", "Mean prediction of the posterior; of targets with the error of the figure laid on."),
            as_observed("median", "Its median."),
            as_observed("half_low", "Lower end of its central 50 %."),
            as_observed("half_high", "Upper end of it."),
            as_observed("ninety_low", "Lower end of its central 90 %."),
            as_observed("ninety_high", "Upper end of it."),
            share("rank", "Where the figure stands among predictions, 0 to 1 (PIT); missing for patterns."),
            as_observed("score", "Continuous ranked probability score, smaller is better; missing for patterns."),
            Field::text(
                "agreement",
                "Of a target: `inside 50 %`, `inside 90 %` or `outside`. Of a pattern: whether the median lies in the band.",
            ),
            share("inside", "Share of the posterior whose runs lie in the band."),
            share("inside_low", "Lower end of its 95 % interval."),
            share("inside_high", "Upper end of it."),
        ];
        let learned = vec![
            model(),
            Field::text("what", "`parameter`, `direction`, `product`, `ratio`, `sum` or `difference` of parameters."),
            Field::text("label", "Which; directions in prior standard deviations, the largest parts first."),
            Field::text("name", "Of a parameter: its name for people; of others as in label."),
            Field::real("prior_sd", "see label", "Prior standard deviation."),
            Field::real("posterior_sd", "see label", "Posterior standard deviation."),
            share("contraction", "1 - posterior variance over prior variance."),
            share("contraction_error", "Its approximate standard error."),
            Field::text(
                "verdict",
                "`informed` (0.5 or more), `weakly informed`, or `not informed by data` (below 0.1).",
            ),
            Field::real("prior_median", "see label", "Prior median; of parameters only."),
            Field::real("median", "see label", "Posterior median."),
            Field::real("low", "see label", "Lower end of the central 90 % of the posterior."),
            Field::real("high", "see label", "Upper end of it."),
            Field::text("scale", "Of a parameter: `log` where its prior is one of logarithms, else `linear`."),
            Field::real(
                "prior_from",
                "see label",
                "Where the prior of a parameter begins; missing where it has no end.",
            ),
            Field::real("prior_to", "see label", "Where it ends; missing where it has no end."),
        ];
        let correlations = vec![
            model(),
            Field::text("factor", "One parameter."),
            Field::text("other", "Another."),
            Field::real("correlation", "-1 to 1", "Posterior correlation."),
        ];
        let pipeline = vec![
            model(),
            Field::text("factor", "The parameter."),
            Field::integer("truths", "", "Known truths that were fitted."),
            Field::real("chi_square", "", "Of their ranks among posterior draws, over 20 bins."),
            Field::real("probability", "probability", "That of one as large if the pipeline is right."),
            Field::real(
                "largest",
                "share",
                "The largest difference between the distribution of ranks and the even one.",
            ),
            Field::text("verdict", "What the ranks say; or why they cannot be judged."),
        ];
        let models = vec![
            model(),
            Field::text("label", "Its name for people."),
            Field::integer("simulations", "", "Simulations run."),
            Field::integer("generations", "", "Generations after the prior."),
            Field::real("epsilon", "squared distance", "How near its last particles had to come."),
            Field::real("distance", "squared distance", "The median of them."),
            Field::real("effective", "particles", "Effective sample size."),
            Field::integer("targets_inside", "", "Targets inside the central 90 % of predictions."),
            Field::integer("targets", "", "Targets."),
            Field::integer(
                "calibrated_held",
                "",
                "Patterns of the calibration whose band holds the median prediction.",
            ),
            Field::integer("calibrated", "", "Those that were looked at."),
            Field::integer("held_out_held", "", "Held-out patterns whose band holds the median prediction."),
            Field::integer("held_out", "", "Those that were looked at."),
            share("held_out_inside", "Share of the posterior inside their bands, averaged over held-out patterns."),
            Field::text("ended", "Why its walk ended."),
        ];
        let table = |name: &str, sentence: &str, fields| Table::new(Schema::of(name, sentence, fields));
        Self {
            posterior: posterior_table(
                problem,
                "posterior",
                "Weighted draws of the posterior: a parameter of scenarios in each column.",
            ),
            rival_posteriors: posterior_table(
                problem,
                "rival_posteriors",
                "Weighted draws of the posteriors of rival models.",
            ),
            factor_draws: factor_table(problem),
            generations: table("generations", "One row per model and generation.", generations),
            predictive: table("predictive", "Figures and patterns beside predictions.", predictive),
            learned: table("learned", "What the figures say of parameters and of combinations of them.", learned),
            correlations: table("correlations", "How parameters go together in the posterior.", correlations),
            pipeline: table("pipeline", "Simulation-based calibration: whether known truths are found.", pipeline),
            models: table("models", "The models beside each other.", models),
        }
    }
}
