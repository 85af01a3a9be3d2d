//! One line for each case: what is asked, and what is expected.
//!
//! ```text
//! GET / HTTP/1.1|Connection: close => HTTP/1.1 200|Content-Length: 5 :: closes close-in-request server
//! ```
//! Left of `=>` the request, right of it the response, each as a start line and fields between `|`; `-` for none.
//! Behind `::` the verdict (`keeps`, `closes`, `switches`) and the rule that decided; then, in any order and
//! only where it matters, who closes, the two framings (`none/content-length`), a note (`+proxy-connection-ignored`),
//! choices of the policy (`drain_unread_body=false`), and the roles (`@client`; without: all four).
//! `\r`, `\n`, `\t`, `\0` stand for themselves.
use keepalive::protocol::{
    Headers, Judgement, Policy, Request, Response, Role, Version, WhoCloses, judge,
};

/// Checks every line of a table; says which ones fail.
pub fn check_all(table: &str) -> usize {
    let lines =
        table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut count = 0;
    let mut failures = String::new();
    for line in lines {
        count += 1;
        for failure in check(line) {
            failures.push_str(&format!("\n{line}\n    {failure}"));
        }
    }
    assert!(failures.is_empty(), "{failures}");
    count
}

fn check(line: &str) -> Vec<String> {
    let (exchange, expected) = line.split_once(" :: ").expect("a case has an expectation");
    let (asked, answered) = exchange.split_once("=>").expect("a case has a request and a response");
    let request = request(&unescape(asked.trim()));
    let response = response(&unescape(answered.trim()));
    let words: Vec<&str> = expected.split_whitespace().collect();
    let mut policy = Policy::default();
    for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
        *policy.choice_mut(name).expect("a known choice") = value == "true";
    }
    let named = words.iter().find_map(|word| word.strip_prefix('@'));
    let roles = Role::ALL.into_iter().filter(|role| {
        named.is_none_or(|named| named.split(',').any(|name| name == role.as_str()))
    });
    let mut failures = Vec::new();
    for role in roles {
        let judgement = judge(request.as_ref(), response.as_ref(), role, &policy);
        for word in &words {
            if let Some(failure) = differs(word, &judgement) {
                failures.push(format!("{}: expected {failure}", role.as_str()));
            }
        }
    }
    failures
}

/// What differs from the expectation, if anything does.
fn differs(word: &str, found: &Judgement) -> Option<String> {
    let verdict = match (found.persist, found.switched) {
        (true, false) => "keeps",
        (false, false) => "closes",
        (false, true) => "switches",
        (true, true) => "nonsense",
    };
    let framing = format!("{}/{}", found.request_framing.as_str(), found.response_framing.as_str());
    let who = found.who_closes.map_or("nobody", WhoCloses::as_str);
    let rule = found.because.first().map_or("no reason", |reason| reason.rule);
    let (holds, seen) = match word {
        "keeps" | "closes" | "switches" => (verdict == word, verdict.to_owned()),
        "server" | "client" | "either" | "nobody" => (who == word, who.to_owned()),
        _ if word.starts_with('@') || word.contains('=') => return None,
        _ if word.starts_with('+') => {
            let notes: Vec<_> = found.notes.iter().map(|note| note.rule).collect();
            (notes.contains(&&word[1..]), format!("{notes:?}"))
        }
        _ if word.contains('/') => (framing == word, framing),
        _ => (rule == word, rule.to_owned()),
    };
    (!holds).then(|| format!("{word}, found {seen} ({verdict} {rule} {who})"))
}

fn unescape(text: &str) -> String {
    text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")
}

/// The method, the target and the version are what stands between the first and the last space.
pub fn request(text: &str) -> Option<Request> {
    if text == "-" {
        return None;
    }
    let (start, fields) = text.split_once('|').unwrap_or((text, ""));
    let (rest, version) = start.rsplit_once(' ').expect("a request line ends in a version");
    let (method, target) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(Request {
        method: method.into(),
        target: target.into(),
        version: Version::parse(version),
        headers: headers(fields),
    })
}

pub fn response(text: &str) -> Option<Response> {
    if text == "-" {
        return None;
    }
    let (start, fields) = text.split_once('|').unwrap_or((text, ""));
    let (version, status) = start.split_once(' ').expect("a status line has a status");
    Some(Response {
        version: Version::parse(version),
        status: status.parse().expect("a status is a number"),
        headers: headers(fields),
    })
}

/// The first colon ends a name; the space behind it belongs to neither side.
fn headers(fields: &str) -> Headers {
    let lines = fields.split('|').filter(|line| !line.is_empty());
    Headers::from_pairs(lines.map(|line| {
        let (name, value) = line.split_once(':').expect("a field has a colon");
        (name, value.strip_prefix(' ').unwrap_or(value))
    }))
}
