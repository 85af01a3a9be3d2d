//! What can be copied out of the page, beside the link.
use keepalive::catalogue;
use keepalive::share::{json, markdown, snippet};
use keepalive::sim::Us;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const BASE: &str = "https://kae.example/x/";

#[test_everywhere(unsupported = test)]
fn an_element_names_its_scenario() {
    let mut study = catalogue::study("http11-default");
    study.at = Some(Us::from_ms(2133));
    assert_eq!(
        snippet::element(&study, BASE),
        "<script type=\"module\" src=\"https://kae.example/x/kae.js\"></script>\n\
         <keep-alive-explainer scenario=\"http11-default\" t=\"2.133s\"></keep-alive-explainer>"
    );
}

#[test_everywhere(unsupported = test)]
fn an_edited_study_stands_in_one_attribute() {
    let study = catalogue::study("http11-default").with("x1.target", "/\"<&").expect("sound");
    assert!(snippet::element(&study, BASE).contains(
        "<keep-alive-explainer link=\"v=1&amp;scenario=http11-default&amp;x1.target=/%22%3C%26\">"
    ));
}

#[test_everywhere(unsupported = test)]
fn a_frame_and_a_picture() {
    let study = catalogue::study("http11-default");
    assert_eq!(
        snippet::iframe(&study, BASE, "Says \"close\""),
        "<iframe src=\"https://kae.example/x/embed.html?v=1&amp;scenario=http11-default\" \
         title=\"Says &quot;close&quot;\" width=\"100%\" height=\"460\" loading=\"lazy\"></iframe>"
    );
    assert_eq!(
        snippet::markdown(&study, BASE, "It [stays].", "picture.svg"),
        "[![It \\[stays\\].](picture.svg)](https://kae.example/x/#v=1&scenario=http11-default)"
    );
}

#[test_everywhere(unsupported = test)]
fn a_verdict_and_its_events_in_markdown() {
    let rows = [
        vec!["0.178".to_owned(), "GET /a_b|c".to_owned()],
        vec!["0.2".to_owned(), "`X: a|b_c`\r\n[x]".to_owned()],
    ];
    assert_eq!(
        markdown::document(
            "It *stays*.",
            "No `close`.",
            "https://kae.example/#v=1",
            &["Time", "Event"],
            rows
        ),
        "> **It \\*stays\\*.**\n> No `close`.\n> [Open it](https://kae.example/#v=1)\n\n\
         | Time | Event |\n| --- | --- |\n| 0.178 | GET /a\\_b\\|c |\n| 0.2 | `X: a\\|b_c`  \\[x\\] |\n"
    );
}

#[test_everywhere(unsupported = test)]
fn a_whole_show_in_markdown() {
    let show = catalogue::study("post-extra-crlf").show();
    let text = markdown::show(&show, "https://kae.example/#v=1&scenario=post-extra-crlf");
    let events: usize = show.timelines().map(|timeline| timeline.events().len()).sum();
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), events + 2);
    for row in &table {
        assert_eq!(row.matches(" |").count(), 6, "{row}");
    }
    assert!(text.starts_with(
        "> **Refuses the empty line: two connections. Skips the empty line: one.**\n"
    ));
    assert!(table.iter().any(|row| row.contains("| A·C1 | server |")), "{text}");
}

#[test_everywhere(unsupported = test)]
fn a_question_in_json() {
    let study = catalogue::study("post-extra-crlf");
    let show = study.show();
    assert_eq!(
        json::question(&show.runs[0]),
        r#"{"server":{"product":"textbook","settings":{"empty line before request":"refuse"}},"client":{"product":"script","settings":{}},"network":{"rtt_ms":60,"tls":"none"},"exchanges":[{"at_ms":0,"request":{"method":"POST","target":"/cart","version":"HTTP/1.1","headers":[["Host","shop.example"],["Content-Length","11"]],"body_bytes":11,"trailing_crlf":true},"response":{"status":200,"content":{"known":120},"after_ms":20,"headers":[]}},{"at_ms":340,"request":{"method":"GET","target":"/thanks","version":"HTTP/1.1","headers":[["Host","shop.example"]],"body_bytes":0,"trailing_crlf":false},"response":{"status":200,"content":{"known":4800},"after_ms":10,"headers":[]}}]}"#
    );
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_scenario_as_json_runs_to_the_same_timeline() {
    use keepalive::contract::SimulateQuestion;
    use keepalive::sim::{Scenario, run};
    for entry in catalogue::ENTRIES {
        for shown in (entry.build)().show().runs {
            let Some(expected) = shown.timeline() else { continue };
            let question: SimulateQuestion =
                serde_json::from_str(&json::question(&shown)).expect("the contract's JSON");
            let scenario = Scenario::try_from(question).expect("a sound question");
            assert_eq!(run(&scenario).as_ref(), Ok(expected), "{}", entry.id);
        }
    }
}
