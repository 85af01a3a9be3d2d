//! What Windows reads: .reg files, and the commands that set up IIS.
use super::statement::{NOT_A_STATEMENT, Statement, Statements, joined_lines, words};

pub fn registry<'a>(text: &'a str, out: &mut Statements<'a>) {
    let mut key = "";
    for (line, text) in joined_lines(text) {
        if out.full() {
            return;
        }
        let header = text == "REGEDIT4" || text.starts_with("Windows Registry Editor");
        if text.is_empty() || text.starts_with(';') || header {
            continue;
        }
        if let Some(inside) = text.strip_prefix('[') {
            match inside.strip_suffix(']') {
                Some(inside) if !inside.starts_with('-') => key = inside,
                Some(_) => out.trouble(line, text, "takes a whole key away"),
                None => out.trouble(line, text, "the ] at its end is missing"),
            }
            continue;
        }
        let mut said = Statement { line, text, section: key, ..Statement::default() };
        match value(text) {
            Ok((name, number)) => (said.name, said.value) = (name.into(), number.to_string()),
            Err(trouble) => said.trouble = trouble,
        }
        out.push(said);
    }
}

/// `"Name"=dword:0000000f`.
fn value(text: &str) -> Result<(&str, u32), &'static str> {
    let (name, value) = text
        .strip_prefix('"')
        .and_then(|text| text.split_once('"'))
        .and_then(|(name, rest)| Some((name, rest.trim_start().strip_prefix('=')?)))
        .ok_or("no line of a .reg file: \"Name\"=dword:00000000")?;
    let value = value.split(';').next().unwrap_or("").trim();
    if value == "-" {
        return Err("takes the value away: the default holds");
    }
    let (kind, digits) = value.split_once(':').unwrap_or(("", ""));
    if !kind.eq_ignore_ascii_case("dword") {
        return Err("is no number: dword: and hexadecimal digits");
    }
    let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| all);
    Ok((name, number.ok_or("dword: needs one to eight hexadecimal digits")?))
}

/// `adsutil set W3SVC/AllowKeepAlive FALSE`, `appcmd set config ... /name.name:value`.
pub fn batch<'a>(text: &'a str, out: &mut Statements<'a>) {
    for (line, text) in text.lines().enumerate() {
        if out.full() {
            return;
        }
        let (line, text) = (line + 1, text.trim());
        let words: Vec<String> = words(&text.replace('\\', "/"), false).words;
        let Some(first) = words.first() else { continue };
        if first.eq_ignore_ascii_case("rem") || first.starts_with("::") {
            continue;
        }
        let said = Statement { line, text, quiet: true, ..Statement::default() };
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        if let Some(set) = words.iter().position(|word| word.eq_ignore_ascii_case("set")) {
            if let [path, value] = &words[set + 1..] {
                pairs.push((path, value));
            }
            pairs.extend(words[set + 1..].iter().filter_map(|word| word.split_once(':')));
        }
        if pairs.is_empty() {
            out.trouble(line, text, NOT_A_STATEMENT);
        }
        for (path, value) in pairs {
            let name = path.rsplit(['/', '.']).next().unwrap_or(path).into();
            out.push(Statement { name, value: value.into(), ..said.clone() });
        }
    }
}
