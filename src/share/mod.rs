//! What leaves the page: links, Markdown, embed snippets, the JSON text of a scenario.
//!
//! | file | what it holds |
//! |---|---|
//! | [`encoding`] | form encoding |
//! | [`link`] | a whole study as a link, and back; never fails |
//! | [`pick`] | a selected event (`pick=B.C1.answer.2`) |
//! | [`see`] | a sheet that stands open (`see=differ.http10.nginx`) |
//! | [`upgrade`] | links of older versions |
//! | [`markdown`], [`snippet`], [`json`] | what else can be copied |
//!
//! # The grammar
//!
//! A link is a list of `key=value`, joined by `&`, in form encoding: a space is written `+` (and `%20`
//! is read too), a plus is always `%2B`, so every ordinary URL library reads and writes it. Only what
//! differs from the named scenario is written.
//!
//! | key | value |
//! |---|---|
//! | `v` | version of the grammar, `1` |
//! | `scenario` | id of a catalogue entry; `none`: an empty study; left out: the first entry |
//! | `server`, `client` | a product, perhaps with a version: `apache-httpd@2.4` |
//! | `server.NAME`, `client.NAME` | a setting as the product writes it; `unset` takes it back to its default |
//! | `proxy` | a server's product that stands between the two, or `none`; `proxy.NAME` a setting of it |
//! | `rtt`, `tls`, `bandwidth`, `slow-start`, `resumes`, `loss`, `forgets`, `probes`, `ports` | the path to the client; with `proxy.` before it that to the proxy's server. See `study/params/path.rs` |
//! | `clients`, `origins`, `load`, `load.count`, `load.service`, `faults` | who takes part, how often, what goes wrong. See `study/params/crowd.rs` |
//! | `until` | a time (`60ms`, `5s`, `15min`); `end`: until nothing more can happen |
//! | `seed` | a whole number |
//! | `exchanges` | how many there are |
//! | `x2.FIELD`, `x2-11.FIELD`, `x.FIELD` | a field of one exchange, of several, of all; they count from 1. See [`crate::study::exchange`] |
//! | `x2` | method and target, perhaps a version: `POST /cart 1.0` |
//! | `vs.KEY` | the same keys for the second run of a comparison; `vs=off`: no comparison |
//! | `t` | the instant |
//! | `pick` | the selected event: run, connection, kind, exchange |
//! | `see` | a sheet that stands open over the page; left out: none |
pub mod encoding;
pub mod json;
pub mod link;
pub mod markdown;
pub mod pick;
pub mod see;
pub mod snippet;
pub mod upgrade;

pub use crate::study::params;
