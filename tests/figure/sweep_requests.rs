//! Which figures a sweep is left with.

use std::collections::BTreeSet;

use super::context;
use super::sweep_points::{
    ARMS, Levels, in_windows, many, one, one_category, points, tables, two, two_with_a_category,
};
use comity::figure::{Changes, Kind, Request, SweepCharts, sweep_requests};
use comity::table::Table;

const SWEEP: SweepCharts<'static> = SweepCharts {
    measure: "accepted",
    windows: &["last"],
    arms: &["handbook", "exchange"],
    confidence: None,
    threshold: None,
    today: std::collections::BTreeMap::new(),
};

fn names(points: &Table, charts: &SweepCharts<'_>) -> Vec<String> {
    let requests = sweep_requests(points, charts);
    let tables = tables(points.clone());
    let distinct: BTreeSet<&str> = requests.iter().map(|request| request.name.as_str()).collect();
    assert_eq!(distinct.len(), requests.len());
    for request in &requests {
        if let Err(error) = request.draw(&tables, &context()) {
            panic!("{}: {error}", request.name);
        }
    }
    requests.into_iter().map(|request| request.name).collect()
}

#[test]
fn one_factor_leaves_a_response() {
    for table in [one(), one_category()] {
        assert_eq!(names(&table, &SWEEP), ["response", "response-differences"]);
    }
    let alone = SweepCharts { arms: &[], ..SWEEP };
    let factor = ("a", "", "A", Levels::Number(vec![1.0, 2.0, 3.0]));
    let table = points(std::slice::from_ref(&factor), &ARMS[..1], |_, point| (point as f64, 0.1));
    assert_eq!(names(&table, &alone), ["response"]);
    let without = SweepCharts { arms: &["handbook"], ..SWEEP };
    let table = points(&[factor], &ARMS[1..2], |_, point| (point as f64, 0.1));
    assert_eq!(names(&table, &without), ["response"], "no baseline, no differences");
}

#[test]
fn two_factors_on_a_grid_leave_maps_and_others_panels() {
    assert_eq!(
        names(&two(), &SWEEP),
        ["heatmap-baseline", "heatmap-differences-handbook", "heatmap-differences-exchange"]
    );
    let panels = ["factors-baseline", "factors-differences-handbook", "factors-differences-exchange"];
    assert_eq!(names(&two_with_a_category(), &SWEEP), panels);
    assert_eq!(names(&many(60), &SweepCharts { arms: &["handbook"], ..SWEEP }), panels[..2]);
    // Two levels are no map.
    let (a, b) = (vec![1.0, 1.0, 2.0, 2.0], vec![1.0, 2.0, 1.0, 2.0]);
    let factors = [("a", "", "A", Levels::Number(a)), ("b", "", "B", Levels::Number(b))];
    assert_eq!(names(&points(&factors, &ARMS, |arm, point| ((arm + point) as f64, 0.1)), &SWEEP), panels);
    // A hundred levels of one factor are means of bins.
    let factor = ("a", "", "A", Levels::Number((0..100).map(f64::from).collect()));
    assert_eq!(names(&points(&[factor], &ARMS, |arm, point| ((arm * point) as f64, 0.1)), &SWEEP), panels);
}

#[test]
fn figures_stay_few_and_name_their_window() {
    let factor = ("a", "", "A", Levels::Number(vec![1.0, 2.0, 3.0]));
    let windows = ["first", "middle", "last"];
    let of = |arms: &[(&str, &str)]| {
        in_windows(std::slice::from_ref(&factor), arms, &windows, |arm, point| ((arm + point) as f64, 0.1))
    };
    let charts = SweepCharts { windows: &windows, ..SWEEP };
    assert_eq!(names(&of(&ARMS), &charts).len(), 6);
    assert_eq!(names(&of(&ARMS), &charts)[1], "response-differences-first");
    let keys: Vec<String> = (0..20).map(|arm| format!("arm-{arm}")).collect();
    let mut arms: Vec<(&str, &str)> = vec![ARMS[0]];
    arms.extend(keys.iter().map(|key| (key.as_str(), key.as_str())));
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let names = names(&of(&arms), &SweepCharts { arms: &keys, ..charts });
    assert_eq!(
        (names.len(), names[1].as_str()),
        (8, "factors-differences-arm-0"),
        "too many lines, so panels: {names:?}"
    );
}

