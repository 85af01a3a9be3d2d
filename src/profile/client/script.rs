//! A script: sends what is written, on one connection while it is open, and never closes by itself.
use crate::profile::{
    ClientAfter, ClientRule, ClientSees, Config, ConfigError, MakeRule, Product, VersionInfo,
};
use crate::protocol::{Reason, Strength, clause};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "script",
    name: "Script",
    gist: "Sends the requests exactly as written, one connection at a time, and leaves closing to the server.",
    versions: &[VersionInfo { id: "1", note: "" }],
    settings: &[],
    source: clause::PERSISTENCE,
    rule: MakeRule::Client(configure),
};

fn configure(_config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    Ok(Box::new(Script))
}

struct Script;

impl ClientRule for Script {
    fn max_connections(&self) -> u32 {
        1
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        if sees.answer.persists() {
            ClientAfter::Keep { idle_limit: None }
        } else {
            ClientAfter::AwaitClose
        }
    }

    fn idle_reason(&self, _limit: Us) -> Reason {
        Reason {
            rule: "script-never-closes",
            fact: "this client leaves closing to the server".into(),
            clause: clause::TIMEOUTS,
            strength: Strength::May,
        }
    }
}
