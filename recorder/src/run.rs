//! Runs the cases of the programs, each twice, and says how far the prediction agrees.
use crate::case::{self, Case};
use crate::process::{Running, is_root};
use crate::products::{self, Client, Kind, Program, Server, Variant};
use crate::sheet::{self, Recorded};
use crate::{Wish, matrix, origin, probe};
use keepalive::contract::SimulateAnswer;
use keepalive::contract::simulate::simulate;
use keepalive::proof::{IDLE_SLACK_MS, Seen, Sheet, Tally};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Cases that run at the same time: they wait most of their time.
const AT_ONCE: usize = 12;
/// Clients are programs of their own, which take time to start.
const CLIENTS_AT_ONCE: usize = 8;
/// Cases of a program in a sample.
const SAMPLE: usize = 36;

/// Records everything that is wished for.
pub fn all(wish: &Wish) -> ExitCode {
    let origin = match origin::serve() {
        Ok(port) => port,
        Err(error) => {
            eprintln!("error: no port for the application: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut failed = 0;
    let mut compared = 0;
    for program in products::PROGRAMS {
        if !wish.products.is_empty() && !wish.products.iter().any(|id| id == program.product()) {
            continue;
        }
        // What a busy machine spoiled once is not spoiled twice.
        let again = |error: String| {
            println!("{}: {error}; once more", program.product());
            one(*program, wish, origin)
        };
        let done = one(*program, wish, origin);
        match if wish.sample { done.or_else(again) } else { done } {
            Ok(cases) => compared += cases,
            Err(error) => {
                eprintln!("{}: {error}", program.product());
                failed += 1;
            }
        }
    }
    println!("{compared} cases, {failed} programs failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one(program: &dyn Program, wish: &Wish, origin: u16) -> Result<usize, String> {
    if wish.compare {
        let tally = sheet::compare(program.product())?;
        println!("{tally}");
        return Ok(tally.cases);
    }
    if wish.prune {
        let cases = program.plan().into_iter().flat_map(|variant| variant.cases);
        return sheet::prune(program.product(), cases.collect(), &[]);
    }
    let plan = chosen_cases(program.plan(), wish);
    if wish.list {
        for case in plan.iter().flat_map(|variant| &variant.cases) {
            println!("{} {} {}", program.product(), case.id, case::json(&case.scenario));
        }
        return Ok(0);
    }
    if program.file().is_none() && wish.install {
        install(program.packages())?;
    }
    if program.file().is_none() {
        let packages = program.packages().join(" ");
        return Err(format!("not installed; Debian's packages: {packages} (or pass --install)"));
    }
    let version = program.version()?;
    println!("{} {version}", program.product());
    let at_once = if wish.sample { 4 } else { AT_ONCE };
    let mut recorded = Vec::new();
    let mut broken = Vec::new();
    for variant in plan.into_iter().filter(|variant| !variant.cases.is_empty()) {
        let name = variant.name.clone();
        let count = variant.cases.len();
        let done = match program.kind() {
            Kind::Server(server) => serve(server, variant, origin, at_once),
            Kind::Client(client) => drive(client, variant),
        };
        match done {
            Ok(more) => {
                println!("  {name}: {count} cases");
                recorded.extend(more);
            }
            Err(error) => {
                eprintln!("  {name}: {error}");
                broken.push(name);
            }
        }
    }
    let disagreements = report(&recorded);
    if wish.again && broken.is_empty() {
        let all = program.plan().into_iter().flat_map(|variant| variant.cases).collect();
        sheet::prune(program.product(), all, &recorded)?;
    }
    let whole = wish.only.is_none() && wish.fresh.is_none() && !wish.sample && broken.is_empty();
    if whole {
        let sheet = Sheet {
            product: program.product().into(),
            version,
            recorded: sheet::today(),
            how: program.how().into(),
        };
        sheet::write(&sheet, &recorded)?;
    }
    if !broken.is_empty() {
        return Err(format!("not recorded: {}", broken.join(", ")));
    }
    if wish.sample && disagreements > 0 {
        return Err(format!("{disagreements} disagreements in the sample"));
    }
    Ok(recorded.len())
}

fn install(packages: &[&str]) -> Result<(), String> {
    let root = is_root();
    let mut command = Command::new(if root { "apt-get" } else { "sudo" });
    if !root {
        command.arg("apt-get");
    }
    command.args(["install", "-y", "--no-install-recommends"]).args(packages);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("could not install {}", packages.join(" "))),
    }
}

/// A sample takes some cases of the first and of the last variants, spread over each.
fn chosen_cases(mut plan: Vec<Variant>, wish: &Wish) -> Vec<Variant> {
    if let Some(seed) = wish.fresh {
        plan = plan.iter().map(|variant| matrix::fresh(variant, seed)).collect();
    }
    if let Some(text) = &wish.only {
        for variant in &mut plan {
            variant.cases.retain(|case| case.id.contains(text));
        }
    }
    if wish.sample {
        let last = plan.len().saturating_sub(1);
        for (index, variant) in plan.iter_mut().enumerate() {
            let wanted = if index == 0 { SAMPLE - 6 } else { 6 * usize::from(index == last) };
            let step = (variant.cases.len() / wanted.max(1)).max(1);
            let mut count = 0;
            variant.cases.retain(|_| {
                count += 1;
                wanted > 0 && count % step == 0
            });
        }
    }
    plan
}

fn serve(
    server: &dyn Server,
    variant: Variant,
    origin: u16,
    at_once: usize,
) -> Result<Vec<Recorded>, String> {
    let chosen = &variant.chosen;
    let probe = |case: &Case, running: &Running| {
        probe::run(&case.scenario, running.address).map_err(|error| error.to_string())
    };
    if server.is_disturbed_by_others() {
        return twice(variant.cases, at_once, &|case| probe(case, &server.start(chosen, origin)?));
    }
    let running = server.start(chosen, origin)?;
    twice(variant.cases, at_once, &|case| probe(case, &running))
}

fn drive(client: &dyn Client, variant: Variant) -> Result<Vec<Recorded>, String> {
    twice(variant.cases, CLIENTS_AT_ONCE, &|case| client.run(case))
}

type Run<'a> = &'a (dyn Fn(&Case) -> Result<Seen, String> + Sync);

/// Runs each case twice; one that differs is tried twice more, with nothing beside it.
fn twice(cases: Vec<Case>, at_once: usize, run: Run<'_>) -> Result<Vec<Recorded>, String> {
    let first = each(&cases, at_once, run)?;
    let second = each(&cases, at_once, run)?;
    let mut recorded = Vec::new();
    for ((case, one), other) in cases.into_iter().zip(first).zip(second) {
        if alike(&one, &other) {
            recorded.push(Recorded { case, seen: one, unstable: false });
            continue;
        }
        let [one, other] = [run(&case)?, run(&case)?];
        let unstable = !alike(&one, &other);
        recorded.push(Recorded { case, seen: one, unstable });
    }
    Ok(recorded)
}

fn each(cases: &[Case], at_once: usize, run: Run<'_>) -> Result<Vec<Seen>, String> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(vec![None; cases.len()]);
    let wrong = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else { return };
                    match run(case) {
                        Ok(seen) => {
                            if let Ok(mut done) = done.lock() {
                                done[index] = Some(seen);
                            }
                        }
                        Err(error) => {
                            if let Ok(mut wrong) = wrong.lock() {
                                *wrong = Some(format!("{}: {error}", case.id));
                            }
                        }
                    }
                }
            });
        }
    });
    if let Ok(Some(error)) = wrong.into_inner() {
        return Err(error);
    }
    let done = done.into_inner().map_err(|_| "a case broke off".to_owned())?;
    done.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| "a case broke off".to_owned())
}

