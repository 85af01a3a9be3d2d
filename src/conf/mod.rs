//! A product's settings as the file that the product itself reads.
//!
//! A [`Recipe`](recipe::Recipe) is the skeleton of one file with a place for the settings, and says
//! how a setting becomes a line of it. A new setting needs no new code, a new product a new recipe.
//! The way back, from a pasted text to settings, is in `read/`.
mod clients;
mod iis;
mod read;
mod recipe;
mod servers;
mod write;

pub use read::{Import, Line, import};
pub use write::export;

/// Where the configured server listens, and where what it passes requests on to is found: both on
/// 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub listen_port: u16,
    pub origin_port: u16,
}

impl Default for Place {
    fn default() -> Self {
        Self { listen_port: 8080, origin_port: 9000 }
    }
}

/// A file with settings, ready to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Without a folder: `keepalive.conf`.
    pub file_name: String,
    pub text: String,
    /// Where such a file belongs, for people.
    pub goes_to: &'static str,
    /// How it comes into effect, for people.
    pub reload: &'static str,
}
