//! Reads the tree and holds the rules that no compiler checks: who may know whom, where a clock,
//! a colour or a panic may stand, and that nothing is fetched from elsewhere.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

mod source {
    //! Just enough of a Rust lexer: words and signs with their lines, comments left out.

    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Kind {
        Word,
        /// A string's content, quotes and escapes as written.
        Text,
        Sign,
    }

    #[derive(Clone, Debug)]
    pub struct Token {
        pub kind: Kind,
        pub text: String,
        pub line: usize,
    }

    impl Token {
        pub fn is(&self, text: &str) -> bool {
            self.kind != Kind::Text && self.text == text
        }
    }

    pub fn tokens(source: &str) -> Vec<Token> {
        let chars: Vec<char> = source.chars().collect();
        let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
        let mut found = Vec::new();
        let (mut i, mut line) = (0, 1);
        while i < chars.len() {
            let start = i;
            let first_line = line;
            let c = chars[i];
            if c == '/' && at(i + 1) == '/' {
                while i < chars.len() && chars[i] != '\n' {
                    i += 1;
                }
                continue;
            }
            if c == '/' && at(i + 1) == '*' {
                let mut depth = 0;
                while i < chars.len() {
                    if at(i) == '/' && at(i + 1) == '*' {
                        depth += 1;
                        i += 2;
                    } else if at(i) == '*' && at(i + 1) == '/' {
                        depth -= 1;
                        i += 2;
                        if depth == 0 {
                            break;
                        }
                    } else {
                        line += usize::from(chars[i] == '\n');
                        i += 1;
                    }
                }
                continue;
            }
            if let Some(hashes) = raw_string(&chars, i) {
                let open = chars[i..].iter().position(|&c| c == '"').map_or(i, |p| i + p);
                let mut end = open + 1;
                while end < chars.len()
                    && !(chars[end] == '"' && (1..=hashes).all(|n| at(end + n) == '#'))
                {
                    end += 1;
                }
                let text: String = chars[open + 1..end.min(chars.len())].iter().collect();
                line += text.matches('\n').count();
                found.push(Token { kind: Kind::Text, text, line: first_line });
                i = end + 1 + hashes;
                continue;
            }
            if c == '"' {
                i += 1;
                while i < chars.len() && chars[i] != '"' {
                    i += if chars[i] == '\\' { 2 } else { 1 };
                }
                let text: String = chars[start + 1..i.min(chars.len())].iter().collect();
                line += text.matches('\n').count();
                found.push(Token { kind: Kind::Text, text, line: first_line });
                i += 1;
                continue;
            }
            if c == '\'' {
                // A character, or else a lifetime, whose quote is skipped.
                if at(i + 1) == '\\' {
                    i += 3;
                    while i < chars.len() && chars[i] != '\'' {
                        i += 1;
                    }
                } else if at(i + 2) == '\'' {
                    line += usize::from(at(i + 1) == '\n');
                    i += 2;
                }
                i += 1;
                continue;
            }
            if c.is_alphanumeric() || c == '_' {
                while at(i).is_alphanumeric() || at(i) == '_' {
                    i += 1;
                }
                let text = chars[start..i].iter().collect();
                found.push(Token { kind: Kind::Word, text, line });
                continue;
            }
            if c == '\n' {
                line += 1;
            } else if !c.is_whitespace() {
                found.push(Token { kind: Kind::Sign, text: c.to_string(), line });
            }
            i += 1;
        }
        found
    }

    /// The number of `#` if a raw string begins at `i`: `r"`, `r#"`, `br##"`.
    fn raw_string(chars: &[char], i: usize) -> Option<usize> {
        let before = i.checked_sub(1).map(|before| chars[before]);
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let rest = &chars[i..];
        let rest = rest.strip_prefix(&['b']).unwrap_or(rest).strip_prefix(&['r'])?;
        let hashes = rest.iter().take_while(|&&c| c == '#').count();
        (rest.get(hashes) == Some(&'"')).then_some(hashes)
    }

