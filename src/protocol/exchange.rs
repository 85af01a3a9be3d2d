//! One exchange as the rules see it: what both messages say, and what is assumed for a missing one.
use super::cause::{Cause, Causes};
use super::framing::{Framed, FramingFault, Rigour, ends_at_head, of_request, of_response};
use super::survey::Length;
use super::syntax::check_start;
use super::{Framing, Malformed, Policy, Request, Response, Role, Survey, Version};

/// A version, by what it means for persistence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speaks {
    Http09,
    Http10,
    /// HTTP/1.1 or a later HTTP/1.
    Http11,
    /// Another major version, or no version at all.
    Unknown,
}

impl Speaks {
    pub const fn of(version: &Version) -> Self {
        match version {
            Version::Http09 => Self::Http09,
            Version::Http10 => Self::Http10,
            Version::Http11 | Version::Other { major: 1, .. } => Self::Http11,
            Version::Other { .. } | Version::Malformed(_) => Self::Unknown,
        }
    }
}

/// Both messages, surveyed and framed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange<'a> {
    pub request: Option<&'a Request>,
    pub response: Option<&'a Response>,
    pub asked: Survey,
    pub asked_in: Speaks,
    pub asked_framed: Framed,
    pub answered: Survey,
    pub answered_in: Speaks,
    pub answered_framed: Framed,
    pub status: u16,
    pub ends: Ends,
}

/// What the answer is to the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Final,
    /// 1xx: the final answer is still to come, and is assumed to be a neutral one.
    Interim,
    /// 101.
    Switch,
    /// 2xx to CONNECT.
    Tunnel,
}

impl<'a> Exchange<'a> {
    #[inline]
    pub fn of(
        request: Option<&'a Request>,
        response: Option<&'a Response>,
        policy: &Policy,
    ) -> Self {
        let rigour = Rigour {
            refuse_two_lengths: policy.refuse_two_lengths,
            refuse_repeated_length: policy.refuse_repeated_length,
        };
        let asked_in = request.map_or(Speaks::Http11, |request| Speaks::of(&request.version));
        let method = request.map_or("GET", |request| request.method.as_str());
        let asked = match request {
            Some(request) if asked_in != Speaks::Http09 => Survey::of(&request.headers),
            _ => Survey::default(),
        };
        let asked_framed = of_request(&asked, asked_in, rigour);
        let status = response.map_or(200, |response| response.status);
        let (answered, answered_in) = match response {
            None => neutral(asked_in, &asked),
            Some(Response { version: Version::Http09, .. }) => (Survey::default(), Speaks::Http09),
            Some(response) => (Survey::of(&response.headers), Speaks::of(&response.version)),
        };
        let answered_framed =
            of_response(&answered, answered_in, ends_at_head(method, status), rigour);
        let ends = match status {
            // Without a head there is no status.
            _ if answered_in == Speaks::Http09 => Ends::Final,
            101 => Ends::Switch,
            100..=199 => Ends::Interim,
            200..=299 if method == "CONNECT" => Ends::Tunnel,
            _ => Ends::Final,
        };
        Self {
            request,
            response,
            asked,
            asked_in,
            asked_framed,
            answered,
            answered_in,
            answered_framed,
            status,
            ends,
        }
    }

    /// Everything that stands against another exchange on the connection.
    pub fn causes(&self, role: Role, policy: &Policy) -> Causes {
        let mut causes = Causes::default();
        self.request_faults(policy, &mut causes);
        self.response_faults(policy, &mut causes);
        causes.insert_if(self.ends == Ends::Switch, Cause::Switched);
        causes.insert_if(self.ends == Ends::Tunnel, Cause::Tunnel);
        causes.insert_if(!policy.support_persistence, Cause::NotSupported);
        causes.insert_if(self.asked.options.close, Cause::CloseInRequest);
        self.request_version(role, policy, &mut causes);
        if self.ends == Ends::Final {
            causes.insert_if(self.answered.options.close, Cause::CloseInResponse);
            self.response_version(policy, &mut causes);
            self.response_length(policy, &mut causes);
            let unread = self.has_request_body() && !policy.drain_unread_body && role.is_server();
            causes.insert_if(unread, Cause::BodyUnread);
        }
        causes
    }

    fn request_faults(&self, policy: &Policy, causes: &mut Causes) {
        if let Some(request) = self.request {
            match check_start(request) {
                None => {}
                Some(Malformed::Method) => causes.insert(Cause::RequestMethod),
                Some(Malformed::Target) => causes.insert(Cause::RequestTarget),
                Some(Malformed::SimpleMethod) => causes.insert(Cause::RequestSimple),
                Some(_) => causes.insert(Cause::RequestVersion),
            }
            let not_http1 = matches!(request.version, Version::Other { major, .. } if major != 1);
            causes.insert_if(not_http1, Cause::RequestNotHttp1);
        }
        let asked = &self.asked;
        causes.insert_if(asked.space_before_colon, Cause::RequestSpaceBeforeColon);
        causes.insert_if(asked.malformed_name, Cause::RequestFieldName);
        let control = asked.control_character && policy.refuse_control_characters;
        causes.insert_if(control, Cause::RequestControl);
        causes.insert_if(asked.folded && policy.refuse_folded_lines, Cause::RequestFolded);
        let option = asked.options.malformed && policy.refuse_malformed_options;
        causes.insert_if(option, Cause::RequestOption);
        causes.insert_if(self.lacks_host() && policy.close_without_host, Cause::RequestHost);
        match self.asked_framed.fault {
            None => {}
            Some(FramingFault::CodingInHttp10) => causes.insert(Cause::RequestCodingInHttp10),
            Some(FramingFault::ChunkedTwice) => causes.insert(Cause::RequestChunkedTwice),
            Some(FramingFault::NotChunkedLast) => causes.insert(Cause::RequestNotChunkedLast),
            Some(FramingFault::TwoLengths) => causes.insert(Cause::RequestTwoLengths),
            Some(FramingFault::BadLength) => causes.insert(Cause::RequestBadLength),
            Some(FramingFault::DifferentLengths) => causes.insert(Cause::RequestDifferentLengths),
            Some(FramingFault::RepeatedLength) => causes.insert(Cause::RequestRepeatedLength),
        }
    }

