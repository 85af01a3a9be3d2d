//! What an author pastes into a page to show a study there.
use super::link;
use crate::study::Study;

/// The element. `base` is the address of the explainer's folder and ends with a slash.
pub fn element(study: &Study, base: &str) -> String {
    let pairs = link::write_pairs(study);
    let plain = pairs.iter().all(|(key, _)| matches!(key.as_str(), "v" | "scenario" | "t"));
    let attributes: String = if plain {
        let named = pairs.iter().filter(|(key, _)| key != "v");
        named.map(|(key, value)| format!(" {key}=\"{}\"", escaped(value))).collect()
    } else {
        format!(" link=\"{}\"", escaped(&link::write(study)))
    };
    format!(
        "<script type=\"module\" src=\"{}kae.js\"></script>\n\
         <keep-alive-explainer{attributes}></keep-alive-explainer>",
        escaped(base)
    )
}

/// A frame, for pages that run no foreign script. `title` is for those who do not see it.
pub fn iframe(study: &Study, base: &str, title: &str) -> String {
    format!(
        "<iframe src=\"{}embed.html?{}\" title=\"{}\" width=\"100%\" height=\"460\" \
         loading=\"lazy\"></iframe>",
        escaped(base),
        escaped(&link::write(study)),
        escaped(title)
    )
}

/// A picture that leads to the explainer, for places that take Markdown only. `image` is where the
/// author puts the saved picture.
pub fn markdown(study: &Study, base: &str, verdict: &str, image: &str) -> String {
    let verdict = verdict.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    format!("[![{verdict}]({image})]({base}#{})", link::write(study))
}

/// Text inside an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
