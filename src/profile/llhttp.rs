//! What llhttp, the parser of Node and of undici, reads out of the fields about the connection.
use crate::protocol::syntax::trim;
use crate::protocol::{Clause, Headers, Request, Response, Version};

pub const KEEP_ALIVE: &Clause = &Clause {
    document: "llhttp source",
    section: "llhttp_should_keep_alive",
    url: "https://github.com/nodejs/llhttp/blob/v9.3.1/src/native/api.c",
    gist: "In 1.1 a close anywhere ends the connection; below it keep-alive anywhere keeps it, even beside close.",
};

/// What the Connection lines of a message say, and Proxy-Connection, which is read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Said {
    pub close: bool,
    pub keep_alive: bool,
    /// Proxy-Connection said one of these.
    pub by_proxy_field: bool,
}

impl Said {
    pub fn of(headers: &Headers) -> Self {
        let mut said = Self::default();
        for field in headers.iter() {
            let by_proxy = field.is("proxy-connection");
            if by_proxy || field.is("connection") {
                said.by_proxy_field |= said.read(&field.value) && by_proxy;
            }
        }
        said
    }

    /// Whole words between commas, in any case. A tab behind a word spoils it, a space does not.
    fn read(&mut self, line: &str) -> bool {
        let mut any = false;
        for word in line.split(',') {
            let word = word.trim_start_matches([' ', '\t']).trim_end_matches(' ');
            let close = word.eq_ignore_ascii_case("close");
            let keep_alive = word.eq_ignore_ascii_case("keep-alive");
            self.close |= close;
            self.keep_alive |= keep_alive;
            any |= close || keep_alive;
        }
        any
    }

    /// May another message follow? Every version but 1.1 counts as 1.0.
    pub fn lasts(self, version: &Version) -> bool {
        if *version == Version::Http11 { !self.close } else { self.keep_alive }
    }
}

/// What an answer means for the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    Lasts,
    /// It is the last one.
    Ends,
    /// Only the close tells where it ends.
    UntilClose,
}

impl Reads {
    pub fn of(request: &Request, response: &Response) -> Self {
        let headers = &response.headers;
        let bodiless = matches!(response.status, 100..=199 | 204 | 304);
        let chunked = |line: &str| {
            trim(line.rsplit(',').next().unwrap_or("")).eq_ignore_ascii_case("chunked")
        };
        let delimited = match headers.all("transfer-encoding").last() {
            Some(line) => chunked(line),
            None => headers.has("content-length"),
        };
        if !bodiless && !delimited {
            // It looks for the end of the body before it knows that the answer to HEAD has none.
            return if request.method == "HEAD" { Self::Ends } else { Self::UntilClose };
        }
        if Said::of(headers).lasts(&response.version) { Self::Lasts } else { Self::Ends }
    }
}

/// Does the word stand there, in any case, with nothing of a word right before or behind it?
pub fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let apart = |at: Option<usize>| {
        at.and_then(|at| text.get(at)).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_')
    };
    let mut places = text.windows(word.len()).enumerate();
    places.any(|(at, part)| {
        part.eq_ignore_ascii_case(word) && apart(at.checked_sub(1)) && apart(Some(at + word.len()))
    })
}
