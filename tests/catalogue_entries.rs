//! Every scenario builds, runs, fits a link, stops inside its run, and shows what it promises.
use keepalive::catalogue::{self, ENTRIES, Group};
use keepalive::share::link::{parse, write};
use keepalive::sim::netstat::TcpState;
use keepalive::sim::{Outcome, Side, Timeline, Us};
use keepalive::study::Show;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn show(id: &str) -> Show {
    let entry = catalogue::entry(id).expect("the id is in the table");
    (entry.build)().show()
}

/// The two runs of a comparison: the second run, then the scenario itself.
fn both(show: &Show) -> [&Timeline; 2] {
    let timelines: Vec<_> = show.timelines().collect();
    timelines.try_into().expect("there are two runs")
}

fn connections(show: &Show) -> Vec<usize> {
    show.timelines().map(|timeline| timeline.connections.len()).collect()
}

/// The connection of each exchange.
fn lanes(timeline: &Timeline) -> Vec<u32> {
    timeline.exchanges.iter().map(|exchange| exchange.connection.unwrap_or(0)).collect()
}

#[test_everywhere(unsupported = test)]
fn every_entry_is_whole() {
    for (index, entry) in ENTRIES.iter().enumerate() {
        let id = entry.id;
        assert!(
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
        assert!(ENTRIES[..index].iter().all(|other| other.id != id), "{id} stands there twice");
        assert!(entry.title.len() <= 40, "{id}: the title is for a picker");
        assert!(entry.look_for.ends_with('.'), "{id}");
        assert_eq!(entry.look_for.matches(". ").count(), 0, "{id}: one sentence");
        let study = (entry.build)();
        assert_eq!(study.entry, id);
        assert_eq!(
            study.versus.is_some() && entry.labels.is_none(),
            id == "crawler-high-timeout" || id == "crawler-timeout-cost",
            "{id}"
        );
    }
}

#[test_everywhere(unsupported = test)]
fn every_entry_runs_and_stops_inside_its_run() {
    for entry in ENTRIES {
        let show = show(entry.id);
        for run in &show.runs {
            let timeline = run.result.as_ref().expect(entry.id);
            assert!(!timeline.cut, "{}: the run ends by itself", entry.id);
            let answered = |outcome| matches!(outcome, Outcome::Answered | Outcome::Retried);
            assert!(timeline.exchanges.iter().all(|x| answered(x.outcome)), "{}", entry.id);
        }
        assert!(show.stop > Us::ZERO && show.stop <= show.end(), "{}", entry.id);
        assert_eq!(show.at(), show.stop);
        assert!(show.picked().is_some(), "{}: something is picked", entry.id);
    }
}

#[test_everywhere(unsupported = test)]
fn every_entry_has_a_short_link() {
    for entry in ENTRIES {
        let mut study = (entry.build)();
        assert_eq!(write(&study), format!("v=1&scenario={}", entry.id));
        study.at = Some(study.show().stop);
        study.pick = study.show().picked();
        let link = write(&study);
        assert!(link.len() <= 200, "{link}");
        let parsed = parse(&link);
        assert_eq!(parsed.messages, []);
        assert_eq!(parsed.study, study);
    }
}

#[test_everywhere(unsupported = test)]
fn even_written_out_in_full_every_entry_fits_a_link() {
    for entry in ENTRIES {
        let study = keepalive::study::Study { entry: String::new(), ..(entry.build)() };
        let link = write(&study);
        assert!(link.len() <= 1_200, "{} {link}", link.len());
        assert_eq!(parse(&link).study, study);
    }
}

#[test_everywhere(unsupported = test)]
fn every_shelf_has_something_on_it() {
    for group in Group::ALL {
        assert!(ENTRIES.iter().any(|entry| entry.group == group), "{}", group.title());
    }
    // The picker lists them shelf by shelf.
    assert!(ENTRIES.is_sorted_by_key(|entry| entry.group));
}

#[test_everywhere(unsupported = test)]
fn page_ten_images() {
    let show = show("page-ten-images");
    assert_eq!(connections(&show), [11, 1]);
    let ms = both(&show).map(|timeline| timeline.done().expect("answered").as_ms());
    assert!((2_125.0..2_135.0).contains(&ms[0]), "without: 2.13 s, was {} ms", ms[0]);
    assert!((925.0..935.0).contains(&ms[1]), "with: 0.93 s, was {} ms", ms[1]);
    assert_eq!(show.stop, both(&show)[0].done().expect("answered"));
    assert_eq!(show.runs[0].label, "Without keep-alive");
    assert_eq!(show.runs[0].apart, "KeepAlive Off");
    assert_eq!(show.runs[1].label, "With keep-alive");
    assert_eq!(show.runs[1].apart, "KeepAlive On");
}

#[test_everywhere(unsupported = test)]
fn page_six_connections() {
    let saved = |id: &str| {
        let show = show(id);
        let [without, with] = both(&show).map(|timeline| timeline.done().expect("answered"));
        assert!(with < without, "{id}: it saves");
        without - with
    };
    assert!(saved("page-six-connections") < saved("page-ten-images").half(), "far less");
    let show = show("page-six-connections");
    assert_eq!(connections(&show), [11, 6]);
}

#[test_everywhere(unsupported = test)]
fn page_one_or_six() {
    let show = show("page-one-or-six");
    assert_eq!(connections(&show), [1, 6]);
    let [one, six] = both(&show).map(|timeline| timeline.done().expect("answered"));
    assert!(six < one);
}

#[test_everywhere(unsupported = test)]
fn iis1_switched_off() {
    assert_eq!(connections(&show("iis1-allowkeepalives-0")), [11, 1]);
}

#[test_everywhere(unsupported = test)]
fn http10_negotiation() {
    let show = show("http10-negotiation");
    assert_eq!(connections(&show), [3, 1]);
    let answer = both(&show)[1].exchanges[0].answer.clone().expect("answered");
    let said = answer.response.headers.first("Connection").unwrap_or_default();
    assert!(said.eq_ignore_ascii_case("keep-alive"), "the server says it back");
}

#[test_everywhere(unsupported = test)]
fn http11_default() {
    let show = show("http11-default");
    assert_eq!(lanes(show.timelines().next().expect("runs")), [1, 1, 1, 2]);
}

#[test_everywhere(unsupported = test)]
fn crawler_asks() {
    assert_eq!(connections(&show("crawler-asks")), [5, 1]);
}

#[test_everywhere(unsupported = test)]
fn crawler_high_timeout() {
    let show = show("crawler-high-timeout");
    assert_eq!(connections(&show), [5, 5]);
    let [low, high] = both(&show);
    assert_eq!(low, high, "both pictures are the same");
    assert_eq!(show.runs[0].label, "KeepAliveTimeout 5");
    assert_eq!(show.runs[1].label, "KeepAliveTimeout 300");
}

#[test_everywhere(unsupported = test)]
fn iis4_check_box() {
    let show = show("iis4-check-box");
    let [checked, cleared] = both(&show);
    assert_eq!(lanes(checked), [1, 1, 1, 1]);
    assert_eq!(lanes(cleared), [1, 2, 3, 3]);
}

#[test_everywhere(unsupported = test)]
fn idle_too_late() {
    let show = show("idle-too-late");
    let timeline = show.timelines().next().expect("runs");
    assert_eq!(lanes(timeline), [1, 1, 2]);
    let close = timeline.connections[0].close.as_ref().expect("C1 is closed");
    assert_eq!(close.by, Side::Server);
    let idle_since = timeline.exchanges[1].response_sent.expect("answered").to;
    assert_eq!(close.at, idle_since + Us::from_secs(5));
}

/// ESTABLISHED sockets of the server at an instant.
fn established(show: &Show, run: usize, at: Us) -> usize {
    let timeline = show.runs[run].timeline().expect("runs");
    let sockets = timeline.sockets(Side::Server, at, show.runs[run].scenario.network.rtt);
    sockets.iter().filter(|socket| socket.state == TcpState::Established).count()
}

#[test_everywhere(unsupported = test)]
fn iis1_idle_900() {
    let show = show("iis1-idle-900");
    assert_eq!(connections(&show), [8]);
    for seconds in [1, 600, 899] {
        assert_eq!(established(&show, 0, Us::from_secs(seconds)), 8, "after {seconds} s");
    }
    assert_eq!(established(&show, 0, Us::from_secs(902)), 0);
}

#[test_everywhere(unsupported = test)]
fn crawler_timeout_cost() {
    let show = show("crawler-timeout-cost");
    assert_eq!(connections(&show), [6, 6]);
    assert_eq!([0, 1].map(|run| established(&show, run, show.stop)), [0, 6]);
    assert_eq!([0, 1].map(|run| established(&show, run, Us::from_secs(302))), [0, 0]);
}

#[test_everywhere(unsupported = test)]
fn apache_or_nginx() {
    let show = show("apache-or-nginx");
    assert_eq!(connections(&show), [1, 3]);
    assert_eq!(
        show.runs.iter().map(|run| run.label.as_str()).collect::<Vec<_>>(),
        ["nginx", "Apache httpd"]
    );
}

#[test_everywhere(unsupported = test)]
fn limit_of_three() {
    let show = show("limit-of-three");
    let [nginx, apache] = both(&show);
    assert_eq!(lanes(nginx), [1, 1, 1, 2, 2]);
    assert_eq!(lanes(apache), [1, 1, 1, 1, 2]);
}

#[test_everywhere(unsupported = test)]
fn post_extra_crlf() {
    let show = show("post-extra-crlf");
    let [refused, skipped] = both(&show);
    assert_eq!(lanes(refused), [1, 2]);
    assert_eq!(lanes(skipped), [1, 1]);
}

#[test_everywhere(unsupported = test)]
fn java_4k_buffer() {
    let show = show("java-4k-buffer");
    assert_eq!(lanes(show.timelines().next().expect("runs")), [1, 1, 2]);
}

#[test_everywhere(unsupported = test)]
fn length_not_known() {
    let show = show("length-not-known");
    let [old, new] = both(&show);
    assert_eq!(lanes(old), [1, 2, 3]);
    assert_eq!(lanes(new), [1, 1, 1]);
}
