//! The keys that a question may have, for a deserializer that would pass over unknown ones: the one
//! for JavaScript looks up the fields it expects and never sees the others.

/// The keys of an object, and those of the objects (or lists of objects) in it.
#[derive(Debug)]
pub struct Keys {
    pub known: &'static [&'static str],
    pub inner: &'static [(&'static str, &'static Keys)],
}

const REQUEST: Keys = Keys { known: &["method", "target", "version", "headers"], inner: &[] };
const RESPONSE: Keys = Keys { known: &["version", "status", "headers"], inner: &[] };

/// The keys of a [`super::JudgeQuestion`]. A policy names its own.
pub const JUDGE: Keys = Keys {
    known: &["role", "request", "response", "policy"],
    inner: &[("request", &REQUEST), ("response", &RESPONSE)],
};

/// The keys of a [`super::settings::ProductIn`]; its settings name their own.
pub const PRODUCT: Keys = Keys { known: &["product", "version", "settings"], inner: &[] };
const NETWORK: Keys = Keys { known: &["rtt_ms", "tls", "bandwidth_mbit"], inner: &[] };
const PROXY: Keys = Keys {
    known: &["product", "version", "settings", "clients", "network"],
    inner: &[("network", &NETWORK)],
};
const SENT: Keys = Keys {
    known: &["method", "target", "version", "headers", "body_bytes", "trailing_crlf"],
    inner: &[],
};
const APP: Keys = Keys { known: &["status", "content", "after_ms", "headers"], inner: &[] };
const EXCHANGE: Keys = Keys {
    known: &["at_ms", "pipeline", "request", "response"],
    inner: &[("request", &SENT), ("response", &APP)],
};

/// The keys of a [`super::SimulateQuestion`].
pub const SIMULATE: Keys = Keys {
    known: &["server", "client", "proxy", "network", "exchanges", "until_ms"],
    inner: &[
        ("server", &PRODUCT),
        ("client", &PRODUCT),
        ("proxy", &PROXY),
        ("network", &NETWORK),
        ("exchanges", &EXCHANGE),
    ],
};

impl Keys {
    /// What is wrong with a key that is not known, as serde says it.
    pub fn unknown(&self, key: &str) -> String {
        let known: Vec<_> = self.known.iter().map(|known| format!("`{known}`")).collect();
        format!("unknown field `{key}`, expected one of {}", known.join(", "))
    }
}