#[test]
fn nothing_that_varies_leaves_nothing() {
    let factor = ("a", "", "A", Levels::Number(vec![1.0]));
    let table = points(&[factor], &ARMS, |_, _| (0.5, 0.1));
    assert!(names(&table, &SWEEP).is_empty());
    assert!(sweep_requests(&one(), &SweepCharts { measure: "trust", ..SWEEP }).is_empty());
    assert!(sweep_requests(&Table::new(one().schema), &SWEEP).is_empty());
}

#[test]
fn requests_keep_what_they_need_to_be_drawn_again() {
    let charts = SweepCharts {
        confidence: Some(0.9),
        threshold: Some(0.4),
        today: [("exchange_places".to_owned(), 20.0)].into(),
        ..SWEEP
    };
    let requests = sweep_requests(&one(), &charts);
    let json = serde_json::to_string(&requests).expect("plain data");
    assert_eq!(serde_json::from_str::<Vec<Request>>(&json).expect("the same data"), requests);
    assert_eq!((requests[0].threshold, requests[1].threshold), (Some(0.4), None), "a level is no difference");
    assert_eq!(requests[0].factors, ["exchange_places"]);
    let old = r#"{"name":"forest","kind":"forest","measure":"accepted"}"#;
    let old: Request = serde_json::from_str(old).expect("a manifest of an earlier version");
    assert!(old.factors.is_empty() && old.threshold.is_none() && old.today.is_empty());
    assert_eq!(
        serde_json::to_string(&old).expect("plain data"),
        r#"{"name":"forest","kind":"forest","measure":"accepted"}"#
    );
}

#[test]
fn a_changed_figure_is_named_after_what_is_new() {
    let request = &sweep_requests(&two(), &SweepCharts { threshold: Some(0.4), ..SWEEP })[0];
    let changed = |changes: &Changes| request.clone().changed(changes);
    let arm = changed(&Changes { arm: Some("handbook".to_owned()), ..Changes::default() });
    assert_eq!((arm.name.as_str(), arm.threshold), ("heatmap-handbook", Some(0.4)));
    let factors = vec!["half_life".to_owned(), "exchange_places".to_owned()];
    let turned = changed(&Changes { factors, ..Changes::default() });
    assert_eq!(turned.name, "heatmap-half_life-exchange_places");
    let measure = changed(&Changes { measure: Some("sought".to_owned()), ..Changes::default() });
    assert_eq!((measure.name.as_str(), measure.threshold), ("heatmap-sought", None), "a threshold is of its measure");
    let bold = changed(&Changes { threshold: Some(0.2), ..Changes::default() });
    assert_eq!((bold.name.as_str(), bold.threshold), ("heatmap-baseline", Some(0.2)));
    let state = changed(&Changes { state: Some("THA".to_owned()), ..Changes::default() });
    assert_eq!(state, *request, "a sweep is of the whole region");
    let like = Request::like(Kind::Factors, std::slice::from_ref(request));
    assert_eq!((like.measure.as_deref(), like.window.as_deref()), (Some("accepted"), Some("last")));
}

#[test]
fn the_keys_of_a_figure_of_factors_are_its_factors() {
    let tables = tables(two());
    let request = Request::new(Kind::Factors, "x");
    assert_eq!(request.keys(&tables), ["exchange_places", "half_life"]);
    assert_eq!(Request::new(Kind::Response, "x").keys(&tables), ["baseline", "exchange", "handbook"]);
}
