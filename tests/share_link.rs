//! Links: what they look like, what a broken one says, and that no text whatever breaks anything.
use keepalive::catalogue;
use keepalive::catalogue::cards::{Card, Shelf};
use keepalive::share::link::{LONGEST, Parsed, parse, parse_pairs, write};
use keepalive::share::see::{Asked, See};
use keepalive::sim::{EventKey, EventKind, Us};
use keepalive::study::differ::Ask;
use keepalive::study::{Pick, Study, Versus};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// A sound link: no messages, and it is written as it was read.
#[track_caller]
fn sound(link: &str) -> Study {
    let Parsed { study, messages, .. } = parse(link);
    assert_eq!(messages, [], "{link}");
    assert_eq!(write(&study), link);
    study
}

/// A link with something wrong: the messages, and the link of what was kept.
#[track_caller]
fn check(link: &str, expected: &[&str], kept: &str) {
    let Parsed { study, messages, .. } = parse(link);
    let told: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(told, expected, "{link}");
    assert_eq!(write(&study), kept, "{link}");
}

const BLANK: &str = "v=1&scenario=none";

#[test_everywhere(unsupported = test)]
fn nothing_opens_the_first_scenario() {
    for empty in ["", "#", "?", "&&", "#v=1", "scenario=page-ten-images"] {
        let Parsed { study, messages, .. } = parse(empty);
        assert_eq!(messages, []);
        assert_eq!(study, catalogue::study(catalogue::DEFAULT));
    }
}

#[test_everywhere(unsupported = test)]
fn every_part_of_a_study_has_its_place() {
    let study = sound(
        "v=1&scenario=none&server=textbook@rfc9112&server.idle+timeout=5&client=browser&rtt=60ms\
         &tls=1.3&bandwidth=20Mbit&until=15min&seed=7&exchanges=3&x2.method=POST&x.target=/a\
         &x3.version=1.0&x1-2.headers=Host:a;Connection:close&x2.body=3&x2.crlf=1&x3.pipeline=1\
         &x2.at=2.5s&x3.after=1,250ms&x2.status=404&x3.content=streamed:4097&x1.delay=28ms\
         &x1.answer-headers=X:1&vs.server.persistence=off&vs.rtt=0s&t=2.133s&pick=A.C1.answer.2"
            .replace("15min", "900s")
            .as_str(),
    );
    assert_eq!(study.at, Some(Us::from_ms(2133)));
    let key = EventKey { connection: 1, kind: EventKind::Answer, exchange: Some(1) };
    assert_eq!(study.pick, Some(Pick { run: 0, key }));
    let Some(Versus { changes }) = study.versus else { panic!("there is a comparison") };
    assert_eq!(changes[0], ("server.persistence".into(), "off".into()));
    assert_eq!(changes[1], ("rtt".into(), "0s".into()));
}

#[test_everywhere(unsupported = test)]
fn odd_bytes_survive() {
    sound("v=1&scenario=none&exchanges=1&x1.target=/%C3%A4?a=b%26c%2Bd+e%25");
    sound("v=1&scenario=none&exchanges=1&x1.headers=Connection~20:close;X:~0D~0A+folded;Y:a~3Bb:c");
    sound("v=1&scenario=none&exchanges=1&x1.version=raw:1.1");
    sound("v=1&scenario=none&exchanges=1&x1.headers=");
    // Programs that make links clickable leave a full stop at the end outside.
    sound("v=1&scenario=none&exchanges=1&x1.target=/a%2E");
}

#[test_everywhere(unsupported = test)]
fn a_space_is_a_space_in_every_spelling() {
    let setting = ("idle timeout".to_string(), "5".to_string());
    for link in [
        "scenario=none&server.idle+timeout=5",
        "scenario=none&server.idle%20timeout=5",
        "scenario=none&server.idle timeout=5",
        "scenario=none&server.idle_timeout=5",
    ] {
        let Parsed { study, messages, .. } = parse(link);
        assert_eq!(messages, []);
        assert_eq!(study.scenario.server.settings, std::slice::from_ref(&setting), "{link}");
    }
}

#[test_everywhere(unsupported = test)]
fn attributes_speak_the_same_grammar() {
    let by_link = parse("scenario=none&exchanges=1&x1.headers=Host:a;Connection:close&t=5s");
    let attributes = [
        ("scenario", "none"),
        ("exchanges", "1"),
        ("x1.headers", "Host: a; Connection: close"),
        ("t", "5s"),
        ("theme", "dark"),
    ];
    assert_eq!(parse_pairs(&attributes), by_link);
}

