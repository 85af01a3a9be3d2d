//! Writes the figures for looking at: `KAE_LOOK=/some/folder cargo test --test scene_look -- --ignored`.
#![cfg(not(target_arch = "wasm32"))]
mod scene_support;

use keepalive::scene::{Mode, Scene, Viewport, svg};

#[test]
#[ignore = "writes files for people"]
fn figures() {
    let Ok(folder) = std::env::var("KAE_LOOK") else { return };
    let entries = keepalive::catalogue::ENTRIES.iter();
    let entries = entries.map(|entry| (entry.id, (entry.build)().show()));
    for (name, show) in scene_support::all().into_iter().chain(entries) {
        for (width, mode) in
            [(1214.0, Mode::Page), (900.0, Mode::Page), (716.0, Mode::Embed), (358.0, Mode::Page)]
        {
            let scene = Scene::build(&show, &Viewport::new(width, mode));
            let at = show.at();
            for (look, suffix) in [(svg::Look::Light, "light"), (svg::Look::Dark, "dark")] {
                let text = svg::file(&scene, at, name, "", look);
                std::fs::write(format!("{folder}/{name}-{width}-{suffix}.svg"), text).unwrap();
            }
        }
    }
}
