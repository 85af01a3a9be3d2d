//! The programs that can be recorded, one file each.
mod chromium;
mod haproxy;
mod httpd;
mod java;
mod lighttpd;
mod nginx;
mod node;
mod python;

use crate::case::Case;
use crate::process::Running;
use keepalive::profile::Chosen;
use keepalive::proof::Seen;
use std::path::PathBuf;

/// A program that is recorded as a product.
pub trait Program: Sync {
    /// The product's id.
    fn product(&self) -> &'static str;
    /// Debian's packages that hold it.
    fn packages(&self) -> &'static [&'static str];
    /// The program's file, if it is installed.
    fn file(&self) -> Option<PathBuf>;
    /// As the program says it: `1.22.1`.
    ///
    /// # Errors
    /// If it cannot be asked.
    fn version(&self) -> Result<String, String>;
    /// How it was run, in one sentence for the reader of the proof.
    fn how(&self) -> &'static str;
    /// What is run, with which settings.
    fn plan(&self) -> Vec<Variant>;
    fn kind(&self) -> Kind<'_>;
}

/// What is recorded of a program.
pub enum Kind<'a> {
    /// It is started once for each variant, and the probe talks to it.
    Server(&'a dyn Server),
    /// It is run once for each case, and talks to a server that follows the textbook.
    Client(&'a dyn Client),
}

pub trait Server: Sync {
    /// Starts it with these settings, in front of the application where it needs one.
    ///
    /// # Errors
    /// If it does not start: one line that says why.
    fn start(&self, chosen: &Chosen, origin: u16) -> Result<Running, String>;

    /// Starts it as a proxy before a server whose connections are watched.
    ///
    /// # Errors
    /// As [`Server::start`].
    fn start_before(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        self.start(chosen, origin)
    }

    /// What happens on other connections changes when it closes this one: each case then gets a
    /// server of its own.
    fn is_disturbed_by_others(&self) -> bool {
        false
    }
}

pub trait Client: Sync {
    /// Has the program send the exchanges of a case to this port, and says what was seen.
    ///
    /// # Errors
    /// If it does not run: one line that says why.
    fn run(&self, case: &Case) -> Result<Seen, String>;
}

/// Settings, and the cases that are run with them.
pub struct Variant {
    /// Begins the ids of its cases.
    pub name: String,
    pub chosen: Chosen,
    pub cases: Vec<Case>,
}

/// Every program, in the order of the product list.
pub const PROGRAMS: &[&dyn Program] = &[
    &httpd::Httpd,
    &nginx::Nginx,
    &haproxy::Haproxy,
    &lighttpd::Lighttpd,
    &node::Node,
    &chromium::Chromium,
    &python::CURL,
    &python::HTTP_CLIENT,
    &python::REQUESTS,
    &java::HttpServer,
    &java::HttpUrlConnection,
    &java::NetHttp,
    &node::clients::AGENT,
    &node::clients::FETCH,
];

pub fn find(id: &str) -> Option<&'static dyn Program> {
    PROGRAMS.iter().copied().find(|program| program.product() == id)
}