    /// Without what only tests see: items under `#[cfg(test)]` or `#[test...]`.
    pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
        let mut kept = Vec::new();
        let mut i = 0;
        while i < tokens.len() {
            if tokens[i].is("#") && tokens.get(i + 1).is_some_and(|t| t.is("[")) {
                let end = closing(tokens, i + 1);
                let inside = &tokens[i + 2..end.min(tokens.len())];
                let word = |text: &str| inside.iter().any(|t| t.is(text));
                let first = |text: &str| inside.first().is_some_and(|t| t.is(text));
                let only_tests = (first("cfg") && word("test") && !word("not"))
                    || first("test")
                    || first("test_everywhere")
                    || first("wasm_bindgen_test");
                if only_tests {
                    i = end_of_item(tokens, end + 1);
                    continue;
                }
            }
            kept.push(tokens[i].clone());
            i += 1;
        }
        kept
    }

    /// The index of the bracket that closes the one at `open`.
    pub fn closing(tokens: &[Token], open: usize) -> usize {
        let mut depth = 0_usize;
        for (i, token) in tokens.iter().enumerate().skip(open) {
            if ["(", "[", "{"].iter().any(|sign| token.is(sign)) {
                depth += 1;
            } else if [")", "]", "}"].iter().any(|sign| token.is(sign)) {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return i;
                }
            }
        }
        tokens.len()
    }

    /// Behind the item that begins at `i`: after its `;` or its block.
    fn end_of_item(tokens: &[Token], mut i: usize) -> usize {
        while i < tokens.len() {
            if tokens[i].is(";") {
                return i + 1;
            }
            if tokens[i].is("{") {
                return closing(tokens, i) + 1;
            }
            if tokens[i].is("(") || tokens[i].is("[") {
                i = closing(tokens, i);
            }
            i += 1;
        }
        i
    }
}

use source::{Kind, Token, closing, tokens, without_tests};

/// Rooms, and the rooms that each may name. A room that is not built yet is no mistake; a room
/// that is not listed here is.
const ROOMS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("order", &[]),
    ("protocol", &[]),
    ("profile", &["protocol", "time"]),
    ("conf", &["profile", "time"]),
    ("sim", &["protocol", "profile", "time", "order"]),
    ("study", &["protocol", "profile", "sim", "time", "order"]),
    ("scene", &["protocol", "profile", "sim", "study", "time", "order"]),
    ("catalogue", &["protocol", "profile", "sim", "study", "time"]),
    ("share", &["protocol", "profile", "sim", "study", "time", "catalogue", "scene"]),
    (
        "tool",
        &["protocol", "profile", "sim", "study", "scene", "catalogue", "share", "time", "order"],
    ),
    ("trace", &["protocol", "profile", "sim", "study", "time"]),
    ("contract", &["protocol", "profile", "conf", "sim", "time"]),
    ("proof", &["contract", "profile", "protocol", "sim", "time"]),
];
/// These may know every room; only the first two may know the browser.
const OUTER: &[&str] = &["ui", "embed", "main", "lib", "bin"];
const BROWSER_ROOMS: &[&str] = &["ui", "embed"];
const BROWSER: &[&str] = &["yew", "web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures"];
const CLOCKS: &[&str] = &["Instant", "SystemTime", "Date", "Performance", "UNIX_EPOCH"];

/// Panics that no user can reach, each with the reason: (file, what stands there, why).
const PANICS_NOBODY_REACHES: &[(&str, &str, &str)] = &[];

#[derive(Clone, Debug)]
struct Found {
    file: String,
    line: usize,
    what: String,
}

/// One file of the tree, by its path from the root, with `/`.
#[derive(Clone, Debug)]
struct File {
    path: String,
    text: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is(&self, kind: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| own == kind)
    }

    /// `src/sim/run.rs` is in the room `sim`, `src/time.rs` in `time`.
    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs"))
    }

    /// What is shipped of a Rust file under src/, as tokens.
    fn shipped(&self) -> Vec<Token> {
        without_tests(&tokens(&self.text))
    }

    fn found(&self, line: usize, what: impl Into<String>) -> Found {
        Found { file: self.path.clone(), line, what: what.into() }
    }
}

