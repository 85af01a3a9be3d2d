//! What holds for every exchange, and what independent parsers and a second reading of the rules say.
#![cfg(not(target_arch = "wasm32"))]

use keepalive::protocol::machine::{After, End, Event, State};
use keepalive::protocol::reason::Branch;
use keepalive::protocol::{
    Framing, Headers, Judgement, Policy, Request, Response, Role, Version, check_request, decide,
    judge, syntax,
};
use proptest::prelude::*;

/// The words that matter, their look-alikes, and noise.
fn connection_value() -> impl Strategy<Value = String> {
    let member = prop_oneof![
        Just("close"),
        Just("Close"),
        Just("keep-alive"),
        Just("Keep-Alive"),
        Just("upgrade"),
        Just("foo"),
        Just("disclosed"),
        Just("close-ish"),
        Just(""),
        Just("keep-alive=true"),
    ];
    prop::collection::vec(member, 0..4).prop_map(|members| members.join(", "))
}

fn header() -> impl Strategy<Value = (String, String)> {
    let fixed = prop::sample::select(vec![
        ("Host", "a"),
        ("Content-Length", "5"),
        ("Content-Length", "0"),
        ("content-length", "6"),
        ("Content-Length", "x"),
        ("Transfer-Encoding", "chunked"),
        ("Transfer-Encoding", "gzip"),
        ("Transfer-Encoding", "gzip, chunked"),
        ("Proxy-Connection", "close"),
        ("Keep-Alive", "timeout=5"),
        ("Upgrade", "foo"),
        ("Expect", "100-continue"),
        ("Foo ", "x"),
        ("Foo", "a\r\n b"),
        ("Foo", "a\0b"),
        ("Foo Bar", "x"),
    ]);
    prop_oneof![
        2 => connection_value().prop_map(|value| ("Connection".to_owned(), value)),
        3 => fixed.prop_map(|(name, value)| (name.to_owned(), value.to_owned())),
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    prop::collection::vec(header(), 0..5).prop_map(Headers::from_pairs)
}

fn version() -> impl Strategy<Value = Version> {
    let common = prop::sample::select(vec!["HTTP/1.1", "HTTP/1.0"]);
    let rare = prop::sample::select(vec!["HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/1"]);
    prop_oneof![5 => common, 1 => rare].prop_map(Version::parse)
}

prop_compose! {
    fn request()(
        method in prop::sample::select(vec!["GET", "GET", "HEAD", "POST", "CONNECT", "G T"]),
        version in version(),
        headers in headers(),
    ) -> Request {
        Request { method: method.into(), target: "/".into(), version, headers }
    }
}

prop_compose! {
    fn response()(
        status in prop::sample::select(vec![200, 200, 200, 204, 205, 304, 404, 408, 413, 100, 101]),
        version in version(),
        headers in headers(),
    ) -> Response {
        Response { version, status, headers }
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn policy() -> impl Strategy<Value = Policy> {
    any::<[bool; 12]>().prop_map(|choices| {
        let mut policy = Policy::default();
        for (choice, flip) in keepalive::protocol::policy::CHOICES.iter().zip(choices) {
            if let Some(value) = policy.choice_mut(choice.name) {
                *value ^= flip;
            }
        }
        policy
    })
}

prop_compose! {
    fn question()(
        request in prop::option::weighted(0.9, request()),
        response in prop::option::weighted(0.9, response()),
        role in role(),
        policy in prop_oneof![Just(Policy::default()), policy()],
    ) -> (Option<Request>, Option<Response>, Role, Policy) {
        (request, response, role, policy)
    }
}

fn ask(question: &(Option<Request>, Option<Response>, Role, Policy)) -> Judgement {
    let (request, response, role, policy) = question;
    judge(request.as_ref(), response.as_ref(), *role, policy)
}

/// The verdict without its words.
fn gist(judgement: &Judgement) -> (bool, bool, Framing, Framing, &'static str) {
    let Judgement { persist, switched, request_framing, response_framing, .. } = judgement;
    (*persist, *switched, *request_framing, *response_framing, judgement.because[0].rule)
}

/// Every Connection field's members, each on a line of its own, in another order and case.
fn rewritten(headers: &Headers, rotate: usize, upper: bool, split: bool) -> Headers {
    let mut members: Vec<String> = headers
        .all("connection")
        .flat_map(|value| value.split(',').map(str::trim).map(str::to_owned))
        .collect();
    if members.is_empty() {
        return headers.clone();
    }
    let middle = rotate % members.len();
    members.rotate_left(middle);
    if upper {
        members.iter_mut().for_each(|member| *member = member.to_uppercase());
    }
    let mut rest = headers.clone();
    rest.remove("connection");
    if split {
        members.iter().for_each(|member| rest.push("CONNECTION", format!(" \t{member} ,")));
    } else {
        rest.push("connection", members.join(" ,, "));
    }
    rest
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_verdict_is_whole(question in question()) {
        let found = ask(&question);
        prop_assert!(!found.because.is_empty());
        prop_assert!(!(found.persist && found.switched));
        prop_assert_eq!(found.who_closes.is_none(), found.persist || found.switched);
        prop_assert!(found.because.iter().all(|reason| !reason.rule.is_empty()
            && !reason.fact.is_empty()
            && reason.clause.url.starts_with("https://")));
        let decided = found.path.iter().filter(|step| step.branch == Branch::Decides).count();
        prop_assert_eq!(decided, 1);
        let after = found.path.iter().skip_while(|step| step.branch != Branch::Decides).skip(1);
        prop_assert!(after.into_iter().all(|step| step.branch == Branch::NotReached));
        prop_assert!(found.path.iter().all(|step|
            (step.branch == Branch::NotReached) == step.answer.is_empty()));
    }

    #[test]
    fn deciding_and_judging_agree(question in question()) {
        let (request, response, role, policy) = &question;
        let verdict = decide(request.as_ref(), response.as_ref(), *role, policy);
        let found = ask(&question);
        prop_assert_eq!(verdict.persist, found.persist);
        prop_assert_eq!(verdict.switched, found.switched);
        prop_assert_eq!(verdict.who_closes, found.who_closes);
        prop_assert_eq!(verdict.cause.rule().id, found.because[0].rule);
    }

    #[test]
    fn persisting_needs_both_ends_known(question in question()) {
        let found = ask(&question);
        if found.persist {
            prop_assert!(found.request_framing.is_self_delimited());
            prop_assert!(found.response_framing.is_self_delimited());
        }
    }

    #[test]
    fn close_never_makes_it_persist(question in question(), in_request in any::<bool>()) {
        let mut more = question.clone();
        let interim = matches!(more.1, Some(Response { status: 100..=199, .. }));
        match &mut more {
            (Some(request), ..) if in_request => request.headers.push("Connection", "close"),
            (_, Some(response), ..) if !interim => response.headers.push("Connection", "close"),
            _ => return Ok(()),
        }
        let found = ask(&more);
        prop_assert!(!found.persist, "{:?}", found.because);
        prop_assert!(found.switched <= ask(&question).switched);
    }

    #[test]
    fn spelling_of_the_list_changes_nothing(
        question in question(), rotate in 0..9_usize, upper in any::<bool>(), split in any::<bool>(),
    ) {
        let mut other = question.clone();
        if let Some(request) = &mut other.0 {
            request.headers = rewritten(&request.headers, rotate, upper, split);
        }
        if let Some(response) = &mut other.1 {
            response.headers = rewritten(&response.headers, rotate, upper, split);
        }
        prop_assert_eq!(gist(&ask(&question)), gist(&ask(&other)));
    }

    #[test]
    fn unknown_options_and_fields_change_nothing(question in question(), option in "[a-z]{3,4}") {
        let mut other = question.clone();
        for headers in [
            other.0.as_mut().map(|request| &mut request.headers),
            other.1.as_mut().map(|response| &mut response.headers),
        ].into_iter().flatten() {
            headers.push("Connection", option.clone());
            headers.push("Proxy-Connection", "close");
            headers.push("Keep-Alive", "timeout=1");
            headers.push("X-Connection", "close");
        }
        prop_assert_eq!(gist(&ask(&question)), gist(&ask(&other)));
    }

    #[test]
    fn a_stricter_policy_keeps_no_more(question in question()) {
        let strict = Policy {
            support_persistence: question.3.support_persistence,
            honour_http10_keep_alive: false,
            http10_needs_confirmation: true,
            drain_unread_body: false,
            refuse_two_lengths: true,
            refuse_repeated_length: true,
            refuse_folded_lines: true,
            refuse_control_characters: true,
            refuse_malformed_options: true,
            close_without_host: true,
            close_after_408: true,
            close_after_204_with_length: true,
        };
        let (request, response, role, _) = question.clone();
        let found = ask(&(request, response, role, strict));
        prop_assert!(found.persist <= ask(&question).persist);
    }

    /// Both ends, driven by the verdict, come to the same conclusion as the verdict.
    #[test]
    fn the_tables_agree_with_the_verdict(question in question()) {
        let (request, response, role, policy) = &question;
        let verdict = decide(request.as_ref(), response.as_ref(), *role, policy);
        if matches!(response, Some(Response { status: 100 | 102..=199, .. })) {
            return Ok(()); // the exchange is not over
        }
        for end in [End::Client, End::Server] {
            let mut state = State::Idle;
            let events = [Event::RequestHead, Event::RequestEnd, Event::AnswerEnd(After::of(&verdict))];
            for event in events {
                let next = end.step(state, event);
                prop_assert!(next.is_some(), "{:?}: nothing for {:?} in {:?}", end, event, state);
                state = next.unwrap_or(state);
            }
            let expected = match (verdict.persist, verdict.switched) {
                (true, _) => State::Idle,
                (_, true) => State::Switched,
                _ => State::MustClose,
            };
            prop_assert_eq!(state, expected, "{:?}", end);
        }
    }

    /// The rules a second time, as one short function that knows nothing of tables.
    #[test]
    fn a_second_reading_of_the_rules_agrees(question in question()) {
        let (request, response, role, _) = &question;
        let policy = Policy::default();
        let Some((request, response)) = request.as_ref().zip(response.as_ref()) else {
            return Ok(());
        };
        let found = decide(Some(request), Some(response), *role, &policy);
        prop_assert_eq!(found.persist, reading::persists(request, response, *role));
    }
}

/// RFC 9112 read top to bottom, with nothing but string operations.
mod reading {
    use super::*;

    fn option(headers: &Headers, wanted: &str) -> bool {
        let joined = headers.all("connection").collect::<Vec<_>>().join(",");
        joined.split(',').any(|member| member.trim().to_lowercase() == wanted)
    }

    fn well_formed(headers: &Headers, request: bool) -> bool {
        headers.iter().all(|field| {
            let name = if request { field.name.as_str() } else { field.name.trim_end() };
            let value = field.value.replace("\r\n ", " ");
            http::HeaderName::from_bytes(name.as_bytes()).is_ok()
                && http::HeaderValue::from_bytes(value.as_bytes()).is_ok()
        })
    }

    /// None: it cannot be trusted. Some(false): the close ends it.
    fn ends(headers: &Headers, version: &Version, response: bool) -> Option<bool> {
        let coded = headers.has("transfer-encoding");
        if coded && *version == Version::Http10 {
            return None;
        }
        if coded {
            let all = headers.all("transfer-encoding").collect::<Vec<_>>().join(",").to_lowercase();
            let codings: Vec<_> = all.split(',').map(str::trim).collect();
            let chunked = codings.iter().filter(|coding| **coding == "chunked").count();
            return match (chunked, codings.last() == Some(&"chunked")) {
                (2.., _) => None,
                (1, true) => (response || !headers.has("content-length")).then_some(true),
                _ => response.then_some(false),
            };
        }
        let lengths: Vec<_> =
            headers.all("content-length").map(|value| value.parse::<u32>().ok()).collect();
        match lengths[..] {
            [] => Some(!response),
            [first, ..] => {
                (first.is_some() && lengths.iter().all(|one| *one == first)).then_some(true)
            }
        }
    }

    pub fn persists(request: &Request, response: &Response, role: Role) -> bool {
        let one = |version: &Version| {
            matches!(version, Version::Http10 | Version::Http11 | Version::Other { major: 1, .. })
        };
        let interim = (100..200).contains(&response.status);
        let bodyless = interim || matches!(response.status, 204 | 304) || request.method == "HEAD";
        let tunnel = request.method == "CONNECT" && (200..300).contains(&response.status);
        if request.method.contains(' ') || !one(&request.version) || !one(&response.version) {
            return false;
        }
        if !well_formed(&request.headers, true)
            || !well_formed(&response.headers, false)
            || response.status == 101
            || tunnel
        {
            return false;
        }
        if ends(&request.headers, &request.version, false).is_none() {
            return false;
        }
        let old_coding =
            response.version == Version::Http10 && response.headers.has("transfer-encoding");
        if old_coding
            || (!bodyless && ends(&response.headers, &response.version, true) != Some(true))
        {
            return false;
        }
        if option(&request.headers, "close") {
            return false;
        }
        let old = request.version == Version::Http10;
        if old && (role == Role::Proxy || !option(&request.headers, "keep-alive")) {
            return false;
        }
        if interim {
            return true;
        }
        let chunked = !bodyless && response.headers.has("transfer-encoding");
        !(option(&response.headers, "close")
            || (response.version == Version::Http10 && !option(&response.headers, "keep-alive"))
            || (old && chunked)
            || response.status == 408)
    }
}

/// A request as bytes, folds and all.
fn wire(request: &Request) -> Vec<u8> {
    request.wire().into_bytes()
}

proptest! {
    #![proptest_config(config(1_500))]

    #[test]
    fn words_are_what_the_http_crate_takes_for_names(name in "[ -~ü]{0,20}") {
        prop_assert_eq!(syntax::is_token(&name), http::HeaderName::from_bytes(name.as_bytes()).is_ok());
    }

    #[test]
    fn values_are_what_the_http_crate_takes_for_values(value in "[ -~\t\u{0}\u{1}\u{7f}\r\nü]{0,20}") {
        if !syntax::is_folded(&value) {
            let taken = http::HeaderValue::from_bytes(value.as_bytes()).is_ok();
            prop_assert_eq!(!syntax::has_stray_control(&value), taken);
        }
    }

    /// httparse knows 1.0 and 1.1 only, and takes no folds.
    #[test]
    fn requests_are_refused_where_httparse_refuses_them(
        method in "[A-Z(]{1,4}",
        target in "/[a-z? ]{0,3}",
        name in "[A-Za-z(-][A-Za-z( -]{0,3}",
        value in "[ -~\u{1}\t]{0,5}",
    ) {
        let request = Request::new(&method, &target, Version::Http11).with(&name, &value);
        let bytes = wire(&request);
        let mut fields = [httparse::EMPTY_HEADER; 4];
        let parsed = httparse::Request::new(&mut fields).parse(&bytes).is_ok();
        prop_assert_eq!(check_request(&request).is_ok(), parsed, "{:?}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn versions_are_read_as_httparse_reads_them(text in "HTTP/[0-2][.][0-2]|HTTP/[0-9.]{1,4}|[a-z]{4}/1[.]1") {
        let bytes = format!("GET / {text}\r\n\r\n");
        let mut fields = [];
        let parsed = httparse::Request::new(&mut fields).parse(bytes.as_bytes()).is_ok();
        let known = matches!(Version::parse(&text), Version::Http10 | Version::Http11);
        prop_assert_eq!(known, parsed);
    }
}
