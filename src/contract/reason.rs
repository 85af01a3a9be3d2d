//! Reasons and notes as they stand in JSON.
use crate::protocol::{Note, Reason};
use serde::Serialize;
use std::borrow::Cow;

/// A fact that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonOut {
    pub rule: &'static str,
    pub fact: Cow<'static, str>,
    /// `RFC 9112 §9.3`, or a product's manual.
    pub clause: String,
    pub strength: &'static str,
}

impl From<&Reason> for ReasonOut {
    fn from(reason: &Reason) -> Self {
        Self {
            rule: reason.rule,
            fact: reason.fact.clone(),
            clause: reason.clause.to_string(),
            strength: reason.strength.as_str(),
        }
    }
}

/// Something worth knowing that did not decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteOut {
    pub rule: &'static str,
    pub fact: Cow<'static, str>,
    pub clause: String,
}

impl From<&Note> for NoteOut {
    fn from(note: &Note) -> Self {
        Self { rule: note.rule, fact: note.fact.clone(), clause: note.clause.to_string() }
    }
}

/// All of them, in order.
pub fn reasons(because: &[Reason]) -> Vec<ReasonOut> {
    because.iter().map(ReasonOut::from).collect()
}
