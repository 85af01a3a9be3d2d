//! Records proxies between clients and a server: `cargo xtask record upstream`.
use crate::behind::Behind;
use crate::case::product;
use crate::matrix_upstream::{self, Group};
use crate::products::{self, Kind, Program};
use crate::sheet::today;
use crate::{Wish, probe};
use keepalive::proof::upstream::{Recorded, Run, Told, With, scenario, told};
use keepalive::proof::{Seen, Sheet};
use keepalive::sim::{Planned, Scenario};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Cases that run at the same time, each with a proxy of its own.
const AT_ONCE: usize = 4;

/// Records the proxies that are wished for, all if none is.
///
/// # Errors
/// If one cannot be run.
pub fn all(wish: &Wish) -> Result<usize, String> {
    let mut cases = 0;
    for id in ["nginx", "haproxy", "apache-httpd"] {
        if wish.products.is_empty() || wish.products.iter().any(|wished| wished == id) {
            let program = products::find(id).ok_or("a proxy is not among the programs")?;
            cases += one(program, wish)?;
        }
    }
    Ok(cases)
}

fn one(program: &dyn Program, wish: &Wish) -> Result<usize, String> {
    let version = program.version()?;
    println!("{} {version}", program.product());
    let sheet = Sheet {
        product: program.product().into(),
        version,
        recorded: today(),
        how: "Between clients and a textbook server, all on one machine; a proxy of its own for each case.".into(),
    };
    let mut text = json!(sheet).to_string() + "\n";
    let mut count = 0;
    for mut group in matrix_upstream::plan(program.product()) {
        if let Some(only) = &wish.only {
            group.runs.retain(|(name, _)| format!("{}/{name}", group.name).contains(only));
        }
        if group.runs.is_empty() {
            continue;
        }
        let with = json!({"proxy": product(&group.proxy), "server": product(&group.server)});
        text.push_str(&format!("{with}\n"));
        for recorded in record(program, &group)? {
            count += 1;
            let predicted = told(
                &keepalive::sim::run(&scenario(&group.with()?, &recorded.run))
                    .map_err(|error| error.to_string())?,
            );
            for what in predicted.differences(&recorded.seen, recorded.run.crowd) {
                let mark = if recorded.unstable { " (unstable)" } else { "" };
                println!("  {}{mark}, {what}", recorded.id);
            }
            text.push_str(&format!("{}\n", json!(recorded)));
        }
    }
    if wish.only.is_none() {
        let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let path = own.join("../tests/recordings");
        let path = path.join(format!("upstream-{}.jsonl", program.product()));
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(count)
}

/// Runs the cases of a group, each twice, and once more if these differ.
fn record(program: &dyn Program, group: &Group) -> Result<Vec<Recorded>, String> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(vec![None; group.runs.len()]);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, run)) = group.runs.get(index) else { return };
                    let recorded = twice(program, group, name, run);
                    if let Ok(mut done) = done.lock() {
                        done[index] = Some(recorded);
                    }
                }
            });
        }
    });
    let done = done.into_inner().map_err(|_| "a case broke off".to_owned())?;
    done.into_iter().map(|one| one.unwrap_or_else(|| Err("a case broke off".into()))).collect()
}

fn twice(program: &dyn Program, group: &Group, name: &str, run: &Run) -> Result<Recorded, String> {
    let id = format!("{}/{name}", group.name);
    let again = || once(program, &group.with()?, run).map_err(|error| format!("{id}: {error}"));
    let seen = [again()?, again()?];
    let alike = |one: &Told, other: &Told| one.differences(other, run.crowd).is_empty();
    let (seen, unstable) = if alike(&seen[0], &seen[1]) {
        let [seen, _] = seen;
        (seen, false)
    } else {
        let third = again()?;
        let stable = seen.iter().any(|one| alike(one, &third));
        (third, !stable)
    };
    Ok(Recorded { id, run: run.clone(), seen, unstable })
}

fn once(program: &dyn Program, with: &With, run: &Run) -> Result<Told, String> {
    let scenario = scenario(with, run);
    let behind = Behind::start(&scenario)?;
    let Kind::Server(server) = program.kind() else { return Err("no server".into()) };
    let proxy = scenario.proxy.as_ref().ok_or("no proxy")?;
    let running = server.start_before(&proxy.chosen, behind.port)?;
    // Its processes are ready a moment after the first of them listens.
    let processes = program.product() == "apache-httpd";
    thread::sleep(Duration::from_millis(if processes { 1500 } else { 300 }));
    behind.begin();
    let parts: Vec<Scenario> =
        (0..run.clients).map(|client| of_client(&scenario, client)).collect();
    let address = running.address;
    let seen: Vec<Seen> = thread::scope(|scope| {
        let threads: Vec<_> =
            parts.iter().map(|part| scope.spawn(move || probe::run(part, address))).collect();
        threads
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(seen) => seen.map_err(|error| error.to_string()),
                Err(_) => Err("a client broke off".to_owned()),
            })
            .collect::<Result<_, _>>()
    })?;
    let mut told = behind.finish();
    told.got = (0..scenario.exchanges.len()).map(|index| got(&seen, index)).collect();
    Ok(told.in_order())
}

/// The exchanges of one client.
fn of_client(scenario: &Scenario, client: u32) -> Scenario {
    let own =
        |(index, _): &(usize, &Planned)| *index % scenario.clients as usize == client as usize;
    let exchanges = scenario.exchanges.iter().enumerate().filter(own);
    Scenario { exchanges: exchanges.map(|(_, one)| one.clone()).collect(), ..scenario.clone() }
}

fn got(seen: &[Seen], index: usize) -> String {
    let client = &seen[index % seen.len()];
    let Some(exchange) = client.exchanges.get(index / seen.len()) else { return "missing".into() };
    match &exchange.response {
        None => exchange.outcome.replace("failed", "nothing"),
        Some(response) => {
            let says =
                response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("connection"));
            let says = says.map_or("-".into(), |(_, value)| value.to_ascii_lowercase());
            let kept = if exchange.persist == Some(true) { "kept" } else { "closed" };
            format!("{} {says} {kept}", response.status)
        }
    }
}
