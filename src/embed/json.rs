//! The JSON functions for JavaScript: the same questions and answers as on the command line.
use crate::contract::InputError;
use crate::contract::files;
use crate::contract::judge::{JudgeQuestion, judge as judge_exchange};
use crate::contract::keys::{self, Keys};
use crate::contract::settings::ProductIn;
use crate::contract::simulate::{SimulateQuestion, simulate as simulate_scenario};
use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** As it stands on the wire, or as it should stand there: `HTTP/0.9`, `HTTP/1.0`, `HTTP/1.1`, or any other text. */
export type Version = "HTTP/0.9" | "HTTP/1.0" | "HTTP/1.1" | (string & {});
export type Headers = [name: string, value: string][];
export interface RequestHead { method: string; target: string; version: Version; headers?: Headers }
export interface ResponseHead { version: Version; status: number; headers?: Headers }
export interface Because { rule: string; fact: string; clause: string; strength: "MUST" | "SHOULD" | "MAY" | "practice" }
export type Framing = "none" | "content-length" | "chunked" | "close-delimited" | "invalid";

export interface JudgeQuestion {
  id?: unknown;
  role?: "server" | "client" | "proxy" | "proxy-upstream";
  request?: RequestHead | null;
  response?: ResponseHead | null;
  policy?: Record<string, boolean>;
}
export interface JudgeAnswer {
  id: unknown; persist: boolean; switched: boolean;
  framing: { request: Framing; response: Framing };
  because: Because[];
  who_closes: "server" | "client" | "either" | null;
  notes: { rule: string; fact: string; clause: string }[];
}

export interface Chosen { product: string; version?: string; settings?: Record<string, string | number | boolean> }
export interface Network { rtt_ms?: number; tls?: "none" | "1.2" | "1.3"; bandwidth_mbit?: number | null }
/** Times are milliseconds. */
export interface SimulateQuestion {
  id?: unknown;
  server: Chosen; client?: Chosen;
  /** Stands between them; so many `clients` take the exchanges in turn, each on connections of its own. */
  proxy?: (Chosen & { clients?: number; network?: Network }) | null;
  network?: Network;
  exchanges: {
    at_ms?: number; pipeline?: boolean;
    request: RequestHead & { body_bytes?: number; trailing_crlf?: boolean };
    response?: { status?: number; content?: { known: number } | { streamed: number } | "empty"; after_ms?: number; headers?: Headers };
  }[];
  until_ms?: number;
}
export interface SimulateAnswer {
  id: unknown;
  exchanges: {
    index: number; connection: number | null; outcome: "answered" | "retried" | "failed" | "unanswered";
    response: { version: Version; status: number; headers: Headers } | null;
    persist: boolean; because: Because[];
    /** With a proxy: the same exchange as the proxy has it with the server; null if it did not ask. */
    upstream?: {
      connection: number | null; outcome: "answered" | "retried" | "failed" | "unanswered";
      request: { version: Version; headers: Headers };
      response: { version: Version; status: number; headers: Headers } | null;
    } | null;
  }[];
  connections: {
    /** With a proxy: 0 between client and proxy, 1 between proxy and server. */
    hop?: 0 | 1;
    connection: number; opened_ms: number; exchanges: number[];
    closed: { at_ms: number; by: "server" | "client"; how: "fin" | "rst"; because: Because[] } | null;
  }[];
}
/** A configuration file: where it belongs and how it comes into effect are sentences. */
export interface ConfigFile { file_name: string; text: string; goes_to: string; reload: string }
/** `at` is the setting that is wrong, or `product`, or `version`. */
export type Exported = { files: ConfigFile[] } | { at: string; problem: string };
/** Lines are counted from 1. The note says what a line sets, or why it sets nothing. */
export interface ConfigLine { line: number; text: string; note: string }
export interface Imported {
  chosen: { product: string; version: string; settings: Record<string, string> } | null;
  understood: ConfigLine[]; ignored: ConfigLine[];
}
/** What could not be understood, and where. */
export interface InputProblem { id: unknown; error: { kind: "input"; detail: string } }
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "JudgeQuestion")]
    pub type JudgeQuestionJs;
    #[wasm_bindgen(typescript_type = "JudgeAnswer | InputProblem")]
    pub type JudgeAnswerJs;
    #[wasm_bindgen(typescript_type = "SimulateQuestion")]
    pub type SimulateQuestionJs;
    #[wasm_bindgen(typescript_type = "SimulateAnswer | InputProblem")]
    pub type SimulateAnswerJs;
    #[wasm_bindgen(typescript_type = "Chosen")]
    pub type ChosenJs;
    #[wasm_bindgen(typescript_type = "Exported")]
    pub type ExportedJs;
    #[wasm_bindgen(typescript_type = "Imported")]
    pub type ImportedJs;
}

