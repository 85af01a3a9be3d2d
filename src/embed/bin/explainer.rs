//! The JSON functions as a wasm module of their own, `explainer.js`: the same questions and answers
//! as on the command line. The page loads it only for its sheets about configuration files and for
//! the calculators, which it fills with their forms.
//! `main` does nothing, there is nothing to start.
#[cfg(target_arch = "wasm32")]
mod exports {
    use js_sys::{Array, Function};
    use keepalive::embed::json::{
        self, ChosenJs, ExportedJs, ImportedJs, JudgeAnswerJs, JudgeQuestionJs, SimulateAnswerJs,
        SimulateQuestionJs,
    };
    use keepalive::embed::{tools, tune};
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::Element;

    /// Judges one exchange by the rules of HTTP alone. A question that cannot be understood is
    /// answered with an `error` that says what and where; nothing is thrown.
    #[wasm_bindgen]
    pub fn judge(exchange: &JudgeQuestionJs) -> JudgeAnswerJs {
        json::judge(exchange)
    }

    /// Runs a scenario against the rules of real products.
    #[wasm_bindgen]
    pub fn simulate(scenario: &SimulateQuestionJs) -> SimulateAnswerJs {
        json::simulate(scenario)
    }

    /// The configuration files with which the real product behaves as chosen, or why there is none.
    #[wasm_bindgen]
    pub fn exported(chosen: &ChosenJs) -> ExportedJs {
        json::exported(chosen)
    }

    /// See [`tools::mount_tool`].
    #[wasm_bindgen]
    pub fn mount_tool(element: Element, link: &str, on_open: Function) {
        tools::mount_tool(element, link, on_open);
    }

    /// See [`tune::tune_point`].
    #[wasm_bindgen]
    pub fn tune_point(job: &Array) -> Array {
        tune::tune_point(job)
    }

    /// What a piece of a configuration file sets. Every text is taken: lines that are not understood
    /// are listed.
    #[wasm_bindgen]
    pub fn imported(text: &str) -> ImportedJs {
        json::imported(text)
    }
}

fn main() {}
