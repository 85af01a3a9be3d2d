//! The page. What it shows and what can happen to it is plain data and compiles everywhere; the rest is Yew.
//!
//! | file | what it holds |
//! |---|---|
//! | [`state`] | the model, the messages, and the pure `update` |
//! | [`edit`] | edits of the list of exchanges |
//! | [`bytes`] | messages as they stand on the wire, the deciding lines marked |
//! | [`effect`] | does a setting matter in this run? |
//! | [`steps`], [`toggle`], [`words`] | values of sliders; the setting a scenario is about; sentences |
//! | [`knobs`] | what there is to set beside the products, as tables |
//! | `app` | the component that is mounted |
//! | `page`, `sheets` | header, verdict, footer; dialogs |
//! | `composer`, `settings`, `more`, `why`, `diagram`, `table`, `netstat` | the panels |
//! | `differ`, `config`, `facts`, `cards` | sheets: one request to every server; files; what was measured; incidents and claims |
//! | `timeline` | the figure with its controls |
//! | `dom`, `keys` | callbacks and inputs; shortcuts |
pub mod bytes;
pub mod edit;
pub mod effect;
pub mod knobs;
pub mod state;
pub mod steps;
pub mod toggle;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub use dom::save;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod cards;
#[cfg(target_arch = "wasm32")]
mod composer;
#[cfg(target_arch = "wasm32")]
mod config;
#[cfg(target_arch = "wasm32")]
mod diagram;
#[cfg(target_arch = "wasm32")]
mod differ;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod facts;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod more;
#[cfg(target_arch = "wasm32")]
mod netstat;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod settings;
#[cfg(target_arch = "wasm32")]
mod sheets;
#[cfg(target_arch = "wasm32")]
mod table;
#[cfg(target_arch = "wasm32")]
pub mod timeline;
#[cfg(target_arch = "wasm32")]
mod why;

#[cfg(target_arch = "wasm32")]
pub use app::{Controls, Explainer, ExplainerProps, Mode};

/// What the views draw from: the model, and where their messages go.
#[cfg(target_arch = "wasm32")]
pub struct View<'a> {
    pub model: &'a state::Model,
    pub send: &'a yew::Callback<state::Msg>,
    /// Where the figure has its playhead.
    pub playhead: &'a std::rc::Rc<std::cell::Cell<crate::sim::Us>>,
    /// Number of the mount, so that ids are not shared between two on one page.
    pub uid: u32,
    pub mode: Mode,
    pub controls: Controls,
    /// What was fetched beside the explainer.
    pub files: &'a facts::Files,
}
