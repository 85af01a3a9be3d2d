//! The parameters of who takes part, how often, and what goes wrong.
//!
//! | key | value |
//! |---|---|
//! | `clients` | so many take the exchanges in turn |
//! | `origins` | so many servers behind one name |
//! | `load` | the exchanges come again and again: `every:100ms`, `poisson:20ms` (the mean), `gaps:0.1s,2s,90s` (quantiles); `none` |
//! | `load.count` | how often |
//! | `load.service` | `planned`, or `exponential`: the application's time is drawn with that mean |
//! | `faults` | what happens to the last server: `restart:5s,graceful`, `restart:5s,abrupt`, `address:10s`, with `;` between them; `none` |
use super::Problem;
use crate::sim::{Arrivals, Fault, Load, Restart, Scenario, Service, Us};
use crate::study::exchange::moment;
use crate::study::text::write_time;

/// The keys, in the order of a link.
pub const KEYS: [&str; 6] = ["clients", "origins", "load", "load.count", "load.service", "faults"];

/// Rounds of a load before a link says how many.
const ROUNDS: u32 = 100;
/// Quantiles and faults that a link may hold.
const MOST: usize = 200;

pub(super) fn set(scenario: &mut Scenario, key: &str, value: &str) -> Result<(), Problem> {
    match key {
        "clients" => scenario.clients = number(value, Scenario::MOST_CLIENTS)?,
        "origins" => scenario.origins = number(value, Scenario::MOST_ORIGINS)?,
        "load" if value == "none" => scenario.load = None,
        "load" => {
            let arrivals = arrivals(value)?;
            match &mut scenario.load {
                Some(load) => load.arrivals = arrivals,
                None => {
                    let service = Service::AsPlanned;
                    scenario.load = Some(Load { count: ROUNDS, arrivals, service });
                }
            }
        }
        "load.count" | "load.service" => {
            let Some(load) = &mut scenario.load else {
                return Err(Problem::wrong("there is no load: give it arrivals with load first"));
            };
            if key == "load.count" {
                let most = u32::try_from(Scenario::MOST_EXCHANGES).unwrap_or(u32::MAX);
                load.count = number(value, most)?;
            } else {
                load.service = service(value)?;
            }
        }
        "faults" => scenario.faults = faults(value)?,
        _ => return Err(Problem::Unknown),
    }
    Ok(())
}

pub(super) fn get(scenario: &Scenario, key: &str) -> Option<String> {
    let load = scenario.load.as_ref();
    Some(match key {
        "clients" => scenario.clients.to_string(),
        "origins" => scenario.origins.to_string(),
        "load" => load.map_or_else(|| "none".into(), |load| write_arrivals(&load.arrivals)),
        "load.count" => load?.count.to_string(),
        "load.service" => match load?.service {
            Service::AsPlanned => "planned".into(),
            Service::Exponential => "exponential".into(),
        },
        "faults" if scenario.faults.is_empty() => "none".into(),
        "faults" => {
            let list: Vec<String> = scenario.faults.iter().map(write_fault).collect();
            list.join(";")
        }
        _ => return None,
    })
}

fn number(value: &str, most: u32) -> Result<u32, Problem> {
    let number = value.trim().parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Problem::Wrong(format!("a whole number is wanted, 1 to {most}")))
}

fn service(value: &str) -> Result<Service, Problem> {
    match value {
        "planned" => Ok(Service::AsPlanned),
        "exponential" => Ok(Service::Exponential),
        _ => Err(Problem::wrong("planned or exponential is wanted")),
    }
}

fn arrivals(value: &str) -> Result<Arrivals, Problem> {
    let (kind, rest) = value.split_once(':').unwrap_or((value, ""));
    match kind {
        "every" => Ok(Arrivals::Every(moment(rest)?)),
        "poisson" => Ok(Arrivals::Poisson(moment(rest)?)),
        "gaps" => {
            let gaps: Vec<Us> = few(rest, ',')?.map(moment).collect::<Result<_, _>>()?;
            if gaps.windows(2).any(|two| two[0] > two[1]) {
                return Err(Problem::wrong("the quantiles have to rise"));
            }
            Ok(Arrivals::Gaps(gaps))
        }
        _ => Err(Problem::wrong("every:, poisson: or gaps: with times is wanted, or none")),
    }
}

fn write_arrivals(arrivals: &Arrivals) -> String {
    match arrivals {
        Arrivals::Every(gap) => format!("every:{}", write_time(*gap)),
        Arrivals::Poisson(mean) => format!("poisson:{}", write_time(*mean)),
        Arrivals::Gaps(gaps) => {
            let list: Vec<String> = gaps.iter().map(|gap| write_time(*gap)).collect();
            format!("gaps:{}", list.join(","))
        }
    }
}

fn faults(value: &str) -> Result<Vec<Fault>, Problem> {
    if value == "none" {
        return Ok(Vec::new());
    }
    few(value, ';')?.map(fault).collect()
}

/// The parts of a list that a link may hold.
fn few(value: &str, between: char) -> Result<impl Iterator<Item = &str>, Problem> {
    if value.matches(between).count() >= MOST {
        return Err(Problem::Wrong(format!("at most {MOST} can stand here")));
    }
    Ok(value.split(between))
}

fn fault(value: &str) -> Result<Fault, Problem> {
    let (kind, rest) = value.split_once(':').unwrap_or((value, ""));
    let (at, how) = rest.split_once([',', ' ']).unwrap_or((rest, "graceful"));
    let at = moment(at)?;
    match (kind.trim(), how.trim()) {
        ("restart", "graceful") => Ok(Fault::Restart { at, how: Restart::Graceful }),
        ("restart", "abrupt") => Ok(Fault::Restart { at, how: Restart::Abrupt }),
        ("address", _) => Ok(Fault::AddressChange { at }),
        _ => Err(Problem::wrong(
            "restart:TIME,graceful, restart:TIME,abrupt or address:TIME is wanted, or none",
        )),
    }
}

fn write_fault(fault: &Fault) -> String {
    match fault {
        Fault::Restart { at, how: Restart::Graceful } => {
            format!("restart:{},graceful", write_time(*at))
        }
        Fault::Restart { at, how: Restart::Abrupt } => {
            format!("restart:{},abrupt", write_time(*at))
        }
        Fault::AddressChange { at } => format!("address:{}", write_time(*at)),
    }
}