/// All files that the repository keeps and that are written by hand.
fn tree() -> Vec<File> {
    fn walk(folder: &Path, root: &Path, files: &mut Vec<File>) {
        let entries = fs::read_dir(folder).expect("the repository can be read");
        let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let skipped = ["target", "dist", "node_modules", ".git", "out", "Cargo.lock"];
            if skipped.contains(&name) || name == "package-lock.json" {
                continue;
            }
            if path.is_dir() {
                walk(&path, root, files);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let inside = path.strip_prefix(root).expect("below the root");
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                files.push(File { path: parts.join("/"), text });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(root, root, &mut files);
    files
}

/// Fails with every finding, not with the first.
fn hold(rule: fn(&File) -> Vec<Found>) {
    let found: Vec<Found> = tree().iter().flat_map(rule).collect();
    let mut list = String::new();
    for Found { file, line, what } in &found {
        writeln!(list, "  {file}:{line}: {what}").expect("a string takes every text");
    }
    assert!(found.is_empty(), "{} found:\n{list}", found.len());
}

/// The rule finds something in `text` standing at `path`.
fn catches(rule: fn(&File) -> Vec<Found>, path: &str, text: &str) {
    assert!(!rule(&File::new(path, text)).is_empty(), "not caught in {path}: {text}");
}

/// The rule finds nothing in `text` standing at `path`.
fn passes(rule: fn(&File) -> Vec<Found>, path: &str, text: &str) {
    let found = rule(&File::new(path, text));
    assert!(found.is_empty(), "caught in {path}: {text}: {found:?}");
}

// ---- who may know whom

fn rooms(file: &File) -> Vec<Found> {
    let Some(room) = file.room().filter(|_| file.is("rs")) else { return Vec::new() };
    if OUTER.contains(&room) {
        return Vec::new();
    }
    let Some((_, may_know)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![file.found(1, format!("the room `{room}` is not in tests/tidy.rs"))];
    };
    let mut found = Vec::new();
    for (name, line) in named_rooms(&tokens(&file.text)) {
        let is_room = ROOMS.iter().any(|(room, _)| *room == name) || OUTER.contains(&&*name);
        if is_room && name != room && !may_know.contains(&&*name) {
            found.push(file.found(line, format!("`{room}` may not know `{name}`")));
        }
    }
    found
}

/// What follows `crate::`, inside of braces too: `use crate::{sim::Us, protocol}`.
fn named_rooms(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for i in 0..tokens.len() {
        let path = tokens[i].is("crate") || tokens[i].is("keepalive");
        if !(path && tokens.get(i + 1).is_some_and(|t| t.is(":"))) {
            continue;
        }
        match tokens.get(i + 3) {
            Some(next) if next.is("{") => {
                let end = closing(tokens, i + 3);
                let mut depth = 0;
                let mut first = true;
                for token in &tokens[i + 4..end.min(tokens.len())] {
                    if token.is("{") {
                        depth += 1;
                    } else if token.is("}") {
                        depth -= 1;
                    } else if token.is(",") && depth == 0 {
                        first = true;
                    } else if first && depth == 0 {
                        found.push((token.text.clone(), token.line));
                        first = false;
                    }
                }
            }
            Some(next) => found.push((next.text.clone(), next.line)),
            None => {}
        }
    }
    found
}

#[test]
fn each_room_knows_only_what_it_may() {
    hold(rooms);
}

#[test]
fn a_room_that_knows_too_much_is_caught() {
    catches(rooms, "src/protocol/message.rs", "use crate::sim::Us;");
    catches(rooms, "src/protocol/message.rs", "fn f() { crate::profile::all() }");
    catches(rooms, "src/profile/server/iis.rs", "use crate::{protocol::Version, sim};");
    catches(rooms, "src/sim/run.rs", "use crate::{protocol::{a, b}, scene::Shape};");
    catches(rooms, "src/time.rs", "pub use crate::ui::Clock;");
    catches(rooms, "src/telepathy.rs", "");
    passes(
        rooms,
        "src/sim/run.rs",
        "use crate::{protocol::{scene, ui}, profile::Server, time::Us};",
    );
    passes(
        rooms,
        "src/sim/run.rs",
        "// use crate::ui;\nuse crate::sim::Us; let s = \"crate::ui\";",
    );
    passes(rooms, "src/ui/app.rs", "use crate::scene::Shape;");
}

// ---- the browser, the clock

fn browser(file: &File) -> Vec<Found> {
    let Some(room) = file.room().filter(|_| file.is("rs")) else { return Vec::new() };
    if BROWSER_ROOMS.contains(&room) {
        return Vec::new();
    }
    let names = |word: &str| BROWSER.contains(&word) || word.starts_with("gloo");
    let shipped = file.shipped();
    let found = shipped.iter().filter(|t| t.kind == Kind::Word && names(&t.text));
    found.map(|t| file.found(t.line, format!("`{}` outside ui/ and embed.rs", t.text))).collect()
}

#[test]
fn only_the_page_knows_the_browser() {
    hold(browser);
}

#[test]
fn a_browser_in_the_core_is_caught() {
    catches(browser, "src/sim/run.rs", "use web_sys::Window;");
    catches(browser, "src/scene/svg.rs", "use yew::Html;");
    catches(browser, "src/share/link.rs", "gloo_timers::callback::Timeout::new(1, f);");
    catches(browser, "src/lib.rs", "use wasm_bindgen::prelude::*;");
    passes(browser, "src/sim/run.rs", "#[cfg(test)] mod tests { use wasm_bindgen_test::x; }");
    passes(browser, "src/ui/app.rs", "use yew::prelude::*;");
    passes(browser, "src/sim/run.rs", "//! Not for yew.");
}

fn clocks(file: &File) -> Vec<Found> {
    let Some(room) = file.room().filter(|_| file.is("rs")) else { return Vec::new() };
    if room == "ui" {
        return Vec::new();
    }
    let shipped = file.shipped();
    let mut found = Vec::new();
    for (i, token) in shipped.iter().enumerate() {
        let next = |n: usize, text: &str| shipped.get(i + n).is_some_and(|t| t.is(text));
        let now = CLOCKS.iter().any(|name| token.is(name)) && next(1, ":") && next(3, "now");
        let from_std = token.is("std") && next(1, ":") && next(3, "time") && {
            let rest = shipped.iter().skip(i + 4).take_while(|t| !t.is(";") && !t.is("("));
            rest.into_iter().any(|t| CLOCKS.iter().any(|name| t.is(name)))
        };
        if now || from_std {
            found.push(file.found(token.line, "a clock is read outside ui/"));
        }
    }
    found
}

#[test]
fn only_the_page_reads_a_clock() {
    hold(clocks);
}

#[test]
fn a_clock_in_the_core_is_caught() {
    catches(clocks, "src/sim/run.rs", "let t = Instant::now();");
    catches(clocks, "src/sim/run.rs", "use std::time::{Duration, SystemTime};");
    catches(clocks, "src/bin/keepalive.rs", "let t = std::time::Instant::now();");
    catches(clocks, "src/embed.rs", "js_sys::Date::now()");
    passes(clocks, "src/sim/run.rs", "use std::time::Duration; enum When { Instant, Later }");
    passes(clocks, "src/ui/playback.rs", "js_sys::Date::now()");
}

// ---- inline style, colours

/// `style=` is blocked by the content security policy: it would be in the page without effect.
fn inline_style(file: &File) -> Vec<Found> {
    if file.is("html") && !file.path.starts_with("tests/") {
        let lines = file.text.lines().enumerate();
        let found = lines.filter(|(_, line)| line.contains(" style=") || line.contains("<style"));
        return found.map(|(n, _)| file.found(n + 1, "inline style")).collect();
    }
    if !(file.is("rs") && file.path.starts_with("src/")) {
        return Vec::new();
    }
    let all = file.shipped();
    let mut found = Vec::new();
    for (i, token) in all.iter().enumerate() {
        let before = i.checked_sub(1).map(|n| &all[n]);
        let after = |n: usize, text: &str| all.get(i + n).is_some_and(|t| t.is(text));
        let value = all.get(i + 2).is_some_and(|t| t.kind == Kind::Text || t.is("{"));
        let bound = before.is_some_and(|t| t.is("let") || t.is("mut") || t.is(".") || t.is(";"));
        let attribute = token.is("style") && after(1, "=") && value && !bound;
        // `<div {style}>`: the shorthand, between a tag's name or attribute and its end.
        let shorthand = token.is("style")
            && before.is_some_and(|t| t.is("{"))
            && after(1, "}")
            && (after(2, ">") || (after(2, "/") && after(3, ">")));
        // A picture in a file of its own has no page whose sheets and policy it would be under.
        let sheet = token.text.contains("<style") && file.path != "src/scene/svg.rs";
        let in_text = token.kind == Kind::Text
            && (token.text == "style" || token.text.contains(" style=") || sheet);
        if attribute || shorthand || in_text {
            found.push(file.found(token.line, "inline style: a class or an SVG attribute instead"));
        }
    }
    found
}

#[test]
fn no_style_stands_in_the_markup() {
    hold(inline_style);
}

#[test]
fn inline_style_is_caught() {
    catches(inline_style, "src/ui/app.rs", "html! { <div style=\"color: red\" /> }");
    catches(inline_style, "src/ui/app.rs", "html! { <div style={format!(\"x\")} /> }");
    catches(inline_style, "src/ui/app.rs", "html! { <div class=\"a\" {style}>{ x }</div> }");
    catches(inline_style, "src/ui/app.rs", "element.set_attribute(\"style\", \"x\")");
    catches(inline_style, "src/scene/svg.rs", "write!(out, \"<g style='x' style=\\\"y\\\">\")");
    catches(inline_style, "index.html", "<p style=\"x\">");
    passes(inline_style, "src/ui/app.rs", "let style = \"bold\"; let x = Look { style };");
    passes(
        inline_style,
        "src/ui/app.rs",
        "if style == \"bold\" { element.style().set_property(a, b) }",
    );
}

/// Colours stand in static/theme.css alone: light, dark, forced colours and print are kept there.
/// Pictures that leave the page take the same table with them, which a test compares.
fn colours(file: &File) -> Vec<Found> {
    if file.path == "src/scene/theme.rs" {
        return Vec::new();
    }
    let found = |line: usize| file.found(line, "a colour outside static/theme.css");
    if file.is("css") && file.path.starts_with("static/") && file.path != "static/theme.css" {
        let mut out = Vec::new();
        for (n, line) in without_css_comments(&file.text).lines().enumerate() {
            // A selector like `#app` is no value.
            let values: Vec<&str> = line
                .split([';', '{', '}'])
                .filter_map(|part| part.split_once(':'))
                .map(|(_, value)| value)
                .collect();
            if values.iter().any(|value| has_colour(value) || has_colour_name(value)) {
                out.push(found(n + 1));
            }
        }
        return out;
    }
    if file.is("html") && !file.path.starts_with("tests/") {
        let lines = file.text.lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.contains("name=\"theme-color\""));
        return lines
            .filter(|(_, line)| colour_attribute(line))
            .map(|(n, _)| found(n + 1))
            .collect();
    }
    if file.is("js") && file.path.starts_with("static/") {
        let lines = file.text.lines().enumerate();
        return lines
            .filter(|(_, line)| colour_attribute(line))
            .map(|(n, _)| found(n + 1))
            .collect();
    }
    if file.is("rs") && file.path.starts_with("src/") {
        let shipped = file.shipped();
        let texts = shipped.iter().filter(|t| t.kind == Kind::Text);
        return texts.filter(|t| colour_attribute(&t.text)).map(|t| found(t.line)).collect();
    }
    Vec::new()
}

/// A colour as a whole text (`#1b2c3d`), as an attribute's or property's value, or as a function.
fn colour_attribute(text: &str) -> bool {
    let whole = text.strip_prefix('#').is_some_and(|hex| {
        [3, 6, 8].contains(&hex.len())
            && hex.chars().all(|c| c.is_ascii_hexdigit())
            && hex.chars().any(|c| c.is_ascii_digit())
    });
    let paints = ["fill", "stroke", "stop-color", "color", "background"];
    let attribute = paints.iter().any(|name| {
        ["=\"", "=\\\"", "='", ":", ": "].iter().any(|sign| {
            text.split(&format!("{name}{sign}")).skip(1).any(|value| {
                let end = value.find(['"', '\'', ';', '\\', '}']).unwrap_or(value.len());
                has_colour(&value[..end]) || has_colour_name(&value[..end])
            })
        })
    });
    whole || attribute || colour_function(text)
}

fn colour_function(text: &str) -> bool {
    let names = ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch("];
    names.iter().any(|name| {
        text.match_indices(name).any(|(i, _)| {
            let before = text[..i].chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    })
}

fn has_colour(value: &str) -> bool {
    let hex = value.split('#').skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let ends = rest.chars().nth(digits).is_none_or(|c| !c.is_alphanumeric() && c != '-');
        [3, 4, 6, 8].contains(&digits) && ends
    });
    hex || colour_function(value)
}

fn has_colour_name(value: &str) -> bool {
    let names = [
        "white", "black", "red", "green", "blue", "gray", "grey", "orange", "yellow", "purple",
        "teal", "navy", "silver", "maroon", "lime", "olive", "aqua", "fuchsia", "pink", "brown",
    ];
    let words = value.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    words.into_iter().any(|word| names.contains(&word))
}

fn without_css_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        let (comment, behind) = after.split_once("*/").unwrap_or((after, ""));
        out.extend(comment.chars().filter(|&c| c == '\n'));
        rest = behind;
    }
    out + rest
}

