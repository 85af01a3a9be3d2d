//! The browser's entry. Naming the library makes the linker take it; its `#[wasm_bindgen]`
//! items are then exported. `main` runs in workers too, so nothing is mounted here.
#[cfg(target_arch = "wasm32")]
use keepalive as _;

fn main() {}
