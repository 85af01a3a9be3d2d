//! The tuning plot: what stands on the axis, what a point is, and what leaves the page.
use keepalive::catalogue;
use keepalive::share::link;
use keepalive::study::Study;
use keepalive::tool::tune::{Axis, OUTCOMES, Plan, Point, TOOL, Unit, axes, csv, picture, table};
use keepalive::tool::{Asked, Problem};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn pairs(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs = TOOL.defaults();
    for (name, value) in changes {
        let slot = pairs.iter_mut().find(|(known, _)| known == name).expect("a field");
        slot.1 = (*value).to_owned();
    }
    pairs
}

fn plan(study: &Study, changes: &[(&str, &str)]) -> Result<Plan, Vec<Problem>> {
    Plan::parse(&Asked { pairs: &pairs(changes), study, width: 700.0 })
}

fn apache() -> Study {
    link::parse("v=1&scenario=none&server=apache-httpd&client=textbook-client&client.idle+timeout=0&rtt=20ms&exchanges=1&x.delay=10ms").study
}

/// Short enough for a test: a round each second by ten clients, 80 s long.
const SHORT: [(&str, &str); 5] = [
    ("arrivals", "1"),
    ("clients", "10"),
    ("length", "80"),
    ("spread", "every"),
    ("values", "1, 5, 9, 11, 30"),
];

#[test_everywhere(unsupported = test)]
fn every_number_of_the_open_products_can_be_tuned() {
    let offered = axes(&apache());
    assert_eq!(offered[0].key, "server.KeepAliveTimeout");
    assert!(offered.iter().any(|axis| axis.key == "server.MaxKeepAliveRequests"));
    let fetch = link::parse("v=1&scenario=none&client=node-fetch&exchanges=1").study;
    let its_own = |axis: &Axis| axis.key == "client.keepAliveTimeout";
    assert_eq!(
        axes(&fetch).into_iter().find(its_own).map(|axis| axis.unit),
        Some(Unit::Milliseconds)
    );
    let nginx = link::parse("v=1&scenario=none&server=nginx&exchanges=1").study;
    assert_eq!(
        (axes(&nginx)[0].key.as_str(), axes(&nginx)[0].unit),
        ("server.keepalive_timeout", Unit::WithSuffix)
    );
    let plan = plan(&nginx, &[("values", "0.5, 15")]).expect("a plan");
    assert_eq!(plan.values, [(0.5, "500ms".into()), (15.0, "15s".into())]);
}

/// Every scenario of the catalogue can be put under a load, with whatever stands first there.
#[test_everywhere(unsupported = test)]
fn every_scenario_has_a_plan() {
    for entry in catalogue::ENTRIES {
        let study = catalogue::study(entry.id);
        let plan = plan(&study, &[("length", "60"), ("arrivals", "0.5")]);
        let plan = plan.unwrap_or_else(|problems| panic!("{}: {problems:?}", entry.id));
        assert!(plan.values.len() >= 2, "{}", entry.id);
    }
}

/// A client is back ten seconds after its last request: an idle limit above that keeps its connection.
#[test_everywhere(unsupported = test)]
fn points_show_what_the_setting_does() {
    let plan = plan(&apache(), &SHORT).expect("a plan");
    let points: Vec<Point> = (0..5).map(|index| plan.point(index).expect("it runs")).collect();
    let of = |name: &str| {
        let index = OUTCOMES.iter().position(|(known, ..)| *known == name).expect("an outcome");
        points.iter().map(|point| point[index]).collect::<Vec<f64>>()
    };
    let near = |found: f64, wanted: f64| (found - wanted).abs() < 0.05 * wanted.max(0.5);
    assert!(near(of("reused")[0], 0.0) && near(of("reused")[4], 100.0), "{:?}", of("reused"));
    // A new connection costs a round trip more.
    assert!(
        near(of("wait, mean")[0], 50.0) && near(of("wait, mean")[4], 30.0),
        "{:?}",
        of("wait, mean")
    );
    assert!(near(of("open connections")[1], 5.0), "{:?}", of("open connections"));
    assert!(near(of("open connections")[4], 10.0));
    assert!(near(of("memory")[4], 0.2), "{:?}", of("memory"));
    assert!(near(of("connections a second")[0], 1.0) && near(of("connections a second")[4], 0.0));
    assert!(near(of("failed")[4], 0.0));
}

#[test_everywhere(unsupported = test)]
fn what_leaves_the_page() {
    let plan = plan(&apache(), &SHORT).expect("a plan");
    let mut points: Vec<Option<Point>> = vec![None; 5];
    points[1] = Some(plan.point(1).expect("it runs"));
    let text = csv(&plan, &points);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with("\"server.KeepAliveTimeout (s)\",\"wait, mean (ms)\","),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("5,50."), "{}", lines[1]);
    assert_eq!(lines[1].split(',').count(), OUTCOMES.len() + 1);
    let svg = picture(&plan, &points, "latency", None, 800.0).file();
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("<style>") && svg.ends_with("</svg>"));
    assert_eq!(svg.matches("class=\"f-req\"").count(), 2, "one point, and its sign in the legend");
    assert_eq!(table(&plan, &points).matches("<tr>").count(), 2);
    let shown = link::parse(&plan.link(1).expect("a link"));
    assert_eq!(shown.messages, []);
    assert_eq!(shown.study.scenario.server.value("KeepAliveTimeout"), Some("5"));
}

#[test_everywhere(unsupported = test)]
fn the_pointer_finds_the_nearest_point() {
    let plan = plan(&apache(), &SHORT).expect("a plan");
    assert_eq!([0.0, 2_000.0].map(|x| plan.nearest(x, 700.0)), [0, 4]);
}

#[track_caller]
fn wrong(field: &'static str, value: &str, part: &str) {
    let problems = plan(&apache(), &[(field, value)]).expect_err("it is wrong");
    let problem = problems.iter().find(|problem| problem.field == field);
    let text = problem.map(|problem| problem.text.as_str()).unwrap_or_default();
    assert!(text.contains(part), "{field}={value}: {problems:?}");
}

#[test_everywhere(unsupported = test)]
fn bad_input_is_named_with_its_bound() {
    wrong("values", "5", "2 to 60 values");
    wrong("values", "5, x", "none of its values");
    wrong("values", "-1, 5", "none of its values");
    wrong("arrivals", "0", "0.001 to");
    wrong("clients", "1.5", "A whole number");
    wrong("length", "7h", "6\u{a0}h");
    let many = plan(&apache(), &[("arrivals", "1000")]).expect_err("too many");
    assert!(many[0].text.contains("1 to 200\u{a0}000 are possible"), "{many:?}");
    let none = plan(&Study::of(keepalive::sim::Scenario::default()), &[]).expect_err("no request");
    assert!(none.iter().any(|problem| problem.text.contains("has no request")));
}
