//! The figure as a file, and the labels of the main figures. After a change that is meant to change them:
//! `INSTA_UPDATE=always cargo test --test scene_svg`, and look at the pictures (tests/scene_look.rs).
#![cfg(not(target_arch = "wasm32"))]
mod scene_support;

use keepalive::profile::App;
use keepalive::scene::theme::TOKENS;
use keepalive::scene::{Mode, Moment, Scene, Viewport, svg};
use keepalive::sim::Us;
use keepalive::study::Show;
use std::fmt::Write;

fn file(show: &Show, width: f64, mode: Mode) -> String {
    let scene = Scene::build(show, &Viewport::new(width, mode));
    svg::file(&scene, show.at(), "title", "description", svg::Look::Auto)
}

/// The file without its style sheet, one element a line.
fn elements(text: &str) -> String {
    let (before, rest) = text.split_once("<style>").expect("there is a style");
    let (_, after) = rest.split_once("</style>").expect("it ends");
    format!("{before}{after}").replace("><", ">\n<")
}

#[test]
fn a_wide_file() {
    let text = file(&scene_support::too_late(), 716.0, Mode::Embed);
    insta::assert_snapshot!("too_late_wide", elements(&text));
}

#[test]
fn a_tall_file() {
    let text = file(&scene_support::too_late(), 358.0, Mode::Embed);
    insta::assert_snapshot!("too_late_tall", elements(&text));
}

/// What stands where, and what is seen at rest.
fn labels(show: &Show, width: f64) -> String {
    let scene = Scene::build(show, &Viewport::new(width, Mode::Page));
    let (at, tall) = (show.at(), scene.pen.tall);
    let moment = Moment::of(&scene, at);
    let mut text = format!("{} × {}, {} nodes\n", scene.width, scene.height, scene.nodes());
    for label in &scene.labels {
        let seen = if moment.shows(label, at, false, tall) { ' ' } else { '-' };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{seen} {:>6.1} {:>6.1} {}", label.x, label.y, label.text);
    }
    for (left, along, across) in &moment.left {
        let _ = writeln!(text, "> {along:>6.1} {across:>6.1} {left}");
    }
    text
}

#[test]
fn labels_of_the_main_figures() {
    for (name, show) in scene_support::all() {
        for width in [1_214.0, 358.0] {
            insta::assert_snapshot!(format!("labels_{name}_{width}"), labels(&show, width));
        }
    }
}

#[test]
fn what_a_user_typed_is_only_text() {
    let mut planned = scene_support::get("/<script>\"&'", 5, 1, scene_support::at(0));
    planned.app = App::default();
    let scenario =
        scene_support::scenario(scene_support::textbook(&[]), scene_support::FAR, vec![planned]);
    let text = file(&scene_support::show(scenario), 1_214.0, Mode::Page);
    assert!(text.contains("GET /&lt;script&gt;&quot;&amp;'"));
    assert!(!text.contains("<script"));
    assert!(scene_support::is_well_formed(&text));
}

#[test]
fn a_file_asks_for_nothing_and_follows_the_reader() {
    let text = file(&scene_support::ten_images(), 1_214.0, Mode::Page);
    for word in ["href", "@import", "http:", "<script", "style=\""] {
        let found = text.matches(word).count();
        // The name of the SVG language is an address that is never visited.
        assert_eq!(found, usize::from(word == "http:"), "{word}");
    }
    assert!(text.contains("@media(prefers-color-scheme:dark)"));
    assert!(
        text.contains("<title id=\"kae-t\">title</title><desc id=\"kae-d\">description</desc>")
    );
}

#[test]
fn light_and_dark_can_be_asked_for() {
    let scene = Scene::build(&scene_support::too_late(), &Viewport::new(716.0, Mode::Embed));
    let of = |look| svg::file(&scene, Us::ZERO, "", "", look);
    assert!(
        of(svg::Look::Light).contains("--bg:#FFFFFF") && !of(svg::Look::Light).contains("#14171C")
    );
    assert!(
        of(svg::Look::Dark).contains("--bg:#14171C") && !of(svg::Look::Dark).contains("@media")
    );
}

fn read(name: &str) -> String {
    let path = format!("{}/static/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("it is part of the project")
}

#[test]
fn exported_figures_have_the_colours_of_the_page() {
    let sheet = read("theme.css");
    for token in TOKENS {
        let pair = format!("light-dark({}, {})", token.light, token.dark);
        let line =
            sheet.lines().find(|line| line.trim().starts_with(&format!("--{}:", token.name)));
        let line = line.unwrap_or_else(|| panic!("theme.css has no --{}", token.name));
        assert!(line.contains(&pair), "{line} is not {pair}");
    }
}

#[test]
fn every_token_of_the_marks_is_in_the_table() {
    let sheet = read("marks.css");
    let fonts = ["sans", "mono"];
    for used in sheet.split("var(--").skip(1).filter_map(|rest| rest.split(')').next()) {
        let known = TOKENS.iter().any(|token| token.name == used) || fonts.contains(&used);
        assert!(known, "--{used} is not in the table");
    }
}

#[test]
fn every_class_that_is_drawn_is_in_a_sheet() {
    let sheets = read("marks.css") + &read("stage.css");
    for (name, show) in scene_support::all() {
        let text = file(&show, 1_214.0, Mode::Page);
        for classes in text.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            // TIME_WAIT is filled with a pattern, by an attribute.
            for class in classes.split(' ').filter(|class| !["", "fig", "k-tw"].contains(class)) {
                let known =
                    [' ', ',', '{'].iter().any(|end| sheets.contains(&format!(".{class}{end}")));
                assert!(known, "{name}: nothing says how .{class} looks");
            }
        }
    }
}
