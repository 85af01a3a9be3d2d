//! How many a server serves at the same time, and what holds a place. What httpd makes of numbers
//! that do not fit together was read off the warnings of `apache2 -t` (2.4.71).
use keepalive::profile::{Chosen, Config, Held, MakeRule, ServerRule, cost};
use keepalive::sim::{Planned, Scenario, Start, Us, run};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// `product version; name = value; name = value`
fn chosen(text: &str) -> Chosen {
    let mut parts = text.split("; ");
    let head = parts.next().unwrap_or("");
    let (product, version) = head.split_once(' ').unwrap_or((head, ""));
    let settings = parts.filter_map(|part| part.split_once(" = "));
    settings.fold(Chosen::new(product, version), |chosen, (name, value)| chosen.with(name, value))
}

fn server(text: &str) -> Box<dyn ServerRule> {
    let config = Config::parse(&chosen(text)).expect("the product is known");
    match config.product.rule {
        MakeRule::Server(make) => make(&config).expect("the settings are right"),
        MakeRule::Client(_) => panic!("a client"),
    }
}

#[track_caller]
fn check(product: &str, expected: &str) {
    let told = server(product).workers().map_or("no limit".into(), |workers| {
        let held = match workers.held {
            Held::Connection => "connection",
            Held::Request => "request",
        };
        format!("{} by {held}, {} wait", workers.count, workers.backlog)
    });
    assert_eq!(told, expected, "{product}");
}

#[test_everywhere(unsupported = test)]
fn httpd_serves_as_many_as_its_module_has_room_for() {
    check("apache-httpd 2.2", "256 by connection, 511 wait");
    check("apache-httpd 2.4", "400 by request, 511 wait");
    check("apache-httpd 2.4; KeepAlive = Off", "400 by request, 511 wait");
    check("apache-httpd 2.2; mpm = prefork", "256 by connection, 511 wait");
    check("apache-httpd 2.2; mpm = worker", "400 by connection, 511 wait");
    check("apache-httpd 2.2; mpm = event", "400 by request, 511 wait");
    check("apache-httpd 2.4; mpm = event", "400 by request, 511 wait");
    check("apache-httpd 2.4; mpm = worker", "400 by connection, 511 wait");
    check("apache-httpd 2.4; mpm = prefork", "256 by connection, 511 wait");
    check("apache-httpd 2.4; ListenBackLog = 5", "400 by request, 5 wait");
}

#[test_everywhere(unsupported = test)]
fn httpd_cuts_what_does_not_fit() {
    let prefork = |settings: &str, expected: u32| {
        let expected = format!("{expected} by connection, 511 wait");
        check(&format!("apache-httpd 2.4; mpm = prefork; {settings}"), &expected);
    };
    prefork("MaxRequestWorkers = 4", 4);
    prefork("MaxRequestWorkers = 1000", 256);
    prefork("MaxRequestWorkers = 1000; ServerLimit = 1000", 1000);
    prefork("ServerLimit = 1000", 256);
    prefork("ServerLimit = 4", 4);
    prefork("ThreadsPerChild = 4", 256);
    let event = |settings: &str, expected: u32| {
        check(
            &format!("apache-httpd 2.4; {settings}"),
            &format!("{expected} by request, 511 wait"),
        );
    };
    event("MaxRequestWorkers = 4", 25);
    event("MaxRequestWorkers = 4; ThreadsPerChild = 4", 4);
    event("MaxRequestWorkers = 10; ThreadsPerChild = 4", 8);
    event("MaxRequestWorkers = 1000", 400);
    event("MaxRequestWorkers = 1000; ServerLimit = 40", 1000);
    event("ServerLimit = 32", 400);
    event("ServerLimit = 2", 50);
    event("ThreadsPerChild = 64", 384);
    check("apache-httpd 2.2; MaxClients = 9", "9 by connection, 511 wait");
}

