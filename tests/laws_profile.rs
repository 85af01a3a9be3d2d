//! Laws that hold for every server product, whatever is asked and answered.
#![cfg(not(target_arch = "wasm32"))]

use keepalive::profile::{
    After, Answer, App, Chosen, Config, Content, Kind, MakeRule, PRODUCTS, Product, RequestSeen,
    ServerRule, product,
};
use keepalive::protocol::cause::Cause;
use keepalive::protocol::reason::Branch;
use keepalive::protocol::{
    Field, Framing, Headers, Policy, Request, Role, Strength, Version, decide, framing,
};
use keepalive::sim::Us;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What may stand in a request beside its start line; some of it must not.
const ASKED: &[(&str, &str)] = &[
    ("Host", "a"),
    ("Host", "b"),
    ("Connection", "keep-alive"),
    ("Connection", "close"),
    ("connection", "Keep-Alive, TE"),
    ("Connection", "upgrade"),
    ("Upgrade", "websocket"),
    ("Content-Length", "5"),
    ("Content-Length", "05"),
    ("Content-Length", "7"),
    ("Content-Length", "five"),
    ("Transfer-Encoding", "chunked"),
    ("Transfer-Encoding", "gzip"),
    ("Connection ", "close"),
    ("X", "a\r\n b"),
    ("Keep-Alive", "timeout=5"),
    ("Expect", "100-continue"),
    ("User-Agent", "Mozilla/4.0 (compatible; MSIE 6.0)"),
];

/// What an application may add.
const ADDED: &[(&str, &str)] = &[
    ("Connection", "close"),
    ("Connection", "keep-alive"),
    ("Content-Length", "5"),
    ("Transfer-Encoding", "chunked"),
    ("Upgrade", "websocket"),
    ("Connection", "upgrade"),
    ("X", "y"),
];

const VERSIONS: &[&str] = &["HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/2.0", "HTTP/1"];
const METHODS: &[&str] = &["GET", "HEAD", "POST", "CONNECT", "OPTIONS", "G E T"];
const STATUSES: &[u16] = &[101, 200, 204, 205, 304, 400, 404, 408, 413, 500, 503];

fn fields(pool: &'static [(&str, &str)]) -> impl Strategy<Value = Headers> {
    prop::collection::vec(select(pool), 0..4).prop_map(Headers::from_pairs)
}

fn requests() -> impl Strategy<Value = Request> {
    (select(METHODS), select(VERSIONS), fields(ASKED), any::<bool>()).prop_map(
        |(method, version, mut headers, host)| {
            if host {
                headers.0.insert(0, Field::new("Host", "a"));
            }
            Request { headers, ..Request::new(method, "/", Version::parse(version)) }
        },
    )
}

fn apps() -> impl Strategy<Value = App> {
    let content = prop_oneof![
        Just(Content::Empty),
        (0..20_000_u64).prop_map(Content::Known),
        (0..20_000_u64).prop_map(Content::Streamed),
    ];
    (select(STATUSES), content, fields(ADDED)).prop_map(|(status, content, headers)| App {
        status,
        content,
        headers,
        after: Us::ZERO,
    })
}

/// A server product at any version, with any of its choices made.
fn servers() -> impl Strategy<Value = Chosen> {
    // A proxy that knows no Connection field decides nothing.
    let decides = |product: &&Product| product.is_server() && product.id != "blind-proxy";
    let products: Vec<&'static Product> = PRODUCTS.iter().copied().filter(decides).collect();
    (
        (0..products.len()).prop_map(move |which| products[which].id),
        any::<Index>(),
        prop::collection::vec(any::<(Index, Index)>(), 0..3),
    )
        .prop_map(|(id, version, changes)| {
            let product = product(id).expect("it is in the list");
            let version = product.versions[version.index(product.versions.len())].id;
            let known = |setting: &&keepalive::profile::Setting| {
                setting.versions.is_empty() || setting.versions.contains(&version)
            };
            let settings: Vec<_> = product.settings.iter().filter(known).collect();
            let mut chosen = Chosen::new(product.id, version);
            for (which, what) in changes {
                let setting = settings[which.index(settings.len())];
                if let Some(value) = value_of(&setting.kind, what) {
                    chosen.set(setting.name, &value);
                }
            }
            chosen
        })
}

fn value_of(kind: &Kind, which: Index) -> Option<String> {
    Some(match kind {
        Kind::Flag { on, off } => (*[on, off][which.index(2)]).into(),
        Kind::Number { min, max, .. } => [*min, *max, (*min).max(3)][which.index(3)].to_string(),
        Kind::Time { unit, min_us, max_us, .. } => {
            ([*min_us, *max_us][which.index(2)] / unit.us()).to_string()
        }
        Kind::Choice(words) => words[which.index(words.len())].into(),
        Kind::Text { .. } => return None,
    })
}

fn rule(chosen: &Chosen) -> Option<Box<dyn ServerRule>> {
    let config = Config::parse(chosen).ok()?;
    match config.product.rule {
        MakeRule::Server(make) => make(&config).ok(),
        MakeRule::Client(_) => None,
    }
}

