//! Clients that a Python program of ours drives: `http.client`, requests, and libcurl, which is the
//! library that the program curl consists of. Debian's Python, so that requests is Debian's, too.
use super::{Client, Kind, Program, Variant};
use crate::case::Case;
use crate::driver;
use crate::matrix_clients as matrix;
use crate::process::{Folder, output};
use keepalive::proof::Seen;
use std::path::PathBuf;
use std::process::Command;

const CLIENT: &str = include_str!("client.py");

/// One of them.
pub struct Driven {
    product: &'static str,
    packages: &'static [&'static str],
    how: &'static str,
    /// What Python is asked for the version.
    version: &'static str,
    plan: fn(&str) -> Vec<Variant>,
}

pub const CURL: Driven = Driven {
    product: "curl",
    packages: &["python3", "libcurl4", "curl"],
    how: "libcurl with one easy handle, as the program curl uses it, one program for each case.",
    version: "import ctypes; lib = ctypes.CDLL('libcurl.so.4'); lib.curl_version.restype = ctypes.c_char_p; \
              print(lib.curl_version().decode().split()[0].split('/')[1])",
    plan: matrix::curl,
};

pub const HTTP_CLIENT: Driven = Driven {
    product: "python-http-client",
    packages: &["python3"],
    how: "One http.client.HTTPConnection for each case; after an error it is closed and used again.",
    version: "import sys; print('.'.join(map(str, sys.version_info[:3])))",
    plan: matrix::http_client,
};

pub const REQUESTS: Driven = Driven {
    product: "python-requests",
    packages: &["python3-requests"],
    how: "One Session for each case, each exchange in a thread of its own; urllib3 as Debian has it.",
    version: "import requests; print(requests.__version__)",
    plan: matrix::requests,
};

const PYTHON: &str = "/usr/bin/python3";

impl Program for Driven {
    fn product(&self) -> &'static str {
        self.product
    }

    fn packages(&self) -> &'static [&'static str] {
        self.packages
    }

    fn file(&self) -> Option<PathBuf> {
        let known = self.version().is_ok();
        known.then(|| PathBuf::from(PYTHON))
    }

    fn version(&self) -> Result<String, String> {
        let said = output(Command::new(PYTHON).args(["-c", self.version]))?;
        let said = said.trim();
        let number = said.starts_with(|first: char| first.is_ascii_digit());
        if number { Ok(said.to_owned()) } else { Err(format!("{} is not there", self.product)) }
    }

    fn how(&self) -> &'static str {
        self.how
    }

    fn plan(&self) -> Vec<Variant> {
        (self.plan)(&self.version().unwrap_or_default())
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Client(self)
    }
}

impl Client for Driven {
    fn run(&self, case: &Case) -> Result<Seen, String> {
        let folder = Folder::new(&format!("{}-{}", self.product, case.id.replace('/', "-")))?;
        let file = folder.file("client.py", CLIENT)?;
        let mut command = Command::new(PYTHON);
        command.arg(file).arg(self.product);
        driver::drive(case, command)
    }
}
