//! What is run with proxies between clients and a server.
use crate::case::product;
use keepalive::profile::Chosen;
use keepalive::proof::upstream::{Run, With};
use serde_json::json;

/// A setting and its value.
type Pair = (&'static str, &'static str);

/// Products with their settings, and what is run with them.
pub struct Group {
    pub name: String,
    pub proxy: Chosen,
    pub server: Chosen,
    pub runs: Vec<(&'static str, Run)>,
}

impl Group {
    /// # Errors
    /// Never, as long as products are written as the reader reads them.
    pub fn with(&self) -> Result<With, String> {
        let with = json!({"proxy": product(&self.proxy), "server": product(&self.server)});
        serde_json::from_value(with).map_err(|error| error.to_string())
    }
}

/// Between two exchanges of a run, in ms.
const GAP: u64 = 120;

fn every(clients: u32, count: u64, gap: u64) -> Run {
    Run {
        clients,
        at_ms: (0..count).map(|index| index * gap).collect(),
        method: String::new(),
        connection: String::new(),
        old: false,
        work_ms: 0,
        streamed: false,
        breaks: None,
        until_ms: count * gap + 1200,
        crowd: false,
    }
}

/// Ten exchanges over one connection and over ten, kept; three clients that come again.
fn usual() -> Vec<(&'static str, Run)> {
    vec![("one", every(1, 10, GAP)), ("ten", every(10, 10, GAP)), ("rounds", every(3, 9, GAP))]
}

/// With clients that close, that come at the same time, and that speak HTTP/1.0.
fn more() -> Vec<(&'static str, Run)> {
    let mut runs = usual();
    let close = Run { connection: "close".into(), ..every(10, 10, GAP) };
    runs.push(("ten-closed", close));
    runs.push(("crowd", crowd(10)));
    runs.push(("old", Run { old: true, ..every(2, 4, GAP) }));
    let kept = Run { old: true, connection: "keep-alive".into(), ..every(1, 4, GAP) };
    runs.push(("old-kept", kept));
    runs
}

fn crowd(clients: u32) -> Run {
    Run { work_ms: 900, crowd: true, until_ms: 3500, ..every(clients, u64::from(clients), 0) }
}

/// One after the other with these pauses.
fn pauses(count: u64, gap: u64) -> Run {
    Run { until_ms: (count - 1) * gap + 2500, ..every(1, count, gap) }
}

/// A server that fails one exchange: the first of a connection, or a later one.
fn failing() -> Vec<(&'static str, Run)> {
    let run = |method: &str, exchange: usize, how: &str| Run {
        method: method.into(),
        breaks: Some((exchange, how.into())),
        // Long enough that the end of a connection is not taken for that of an answer.
        ..every(1, 3, 300)
    };
    vec![
        ("reset-get", run("GET", 1, "reset")),
        ("reset-post", run("POST", 1, "reset")),
        ("reset-put", run("PUT", 1, "reset")),
        ("reset-first-get", run("GET", 0, "reset")),
        ("reset-first-post", run("POST", 0, "reset")),
        ("half", run("GET", 1, "half")),
    ]
}

fn silent() -> Vec<(&'static str, Run)> {
    let run = Run { breaks: Some((1, "silent".into())), ..every(1, 2, 300) };
    vec![("silent", Run { until_ms: 3000, ..run })]
}

/// Servers that do not simply keep: each with a run of four.
const SERVERS: [(&str, &[Pair]); 6] = [
    ("closes", &[("persistence", "off")]),
    ("closes-unsaid", &[("max requests", "1"), ("says close", "no")]),
    ("http10", &[("version in answers", "HTTP/1.0")]),
    ("two-requests", &[("max requests", "2")]),
    ("two-unsaid", &[("max requests", "2"), ("says close", "no")]),
    ("no-chunks", &[("unknown length", "close")]),
];

struct Plan {
    product: &'static str,
    version: &'static str,
    groups: Vec<Group>,
}

impl Plan {
    fn put(&mut self, name: &str, settings: &[Pair], runs: Vec<(&'static str, Run)>) {
        self.put_before(name, settings, &[], runs);
    }

    fn put_before(
        &mut self,
        name: &str,
        settings: &[Pair],
        server: &[Pair],
        runs: Vec<(&'static str, Run)>,
    ) {
        let set = |chosen: Chosen, settings: &[Pair]| {
            settings.iter().fold(chosen, |chosen, (name, value)| chosen.with(name, value))
        };
        self.groups.push(Group {
            name: name.into(),
            proxy: set(Chosen::new(self.product, self.version), settings),
            server: set(Chosen::new("textbook", ""), server),
            runs,
        });
    }

    fn servers(&mut self, settings: &[Pair]) {
        for (name, server) in SERVERS {
            let streamed = name == "no-chunks";
            let run = Run { streamed, ..every(1, 4, GAP) };
            self.put_before(name, settings, server, vec![("four", run)]);
        }
        let idle = [("get", ""), ("post", "POST")]
            .map(|(name, method)| (name, Run { method: method.into(), ..pauses(2, 900) }));
        self.put_before("idle-300ms", settings, &[("idle timeout", "300ms")], idle.into());
    }
}

/// Everything that is run with a proxy.
pub fn plan(product: &str) -> Vec<Group> {
    match product {
        "nginx" => nginx(),
        "haproxy" => haproxy(),
        _ => httpd(),
    }
}

fn nginx() -> Vec<Group> {
    const V11: Pair = ("proxy_http_version", "1.1");
    const EMPTY: Pair = ("proxy_set_header Connection", "\"\"");
    const POOL: Pair = ("keepalive", "32");
    const KEPT: [Pair; 3] = [V11, EMPTY, POOL];
    let mut plan = Plan { product: "nginx", version: "1.22", groups: Vec::new() };
    plan.put("default", &[], more());
    plan.put("1.1", &[V11], usual());
    plan.put("1.1-empty", &[V11, EMPTY], usual());
    plan.put("pool-only", &[POOL], usual());
    plan.put("pool-1.1", &[POOL, V11], usual());
    plan.put("pool-1.0-empty", &[POOL, EMPTY], usual());
    plan.put("pool-1.0-kept", &[POOL, ("proxy_set_header Connection", "keep-alive")], usual());
    plan.put("kept", &KEPT, more());
    for (name, room) in [("room-1", "1"), ("room-4", "4")] {
        let settings = [V11, EMPTY, ("keepalive", room)];
        let mut runs = usual();
        runs.push(("crowd", crowd(10)));
        plan.put(name, &settings, runs);
    }
    let with = |pair: Pair| [KEPT.as_slice(), &[pair]].concat();
    plan.put("requests-1", &with(("upstream keepalive_requests", "1")), usual());
    plan.put("requests-3", &with(("upstream keepalive_requests", "3")), usual());
    plan.put("time-1s", &with(("upstream keepalive_time", "1s")), vec![("paused", pauses(6, 450))]);
    plan.put(
        "timeout-1s",
        &with(("upstream keepalive_timeout", "1s")),
        vec![("short", pauses(3, 500)), ("long", pauses(3, 1600))],
    );
    plan.put("failing", &KEPT, failing());
    plan.put("failing-off", &with(("proxy_next_upstream", "off")), failing());
    let all = ("proxy_next_upstream", "error timeout non_idempotent");
    plan.put("failing-all", &with(all), failing());
    plan.put("failing-closed", &[], failing());
    plan.put("read-timeout-1s", &with(("proxy_read_timeout", "1s")), silent());
    plan.servers(&KEPT);
    plan.groups
}

fn haproxy() -> Vec<Group> {
    let mut plan = Plan { product: "haproxy", version: "2.6", groups: Vec::new() };
    plan.put("default", &[], more());
    for mode in ["never", "safe", "aggressive", "always"] {
        let mut runs = more();
        runs.retain(|(name, _)| !name.starts_with("old"));
        plan.put(mode, &[("http-reuse", mode)], runs);
    }
    for option in [
        "option http-keep-alive",
        "option http-server-close",
        "option httpclose",
        "option http-pretend-keepalive",
    ] {
        plan.put(option.trim_start_matches("option "), &[(option, "")], usual());
    }
    let pretends = [("option http-server-close", ""), ("option http-pretend-keepalive", "")];
    plan.put("pretends", &pretends, usual());
    const ALWAYS: Pair = ("http-reuse", "always");
    for (name, most) in [("room-0", "0"), ("room-1", "1"), ("room-2", "2")] {
        let mut runs = usual();
        runs.push(("crowd", crowd(5)));
        plan.put(name, &[ALWAYS, ("pool-max-conn", most)], runs);
    }
    plan.put("purge-0", &[ALWAYS, ("pool-purge-delay", "0")], usual());
    plan.put(
        "purge-1s",
        &[ALWAYS, ("pool-purge-delay", "1s")],
        vec![
            ("idle", Run { until_ms: 5000, ..every(1, 2, GAP) }),
            ("paused", Run { until_ms: 9000, ..every(1, 3, 1700) }),
        ],
    );
    plan.put("failing", &[], failing());
    plan.put("failing-never", &[("http-reuse", "never")], failing());
    plan.put("failing-closed", &[("option http-server-close", "")], failing());
    plan.put("failing-retried", &[("retry-on", "empty-response conn-failure")], failing());
    plan.put("failing-all", &[("retry-on", "all-retryable-errors")], failing());
    plan.put(
        "failing-retries-0",
        &[("retry-on", "all-retryable-errors"), ("retries", "0")],
        failing(),
    );
    plan.put("server-1s", &[("timeout server", "1s")], silent());
    plan.servers(&[]);
    plan.groups
}

fn httpd() -> Vec<Group> {
    const ONE: Pair = ("StartServers", "1");
    const PREFORK: Pair = ("mpm", "prefork");
    let mut plan = Plan { product: "apache-httpd", version: "2.4", groups: Vec::new() };
    // Which of three processes takes a connection is chance.
    let mut runs = more();
    runs.retain(|(name, _)| *name != "old");
    runs.iter_mut().filter(|(name, _)| *name != "one").for_each(|(_, run)| run.crowd = true);
    plan.put("default", &[], runs);
    plan.put("one-process", &[ONE], more());
    // Beyond the processes that wait, others are started second by second.
    let mut runs = more();
    runs.iter_mut().for_each(|(_, run)| run.until_ms += 5000);
    plan.put("prefork", &[PREFORK], runs);
    plan.put("disablereuse", &[ONE, ("disablereuse", "On")], usual());
    plan.put("enablereuse-off", &[ONE, ("enablereuse", "Off")], usual());
    plan.put("nokeepalive", &[ONE, ("proxy-nokeepalive", "set")], usual());
    plan.put("http10", &[ONE, ("force-proxy-request-1.0", "set")], usual());
    plan.put("not-pooled", &[ONE, ("proxy-initial-not-pooled", "set")], usual());
    plan.put("max-2", &[ONE, ("max", "2")], vec![("crowd", crowd(5)), ("ten", every(10, 10, GAP))]);
    plan.put(
        "ttl-1",
        &[ONE, ("ttl", "1")],
        vec![("short", pauses(3, 500)), ("long", pauses(3, 1700))],
    );
    plan.put("failing", &[ONE], failing());
    plan.put("failing-prefork", &[PREFORK], failing());
    plan.put("failing-closed", &[ONE, ("disablereuse", "On")], failing());
    plan.put("timeout-1", &[ONE, ("ProxyTimeout", "1")], silent());
    plan.servers(&[ONE]);
    plan.groups
}