#[test]
fn colours_stand_in_the_theme() {
    hold(colours);
}

#[test]
fn a_colour_elsewhere_is_caught() {
    catches(colours, "static/app.css", ".a { color: #fff }");
    catches(colours, "static/app.css", ".a {\n  background: rgb(1 2 3);\n}");
    catches(colours, "static/app.css", ".a { border: 1px solid red; }");
    catches(colours, "src/scene/svg.rs", "let fill = \"#12ab9f\";");
    catches(colours, "src/scene/svg.rs", "write!(f, \"<path fill='#12ab9f'/>\")");
    catches(colours, "src/scene/svg.rs", "write!(f, r##\"<path stroke=\"red\"/>\"##)");
    catches(colours, "src/ui/app.rs", "let c = \"oklch(60% 0.1 30)\";");
    catches(colours, "static/boot.js", "box.style.background = x; y = 'color: #fff'");
    passes(
        colours,
        "static/app.css",
        "#app { color: var(--text) } /* #fff */ .k-tcp:hover { fill: none }",
    );
    passes(colours, "static/app.css", ".a { background: var(--kae-red); color: Canvas }");
    passes(colours, "static/theme.css", ":root { --bg: #fff }");
    passes(
        colours,
        "src/sim/run.rs",
        "let a = \"#1 of 3\"; let b = \"see #123456789\"; f(\"color: keep\")",
    );
    passes(colours, "src/share/link.rs", "#[test] fn f() { g(\"#12ab9f\") }");
}

