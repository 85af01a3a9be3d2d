//! The parameters of a path: `rtt=60ms`, and with a proxy also `proxy.rtt=2ms`.
//!
//! | name | value |
//! |---|---|
//! | `rtt` | round-trip time |
//! | `tls` | `none`, `1.2` or `1.3` |
//! | `resumes` | `1`: later connections resume the TLS session |
//! | `bandwidth` | bits per second, `20Mbit`; `none`: bytes take no time |
//! | `slow-start` | `1`: a new connection sends little at first |
//! | `loss` | of a hundred messages so many are lost once: `0.5%` |
//! | `forgets` | a middlebox forgets what is idle so long, and drops or resets: `350s,reset`; `none` |
//! | `probes` | TCP keep-alive probes every so long; `none` |
//! | `ports` | ports that a client has; `none`: enough |
use super::Problem;
use crate::sim::{Forgets, Forgotten, Network, Tls, Us};
use crate::study::exchange::moment;
use crate::study::text::{read_bandwidth, read_flag, write_bandwidth, write_flag, write_time};
use crate::time::decimal;

/// The names, in the order of a link.
pub const NAMES: [&str; 9] =
    ["rtt", "tls", "resumes", "bandwidth", "slow-start", "loss", "forgets", "probes", "ports"];

/// The greatest round-trip time.
pub const LONGEST_RTT: Us = Us::from_secs(60);
/// Bits per second.
pub const BANDWIDTHS: std::ops::RangeInclusive<u64> = 1_000..=1_000_000_000_000;
/// Ports that a system can have.
const MOST_PORTS: u32 = 65_535;

pub(super) fn set(network: &mut Network, name: &str, value: &str) -> Result<(), Problem> {
    match name {
        "rtt" => {
            let rtt = moment(value)?;
            network.rtt = within(rtt <= LONGEST_RTT, rtt, "at most 60s")?;
        }
        "tls" => {
            let tls = Tls::parse(value);
            network.tls = tls.ok_or_else(|| Problem::wrong("none, 1.2 or 1.3 is wanted"))?;
        }
        "bandwidth" => {
            let fits = |bps: &Option<u64>| bps.is_none_or(|bps| BANDWIDTHS.contains(&bps));
            network.bandwidth_bps = read_bandwidth(value).filter(fits).ok_or_else(|| {
                Problem::wrong("bits per second are wanted, 1kbit to 1000Gbit, or none")
            })?;
        }
        "resumes" => network.resumes = flag(value)?,
        "slow-start" => network.slow_start = flag(value)?,
        "loss" => network.loss_ppm = loss(value)?,
        "forgets" => network.forgets = forgets(value)?,
        "probes" if value == "none" => network.probes_every = None,
        "probes" => {
            let every = moment(value)?;
            network.probes_every = Some(within(every > Us::ZERO, every, "more than 0")?);
        }
        "ports" if value == "none" => network.ports = None,
        "ports" => {
            let ports = value.trim().parse().ok().filter(|ports| (1..=MOST_PORTS).contains(ports));
            let wrong = || Problem::wrong("a number of ports is wanted, 1 to 65535, or none");
            network.ports = Some(ports.ok_or_else(wrong)?);
        }
        _ => return Err(Problem::Unknown),
    }
    Ok(())
}

pub(super) fn get(network: &Network, name: &str) -> Option<String> {
    let time = |time: Option<Us>| time.map_or_else(|| "none".into(), write_time);
    Some(match name {
        "rtt" => write_time(network.rtt),
        "tls" => network.tls.as_str().into(),
        "bandwidth" => write_bandwidth(network.bandwidth_bps),
        "resumes" => write_flag(network.resumes),
        "slow-start" => write_flag(network.slow_start),
        "loss" => decimal(network.loss_ppm.into(), 10_000, 4) + "%",
        "forgets" => match network.forgets {
            None => "none".into(),
            Some(Forgets { after, then }) => write_time(after) + "," + word(then),
        },
        "probes" => time(network.probes_every),
        "ports" => network.ports.map_or_else(|| "none".into(), |ports| ports.to_string()),
        _ => return None,
    })
}

fn within<T>(fits: bool, value: T, bound: &str) -> Result<T, Problem> {
    if fits { Ok(value) } else { Err(Problem::wrong(bound)) }
}

fn flag(value: &str) -> Result<bool, Problem> {
    read_flag(value).ok_or_else(|| Problem::wrong("1 or 0 is wanted"))
}

const fn word(then: Forgotten) -> &'static str {
    match then {
        Forgotten::Dropped => "dropped",
        Forgotten::Reset => "reset",
    }
}

/// Percent with up to four decimals, as parts of a million.
fn loss(value: &str) -> Result<u32, Problem> {
    let wrong = || Problem::wrong("a share is wanted, 0% to 100%, such as 0.5%");
    let number = value.trim().trim_end_matches('%').trim();
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() > 4 || whole.is_empty() || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    let ppm = format!("{whole}{part:0<4}").parse::<u32>().ok();
    ppm.filter(|ppm| *ppm <= 1_000_000).ok_or_else(wrong)
}

fn forgets(value: &str) -> Result<Option<Forgets>, Problem> {
    if value == "none" {
        return Ok(None);
    }
    let (after, then) = value.split_once([',', ' ']).unwrap_or((value, "dropped"));
    let then = match then.trim() {
        "dropped" => Forgotten::Dropped,
        "reset" => Forgotten::Reset,
        _ => return Err(Problem::wrong("dropped or reset is wanted behind the time")),
    };
    Ok(Some(Forgets { after: moment(after)?, then }))
}
