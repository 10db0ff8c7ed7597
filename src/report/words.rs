//! Words that every report has: the model, its limits, its methods, and what to cite.

use super::{Of, Result};
use crate::article::cells::level;
use crate::parameter::Grade;

/// The model, for readers who do not know it.
pub(super) const MODEL: [&str; 3] = [
    "comity simulates practitioners (investigators, heads of unit, prosecutors, NGO workers, regional coordinators) in states \
     that are linked by corridors of trafficking. Transnational cases come to light; an officer recognises one as \
     trafficking or does not, handles it alone or seeks cooperation from a counterpart abroad by one of five tools, from a \
     telephone call to mutual legal assistance; the counterpart's gate, approval and inclination decide whether it is accepted; \
     cooperation brings communications, rescues and arrests, late or not at all.",
    "What is learnt from each case feeds back: trust in persons and in states, familiarity with tools, ties, the unit's routine, \
     the norm that colleagues are seen to follow, and habit, which, once strong and in a familiar context, decides without \
     deliberation, for cooperating as well as for handling alone. All of it fades, and leaves with whoever leaves.",
    "Why a case did not lead to cooperation is found by deciding it again with the same luck and one barrier removed: a \
     counterfactual within the model. Every draw of chance has an address (seed, replicate, purpose, entity, event), so that \
     two scenarios differ only in what differs between them.",
];

/// What follows the digests.
pub(super) const AGAIN: &str = "The same version, command and scenario give the same bits on any machine and any number of \
    threads. The folder of the result holds the scenarios as resolved, every table as CSV and Parquet, and the manifest these \
    lines are taken from.";

/// What keeps the result from saying more.
pub(super) fn limits(result: &Result<'_>) -> Vec<String> {
    let mut out = vec![
        "People in the model are synthetic, and its states are sketches of their laws and practice: it explains and compares, it \
         does not forecast, and it ranks no real unit."
            .to_owned(),
        "Intervals show the uncertainty of the mean over replicates: chance alone. They say nothing of parameters that are not \
         known, nor of mechanisms that are left out."
            .to_owned(),
    ];
    if let Some([assumed, all]) = counted(result) {
        out.push(format!(
            "{assumed} of {all} numbers in force are assumed. Conclusions from one set of parameters are illustrations until they \
             are run over many."
        ));
    }
    if let Of::Sweep { .. } = result.of {
        out.push(
            "A sweep shows what the model does with other numbers, not which numbers are right. Among many points some intervals miss by \
             chance: surfaces are to be read, not single cells."
                .to_owned(),
        );
    }
    if let Of::Calibration { .. } = result.of {
        out.push(
            "A fit says which numbers the figures allow, not that the mechanisms are right. Parameters that the figures say nothing of are as wide as their priors, \
             and conclusions are to be drawn over the whole posterior; held-out patterns that hold are no proof."
                .to_owned(),
        );
    }
    if !matches!(result.of, Of::Run | Of::Calibration { .. }) {
        out.push(
            "Sizes, reach and costs of interventions are as good as their sources, which the scenario names; many are assumed."
                .to_owned(),
        );
    }
    let misses = result.tables.get("validation").and_then(|table| table.texts("holds"));
    let misses = misses.map_or(0, |verdicts| verdicts.iter().filter(|verdict| &***verdict == "misses").count());
    if misses > 0 {
        out.push(format!("{misses} of the patterns that the model is held against miss their band; they stand above."));
    }
    match result.source.replicates {
        Some(runs) if runs < 30 => {
            out.push(format!("{runs} replicates are few: intervals from so few pairs cover less than they claim."));
        }
        _ => {}
    }
    if result.source.interrupted {
        out.push("The run was stopped before all of it was done.".to_owned());
    }
    out
}

/// How many parameters are assumed, and how many there are.
fn counted(result: &Result<'_>) -> Option<[usize; 2]> {
    let grades = result.tables.get("parameters")?.texts("grade")?;
    let assumed = grades.iter().filter(|grade| ***grade == *Grade::Assumed.key()).count();
    (!grades.is_empty()).then_some([assumed, grades.len()])
}

/// What grades mean, before the table of parameters.
pub(super) fn grades(result: &Result<'_>) -> String {
    let whose = if matches!(result.of, Of::Run) { "the scenario" } else { "the baseline" };
    format!(
        "Every number in force in {whose}. Grades: seen in the source named; memory: from the literature as remembered; derived: \
         arithmetic on such numbers; assumed: nobody knows, or nobody was found who does."
    )
}

