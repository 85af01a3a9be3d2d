//! Reads messages from bytes, by the rules of framing, forgiving everything else.

/// The head of a message: its first line and its fields, as they stood on the wire.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub line: String,
    pub headers: Vec<(String, String)>,
    /// Bytes of the head, its empty line included.
    pub bytes: usize,
}

impl Head {
    pub fn first(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn chunked(&self) -> bool {
        self.first("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
    }

    pub fn length(&self) -> Option<usize> {
        self.first("content-length")?.trim().parse().ok()
    }
}

/// The head at the beginning of `bytes`, once it is whole.
pub fn head(bytes: &[u8]) -> Option<Head> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..end - 4]).into_owned();
    let mut lines = text.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let headers = lines
        .map(|line| line.split_once(':').unwrap_or((line, "")))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    Some(Head { line, headers, bytes: end })
}

/// An answer that has begun to arrive.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Not enough is there to say more.
    Partial,
    /// Whole: its head, and how many bytes it took.
    Whole(Head, usize),
    /// It ends where the connection ends. No head: HTTP/0.9.
    UntilClose(Option<Head>),
}

/// What stands at the beginning of `bytes`, in answer to a request with this method.
/// Interim answers (1xx but 101) are skipped and counted in.
pub fn answer(bytes: &[u8], method: &str) -> Answer {
    let mut skipped = 0;
    loop {
        let rest = &bytes[skipped..];
        let begin = &rest[..rest.len().min(5)];
        if !b"HTTP/".starts_with(begin) {
            return Answer::UntilClose(None);
        }
        let Some(head) = head(rest) else { return Answer::Partial };
        let status = status(&head);
        if (100..200).contains(&status) && status != 101 {
            skipped += head.bytes;
            continue;
        }
        let begin = skipped + head.bytes;
        if !crate::app::has_body(method, status) {
            return Answer::Whole(head, begin);
        }
        if head.chunked() {
            return match chunks(&bytes[begin..]) {
                Some(body) => Answer::Whole(head, begin + body),
                None => Answer::Partial,
            };
        }
        return match head.length() {
            Some(length) if bytes.len() >= begin + length => Answer::Whole(head, begin + length),
            Some(_) => Answer::Partial,
            None => Answer::UntilClose(Some(head)),
        };
    }
}

pub fn status(head: &Head) -> u16 {
    head.line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// How many bytes a chunked body at the beginning of `bytes` takes, once it is whole.
pub fn chunks(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let line = at + bytes.get(at..)?.windows(2).position(|two| two == b"\r\n")?;
        let text = String::from_utf8_lossy(&bytes[at..line]).into_owned();
        let size = usize::from_str_radix(text.split(';').next()?.trim(), 16).ok()?;
        at = line + 2;
        if size == 0 {
            // Trailers, then an empty line.
            return loop {
                let end = at + bytes.get(at..)?.windows(2).position(|two| two == b"\r\n")?;
                let empty = end == at;
                at = end + 2;
                if empty {
                    break Some(at);
                }
            };
        }
        at += size + 2;
        if at > bytes.len() {
            return None;
        }
    }
}