// ---- lints, panics

/// `#[expect(.., reason = "..")]` says why, and says so when it is no longer needed.
fn bare_allow(file: &File) -> Vec<Found> {
    if !file.is("rs") {
        return Vec::new();
    }
    let all = tokens(&file.text);
    let mut found = Vec::new();
    for (i, token) in all.iter().enumerate() {
        let after = |n: usize, text: &str| all.get(i + n).is_some_and(|t| t.is(text));
        let open = if after(1, "!") { 2 } else { 1 };
        if !(token.is("#") && after(open, "[")) {
            continue;
        }
        let end = closing(&all, i + open).min(all.len());
        let inside = &all[i + open..end];
        let word = |text: &str| inside.iter().any(|t| t.is(text));
        // A module that several test binaries share is used in part by each: nothing to expect.
        let shared_by_tests = file.path.starts_with("tests/") && word("reason");
        if word("allow") && !shared_by_tests {
            found.push(file.found(token.line, "`allow`: use `expect` with a reason"));
        } else if inside.get(1).is_some_and(|t| t.is("expect")) && !word("reason") {
            found.push(file.found(token.line, "`expect` without a reason"));
        }
    }
    found
}

#[test]
fn every_exception_to_a_lint_has_a_reason() {
    hold(bare_allow);
}

