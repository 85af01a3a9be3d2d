//! Heads of messages as they stand in JSON.
use super::InputError;
use crate::protocol::{Headers, Request, Response, Version};
use serde::{Deserialize, Serialize};

/// Field lines in order, with case and repetition: pairs of name and value.
pub type Pairs = Vec<(String, String)>;

/// The head of a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestHead {
    pub method: String,
    pub target: String,
    /// As it stood on the wire.
    pub version: String,
    pub headers: Pairs,
}

impl Default for RequestHead {
    fn default() -> Self {
        Self {
            method: "GET".into(),
            target: "/".into(),
            version: "HTTP/1.1".into(),
            headers: Pairs::new(),
        }
    }
}

impl From<RequestHead> for Request {
    fn from(head: RequestHead) -> Self {
        Self {
            method: head.method,
            target: head.target,
            version: Version::parse(&head.version),
            headers: Headers::from_pairs(head.headers),
        }
    }
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResponseHead {
    pub version: String,
    pub status: u16,
    pub headers: Pairs,
}

impl Default for ResponseHead {
    fn default() -> Self {
        Self { version: "HTTP/1.1".into(), status: 200, headers: Pairs::new() }
    }
}

impl TryFrom<ResponseHead> for Response {
    type Error = InputError;

    fn try_from(head: ResponseHead) -> Result<Self, InputError> {
        Ok(Self {
            version: Version::parse(&head.version),
            status: status(head.status)?,
            headers: Headers::from_pairs(head.headers),
        })
    }
}

/// Checks that a status has three digits.
///
/// # Errors
/// If it has not.
pub fn status(status: u16) -> Result<u16, InputError> {
    if (100..=999).contains(&status) {
        Ok(status)
    } else {
        Err(InputError::at("response.status", format_args!("{status} is not 100 to 999")))
    }
}

/// A response in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResponseOut {
    pub version: String,
    pub status: u16,
    pub headers: Pairs,
}

impl From<&Response> for ResponseOut {
    fn from(response: &Response) -> Self {
        let pair = |field: &crate::protocol::Field| (field.name.clone(), field.value.clone());
        Self {
            version: response.version.to_string(),
            status: response.status,
            headers: response.headers.iter().map(pair).collect(),
        }
    }
}
