//! The JSON functions as a wasm module of their own, `explainer.js`: the same questions and answers
//! as on the command line. The page does not load it. `main` does nothing, there is nothing to start.
#[cfg(target_arch = "wasm32")]
mod exports {
    use keepalive::embed::json::{
        self, JudgeAnswerJs, JudgeQuestionJs, SimulateAnswerJs, SimulateQuestionJs,
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
}

fn main() {}
