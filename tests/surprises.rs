//! Each surprise is run: what it says is what the core computes. And the file that the page fetches
//! is the table: after a change, `UPDATE_PROOF=1 cargo test --test surprises`.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue::surprises::SURPRISES;
use keepalive::profile::product;
use keepalive::share::link;
use keepalive::sim::{Timeline, Us, run};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/static/surprises.json");

fn shown(text: &str) -> Timeline {
    let parsed = link::parse(text);
    assert_eq!(parsed.messages, [], "{text}");
    run(&parsed.study.scenario).expect("the scenario is sound")
}

/// The values of a field in the answer to an exchange (an index), joined.
fn says(timeline: &Timeline, exchange: usize, name: &str) -> String {
    let answer = timeline.exchanges[exchange].answer.as_ref().expect("it is answered");
    let fields = answer.response.headers.iter();
    let values = fields.filter(|field| field.name.eq_ignore_ascii_case(name));
    values.map(|field| field.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn kept(timeline: &Timeline, exchange: usize) -> bool {
    timeline.exchanges[exchange].answer.as_ref().is_some_and(|answer| answer.persists())
}

fn status(timeline: &Timeline, exchange: usize) -> u16 {
    timeline.exchanges[exchange].answer.as_ref().map_or(0, |answer| answer.response.status)
}

/// From the last answer on the first connection to its close.
fn idle(timeline: &Timeline) -> Us {
    let connection = &timeline.connections[0];
    let last = *connection.exchanges.last().expect("it carried something") as usize;
    let sent = timeline.exchanges[last].response_sent.expect("it is answered").to;
    connection.close.as_ref().expect("it closes").at - sent
}

/// What a surprise claims, asked of the run that it links to.
fn holds(id: &str, it: &Timeline) -> bool {
    match id {
        "httpd-one-more" => {
            let nginx =
                shown("v=1&scenario=none&server=nginx&server.keepalive_requests=3&exchanges=5");
            it.connections[0].exchanges.len() == 4
                && says(it, 0, "keep-alive").contains("max=3")
                && nginx.connections[0].exchanges.len() == 3
        }
        "httpd-half-second" => {
            says(it, 0, "keep-alive").contains("timeout=0") && idle(it) == Us::from_ms(500)
        }
        "httpd-error-closes" => kept(it, 0) && !kept(it, 1) && status(it, 1) == 500,
        "nginx-announces" => {
            says(it, 0, "keep-alive") == "timeout=60"
                && it.connections.len() == 2
                && it.connections[0]
                    .close
                    .as_ref()
                    .is_some_and(|close| close.at <= Us::from_ms(2_100))
        }
        "nginx-closed" => {
            let inside = shown(
                "v=1&scenario=none&server=nginx&exchanges=1&x1.headers=Host:a;Connection:disclose",
            );
            !kept(it, 0) && kept(it, 1) && !kept(&inside, 0)
        }
        "nginx-application-close" => kept(it, 0) && says(it, 0, "connection") == "keep-alive",
        "nginx-stray-line" => kept(it, 0) && idle(it) == Us::from_secs(60),
        "node-one-second-more" => {
            says(it, 0, "keep-alive") == "timeout=5" && idle(it) == Us::from_secs(6)
        }
        "node-503" => {
            says(it, 1, "connection") == "close"
                && status(it, 2) == 503
                && it.connections[0].exchanges.len() == 3
        }
        "node-close-loses" | "node-proxy-connection" => {
            kept(it, 0) && says(it, 0, "connection") == "keep-alive"
        }
        "java-any-word" => {
            kept(it, 0) && says(it, 0, "connection").is_empty() && it.connections.len() == 1
        }
        "java-says-both" => {
            !kept(it, 0)
                && says(it, 0, "connection") == "keep-alive"
                && says(it, 0, "keep-alive").contains("timeout=30")
        }
        "java-looks-every-ten" => idle(it) > Us::from_secs(30) && idle(it) <= Us::from_secs(40),
        "lighttpd-one-more" => it.connections[0].exchanges.len() == 4 && it.connections.len() == 2,
        "lighttpd-zero" => !kept(it, 0) && it.connections.len() == 2,
        "lighttpd-six" => idle(it) == Us::from_secs(6),
        "lighttpd-collects" => {
            kept(it, 0) && it.connections.len() == 1 && !says(it, 0, "content-length").is_empty()
        }
        "haproxy-shorter" => {
            kept(it, 0) && idle(it) == Us::from_secs(3) && says(it, 0, "keep-alive").is_empty()
        }
        _ => panic!("{id} has no claim here"),
    }
}

#[test]
fn every_surprise_is_what_the_core_computes() {
    let wrong: Vec<String> = SURPRISES
        .iter()
        .map(|surprise| (surprise, shown(surprise.link)))
        .filter(|(surprise, timeline)| !holds(surprise.id, timeline))
        .map(|(surprise, timeline)| {
            let heads = timeline
                .exchanges
                .iter()
                .map(|it| it.answer.as_ref().map(|it| (it.response.clone(), it.after)));
            let ends = timeline
                .connections
                .iter()
                .map(|it| (it.exchanges.clone(), it.close.as_ref().map(|it| it.at)));
            format!(
                "{}: {:?} {:?}",
                surprise.id,
                heads.collect::<Vec<_>>(),
                ends.collect::<Vec<_>>()
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_surprise_is_whole() {
    for (index, it) in SURPRISES.iter().enumerate() {
        assert!(product(it.product).is_some(), "{}", it.id);
        assert!(
            it.fact.ends_with('.') && it.fact.matches(". ").count() == 0,
            "{}: one sentence",
            it.id
        );
        assert!(it.title.len() <= 50, "{}: a few words", it.id);
        assert!(
            SURPRISES[..index].iter().all(|other| other.id != it.id),
            "{} stands there twice",
            it.id
        );
        let study = link::parse(it.link).study;
        assert_eq!(study.scenario.server.product, it.product, "{}", it.id);
    }
}

#[test]
fn the_file_of_the_page_is_the_table() {
    let list = SURPRISES.iter().map(|it| {
        let link = link::write(&link::parse(it.link).study);
        json!({"product": it.product, "title": it.title, "fact": it.fact, "link": link})
    });
    let now = Value::from(list.collect::<Vec<_>>()).to_string() + "\n";
    if std::env::var_os("UPDATE_PROOF").is_some() {
        std::fs::write(FILE, &now).expect("the file can be written");
    }
    let there = std::fs::read_to_string(FILE).expect("the file is part of the project");
    assert!(
        there == now,
        "static/surprises.json is old: UPDATE_PROOF=1 cargo test --test surprises"
    );
}