#[test]
fn a_bare_allow_is_caught() {
    catches(bare_allow, "src/lib.rs", "#[allow(dead_code)] fn f() {}");
    catches(bare_allow, "tests/x.rs", "#![allow(clippy::pedantic)]");
    catches(bare_allow, "xtask/src/main.rs", "#[cfg_attr(test, allow(unused))] fn f() {}");
    catches(bare_allow, "src/lib.rs", "#[expect(dead_code)] fn f() {}");
    catches(bare_allow, "src/lib.rs", "#[allow(dead_code, reason = \"x\")] fn f() {}");
    passes(bare_allow, "tests/help/mod.rs", "#![allow(dead_code, reason = \"x\")]");
    passes(bare_allow, "src/lib.rs", "#[expect(dead_code, reason = \"x\")] fn f() { allow() }");
    passes(bare_allow, "src/lib.rs", "// #[allow(x)]\nlet a = \"#[allow(x)]\";");
}

/// Nothing that a user can reach panics.
fn panics(file: &File) -> Vec<Found> {
    if !(file.is("rs") && file.path.starts_with("src/")) {
        return Vec::new();
    }
    let all = file.shipped();
    let mut found = Vec::new();
    for (i, token) in all.iter().enumerate() {
        let before = |text: &str| i > 0 && all[i - 1].is(text);
        let after = |n: usize, text: &str| all.get(i + n).is_some_and(|t| t.is(text));
        let methods = ["unwrap", "expect", "unwrap_err", "expect_err"];
        let macros = ["panic", "todo", "unimplemented", "unreachable"];
        let method = before(".") && after(1, "(") && methods.iter().any(|name| token.is(name));
        let makro = after(1, "!") && !after(2, "=") && macros.iter().any(|name| token.is(name));
        let exempt = PANICS_NOBODY_REACHES.iter().any(|(path, what, _)| {
            *path == file.path
                && file.text.lines().nth(token.line - 1).is_some_and(|l| l.contains(what))
        });
        if (method || makro) && !exempt {
            found.push(file.found(token.line, format!("`{}` can end the page", token.text)));
        }
    }
    found
}

