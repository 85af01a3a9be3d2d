//! The colours of the figure where no style sheet is: in files of their own. `static/theme.css` holds
//! the same table for the page; a test compares the two.

/// A design token: its name, and its colour in light and dark.
pub struct Token {
    pub name: &'static str,
    pub light: &'static str,
    pub dark: &'static str,
}

const fn token(name: &'static str, light: &'static str, dark: &'static str) -> Token {
    Token { name, light, dark }
}

/// Every token that `static/marks.css` names.
pub const TOKENS: &[Token] = &[
    token("bg", "#FFFFFF", "#14171C"),
    token("surface", "#F6F8FA", "#1C2128"),
    token("line", "#DDE2E8", "#2B313A"),
    token("edge", "#868F9B", "#69737F"),
    token("tube", "#F1F4F6", "#1A1F26"),
    token("text", "#1F2328", "#E6EDF3"),
    token("muted", "#57606A", "#9AA4B2"),
    token("accent", "#1F2328", "#E6EDF3"),
    token("on-accent", "#FFFFFF", "#14171C"),
    token("tcp", "#B68407", "#CDB27A"),
    token("on-tcp", "#000000", "#000000"),
    token("tls", "#5E207F", "#8F609F"),
    token("on-tls", "#FFFFFF", "#FFFFFF"),
    token("req", "#567FEC", "#33A6FE"),
    token("on-req", "#000000", "#000000"),
    token("resp", "#286F50", "#328B6B"),
    token("on-resp", "#FFFFFF", "#000000"),
    token("idle", "#6B7280", "#9AA4B2"),
    token("fault", "#A80007", "#C03D09"),
    token("fault-text", "#A80007", "#FF9B70"),
    token("on-fault", "#FFFFFF", "#FFFFFF"),
    token("hatch", "#868F9B", "#69737F"),
];
