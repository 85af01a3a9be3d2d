//! Real products: for each its settings, under their own names, and its own rule.
//!
//! A product is one file: a table of settings, each default with its version and source, and a rule
//! that reads like the product's documentation. The simulation knows only the two traits here.
//!
//! To add one: write `server/NAME.rs` (or `client/NAME.rs`), put its `PRODUCT` into [`PRODUCTS`],
//! add cases to `tests/profile_NAME.rs`.
pub mod client;
pub mod config;
pub mod cost;
mod llhttp;
mod open;
pub mod server;
pub mod setting;

pub use client::{ClientAfter, ClientRule, ClientSees, Picks, Processes, Shares, Sweeper, Used};
pub use config::{Chosen, Config, ConfigError};
pub use server::{
    After, Answer, App, Content, Held, Hold, Idle, NoAnswer, RequestSeen, ServerRule, StrayLine,
    Workers,
};
pub use setting::{Cited, Kind, Setting};

use crate::protocol::Clause;

/// A product that can be chosen as server or client.
pub struct Product {
    /// The id of the JSON contract and of links: `apache-httpd`.
    pub id: &'static str,
    /// For people: `Apache httpd`.
    pub name: &'static str,
    /// One plain sentence: what it is, and what to know about it here.
    pub gist: &'static str,
    /// Versions told apart, oldest first; the last is the newest known.
    pub versions: &'static [VersionInfo],
    pub settings: &'static [Setting],
    /// Where its behaviour is taken from.
    pub source: &'static Clause,
    pub rule: MakeRule,
}

/// A version, or a range of versions that behave alike.
pub struct VersionInfo {
    /// As in links and JSON: `2.4`. A longer version (`2.4.62`) belongs to the longest entry that is a prefix of it.
    pub id: &'static str,
    /// What a reader should know of it: `2012`, `Windows NT 3.51, 1996`.
    pub note: &'static str,
}

/// Builds the rule of a product from parsed settings.
pub enum MakeRule {
    Server(fn(&Config) -> Result<Box<dyn ServerRule>, ConfigError>),
    Client(fn(&Config) -> Result<Box<dyn ClientRule>, ConfigError>),
}

impl Product {
    pub fn is_server(&self) -> bool {
        matches!(self.rule, MakeRule::Server(_))
    }
}

/// Every product, servers first, in the order in which the page lists them.
pub const PRODUCTS: &[&Product] = &[
    &server::textbook::PRODUCT,
    &server::httpd::PRODUCT,
    &server::nginx::PRODUCT,
    &server::haproxy::PRODUCT,
    &server::lighttpd::PRODUCT,
    &server::node::PRODUCT,
    &server::java_httpserver::PRODUCT,
    &server::iis::PRODUCT,
    &server::java_web_server::PRODUCT,
    &server::load_balancer::PRODUCT,
    &server::blind_proxy::PRODUCT,
    &client::textbook::PRODUCT,
    &client::http10::CRAWLER,
    &client::http10::KEEP_ALIVE,
    &client::browser::PRODUCT,
    &client::curl::PRODUCT,
    &client::java_url::PRODUCT,
    &client::java_net_http::PRODUCT,
    &client::node_agent::PRODUCT,
    &client::node_fetch::PRODUCT,
    &client::go::PRODUCT,
    &client::hyper::PRODUCT,
    &client::python_http_client::PRODUCT,
    &client::python_requests::PRODUCT,
    &client::script::PRODUCT,
];

/// The product with this id.
pub fn product(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().copied().find(|product| product.id == id)
}
