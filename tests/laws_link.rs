//! Laws of links: what is written is read back, and nothing that is read can do harm.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue;
use keepalive::catalogue::cards::{Card, Shelf};
use keepalive::profile::{App, Chosen, Content, PRODUCTS, Product};
use keepalive::protocol::{Field, Headers, Request, Version};
use keepalive::share::link::{parse, write, write_seen};
use keepalive::share::see::{Asked, See};
use keepalive::sim::{
    Arrivals, Breaks, EventKey, EventKind, Fault, Forgets, Forgotten, Load, Network, Planned,
    Proxy, Restart, Scenario, Service, Start, Tls, Us,
};
use keepalive::study::differ::ASKS;
use keepalive::study::{Pick, Study, Versus, params};
use proptest::prelude::*;
use proptest::{collection::vec, option, sample::select};

fn time() -> impl Strategy<Value = Us> {
    prop_oneof![
        (0..=86_400_000_000_u64).prop_map(Us),
        (0..=86_400_u64).prop_map(Us::from_secs),
        (0..5_000_u64).prop_map(Us::from_ms),
    ]
}

/// Text that can stand on a line, with everything that is special somewhere.
fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z/]{0,12}", "[ -~]{0,16}", "[~;: +&=%#?é\u{a0}🦀A-Z0-9\"]{0,16}"]
}

fn field() -> impl Strategy<Value = Field> {
    let name = prop_oneof!["[A-Za-z-]{1,12}", word().prop_map(|word| word.replace(':', "."))];
    let value = (word(), option::of(word())).prop_map(|(value, folded)| match folded {
        Some(folded) => format!("{value}\r\n\t{folded}"),
        None => value,
    });
    (name, value).prop_map(|(name, value)| Field { name, value })
}

fn headers() -> impl Strategy<Value = Headers> {
    vec(field(), 0..4).prop_map(Headers)
}

