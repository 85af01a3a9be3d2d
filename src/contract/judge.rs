//! One exchange by the rules of HTTP alone.
use super::InputError;
use super::message::{RequestHead, ResponseHead};
use super::reason::{NoteOut, ReasonOut, reasons};
use crate::protocol::policy::{CHOICES, NAMES};
use crate::protocol::{self, Policy, Role};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JudgeQuestion {
    pub role: RoleIn,
    /// Missing or null: `GET / HTTP/1.1` without a Connection field.
    pub request: Option<RequestHead>,
    /// Missing or null: a neutral one.
    pub response: Option<ResponseHead>,
    pub policy: Option<PolicyIn>,
}

/// Whose decision it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleIn {
    #[default]
    Server,
    Client,
    Proxy,
    ProxyUpstream,
}

impl From<RoleIn> for Role {
    fn from(role: RoleIn) -> Self {
        match role {
            RoleIn::Server => Self::Server,
            RoleIn::Client => Self::Client,
            RoleIn::Proxy => Self::Proxy,
            RoleIn::ProxyUpstream => Self::ProxyUpstream,
        }
    }
}

/// A policy, as an object of choices; what is not named keeps its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyIn(pub Policy);

impl<'de> Deserialize<'de> for PolicyIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choices;
        impl<'de> Visitor<'de> for Choices {
            type Value = PolicyIn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an object of choices such as {}", CHOICES[0].name)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PolicyIn, A::Error> {
                let mut policy = Policy::default();
                while let Some(name) = map.next_key::<String>()? {
                    let choice = policy.choice_mut(&name);
                    *choice.ok_or_else(|| A::Error::unknown_field(&name, NAMES))? =
                        map.next_value()?;
                }
                Ok(PolicyIn(policy))
            }
        }
        deserializer.deserialize_map(Choices)
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgeAnswer {
    pub persist: bool,
    pub switched: bool,
    pub framing: FramingOut,
    pub because: Vec<ReasonOut>,
    pub who_closes: Option<&'static str>,
    pub notes: Vec<NoteOut>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FramingOut {
    pub request: &'static str,
    pub response: &'static str,
}

/// Judges.
///
/// # Errors
/// If the status is out of bounds. A malformed message is no error: the verdict is about it.
pub fn judge(question: JudgeQuestion) -> Result<JudgeAnswer, InputError> {
    let request = question.request.map(protocol::Request::from);
    let response = question.response.map(protocol::Response::try_from).transpose()?;
    let policy = question.policy.unwrap_or_default().0;
    let judgement =
        protocol::judge(request.as_ref(), response.as_ref(), question.role.into(), &policy);
    Ok(JudgeAnswer {
        persist: judgement.persist,
        switched: judgement.switched,
        framing: FramingOut {
            request: judgement.request_framing.as_str(),
            response: judgement.response_framing.as_str(),
        },
        because: reasons(&judgement.because),
        who_closes: judgement.who_closes.map(protocol::WhoCloses::as_str),
        notes: judgement.notes.iter().map(NoteOut::from).collect(),
    })
}
