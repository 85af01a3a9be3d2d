//! Files in which each line is a statement: httpd.conf, haproxy.cfg.
use super::statement::{
    CLOSES_NOTHING, INCLUDES, NEVER_CLOSED, SOME_REQUESTS, Statement, Statements, UNCLOSED_QUOTE,
    joined_lines, words,
};

const OTHER_MPM: &str = "for another multi-processing module than the one in use";

/// A section of httpd.conf that is open.
struct Section<'a> {
    line: usize,
    text: &'a str,
    name: String,
    kind: Kind,
    /// The line of the virtual host around it; 0 if there is none.
    host: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What stands in it holds as if it stood around it.
    Open,
    /// For some requests only.
    Part,
    /// For a Multi-Processing Module that is not the one in use.
    Unused,
}

/// The Multi-Processing Module of a file: the one that it loads, else the only one for which it has
/// a section, else event, the default of 2.4. None: it has no such section either.
fn chosen_mpm<'a>(text: &'a str, out: &mut Statements<'a>) -> Option<&'a str> {
    let loaded = |(_, line): (usize, &'a str)| match line.strip_prefix('#') {
        Some(comment) => comment.trim().strip_prefix("mpm: ").map(str::trim),
        None => {
            let mut words = line.split_whitespace();
            let loads = words.next().is_some_and(|word| word.eq_ignore_ascii_case("LoadModule"));
            words.next().filter(|_| loads).and_then(mpm)
        }
    };
    let mut named =
        joined_lines(text).filter_map(|(line, text)| Some((line, text, mpm_of_section(text)?)));
    let (line, text_of_first, first) = named.next()?;
    if let Some(loaded) = joined_lines(text).filter_map(loaded).last() {
        return Some(loaded);
    }
    if first == "event" || named.any(|(_, _, mpm)| mpm != first) {
        return Some("event");
    }
    let (name, value) = ("mpm".into(), first.into());
    let quiet = true;
    out.push(Statement { line, text: text_of_first, name, value, quiet, ..Statement::default() });
    Some(first)
}

/// The Multi-Processing Module for which a section is: `<IfModule mpm_prefork_module>`, or
/// `<IfModule prefork.c>`.
fn mpm_of_section(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('<')?;
    let (tag, module) = rest.trim_end_matches('>').split_once(char::is_whitespace)?;
    let module = module.trim().trim_matches('"');
    let name = mpm(module).or_else(|| module.strip_suffix(".c"))?;
    let known = matches!(name, "prefork" | "worker" | "event");
    (known && tag.eq_ignore_ascii_case("IfModule")).then_some(name)
}

pub fn httpd<'a>(text: &'a str, out: &mut Statements<'a>) {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let chosen = chosen_mpm(text, out);
    for (line, text) in joined_lines(text) {
        if out.full() {
            return;
        }
        if let Some(comment) = text.strip_prefix('#') {
            // How an exported file says what no directive can.
            if let Some(value) = comment.trim().strip_prefix("mpm: ") {
                let (name, value) = ("mpm".into(), value.trim().into());
                out.push(Statement {
                    line,
                    text,
                    name,
                    value,
                    quiet: true,
                    ..Statement::default()
                });
            }
        } else if let Some(tag) = text.strip_prefix('<') {
            section(line, text, tag, &mut sections, out);
            if let Some(open) = sections.last_mut().filter(|open| open.line == line) {
                let other = mpm_of_section(text).is_some_and(|mpm| Some(mpm) != chosen);
                open.kind = if other { Kind::Unused } else { open.kind };
            }
        } else if !text.is_empty() {
            directive(line, text, sections.last(), out);
        }
    }
    for section in sections {
        out.trouble(section.line, section.text, NEVER_CLOSED);
    }
}

fn section<'a>(
    line: usize,
    text: &'a str,
    tag: &str,
    sections: &mut Vec<Section<'a>>,
    out: &mut Statements<'a>,
) {
    let name = |tag: &str| {
        let end = tag.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(tag.len());
        tag[..end].to_ascii_lowercase()
    };
    if let Some(tag) = tag.strip_prefix('/') {
        match sections.last() {
            Some(open) if open.name == name(tag) => drop(sections.pop()),
            _ => out.trouble(line, text, CLOSES_NOTHING),
        }
        return;
    }
    let name = name(tag);
    let around = sections.last().map_or((Kind::Open, 0), |section| (section.kind, section.host));
    let (kind, host) = match name.as_str() {
        "ifmodule" | "ifdefine" | "ifversion" | "ifdirective" | "iffile" | "ifsection" => around,
        "virtualhost" => (Kind::Open, line),
        _ => (Kind::Part, around.1),
    };
    sections.push(Section { line, text, name, kind, host });
}

