//! What the texts behind the catalogue claim, checked: each claim in our own words, whether it
//! holds, why, and the scenario that shows it. The page fetches them as a file of its own
//! (`static/claims.json`); tests/claims.rs writes it, and runs each of them.
mod crawlers;
mod disable;
mod iis1;
mod iis4;
mod page1998;

use super::Origin;
use crate::protocol::Clause;

/// One claim of one text.
pub struct Claim {
    pub origin: Origin,
    /// What is claimed, in our own words, in one sentence.
    pub gist: &'static str,
    pub verdict: Verdict,
    /// Why, in one or two sentences.
    pub why: &'static str,
    pub clause: &'static Clause,
    /// A link's fragment that shows it.
    pub see: &'static str,
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    Right,
    /// True of that product at that time; no rule.
    RightThen,
    /// Was true, and no longer is.
    Outdated,
    /// True with a condition that is left out.
    Partly,
    Wrong,
    /// Cannot be checked.
    Opinion,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::RightThen => "right then",
            Self::Outdated => "outdated",
            Self::Partly => "partly",
            Self::Wrong => "wrong",
            Self::Opinion => "opinion",
        }
    }
}

/// The texts' claims, each text's in the order in which it makes them. Their numbers stand in links
/// and never change: a new claim comes last.
pub const CLAIMS: [(&str, &[Claim]); 5] = [
    ("iis4", iis4::CLAIMS),
    ("iis1", iis1::CLAIMS),
    ("disable", disable::CLAIMS),
    ("crawlers", crawlers::CLAIMS),
    ("page1998", page1998::CLAIMS),
];
