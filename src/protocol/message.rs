//! Heads of messages: a start line and the fields, in the order, case and repetition of the wire.
use super::Version;

/// One field line. The name is kept as written, so a space before the colon is still visible here
/// (`"Connection "`); the value may hold a line fold (`"\r\n close"`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Field {
    pub name: String,
    pub value: String,
}

impl Field {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// Does the field carry this name, whatever the case? A name with a space before the colon
    /// carries no valid name and matches nothing.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The field lines of a message, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Headers(pub Vec<Field>);

impl Headers {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self(pairs.into_iter().map(|(name, value)| Field::new(name, value)).collect())
    }

    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push(Field::new(name, value));
    }

    /// The values of all lines with this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |field| field.is(name)).map(|field| field.value.as_str())
    }

    /// The value of the first line with this name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|field| field.is(name)).map(|field| field.value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|field| !field.is(name));
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// The head of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub version: Version,
    pub headers: Headers,
}

impl Request {
    pub fn new(method: &str, target: &str, version: Version) -> Self {
        Self { method: method.into(), target: target.into(), version, headers: Headers::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The head exactly as it stands on the wire, with its empty line.
    /// HTTP/0.9 has neither a version nor fields.
    pub fn wire(&self) -> String {
        if self.version == Version::Http09 {
            return format!("{} {}\r\n", self.method, self.target);
        }
        let start = format!("{} {} {}\r\n", self.method, self.target, self.version);
        wire(start, &self.headers)
    }

    /// Bytes of [`Request::wire`], counted without building it.
    pub fn wire_bytes(&self) -> u64 {
        let line = self.method.len() + self.target.len() + 3;
        let bytes = match &self.version {
            Version::Http09 => line,
            Version::Malformed(text) => line + 1 + text.len() + fields_bytes(&self.headers),
            _ => line + 9 + fields_bytes(&self.headers),
        };
        bytes as u64
    }

    /// May the request be repeated without changing its effect (RFC 9110 §9.2.2)?
    pub fn is_idempotent(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE")
    }
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Response {
    pub version: Version,
    /// Three digits, 100 to 999.
    pub status: u16,
    pub headers: Headers,
}

impl Response {
    pub fn new(version: Version, status: u16) -> Self {
        Self { version, status, headers: Headers::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The head exactly as it stands on the wire, with its empty line. An answer to HTTP/0.9 has
    /// no head: its text is empty.
    pub fn wire(&self) -> String {
        if self.version == Version::Http09 {
            return String::new();
        }
        let start = format!("{} {} {}\r\n", self.version, self.status, reason_phrase(self.status));
        wire(start, &self.headers)
    }

    /// Bytes of [`Response::wire`], counted without building it.
    pub fn wire_bytes(&self) -> u64 {
        if self.version == Version::Http09 {
            return 0;
        }
        let version = match &self.version {
            Version::Malformed(text) => text.len(),
            _ => 8,
        };
        (version + 7 + reason_phrase(self.status).len() + fields_bytes(&self.headers)) as u64
    }
}

fn wire(mut start: String, headers: &Headers) -> String {
    for Field { name, value } in headers.iter() {
        start.push_str(name);
        start.push_str(": ");
        start.push_str(value);
        start.push_str("\r\n");
    }
    start.push_str("\r\n");
    start
}

fn fields_bytes(headers: &Headers) -> usize {
    2 + headers.iter().map(|field| field.name.len() + field.value.len() + 4).sum::<usize>()
}

/// The usual words beside a status. Empty where none is usual: the words carry no meaning.
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        417 => "Expectation Failed",
        426 => "Upgrade Required",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}