/// A paragraph of methods, to be adapted.
pub(super) fn methods(result: &Result<'_>) -> String {
    let source = &result.source;
    let runs = source.replicates.map_or_else(|| "Several".to_owned(), |runs| runs.to_string());
    let measured = if matches!(result.of, Of::Run) { "summary" } else { "effects" };
    let level = result.tables.get(measured).map_or_else(String::new, |table| level(table, "ci_low"));
    let common = format!(
        "We used comity {} (cite its version and the digests below), an agent-based model of cooperation habits in a security \
         community; it is described in full by its ODD protocol (Grimm et al. 2020), with the items on human decisions of ODD+D \
         (Müller et al. 2013). It rests on accounts of security communities in which practice and habit carry cooperation (Deutsch \
         et al. 1957; Adler and Barnett 1998; Hopf 2010; Adler and Pouliot 2011), on habit as a context-cued disposition that grows \
         with repetition (Wood and Neal 2007; Lally et al. 2010) and on trust as a reputation of accumulated experience (Jøsang and \
         Ismail 2002). Cases without cooperation were attributed to barriers by deciding each again with the same random draws and \
         one barrier removed. ",
        source.version
    );
    let own = match result.of {
        Of::Run => format!(
            "{runs} replicates were run; intervals are {level} confidence intervals of the mean over replicates (Student's t), and bands \
             in figures over time are quantiles over replicates, as their captions say."
        ),
        Of::Comparison { .. } => format!(
            "{runs} replicates of the baseline and of every arm were run as twin worlds: all arms of a replicate share every draw of \
             chance (common random numbers by address: Kahn and Marshall 1953; Law 2015), so that effects are paired differences. \
             Intervals are {level} confidence intervals of the mean paired difference; where several are read at once, the adjustment is \
             named in the notes of the tables; bands over time are simultaneous where the caption says so."
        ),
        Of::Sweep { design, points, .. } => format!(
            "Parameters were varied over {points} points of a {design} design; at every point {runs} replicates of the baseline and of every \
             arm were run as twin worlds: all arms of a replicate, and all points, share every draw of chance (common random numbers by \
             address: Kahn and Marshall 1953; Law 2015), so that effects are paired differences at the same point. Intervals are confidence \
             intervals of the mean over replicates (Student's t), not adjusted for the number of points."
        ),
        Of::Calibration { simulations, models, .. } => {
            let models = if models == 1 { "The model was".to_owned() } else { format!("{models} models were each") };
            format!(
                "{models} fitted to recorded figures, each with an error model and the discrepancy between model and world, by approximate Bayesian computation: generations of \
                 weighted particles under a falling threshold (population Monte Carlo: Beaumont et al. 2009; Toni et al. 2009), moved to what was observed by regression \
                 (Beaumont, Zhang and Balding 2002); {simulations} simulations in all, each with luck of its own. Fits were checked by prior and posterior predictions, by patterns \
                 held out, by contraction against the prior, and by simulation-based calibration (Talts et al. 2018). Intervals are central quantiles of weighted draws."
            )
        }
    };
    common + &own
}

/// What the methods cite.
pub(super) fn references(result: &Result<'_>) -> Vec<String> {
    let always = [
        "Adler, E. and Barnett, M. (eds) 1998. Security Communities. Cambridge University Press.",
        "Adler, E. and Pouliot, V. 2011. International practices. International Theory 3(1), 1–36.",
        "Deutsch, K. W. et al. 1957. Political Community and the North Atlantic Area. Princeton University Press.",
        "Grimm, V. et al. 2020. The ODD protocol for describing agent-based and other simulation models: a second update. Journal of \
         Artificial Societies and Social Simulation 23(2), 7.",
        "Hopf, T. 2010. The logic of habit in International Relations. European Journal of International Relations 16(4), 539–561.",
        "Jøsang, A. and Ismail, R. 2002. The beta reputation system. 15th Bled Electronic Commerce Conference.",
        "Lally, P. et al. 2010. How are habits formed: modelling habit formation in the real world. European Journal of Social \
         Psychology 40, 998–1009.",
        "Müller, B. et al. 2013. Describing human decisions in agent-based models: ODD+D. Environmental Modelling & Software 48, 37–48.",
        "Wood, W. and Neal, D. T. 2007. A new look at habits and the habit-goal interface. Psychological Review 114(4), 843–863.",
    ];
    let paired = [
        "Kahn, H. and Marshall, A. W. 1953. Methods of reducing sample size in Monte Carlo computations. Journal of the Operations \
         Research Society of America 1(5), 263–278.",
        "Law, A. M. 2015. Simulation Modeling and Analysis, 5th edition. McGraw-Hill.",
    ];
    let fitted = [
        "Beaumont, M. A., Cornuet, J.-M., Marin, J.-M. and Robert, C. P. 2009. Adaptive approximate Bayesian computation. Biometrika 96(4), 983–990.",
        "Beaumont, M. A., Zhang, W. and Balding, D. J. 2002. Approximate Bayesian computation in population genetics. Genetics 162(4), 2025–2035.",
        "Talts, S. et al. 2018. Validating Bayesian inference algorithms with simulation-based calibration. arXiv:1804.06788.",
        "Toni, T. et al. 2009. Approximate Bayesian computation scheme for parameter inference and model selection in dynamical systems. Journal \
         of the Royal Society Interface 6(31), 187–202.",
    ];
    let paired = match result.of {
        Of::Run => &[][..],
        Of::Calibration { .. } => &fitted[..],
        _ => &paired[..],
    };
    let mut all: Vec<String> = always.iter().chain(paired).map(|words| (*words).to_owned()).collect();
    all.sort();
    all
}
