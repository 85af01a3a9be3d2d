//! What the runs of a comparison are called.
use keepalive::catalogue;
use keepalive::study::{Focus, Study};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn names(study: &Study) -> Vec<[String; 3]> {
    let name = |run: keepalive::study::Run| [run.name.into(), run.label, run.apart];
    study.show().runs.into_iter().map(name).collect()
}

/// The labels of both runs when the second differs in these parameters.
#[track_caller]
fn check(changes: &[(&str, &str)], upper: &str, lower: &str) {
    let changes = changes.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let named = names(&catalogue::study("http11-default").compared(changes));
    assert_eq!(named, [["A", upper, ""], ["B", lower, ""]]);
}

#[test_everywhere(unsupported = test)]
fn one_run_needs_no_name() {
    assert_eq!(names(&catalogue::study("http11-default")), [["", "", ""]]);
}

#[test_everywhere(unsupported = test)]
fn the_catalogue_names_its_own() {
    let study = catalogue::study("iis4-check-box");
    assert_eq!(
        names(&study),
        [["A", "Box checked", "AllowKeepAlives 1"], ["B", "Box cleared", "AllowKeepAlives 0"]]
    );
    // Another change beside it, and the name would no longer be the whole truth.
    let more = study.with_in(0, "rtt", "10ms").expect("sound");
    assert_eq!(names(&more)[0][1], "AllowKeepAlives 1, 10\u{a0}ms round trip");
}

#[test_everywhere(unsupported = test)]
fn settings_and_products() {
    check(&[("server.persistence", "off")], "persistence off", "persistence on");
    check(&[("server.idle timeout", "5")], "idle timeout 5", "idle timeout 15");
    check(&[("server", "iis")], "Microsoft IIS", "Textbook server");
    check(
        &[("server", "iis@1.0"), ("server.AllowKeepAlives", "0")],
        "Microsoft IIS, AllowKeepAlives 0",
        "Textbook server",
    );
    check(&[("client", "http10-crawler")], "HTTP/1.0 crawler", "Script");
    let old = catalogue::study("iis1-idle-900");
    let newer = old.compared(vec![("server".into(), "iis@4.0".into())]);
    assert_eq!(names(&newer)[0][1], "Microsoft IIS 4.0");
    assert_eq!(names(&newer)[1][1], "Microsoft IIS 1.0");
}

#[test_everywhere(unsupported = test)]
fn network_and_exchanges() {
    check(&[("rtt", "100ms")], "100\u{a0}ms round trip", "60\u{a0}ms round trip");
    check(&[("tls", "1.3")], "TLS 1.3", "no TLS");
    check(&[("bandwidth", "56k")], "56\u{a0}kbit/s", "bytes take no time");
    check(&[("exchanges", "2")], "2 requests", "4 requests");
    check(&[("x.version", "1.0")], "HTTP/1.0", "HTTP/1.1");
    check(
        &[("x1.headers", "Host:shop.example;Connection:close")],
        "Connection: close",
        "no Connection",
    );
    check(&[("x1.content", "streamed:9")], "9 bytes, length not known", "4800 bytes");
    check(&[("x1.crlf", "1")], "CR LF after the body", "nothing after the body");
    check(&[("x2.gap", "9s")], "gap 9s", "gap 100ms");
    check(&[("x1", "POST /")], "POST /", "GET /");
}

#[test_everywhere(unsupported = test)]
fn without_a_second_run_nothing_was_saved() {
    let show = catalogue::study("http10-negotiation").compared(Vec::new()).show();
    assert_eq!(show.focus, Focus::Exchange(0));
    let mut study = catalogue::study("page-ten-images");
    assert_eq!(study.show().focus, Focus::Saved);
    study.versus = None;
    assert_eq!(study.show().focus, Focus::Exchange(0));
}