#[test_everywhere(unsupported = test)]
fn httpd_refuses_what_it_does_not_know() {
    let wrong = |text: &str, at: &str| {
        let error = Config::parse(&chosen(text)).err();
        assert_eq!(error.map(|error| error.at).as_deref(), Some(at), "{text}");
    };
    wrong("apache-httpd 2.2; MaxRequestWorkers = 4", "MaxRequestWorkers");
    wrong("apache-httpd 2.4; MaxClients = 4", "MaxClients");
    wrong("apache-httpd 2.4; MaxRequestWorkers = 0", "MaxRequestWorkers");
    wrong("apache-httpd 2.4; ListenBackLog = -1", "ListenBackLog");
    wrong("textbook; workers = -1", "workers");
    wrong("textbook; workers = 1000001", "workers");
    wrong("textbook; backlog = 0", "backlog");
}

#[test_everywhere(unsupported = test)]
fn other_servers() {
    check("textbook", "no limit");
    check("textbook; workers = 2", "2 by connection, 511 wait");
    check("textbook; workers = 2; workers held by = request", "2 by request, 511 wait");
    check("textbook; workers = 2; backlog = 7", "2 by connection, 7 wait");
    check("lighttpd", "no limit");
    check("lighttpd; server.max-connections = 4", "4 by connection, 1024 wait");
    check("node", "no limit");
    check("java-httpserver", "no limit");
    check("java-httpserver; HttpServer.setExecutor = 1", "1 by request, 50 wait");
    check("java-httpserver; HttpServer.setExecutor = 8", "8 by request, 50 wait");
}

#[test_everywhere(unsupported = test)]
fn what_an_idle_connection_holds() {
    let bytes = |text: &str| {
        let config = Config::parse(&chosen(text)).expect("the product is known");
        cost::idle(config.product.id, &config).map(|cost| cost.bytes)
    };
    assert_eq!(bytes("apache-httpd 2.2"), Some(250_000));
    assert_eq!(bytes("apache-httpd 2.4"), Some(41_000));
    assert_eq!(bytes("apache-httpd 2.4; mpm = worker"), Some(67_000));
    assert_eq!(bytes("nginx"), Some(530));
    assert_eq!(bytes("textbook"), None);
    assert_eq!(bytes("iis"), None);
}

/// Six clients, 50 ms apart, each with one request and a connection that stays: when the answers come.
fn answers(server: &str, works_ms: u64) -> Vec<u64> {
    let planned = |index: u64| {
        let mut one = Planned { start: Start::At(Us::from_ms(50 * index)), ..Planned::default() };
        one.request.headers.push("Host", "a");
        one.app.after = Us::from_ms(works_ms);
        one
    };
    let scenario = Scenario {
        server: chosen(server),
        clients: 6,
        exchanges: (0..6).map(planned).collect(),
        ..Scenario::default()
    };
    let run = run(&scenario).expect("the scenario is right");
    let ends = run.exchanges.iter().filter_map(|one| one.response_received);
    ends.map(|answer| answer.to.0 / 1_000).collect()
}

/// The same was done with httpd 2.4.71, four workers and `KeepAliveTimeout 3`: prefork and worker
/// answered the fifth 3.2 s after the start, event at once; with a program that takes 2 s, prefork
/// answered it 5 s after the first, event 2 s.
#[test_everywhere(unsupported = test)]
fn with_four_workers_the_fifth_client_waits_for_an_idle_one() {
    let httpd = |module: &str| {
        let threads = if module == "prefork" { "" } else { "; ThreadsPerChild = 4" };
        format!(
            "apache-httpd 2.4; mpm = {module}; MaxRequestWorkers = 4; KeepAliveTimeout = 3{threads}"
        )
    };
    for module in ["prefork", "worker"] {
        assert_eq!(answers(&httpd(module), 0), [0, 50, 100, 150, 3_000, 3_050], "{module}");
        assert_eq!(answers(&httpd(module), 2_000), [2_000, 2_050, 2_100, 2_150, 7_000, 7_050]);
    }
    assert_eq!(answers(&httpd("event"), 0), [0, 50, 100, 150, 200, 250]);
    assert_eq!(answers(&httpd("event"), 2_000), [2_000, 2_050, 2_100, 2_150, 4_000, 4_050]);
    let java = "java-httpserver; HttpServer.setExecutor = 1";
    assert_eq!(answers(java, 1_000), [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]);
    let lighttpd = "lighttpd; server.max-connections = 4; server.max-keep-alive-idle = 5";
    assert_eq!(answers(lighttpd, 0), [0, 50, 100, 150, 6_000, 6_050]);
}
