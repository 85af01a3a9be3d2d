//! The page as a wasm module, `page.js`: what `kae.js` mounts explainers with. `main` runs in
//! workers too, so nothing is mounted there.
#[cfg(target_arch = "wasm32")]
mod exports {
    use js_sys::Function;
    use keepalive::embed;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::Element;

    /// See [`embed::set_panic_handler`].
    #[wasm_bindgen]
    pub fn set_panic_handler(handler: Function) {
        embed::set_panic_handler(handler);
    }

    /// See [`embed::Handle`].
    #[wasm_bindgen]
    pub struct Handle(embed::Handle);

    /// See [`embed::mount`].
    #[wasm_bindgen]
    pub fn mount(root: Element, options: &JsValue) -> Handle {
        Handle(embed::mount(root, options))
    }

    #[wasm_bindgen]
    impl Handle {
        /// Changes the options that are named and leaves the rest.
        pub fn update(&mut self, options: &JsValue) {
            self.0.update(options);
        }

        pub fn unmount(self) {
            self.0.unmount();
        }

        /// The state as a link's fragment.
        pub fn state(&self) -> String {
            self.0.state()
        }
    }
}

fn main() {}