fn directive<'a>(
    line: usize,
    text: &'a str,
    inside: Option<&Section<'a>>,
    out: &mut Statements<'a>,
) {
    let found = words(text, false);
    let mut words = found.words.into_iter();
    let name = words.next().unwrap_or_default();
    let block = inside.map_or(0, |section| section.host);
    let rank = u8::from(block > 0);
    let mut said = Statement { line, text, rank, block, ..Statement::default() };
    let lower = name.to_ascii_lowercase();
    let mut value = |said: &mut Statement<'_>, off| {
        said.name = words.next().unwrap_or_default();
        said.value = if off { "unset" } else { "set" }.into();
    };
    match lower.as_str() {
        "include" | "includeoptional" => said.trouble = INCLUDES,
        "setenv" => value(&mut said, false),
        "unsetenv" => value(&mut said, true),
        "browsermatch" | "browsermatchnocase" | "setenvif" | "setenvifnocase" | "setenvifexpr" => {
            said.trouble = SOME_REQUESTS;
        }
        "loadmodule" => match words.next().as_deref().and_then(mpm) {
            Some(mpm) => (said.name, said.value) = ("mpm".into(), mpm.into()),
            None => said.name = name,
        },
        "proxypass" | "balancermember" | "proxyset" => {
            // Its parameters are settings of their own; the rest is where the server is.
            let pairs = words.clone().filter_map(|word| {
                let (name, value) = word.split_once('=')?;
                Some(Statement { name: name.into(), value: value.into(), ..said.clone() })
            });
            pairs.for_each(|pair| out.push(pair));
            said.quiet = true;
            said.name = name;
        }
        _ => (said.name, said.value) = (name, words.collect::<Vec<_>>().join(" ")),
    }
    match inside.map(|section| section.kind) {
        Some(Kind::Part) => said.trouble = SOME_REQUESTS,
        Some(Kind::Unused) => said.trouble = OTHER_MPM,
        Some(Kind::Open) | None => {}
    }
    if found.open {
        said.trouble = UNCLOSED_QUOTE;
    }
    out.push(said);
}

fn mpm(module: &str) -> Option<&str> {
    module.strip_prefix("mpm_")?.strip_suffix("_module")
}

/// The sections that say something about connections of clients.
const SECTIONS: [&str; 5] = ["global", "defaults", "frontend", "backend", "listen"];
/// Others begin a section too, which is passed over.
const OTHERS: [&str; 14] = [
    "peers",
    "resolvers",
    "mailers",
    "userlist",
    "cache",
    "program",
    "http-errors",
    "ring",
    "fcgi-app",
    "log-forward",
    "crt-store",
    "dynamic-update",
    "traces",
    "acme",
];

pub fn haproxy<'a>(text: &'a str, out: &mut Statements<'a>) {
    // Lines before any section are read as defaults.
    let mut section = "defaults";
    let mut block = 0;
    for (line, text) in joined_lines(text) {
        let found = words(text, true);
        let Some(first) = found.words.first() else { continue };
        if out.full() {
            return;
        }
        let word = first.as_str();
        if let Some(known) = SECTIONS.iter().chain(&OTHERS).find(|known| **known == word) {
            (section, block) = (known, line);
            continue;
        }
        let rank = match section {
            "frontend" | "listen" => 2,
            "backend" => 1,
            _ => 0,
        };
        let mut said = Statement { line, text, rank, block, section, ..Statement::default() };
        if found.open {
            said.trouble = UNCLOSED_QUOTE;
        } else if OTHERS.contains(&section) {
            said.trouble = "stands in a section that does not decide about connections";
        }
        let tail = match word {
            "server" | "server-template" => 3,
            "default-server" => 1,
            _ => {
                said.off = word == "no";
                said.name = found.words[usize::from(said.off)..].join(" ");
                out.push(said);
                continue;
            }
        };
        // Each word may be a keyword and the next one its value.
        for pair in found.words[tail.min(found.words.len())..].windows(2) {
            let (name, value) = (pair[0].clone(), pair[1].clone());
            out.push(Statement { name, value, section: "server", quiet: true, ..said.clone() });
        }
    }
}