#[test]
fn nothing_that_is_shipped_panics() {
    hold(panics);
}

#[test]
fn a_panic_is_caught() {
    catches(panics, "src/sim/run.rs", "let x = queue.pop().unwrap();");
    catches(panics, "src/ui/app.rs", "window()\n    .expect(\"a window\")");
    catches(panics, "src/bin/keepalive.rs", "match x { _ => unreachable!() }");
    catches(panics, "src/sim/run.rs", "panic!(\"no\")");
    passes(panics, "src/sim/run.rs", "#[cfg(test)]\nmod tests { fn f() { x.unwrap(); } }");
    passes(
        panics,
        "src/sim/run.rs",
        "#[test_everywhere(unsupported = test)] fn f() { x.unwrap(); }",
    );
    passes(
        panics,
        "src/sim/run.rs",
        "x.unwrap_or(1); std::panic::set_hook(h); \"panic!\"; // .unwrap()",
    );
    passes(panics, "tests/laws.rs", "x.unwrap();");
}

// ---- the tree itself

/// No path of anybody's machine.
fn machine_paths(file: &File) -> Vec<Found> {
    let places = [["/wor", "k/"].concat(), ["/roo", "t/"].concat(), ["/User", "s/"].concat()];
    let home = ["/hom", "e/"].concat();
    let starts =
        |before: Option<char>| before.is_none_or(|c| c.is_whitespace() || "\"'`=(<:,".contains(c));
    let mut found = Vec::new();
    for (n, line) in file.text.lines().enumerate() {
        let hit = places.iter().chain([&home]).any(|place| {
            line.match_indices(place.as_str()).any(|(i, _)| starts(line[..i].chars().next_back()))
        });
        if hit {
            found.push(file.found(n + 1, "a path of somebody's machine"));
        }
    }
    found
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    hold(machine_paths);
}

#[test]
fn a_path_of_a_machine_is_caught() {
    catches(machine_paths, "README.md", &["see /hom", "e/me/project"].concat());
    catches(machine_paths, "xtask/src/main.rs", &["\"/roo", "t/.cargo\""].concat());
    passes(
        machine_paths,
        "src/catalogue/a.rs",
        &["GET http://a.test/hom", "e/x HTTP/1.1"].concat(),
    );
}

