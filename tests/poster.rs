//! The poster and the shell of the first paint say and show what the core says now.
//! After a change that is meant to change them: `UPDATE_POSTER=1 cargo test --test poster`,
//! and write the new sentence into index.html.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue;
use keepalive::scene::words::verdict;
use keepalive::scene::{Mode, Scene, Viewport, svg};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{ROOT}/{path}")).expect("the file is part of the project")
}

#[track_caller]
fn check(path: &str, width: f64) {
    let show = catalogue::study(catalogue::DEFAULT).show();
    let said = verdict(&show);
    let scene = Scene::build(&show, &Viewport::new(width, Mode::Page));
    let now = svg::file(&scene, show.at(), &said.text, &said.why, svg::Look::Auto);
    if std::env::var_os("UPDATE_POSTER").is_some() {
        std::fs::write(format!("{ROOT}/{path}"), &now).expect("the file can be written");
    }
    assert!(
        read(path) == now,
        "{path} is not what the core draws: UPDATE_POSTER=1 cargo test --test poster"
    );
}

#[test]
fn the_wide_poster_is_drawn_by_the_core() {
    check("static/poster.svg", 1216.0);
}

#[test]
fn the_tall_poster_is_drawn_by_the_core() {
    check("static/poster-tall.svg", 358.0);
}

#[test]
fn the_shell_says_what_the_core_says() {
    let said = verdict(&catalogue::study(catalogue::DEFAULT).show());
    let shell = read("index.html");
    for sentence in [said.text, said.why] {
        assert!(shell.contains(&sentence), "index.html does not say: {sentence}");
    }
    let title = catalogue::entry(catalogue::DEFAULT).map(|entry| entry.title).unwrap_or_default();
    assert!(shell.contains(title), "index.html does not name the scenario: {title}");
}