#[test_everywhere(unsupported = test)]
fn a_newer_link() {
    check(
        "v=2&scenario=none&rtt=60ms&flux=9",
        &[
            "This link was made by a newer version of this page (v=2, here v=1). What is known here was kept.",
            "flux means nothing here: the link was made by a newer version, or it is misspelt. It was ignored.",
        ],
        "v=1&scenario=none&rtt=60ms",
    );
    check("v=x&scenario=none", &["\"x\" is no version of a link; it was read as v=1."], BLANK);
    check("v=0&scenario=none", &["\"0\" is no version of a link; it was read as v=1."], BLANK);
}

#[test_everywhere(unsupported = test)]
fn a_broken_link() {
    check(
        "scenario=none&rtt=60lightyears&tls=1.2",
        &["rtt: a time is wanted, such as 60ms or 5s, up to 24h. It was left out."],
        "v=1&scenario=none&tls=1.2",
    );
    check(
        "scenario=none&server.persistence=perhaps&vs.rtt=1",
        &["server.persistence: \"perhaps\" is none of on, off. It was left out."],
        "v=1&scenario=none&vs.rtt=1",
    );
    check(
        "scenario=none&vs.server.persistence=perhaps",
        &["vs.server.persistence: \"perhaps\" is none of on, off. It was left out."],
        BLANK,
    );
    check("scenario=none&vs=maybe", &["vs: on or off is wanted. It was left out."], BLANK);
    check("scenario=none&pick=everything", &["pick: names no event. It was left out."], BLANK);
    check(
        "scenario=none&t=25h",
        &["t: a time is wanted, such as 60ms or 5s, up to 24h. It was left out."],
        BLANK,
    );
    check(
        "scenario=none&rtt=1ms&rtt=2ms",
        &["rtt stands there twice; the last one counts."],
        "v=1&scenario=none&rtt=2ms",
    );
    check(
        "scenario=none&exchanges=1&x1.target=/100%",
        &["x1.target holds a % that begins no character; it was read as it stands."],
        "v=1&scenario=none&exchanges=1&x1.target=/100%25",
    );
}

#[test_everywhere(unsupported = test)]
fn an_unknown_scenario() {
    let Parsed { study, messages, .. } = parse("v=1&scenario=from-the-future&rtt=100ms");
    assert_eq!(messages.len(), 1);
    assert!(messages[0].text.starts_with("No scenario is called \"from-the-future\" here"));
    assert_eq!(study.entry, catalogue::DEFAULT);
    assert_eq!(study.scenario.network.rtt, Us::from_ms(100));
}

#[test_everywhere(unsupported = test)]
fn a_comparison_that_no_longer_fits() {
    check(
        "scenario=page-ten-images&server=nginx",
        &[
            "The comparison of this scenario does not fit its new settings (server.KeepAlive: \"Off\" is no \
           number of connections, such as 32); it was left out.",
        ],
        "v=1&scenario=page-ten-images&server=nginx&vs=off",
    );
    // Said by the link itself, it is no surprise.
    sound("v=1&scenario=page-ten-images&server=nginx&vs=off");
}

#[test_everywhere(unsupported = test)]
fn a_huge_link() {
    let long =
        format!("scenario=none&rtt=60ms&{}", "x1.target=/aaaaaaaaaaaaaaaaaaaaa&".repeat(2000));
    let Parsed { study, messages, .. } = parse(&long);
    assert!(
        messages[0].text.starts_with("This link is too long: 66023 bytes, at most 32768 are read.")
    );
    assert_eq!(study.scenario.network.rtt, Us::from_ms(60));
    let one_value = format!("scenario=none&x1.target={}", "ä".repeat(LONGEST));
    assert_eq!(parse(&one_value).study, catalogue::study(""));
    let many_wrong: String = (0..500).map(|index| format!("&wrong{index}=1")).collect();
    let messages = parse(&format!("scenario=none{many_wrong}")).messages;
    assert_eq!(messages.len(), 21);
    assert_eq!(messages[20].text, "480 more parameters of this link could not be read.");
}

