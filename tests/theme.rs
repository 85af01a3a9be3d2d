//! Every colour stands in three places: with light-dark(), for browsers without it, and in the
//! figures that are files of their own. They are the same colours.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::scene::theme::TOKENS;
use std::collections::BTreeMap;

const CSS: &str = include_str!("../static/theme.css");

type Pairs = BTreeMap<String, (String, String)>;

/// The first two colours behind `--name:` in each line that has two.
fn pairs(css: &str) -> Pairs {
    let mut pairs = Pairs::new();
    for line in css.lines() {
        let line = line.split("/*").next().unwrap_or_default();
        let Some((name, value)) =
            line.trim().strip_prefix("--").and_then(|line| line.split_once(':'))
        else {
            continue;
        };
        let mut colours = value.split('#').skip(1).map(|rest| {
            let digits = rest.chars().take_while(char::is_ascii_hexdigit);
            format!("#{}", digits.collect::<String>())
        });
        if let (Some(light), Some(dark)) = (colours.next(), colours.next()) {
            pairs.insert(name.to_owned(), (light, dark));
        }
    }
    pairs
}

fn halves() -> (Pairs, Pairs) {
    let (with, without) = CSS.split_once("@supports not").expect("the sheet has a fallback");
    (pairs(with), pairs(without))
}

#[test]
fn browsers_without_light_dark_see_the_same_colours() {
    let (with, without) = halves();
    assert!(with.len() >= 25, "{} colours were read", with.len());
    assert_eq!(with, without);
}

#[test]
fn figures_in_files_have_the_colours_of_the_page() {
    let (with, _) = halves();
    for token in TOKENS {
        let page =
            with.get(token.name).unwrap_or_else(|| panic!("--{} is not in theme.css", token.name));
        assert_eq!(
            (page.0.as_str(), page.1.as_str()),
            (token.light, token.dark),
            "--{}",
            token.name
        );
    }
}
