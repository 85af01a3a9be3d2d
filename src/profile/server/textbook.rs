//! A server that follows the specifications, with every choice open.
use crate::profile::{Config, ConfigError, MakeRule, Product, ServerRule, VersionInfo};
use crate::protocol::clause;

pub const PRODUCT: Product = Product {
    id: "textbook",
    name: "Textbook server",
    gist: "Follows RFC 9112 to the letter; every choice it leaves is a setting.",
    versions: &[VersionInfo {
        id: "rfc9112",
        note: "2022",
    }],
    settings: &[],
    source: clause::PERSISTENCE,
    rule: MakeRule::Server(configure),
};

fn configure(_config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    todo!("the profile room")
}