/// Judges one exchange by the rules of HTTP alone. A question that cannot be understood is
/// answered, as on the command line, with an `error` that says what and where; nothing is thrown.
pub fn judge(exchange: &JudgeQuestionJs) -> JudgeAnswerJs {
    answer::<JudgeQuestion, _>(exchange, &keys::JUDGE, judge_exchange).unchecked_into()
}

/// Runs a scenario against the rules of real products.
pub fn simulate(scenario: &SimulateQuestionJs) -> SimulateAnswerJs {
    answer::<SimulateQuestion, _>(scenario, &keys::SIMULATE, simulate_scenario).unchecked_into()
}

/// The configuration files with which the real product behaves as chosen, or why there is none.
pub fn exported(chosen: &ChosenJs) -> ExportedJs {
    let asked = check_object(chosen).and_then(|()| check_keys(chosen, &keys::PRODUCT));
    let asked = asked.and_then(|()| read::<ProductIn>((**chosen).clone()));
    let answer = asked.map_or_else(
        |error| files::ExportOut::None { at: "product".into(), problem: error.detail },
        files::export,
    );
    written(&answer).unchecked_into()
}

/// What a piece of a configuration file sets.
pub fn imported(text: &str) -> ImportedJs {
    written(&files::import(text)).unchecked_into()
}

fn read<Q: DeserializeOwned>(value: JsValue) -> Result<Q, InputError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| InputError::new(error.to_string()))
}

/// As `JSON.parse` would make it.
fn written(answer: &impl Serialize) -> JsValue {
    let value = answer.serialize(&Serializer::json_compatible());
    value.unwrap_or_else(|_| Object::new().into())
}

/// The id is whatever the caller gave, handed back as it is.
fn answer<Q: DeserializeOwned, A: Serialize>(
    question: &JsValue,
    keys: &Keys,
    function: fn(Q) -> Result<A, InputError>,
) -> JsValue {
    let key = JsValue::from_str("id");
    let id = Reflect::get(question, &key).unwrap_or(JsValue::NULL);
    let body = without_id(question, &key);
    let answer = check_object(question)
        .and_then(|()| check_keys(&body, keys))
        .and_then(|()| read::<Q>(body))
        .and_then(function);
    let value = match answer {
        Ok(answer) => written(&answer),
        Err(error) => written(&Problem { error: &error }),
    };
    let id = if id.is_undefined() { JsValue::NULL } else { id };
    // Setting a key of an object made here cannot fail.
    let _ = Reflect::set(&value, &key, &id);
    value
}

/// A list has no keys, and would pass for a question without any.
fn check_object(question: &JsValue) -> Result<(), InputError> {
    if question.is_object() && !Array::is_array(question) {
        Ok(())
    } else {
        Err(InputError::new("the question is not an object"))
    }
}

/// serde-wasm-bindgen looks up the keys it expects and passes over the others; the contract wants
/// them named.
fn check_keys(value: &JsValue, keys: &Keys) -> Result<(), InputError> {
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().try_for_each(|item| check_keys(&item, keys));
    }
    let Some(object) = value.dyn_ref::<Object>() else { return Ok(()) };
    for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
        if !keys.known.contains(&key.as_str()) {
            return Err(InputError::new(keys.unknown(&key)));
        }
    }
    keys.inner.iter().try_for_each(|(name, inner)| {
        let value = Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        check_keys(&value, inner)
    })
}

/// A copy without the key, so that unknown keys can be told from it.
fn without_id(question: &JsValue, key: &JsValue) -> JsValue {
    let Some(question) = question.dyn_ref::<Object>() else {
        return question.clone();
    };
    let copy = Object::assign(&Object::new(), question);
    let _ = Reflect::delete_property(&copy, key);
    copy.into()
}

#[derive(Serialize)]
struct Problem<'a> {
    error: &'a InputError,
}
