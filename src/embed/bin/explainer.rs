//! The JSON functions as a wasm module of their own, `explainer.js`: the same questions and answers
//! as on the command line. The page loads it only for its two sheets about configuration files.
//! `main` does nothing, there is nothing to start.
#[cfg(target_arch = "wasm32")]
mod exports {
    use keepalive::embed::json::{
        self, ChosenJs, ExportedJs, ImportedJs, JudgeAnswerJs, JudgeQuestionJs, SimulateAnswerJs,
        SimulateQuestionJs,
    };
    use wasm_bindgen::prelude::wasm_bindgen;

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

    /// What a piece of a configuration file sets. Every text is taken: lines that are not understood
    /// are listed.
    #[wasm_bindgen]
    pub fn imported(text: &str) -> ImportedJs {
        json::imported(text)
    }
}

fn main() {}