#[test_everywhere(unsupported = test)]
fn too_many_exchanges() {
    check(
        "scenario=none&exchanges=1000000",
        &["exchanges: a number of exchanges is wanted, 0 to 10000. It was left out."],
        BLANK,
    );
    check(
        "scenario=none&x999999.target=/",
        &["x999999.target: at most 10000 exchanges. It was left out."],
        BLANK,
    );
    // Each would change all exchanges again: the budget ends it, and the rest works.
    let hostile: String =
        (0..900).map(|index| format!("&x1-{}.target=/{index}", 9000 + index)).collect();
    let Parsed { study, messages, .. } = parse(&format!("scenario=none{hostile}&rtt=60ms"));
    assert!(messages.iter().any(|message| message.text.contains("too much for one link")));
    assert_eq!(study.scenario.network.rtt, Us::from_ms(60));
    let long = format!("scenario=none&exchanges=10000&x.headers=A:{}", "a".repeat(30_000));
    let Parsed { study, messages, .. } = parse(&long);
    assert_eq!(study.scenario.exchanges.len(), 10_000);
    assert_eq!(messages[0].text, "x.headers: too much for one link. It was left out.");
}

#[test_everywhere(unsupported = test)]
fn a_line_break_cannot_be_smuggled_in() {
    let Parsed { study, messages, .. } =
        parse("scenario=none&exchanges=1&x1.target=/%0D%0AEvil:1&x1.headers=A:b%0D%0AEvil:1");
    assert_eq!(messages.len(), 2);
    assert!(!study.scenario.exchanges[0].request.wire().contains("Evil"));
}

#[test_everywhere(unsupported = test)]
fn links_that_were_published_open_for_ever() {
    for (number, line) in include_str!("links/v1.txt").lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (link, canonical) = line.split_once(" -> ").unwrap_or((line, line));
        let Parsed { study, messages, .. } = parse(link);
        assert_eq!(messages, [], "line {}: {link}", number + 1);
        assert_eq!(write(&study), canonical, "line {}", number + 1);
        for run in study.show().runs {
            assert!(run.result.is_ok(), "line {}: {:?}", number + 1, run.result.err());
        }
    }
}

#[track_caller]
fn opens(text: &str, see: Option<See>) {
    let parsed = parse(&format!("v=1&scenario=none&see={text}"));
    assert_eq!(parsed.see, see, "{text}");
    assert_eq!(parsed.messages.is_empty(), see.is_some(), "{text}: {:?}", parsed.messages);
    assert_eq!(parsed.study, parse("v=1&scenario=none").study, "{text}: the rest works");
}

#[test_everywhere(unsupported = test)]
fn a_link_opens_a_sheet() {
    let asked = Asked::Preset(Ask::find("http10").expect("it is offered"));
    opens("differ.http10", Some(See::Differ { asked, row: None }));
    opens("differ.http10.nginx", Some(See::Differ { asked, row: Some("nginx") }));
    opens("differ.x12", Some(See::Differ { asked: Asked::Own(11), row: None }));
    opens("proof.apache-httpd", Some(See::Proof("apache-httpd")));
    opens("surprises", Some(See::Surprises));
    opens("danger", Some(See::Tool("danger")));
    opens("tune", Some(See::Tool("tune")));
    opens("tune.5", None);
    let card = |shelf, place| Some(See::Cards { shelf, card: Some(Card { shelf, place }) });
    opens("incident.retry-post", card(Shelf::Incidents, 4));
    opens("incident/retry-post", card(Shelf::Incidents, 4));
    opens("claim.iis1-2", card(Shelf::Claims, 8));
    opens("incidents", Some(See::Cards { shelf: Shelf::Incidents, card: None }));
    opens("claims", Some(See::Cards { shelf: Shelf::Claims, card: None }));
    opens("export", Some(See::Export));
    opens("import", Some(See::Import));
    let wrong =
        ["", "differ", "differ.", "differ.x0", "differ.x", "differ.http99", "proof", "proof.none"];
    let more = [
        "differ.http10.",
        "differ.http10.script",
        "differ.http10.nginx.1",
        "surprises.x",
        "incident",
        "incident.none",
        "incidents.retry-post",
        "claim.iis1-9",
        "claims.iis1-2.x",
        "nonsense",
    ];
    wrong.into_iter().chain(more).for_each(|text| opens(text, None));
}

#[test_everywhere(unsupported = test)]
fn an_incident_asked_for_as_a_scenario_opens_its_card() {
    let parsed = parse("v=1&scenario=retry-post");
    let shelf = Shelf::Incidents;
    assert_eq!(parsed.see, Some(See::Cards { shelf, card: Some(Card { shelf, place: 4 }) }));
    assert_eq!(parsed.messages, []);
    // A sheet that is named wins.
    assert_eq!(parse("v=1&scenario=retry-post&see=surprises").see, Some(See::Surprises));
}