fn version() -> impl Strategy<Value = Version> {
    let known = select(vec!["HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "1.1", "raw:1.0"]);
    prop_oneof![known.prop_map(Version::parse), word().prop_map(|word| Version::parse(&word))]
}

fn app() -> impl Strategy<Value = App> {
    let bytes = 0..1_000_000_u64;
    let content = prop_oneof![
        bytes.clone().prop_map(Content::Known),
        bytes.prop_map(Content::Streamed),
        Just(Content::Empty),
    ];
    (100..=999_u16, content, headers(), time()).prop_map(|(status, content, headers, after)| App {
        status,
        content,
        headers,
        after,
    })
}

fn planned(index: usize) -> impl Strategy<Value = Planned> {
    let start = match index {
        0 => time().prop_map(Start::At).boxed(),
        _ => prop_oneof![
            time().prop_map(Start::At),
            (0..index, time()).prop_map(|(exchange, gap)| Start::After { exchange, gap }),
        ]
        .boxed(),
    };
    let request =
        (word(), word(), version(), headers()).prop_map(|(method, target, version, headers)| {
            Request { method, target, version, headers }
        });
    let breaks = select(vec![
        None,
        Some(Breaks::NeverAnswers),
        Some(Breaks::ResetBefore),
        Some(Breaks::ResetAfter),
        Some(Breaks::EndsEarly),
    ]);
    let rest = (0..10_000_u64, any::<bool>(), any::<bool>(), breaks);
    (start, request, rest, app()).prop_map(|(start, request, rest, app)| {
        let (body_bytes, trailing_crlf, pipeline, breaks) = rest;
        Planned { start, request, body_bytes, trailing_crlf, pipeline, app, breaks }
    })
}

fn exchanges() -> impl Strategy<Value = Vec<Planned>> {
    (0..14_usize).prop_flat_map(|count| {
        let each: Vec<_> = (0..count).map(planned).collect();
        (each, any::<bool>()).prop_map(|(mut list, alike)| {
            if alike && let Some(first) = list.first().cloned() {
                for (index, planned) in list.iter_mut().enumerate().skip(1) {
                    let start = Start::After { exchange: index - 1, gap: Us::ZERO };
                    *planned = Planned { start, ..first.clone() };
                }
            }
            list
        })
    })
}

fn server() -> impl Strategy<Value = Chosen> {
    prop_oneof![
        Just(Chosen::new("textbook", "")),
        Just(Chosen::new("textbook", "rfc9112").with("persistence", "off").with("max age", "7")),
        Just(
            Chosen::new("textbook", "").with("idle timeout", "5s").with("unknown length", "close")
        ),
    ]
}

fn client() -> impl Strategy<Value = Chosen> {
    select(vec![
        Chosen::new("script", ""),
        Chosen::new("browser", "chromium"),
        Chosen::new("browser", "").with("repeats", "nothing"),
    ])
}

prop_compose! {
    fn network()(
        rtt in (0..=60_000_000_u64).prop_map(Us),
        tls in select(Tls::ALL.to_vec()),
        (resumes, slow_start) in any::<(bool, bool)>(),
        bandwidth_bps in option::of(1_000..=1_000_000_000_000_u64),
        loss_ppm in prop_oneof![Just(0), 0..=1_000_000_u32],
        forgets in option::of((time(), select(vec![Forgotten::Dropped, Forgotten::Reset]))),
        probes_every in option::of(time().prop_map(|time| time.max(Us(1)))),
        ports in option::of(1..=65_535_u32),
    ) -> Network {
        let forgets = forgets.map(|(after, then)| Forgets { after, then });
        Network { rtt, tls, resumes, bandwidth_bps, slow_start, loss_ppm, forgets, probes_every, ports }
    }
}

/// All that is new with a path is as it was before in half of the cases.
fn path() -> impl Strategy<Value = Network> {
    (network(), any::<bool>()).prop_map(|(network, plain)| match plain {
        true => {
            let Network { rtt, tls, bandwidth_bps, .. } = network;
            Network { rtt, tls, bandwidth_bps, ..Network::PLAIN }
        }
        false => network,
    })
}

fn load() -> impl Strategy<Value = Load> {
    let arrivals = prop_oneof![
        time().prop_map(Arrivals::Every),
        time().prop_map(Arrivals::Poisson),
        vec(time(), 1..6).prop_map(|mut gaps| {
            gaps.sort();
            Arrivals::Gaps(gaps)
        }),
    ];
    let service = select(vec![Service::AsPlanned, Service::Exponential]);
    let count = prop_oneof![Just(100), 1..=50_u32];
    (count, arrivals, service).prop_map(|(count, arrivals, service)| Load {
        count,
        arrivals,
        service,
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    let how = select(vec![None, Some(Restart::Graceful), Some(Restart::Abrupt)]);
    (time(), how).prop_map(|(at, how)| match how {
        Some(how) => Fault::Restart { at, how },
        None => Fault::AddressChange { at },
    })
}

fn proxy() -> impl Strategy<Value = Proxy> {
    (server(), path()).prop_map(|(chosen, network)| Proxy { chosen, network })
}

prop_compose! {
    fn scenario()(
        (server, client) in (server(), client()),
        proxy in option::weighted(0.3, proxy()),
        (clients, origins) in prop_oneof![
            Just((1, 1)),
            (1..=Scenario::MOST_CLIENTS, 1..=Scenario::MOST_ORIGINS),
        ],
        network in path(),
        exchanges in exchanges(),
        load in option::weighted(0.3, load()),
        faults in prop_oneof![Just(Vec::new()), vec(fault(), 1..4)],
        until in option::of(time()),
        seed in any::<u64>(),
    ) -> Scenario {
        Scenario { server, client, proxy, clients, origins, network, exchanges, load, faults, until, seed }
    }
}

fn pick() -> impl Strategy<Value = Pick> {
    let kind =
        select(vec![EventKind::Syn, EventKind::Answer, EventKind::Close, EventKind::TimeWaitEnd]);
    (1..9_u32, kind, option::of(0..20_u32)).prop_map(|(connection, kind, exchange)| Pick {
        run: 0,
        key: EventKey { connection, kind, exchange },
    })
}

fn study() -> impl Strategy<Value = Study> {
    let changes = select(vec![
        vec![("server.persistence", "off")],
        vec![("rtt", "100ms"), ("x1.version", "1.0")],
        vec![("client", "browser"), ("client.repeats", "nothing")],
        vec![],
    ]);
    let versus = option::of(changes.prop_map(|changes| Versus {
        changes: changes.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
    }));
    (scenario(), versus, option::of(time()), option::of(pick())).prop_map(
        |(scenario, versus, at, pick)| Study { entry: String::new(), scenario, versus, at, pick },
    )
}

fn see() -> impl Strategy<Value = See> {
    let (servers, clients): (Vec<_>, Vec<_>) = PRODUCTS.iter().partition(|it| it.is_server());
    let ids = |list: Vec<&&'static Product>| list.into_iter().map(|it| it.id).collect::<Vec<_>>();
    let (servers, clients) = (ids(servers), ids(clients));
    let every = [servers.clone(), clients].concat();
    let asked = prop_oneof![
        select(ASKS).prop_map(|ask| Asked::Preset(
            ASKS.iter().find(|it| it.id == ask.id).unwrap_or(&ASKS[0])
        )),
        (0..20_000_usize).prop_map(Asked::Own),
    ];
    prop_oneof![
        (asked, option::of(select(servers))).prop_map(|(asked, row)| See::Differ { asked, row }),
        select(every).prop_map(See::Proof),
        select(vec![
            See::Surprises,
            See::Export,
            See::Import,
            See::Tool("danger"),
            See::Tool("tune")
        ]),
        select(vec![(Shelf::Incidents, 30_u8), (Shelf::Claims, 49)]).prop_flat_map(
            |(shelf, count)| {
                option::of(0..count).prop_map(move |place| See::Cards {
                    shelf,
                    card: place.map(|place| Card { shelf, place }),
                })
            }
        ),
    ]
}

/// The order in which settings were made carries no meaning.
fn sorted(mut study: Study) -> Study {
    study.scenario.server.settings.sort();
    study.scenario.client.settings.sort();
    study
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(study in study()) {
        let link = write(&study);
        let parsed = parse(&link);
        prop_assert_eq!(&parsed.messages, &vec![], "{}", link);
        prop_assert_eq!(sorted(parsed.study), sorted(study), "{}", link);
    }

    #[test]
    fn an_open_sheet_is_read_back_and_changes_nothing_else(study in study(), see in option::of(see())) {
        let link = write_seen(&study, see);
        let parsed = parse(&link);
        prop_assert_eq!(&parsed.messages, &vec![], "{}", link);
        prop_assert_eq!(parsed.see, see, "{}", link);
        prop_assert_eq!(sorted(parsed.study), sorted(study.clone()), "{}", link);
        prop_assert_eq!(see.is_none(), link == write(&study), "left out if none is open: {}", link);
    }

    #[test]
    fn the_same_beside_every_catalogue_entry(study in study(), index in 0..catalogue::ENTRIES.len()) {
        let study = Study { entry: catalogue::ENTRIES[index].id.into(), ..study };
        let link = write(&study);
        let parsed = parse(&link);
        prop_assert_eq!(&parsed.messages, &vec![], "{}", link);
        prop_assert_eq!(sorted(parsed.study), sorted(study), "{}", link);
    }

    #[test]
    fn a_link_is_plain(study in study()) {
        let link = write(&study);
        prop_assert!(link.bytes().all(|byte| byte.is_ascii_graphic()));
        let awkward = ['"', '<', '>', '\'', '(', ')', '#', '`', '\\', '^', '{', '}', '|'];
        prop_assert!(!link.contains(awkward));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_parameters_are_read(
        pairs in vec((
            select(vec![
                "v", "scenario", "server", "client", "rtt", "tls", "bandwidth", "until", "seed", "exchanges",
                "x1", "x.version", "x2-9.headers", "x3.after", "x2.content", "server.persistence", "vs.x1.gap",
                "vs", "vs.server", "t", "pick", "see", "x.at", "x99999", "vs.vs.rtt",
                "proxy", "proxy.rtt", "proxy.ports", "clients", "origins", "load", "load.count", "load.service",
                "faults", "loss", "forgets", "probes", "ports", "resumes", "slow-start", "x1.breaks", "vs.load",
            ]),
            prop_oneof!["\\PC{0,12}", "[0-9a-zA-Z.%+~;:@-]{0,12}", "[0-9]{0,25}"],
        ), 0..12),
    ) {
        let link: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let parsed = parse(&link.join("&"));
        // Whatever was kept can be written, read and run.
        let again = parse(&write(&parsed.study));
        prop_assert_eq!(&again.messages, &vec![]);
        prop_assert_eq!(sorted(again.study), sorted(parsed.study));
    }

    #[test]
    fn a_broken_link_still_opens(study in study(), at in any::<prop::sample::Index>(), byte in 32_u8..127) {
        let mut link = write(&study).into_bytes();
        let at = at.index(link.len());
        link[at] = byte;
        let _ = parse(&String::from_utf8_lossy(&link)).study;
    }

    #[test]
    fn differences_turn_one_scenario_into_the_other(base in scenario(), other in scenario()) {
        let (made, errors) = params::apply(&base, &params::diff(&base, &other));
        prop_assert_eq!(errors, vec![]);
        let study = |scenario| sorted(Study::of(scenario));
        prop_assert_eq!(study(made), study(other));
    }
}
