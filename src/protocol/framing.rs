//! Where a message ends (RFC 9112 §6.3).
use super::exchange::Speaks;
use super::survey::{Codings, Length, Survey};
use super::{Request, Response};

/// How the end of a message's body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// There is no body: the message ends at its empty line.
    None,
    /// `Content-Length` tells.
    ContentLength(u64),
    /// The last chunk tells.
    Chunked,
    /// Only the close of the connection tells (responses only).
    CloseDelimited,
    /// The fields contradict each other or make no sense.
    Invalid,
}

impl Framing {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ContentLength(_) => "content-length",
            Self::Chunked => "chunked",
            Self::CloseDelimited => "close-delimited",
            Self::Invalid => "invalid",
        }
    }

    /// Can the end be found without waiting for the close?
    pub const fn is_self_delimited(self) -> bool {
        matches!(self, Self::None | Self::ContentLength(_) | Self::Chunked)
    }
}

/// Where a request ends, by the default choices.
pub fn request(request: &Request) -> Framing {
    of_request(&Survey::of(&request.headers), Speaks::of(&request.version), Rigour::default())
        .framing
}

/// Where a response ends, by the default choices: that depends on the method that was asked with.
pub fn response(response: &Response, request_method: &str) -> Framing {
    let survey = Survey::of(&response.headers);
    let ends_at_head = ends_at_head(request_method, response.status);
    of_response(&survey, Speaks::of(&response.version), ends_at_head, Rigour::default()).framing
}

/// Does the response to this method end at its empty line, whatever its fields say?
pub fn ends_at_head(request_method: &str, status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
        || request_method == "HEAD"
        || (request_method == "CONNECT" && matches!(status, 200..=299))
}

/// Choices that the specification leaves to the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Rigour {
    /// A message with Transfer-Encoding and Content-Length is an error.
    pub refuse_two_lengths: bool,
    /// One length said twice is an error.
    pub refuse_repeated_length: bool,
}

/// A framing, with what is wrong or dangerous about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Framed {
    pub framing: Framing,
    pub fault: Option<FramingFault>,
}

/// Why a message's length cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FramingFault {
    /// Transfer-Encoding in an HTTP/1.0 message.
    CodingInHttp10,
    /// Transfer-Encoding, and `chunked` is not its last word.
    NotChunkedLast,
    ChunkedTwice,
    /// Transfer-Encoding beside Content-Length.
    TwoLengths,
    /// Content-Length is no number.
    BadLength,
    DifferentLengths,
    RepeatedLength,
}

const fn good(framing: Framing) -> Framed {
    Framed { framing, fault: None }
}

const fn invalid(fault: FramingFault) -> Framed {
    Framed { framing: Framing::Invalid, fault: Some(fault) }
}

pub(super) fn of_request(survey: &Survey, speaks: Speaks, rigour: Rigour) -> Framed {
    if speaks == Speaks::Http09 {
        return good(Framing::None);
    }
    if survey.space_in_framing {
        return invalid(FramingFault::BadLength);
    }
    if !survey.codings.present {
        return of_length(survey.length, Framing::None, rigour);
    }
    match coded(survey.codings, speaks) {
        Err(fault) => invalid(fault),
        Ok(()) if survey.length == Length::Absent => good(Framing::Chunked),
        Ok(()) if rigour.refuse_two_lengths => invalid(FramingFault::TwoLengths),
        Ok(()) => Framed { framing: Framing::Chunked, fault: Some(FramingFault::TwoLengths) },
    }
}

pub(super) fn of_response(
    survey: &Survey,
    speaks: Speaks,
    ends_at_head: bool,
    rigour: Rigour,
) -> Framed {
    if speaks == Speaks::Http09 {
        return good(Framing::CloseDelimited);
    }
    if ends_at_head {
        let old = survey.codings.present && speaks == Speaks::Http10;
        let fault = old.then_some(FramingFault::CodingInHttp10);
        return Framed { framing: Framing::None, fault };
    }
    if !survey.codings.present {
        return of_length(survey.length, Framing::CloseDelimited, rigour);
    }
    match coded(survey.codings, speaks) {
        Err(FramingFault::NotChunkedLast) => good(Framing::CloseDelimited),
        Err(fault) => invalid(fault),
        Ok(()) if survey.length != Length::Absent && rigour.refuse_two_lengths => {
            invalid(FramingFault::TwoLengths)
        }
        Ok(()) => good(Framing::Chunked),
    }
}

/// Is Transfer-Encoding allowed here, and does it say where the body ends?
fn coded(codings: Codings, speaks: Speaks) -> Result<(), FramingFault> {
    if speaks == Speaks::Http10 {
        Err(FramingFault::CodingInHttp10)
    } else if codings.chunked_twice {
        Err(FramingFault::ChunkedTwice)
    } else if !codings.chunked_last {
        Err(FramingFault::NotChunkedLast)
    } else {
        Ok(())
    }
}

fn of_length(length: Length, absent: Framing, rigour: Rigour) -> Framed {
    match length {
        Length::Absent => good(absent),
        Length::Valid(octets) => good(Framing::ContentLength(octets)),
        Length::Repeated(_) if rigour.refuse_repeated_length => {
            invalid(FramingFault::RepeatedLength)
        }
        Length::Repeated(octets) => good(Framing::ContentLength(octets)),
        Length::Invalid => invalid(FramingFault::BadLength),
        Length::Differing => invalid(FramingFault::DifferentLengths),
    }
}
