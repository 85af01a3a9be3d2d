//! Why: facts, the rules they meet, and the path of questions that led to a verdict.
use super::Clause;
use std::borrow::Cow;

/// How strongly the clause binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strength {
    Must,
    Should,
    May,
    /// In no specification: what products do.
    Practice,
}

impl Strength {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::May => "MAY",
            Self::Practice => "practice",
        }
    }
}

/// One fact that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable short id such as `http10-negotiated`.
    pub rule: &'static str,
    /// What was seen, as a clause of a sentence: "the request says close".
    pub fact: Cow<'static, str>,
    pub clause: &'static Clause,
    pub strength: Strength,
}

/// Something worth knowing that did not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub rule: &'static str,
    pub fact: Cow<'static, str>,
    pub clause: &'static Clause,
}

/// One question on the way to a verdict. The last one taken is the one that decided; questions
/// after it are listed as not reached, so that a reader sees the whole path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// "Does a message say close?"
    pub question: &'static str,
    /// "yes", "no", or empty when the question was not reached.
    pub answer: &'static str,
    /// What was seen: "Content-Length: 12288". May be empty.
    pub fact: Cow<'static, str>,
    pub clause: &'static Clause,
    pub branch: Branch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Branch {
    /// Asked; the path goes on.
    Continues,
    /// Asked, and settled the matter.
    Decides,
    /// Not asked: something before it had decided.
    NotReached,
}
