//! The same core on the command line.

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("keepalive {}", keepalive::VERSION);
}

// Integration tests for wasm32 build every binary, this one included.
#[cfg(target_arch = "wasm32")]
fn main() {}
