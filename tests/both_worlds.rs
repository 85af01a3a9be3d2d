//! The smallest test that runs natively and in the browser: the chain itself works.

use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[test_everywhere(unsupported = test)]
fn the_library_knows_its_version() {
    assert!(keepalive::VERSION.split('.').count() == 3);
}