    /// An HTTP/1.1 request without exactly one Host field. An assumed request has one.
    pub fn lacks_host(&self) -> bool {
        self.request.is_some() && self.asked_in == Speaks::Http11 && self.asked.hosts != 1
    }

    fn response_faults(&self, policy: &Policy, causes: &mut Causes) {
        if let Some(response) = self.response {
            match response.version {
                Version::Malformed(_) => causes.insert(Cause::ResponseVersion),
                Version::Other { major, .. } if major != 1 => {
                    causes.insert(Cause::ResponseNotHttp1)
                }
                _ => {}
            }
        }
        causes.insert_if(self.answered.malformed_name, Cause::ResponseFieldName);
        let control = self.answered.control_character && policy.refuse_control_characters;
        causes.insert_if(control, Cause::ResponseControl);
        match self.answered_framed.fault {
            None | Some(FramingFault::NotChunkedLast) => {}
            Some(FramingFault::CodingInHttp10) => causes.insert(Cause::ResponseCodingInHttp10),
            Some(FramingFault::ChunkedTwice) => causes.insert(Cause::ResponseChunkedTwice),
            Some(FramingFault::TwoLengths) => causes.insert(Cause::ResponseTwoLengths),
            Some(FramingFault::BadLength) => causes.insert(Cause::ResponseBadLength),
            Some(FramingFault::DifferentLengths) => causes.insert(Cause::ResponseDifferentLengths),
            Some(FramingFault::RepeatedLength) => causes.insert(Cause::ResponseRepeatedLength),
        }
    }

    fn request_version(&self, role: Role, policy: &Policy, causes: &mut Causes) {
        causes.insert_if(self.asked_in == Speaks::Http09, Cause::Http09);
        if self.asked_in == Speaks::Http10 {
            let asks = self.asked.options.keep_alive;
            causes.insert_if(!asks, Cause::Http10NotAsked);
            causes.insert_if(asks && role == Role::Proxy, Cause::Http10AtProxy);
            causes.insert_if(asks && !policy.honour_http10_keep_alive, Cause::Http10NotHonoured);
        }
    }

    fn response_version(&self, policy: &Policy, causes: &mut Causes) {
        let confirms = self.answered.options.keep_alive;
        match self.answered_in {
            Speaks::Http09 => causes.insert(Cause::Http09),
            Speaks::Http10 => {
                causes.insert_if(!confirms, Cause::Http10NotConfirmed);
                let refused = confirms && !policy.honour_http10_keep_alive;
                causes.insert_if(refused, Cause::Http10NotHonoured);
            }
            Speaks::Http11 if self.asked_in == Speaks::Http10 => {
                let refused = !confirms && policy.http10_needs_confirmation;
                causes.insert_if(refused, Cause::Http10Unconfirmed);
            }
            Speaks::Http11 | Speaks::Unknown => {}
        }
    }

    fn response_length(&self, policy: &Policy, causes: &mut Causes) {
        let framing = self.answered_framed.framing;
        causes.insert_if(framing == Framing::CloseDelimited, Cause::CloseDelimited);
        let unreadable = framing == Framing::Chunked && self.asked_in == Speaks::Http10;
        causes.insert_if(unreadable, Cause::ChunkedToHttp10);
        let dubious = policy.close_after_204_with_length && self.promises_on_204();
        causes.insert_if(dubious, Cause::NoContentWithLength);
        causes.insert_if(self.status == 408 && policy.close_after_408, Cause::RequestTimeout);
    }

    /// A 204 that announces a body all the same.
    pub fn promises_on_204(&self) -> bool {
        let announced = !matches!(self.answered.length, Length::Absent | Length::Valid(0))
            || self.answered.codings.present;
        self.status == 204 && announced
    }

    /// Does the request announce a body of at least one byte?
    pub const fn has_request_body(&self) -> bool {
        match self.asked_framed.framing {
            Framing::ContentLength(octets) => octets > 0,
            Framing::Chunked => true,
            Framing::None | Framing::CloseDelimited | Framing::Invalid => false,
        }
    }
}

/// The answer that is assumed where none is given: same family of versions, `Content-Length: 0`,
/// and keep-alive for an HTTP/1.0 request that asked.
fn neutral(asked_in: Speaks, asked: &Survey) -> (Survey, Speaks) {
    let mut survey = Survey { length: Length::Valid(0), ..Survey::default() };
    let answered_in = match asked_in {
        Speaks::Http09 | Speaks::Http10 => asked_in,
        Speaks::Http11 | Speaks::Unknown => Speaks::Http11,
    };
    survey.options.keep_alive = answered_in == Speaks::Http10 && asked.options.keep_alive;
    (survey, answered_in)
}