/// Nothing is fetched from elsewhere: no script, sheet, picture, frame or data.
fn foreign(file: &File) -> Vec<Found> {
    let page = file.is("html") || (file.path.starts_with("static/") && !file.is("md"));
    if !page || file.path.starts_with("tests/") {
        return Vec::new();
    }
    let signs = [
        "src=\"http",
        "src=\"//",
        "src='http",
        "url(http",
        "url(\"http",
        "url('http",
        "url(//",
        "@import",
        "fetch(\"http",
        "fetch('http",
        "fetch(`http",
        "import(\"http",
        "import('http",
        "from \"http",
        "from 'http",
        "new URL(\"http",
        "sendBeacon",
        "XMLHttpRequest",
        "WebSocket(",
        "EventSource(",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
    ];
    let mut found = Vec::new();
    for (n, line) in file.text.lines().enumerate() {
        let link = line.contains("<link")
            && line.contains("href=\"http")
            && !["canonical", "license", "author", "alternate"]
                .iter()
                .any(|rel| line.contains(rel));
        let sign = signs.iter().find(|sign| line.contains(**sign)).copied();
        if let Some(sign) = sign.or(link.then_some("<link href=\"http")) {
            found.push(file.found(n + 1, format!("`{sign}`: nothing is fetched, sent or stored")));
        }
    }
    found
}

#[test]
fn nothing_is_fetched_from_elsewhere_or_stored() {
    hold(foreign);
}

#[test]
fn a_foreign_address_is_caught() {
    catches(foreign, "index.html", "<script src=\"https://cdn.test/x.js\"></script>");
    catches(foreign, "index.html", "<link rel=\"stylesheet\" href=\"https://fonts.test/css\">");
    catches(foreign, "static/app.css", "@import url(other.css);");
    catches(foreign, "static/kae.js", "await fetch(\"https://x.test/\")");
    catches(foreign, "static/boot.js", "localStorage.theme = 1");
    passes(
        foreign,
        "index.html",
        "<a href=\"https://www.rfc-editor.org/rfc/rfc9112.html\">RFC</a>",
    );
    passes(foreign, "index.html", "<link rel=\"canonical\" href=\"https://x.test/\">");
}

/// A browser API for the network or for storage, named from Rust.
fn foreign_rust(file: &File) -> Vec<Found> {
    if !(file.is("rs") && file.path.starts_with("src/")) {
        return Vec::new();
    }
    let names = [
        "XmlHttpRequest",
        "WebSocket",
        "EventSource",
        "RtcPeerConnection",
        "send_beacon",
        "local_storage",
        "session_storage",
        "Storage",
        "IdbFactory",
        "set_cookie",
        "TcpStream",
    ];
    let shipped = file.shipped();
    let found = shipped.iter().filter(|t| t.kind == Kind::Word && names.contains(&&*t.text));
    found.map(|t| file.found(t.line, format!("`{}`: nothing is sent or stored", t.text))).collect()
}

#[test]
fn nothing_is_sent_or_stored_from_rust() {
    hold(foreign_rust);
}

#[test]
fn sending_from_rust_is_caught() {
    catches(foreign_rust, "src/ui/app.rs", "window.local_storage()");
    catches(foreign_rust, "src/ui/app.rs", "web_sys::WebSocket::new(url)");
    passes(foreign_rust, "src/ui/app.rs", "// no WebSocket here");
}

// ---- the lexer that the rules stand on

#[test]
fn words_in_comments_and_texts_are_no_code() {
    let text = "a /* b /* c */ d */ \"e \\\" f\" r#\"g \" h\"# 'i' '\\'' 'j: k // l\nm";
    let words: Vec<String> =
        tokens(text).into_iter().filter(|t| t.kind == Kind::Word).map(|t| t.text).collect();
    assert_eq!(words, ["a", "j", "k", "m"]);
    assert_eq!(tokens("\"x\ny\"\nz").last().map(|t| t.line), Some(3));
}

#[test]
fn what_only_tests_see_is_left_out() {
    let text = "fn a() {} #[cfg(test)] mod tests { fn b() {} } #[cfg(not(test))] fn c() {} \
                #[test] fn d() { e() } use f;";
    let words: BTreeSet<String> = without_tests(&tokens(text))
        .into_iter()
        .filter(|t| t.kind == Kind::Word)
        .map(|t| t.text)
        .collect();
    assert!(["a", "c", "f"].iter().all(|word| words.contains(*word)));
    assert!(["b", "d", "e"].iter().all(|word| !words.contains(*word)));
}

#[test]
fn the_tree_is_really_read() {
    let files = tree();
    assert!(files.iter().any(|file| file.path == "src/lib.rs"));
    assert!(files.iter().any(|file| file.path == "static/theme.css"));
    assert!(files.iter().any(|file| file.path == "tests/tidy.rs"));
}