/// The same, but for moments, which may differ by what a busy machine makes of them.
fn alike(one: &Seen, other: &Seen) -> bool {
    if one.exchanges != other.exchanges || one.connections.len() != other.connections.len() {
        return false;
    }
    one.connections.iter().zip(&other.connections).all(|(one, other)| {
        let close = match (&one.closed, &other.closed) {
            (None, None) => true,
            (Some(one), Some(other)) => {
                one.by == other.by && one.how == other.how && near(one.at_ms, other.at_ms)
            }
            _ => false,
        };
        close && one.exchanges == other.exchanges && near(one.opened_ms, other.opened_ms)
    })
}

#[expect(clippy::cast_precision_loss, reason = "runs take seconds")]
fn near(one: u64, other: u64) -> bool {
    one.abs_diff(other) as f64 <= IDLE_SLACK_MS.max(one as f64 * 0.05)
}

/// Prints the agreement of the prediction, and each disagreement. How many there are.
fn report(recorded: &[Recorded]) -> usize {
    let mut tally = Tally::default();
    for one in recorded {
        tally.add(&one.case.id, one.unstable, &one.seen, || predict(&one.case));
    }
    println!("  {}", tally.to_string().replace('\n', "\n  "));
    tally.disagreements.len()
}

fn predict(case: &Case) -> Result<SimulateAnswer, String> {
    let question = case::json(&case.scenario);
    let question = serde_json::from_value(question).map_err(|error| error.to_string())?;
    simulate(question).map_err(|error| error.detail)
}