#[derive(Debug, Clone)]
struct Case {
    server: Chosen,
    request: Request,
    app: App,
    body_bytes: u64,
    served: u64,
    age: Us,
    pipelined: bool,
}

impl Case {
    fn rule(&self) -> Box<dyn ServerRule> {
        rule(&self.server).expect("a setting within its bounds")
    }

    fn seen(&self) -> RequestSeen<'_> {
        let Self { request, app, body_bytes, served, age, pipelined, .. } = self;
        RequestSeen {
            request,
            body_bytes: *body_bytes,
            app,
            served: *served,
            age: *age,
            pipelined: *pipelined,
        }
    }

    fn answer(&self) -> Answer {
        self.rule().answer(&self.seen())
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let body = prop_oneof![Just(0), Just(5), 0..100_u64];
    let standing = (0..5_u64, 0..10_u64, any::<bool>());
    (servers(), requests(), apps(), body, standing).prop_map(
        |(server, request, app, body_bytes, (served, age, pipelined))| Case {
            server,
            request,
            app,
            body_bytes,
            served,
            age: Us::from_secs(age),
            pipelined,
        },
    )
}

/// Node sends what its application writes as it is, whether it fits or not, and leaves the connection
/// open for it: a Connection field that is not close, a length, a coding. Below HTTP/1.1 keep-alive
/// wins over close. And after its last request allowed it says close and leaves the rest to the client.
fn is_node(case: &Case) -> bool {
    case.server.product == "node"
}

/// Java's HttpServer hears close only where it is the whole first Connection line, keeps HTTP/1.0
/// clients that said anything else there, and goes on with HTTP after a 101: measured.
const DEAF: &str = "java-httpserver";

fn says_close(mut headers: Headers) -> Headers {
    headers.push("Connection", "close");
    headers
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn every_answer_has_a_reason_and_one_decisive_question(case in cases()) {
        let answer = case.answer();
        prop_assert!(!answer.because.is_empty());
        let decides = answer.path.iter().filter(|step| step.branch == Branch::Decides).count();
        prop_assert_eq!(decides, 1);
        let mut reached = answer.path.iter().skip_while(|step| step.branch != Branch::Decides);
        reached.next();
        prop_assert!(reached.all(|step| step.branch == Branch::NotReached));
    }

    #[test]
    fn the_framing_is_that_of_the_head(case in cases()) {
        let answer = case.answer();
        prop_assert_eq!(answer.framing, framing::response(&answer.response, &case.request.method));
        let own = &case.app.headers;
        if case.server.product == DEAF && (own.has("content-length") || own.has("transfer-encoding")) {
            return Ok(()); // it passes on what the application says there, true or not
        }
        match answer.framing {
            Framing::None => prop_assert_eq!(answer.body_bytes, 0),
            Framing::ContentLength(length) => prop_assert!(
                answer.body_bytes == length
                    || (answer.body_bytes < length && (!answer.persists() || is_node(&case)))
            ),
            Framing::Chunked => prop_assert!(answer.body_bytes >= 5),
            Framing::CloseDelimited | Framing::Invalid => {
                prop_assert!(!answer.persists() || (is_node(&case) && !case.app.headers.is_empty()));
            }
        }
    }

    #[test]
    fn saying_close_never_adds_persistence(case in cases()) {
        let mut asked = case.clone();
        asked.request.headers = says_close(asked.request.headers);
        let heard = case.server.product != DEAF || !case.request.headers.has("connection");
        prop_assert!(!asked.answer().persists() || is_node(&case) || !heard);
        let mut added = case.clone();
        added.app.headers = says_close(added.app.headers);
        prop_assert!(case.answer().persists() || !added.answer().persists());
    }

    #[test]
    fn in_one_phase_the_answer_is_the_same(
        case in cases(),
        served in 0..5_u64,
        age in 0..10_u64,
        pipelined: bool,
    ) {
        let later = Case { served, age: Us::from_secs(age), pipelined, ..case.clone() };
        let rule = case.rule();
        let phase = rule.phase(&case.seen());
        if phase.is_some() && phase == rule.phase(&later.seen()) {
            prop_assert_eq!(case.answer(), later.answer());
        }
    }

    #[test]
    fn what_a_server_keeps_a_client_may_use_again(case in cases()) {
        let answer = case.answer();
        let policy = Policy::default();
        let client = decide(Some(&case.request), Some(&answer.response), Role::Client, &policy);
        // Products are less strict than HTTP about requests: httpd keeps an HTTP/1.0 client that
        // sends chunks, nginx heeds the last of two Connection lines. A client knows what it sent.
        // HAProxy passes chunks of the server behind it on, to whomever.
        // And what is caution without a MUST behind it is nobody's mistake.
        let excused = case.server.product == DEAF
            || client.cause <= Cause::RequestRepeatedLength
            || matches!(client.cause, Cause::CloseInRequest | Cause::ChunkedToHttp10)
            || client.cause.rule().strength == Strength::Practice
            || (is_node(&case) && client.cause >= Cause::ResponseVersion);
        match answer.after {
            After::Keep(_) => prop_assert!(client.persist || excused, "{:?}", client.cause),
            After::Tunnel => prop_assert!(client.switched || excused),
            After::Close | After::Reset => {}
        }
    }
}
