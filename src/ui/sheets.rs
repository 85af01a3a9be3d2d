//! The dialogs: scenarios, share, help, why on a small screen; those of other files are put in here.
use super::View;
use super::cards::shelf_title;
use super::dom::{self, yes};
use super::facts::MODULE;
use super::state::{Export, Msg, Sheet};
use crate::catalogue::{ENTRIES, Entry, Group};
use crate::share::see::{See, TOOLS};
use crate::share::{json, snippet};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Keys and what they do.
const KEYS: [(&str, &str); 18] = [
    ("Space", "play, pause"),
    ("C", "compose a request"),
    ("← →", "previous, next event"),
    ("N", "send a request now"),
    ("Shift ← →", "100 ms back, forward"),
    ("F", "flip the setting"),
    ("↑ ↓", "lane above, below"),
    ("D", "compare on, off"),
    ("Home End", "first, last event"),
    ("R", "reset the scenario"),
    ("[ ]", "slower, faster"),
    ("L", "copy link"),
    ("+ − 0", "zoom in, out, fit"),
    ("T", "go to the table"),
    ("Enter", "open details"),
    ("U", "undo"),
    ("Esc", "close"),
    ("?", "this help"),
];

/// Words of the picture, each in half a sentence.
const WORDS: [(&str, &str); 9] = [
    ("RTT", "round-trip time: how long a packet takes to the other end and back"),
    ("TCP handshake", "opens a connection: one round trip before anything can be asked"),
    ("TLS handshake", "encryption is agreed: one more round trip with TLS 1.3, two with 1.2"),
    (
        "Idle timer",
        "how long a side keeps a connection that carries nothing; it stands on the edge of the side that holds it",
    ),
    ("FIN", "“I will send nothing more”: an orderly close, drawn on the side that closes first"),
    ("RST", "reset: a connection is thrown away at once, unread bytes with it"),
    ("TIME_WAIT", "the side that closed first keeps the port a while, in case packets come late"),
    ("Keep-alive", "the connection stays open after an answer, for the next request"),
    ("C1, C2", "connections, numbered in the order of opening; in a comparison A·C1 and B·C1"),
];

impl View<'_> {
    pub fn dialog(&self, node: &NodeRef) -> Html {
        let sheet = self.model.sheet;
        let label = self.id("sheet");
        let close = {
            let (send, node) = (self.send.clone(), node.clone());
            Callback::from(move |_: Event| {
                // The browser tells it later: by then another sheet may have been opened.
                if !node.cast::<HtmlDialogElement>().is_some_and(|dialog| dialog.open()) {
                    send.emit(Msg::Sheet(None));
                }
            })
        };
        // A click beside the sheet lands on the dialog itself.
        let beside = {
            let (send, node) = (self.send.clone(), node.clone());
            Callback::from(move |event: MouseEvent| {
                let target = event.target();
                if node.get().is_some_and(|node| target.as_ref() == Some(node.as_ref())) {
                    send.emit(Msg::Sheet(None));
                }
            })
        };
        let widest = matches!(sheet, Some(Sheet::See(See::Differ { .. } | See::Tool(_))));
        let wide = matches!(sheet, Some(Sheet::Scenarios | Sheet::Help | Sheet::See(_)));
        html! {
            <dialog ref={node.clone()} class={classes!(wide.then_some("wide"), widest.then_some("widest"))} aria-labelledby={label.clone()} onclose={close} onclick={beside}>
                if let Some(sheet) = sheet {
                    <div>
                        <div class="bar">
                            <h2 id={label}>{ self.title(sheet) }</h2>
                            <span class="push">{ self.mini(dom::CROSS, "Close", Msg::Sheet(None)) }</span>
                        </div>
                        { match sheet {
                            Sheet::Scenarios => self.scenarios(),
                            Sheet::Share => self.share(),
                            Sheet::Help => self.help(),
                            Sheet::See(See::Differ { asked, row }) => self.differ(asked, row),
                            Sheet::See(See::Proof(id)) => self.proof(id),
                            Sheet::See(See::Surprises) => self.surprises(),
                            Sheet::See(See::Cards { shelf, card }) => self.cards(shelf, card),
                            Sheet::See(See::Export) => self.config_files(),
                            Sheet::See(See::Import) => self.config_paste(),
                            Sheet::See(See::Tool(id)) => self.tool(id),
                            Sheet::Why => html! { <><p>{ self.seek() }</p>{ self.why() }</> },
                        } }
                    </div>
                }
            </dialog>
        }
    }

    fn title(&self, sheet: Sheet) -> String {
        match sheet {
            Sheet::Scenarios => "Scenarios".into(),
            Sheet::Share => "Share this moment".into(),
            Sheet::Help => "Help".into(),
            Sheet::Why => self.model.why_title(),
            Sheet::See(See::Differ { .. }) => "Where they differ".into(),
            Sheet::See(See::Proof(_)) => "Proof".into(),
            Sheet::See(See::Surprises) => "Surprises".into(),
            Sheet::See(See::Cards { shelf, .. }) => shelf_title(shelf).into(),
            Sheet::See(See::Export) => "As a config file".into(),
            Sheet::See(See::Import) => "Paste a config".into(),
            Sheet::See(See::Tool(_)) => "Calculators".into(),
        }
    }

    /// A place for a calculator: the module that is loaded on demand fills it (`app.rs` asks it to).
    fn tool(&self, id: &'static str) -> Html {
        let one = |(tool, title): (&'static str, &'static str)| {
            (title.into(), tool == id, Msg::Sheet(Some(Sheet::See(See::Tool(tool)))))
        };
        html! {
            <>
                { self.segments("Calculator", TOOLS.map(one).into()) }
                { self.with_file(MODULE, |_| html! { <div key={id} class="tool" data-tool={id} /> }) }
            </>
        }
    }

    fn scenarios(&self) -> Html {
        let entry = |entry: &'static Entry| {
            let content = html! { <><b>{ entry.title }</b><span>{ entry.look_for }</span></> };
            html! { <li>{ self.entry_link(entry, content) }</li> }
        };
        let group = |group: Group| {
            let entries = ENTRIES.iter().filter(move |entry| entry.group == group);
            html! {
                <>
                    <h3>{ group.title() }</h3>
                    <ol class="picks">{ for entries.map(entry) }</ol>
                </>
            }
        };
        html! { <>{ for Group::ALL.into_iter().map(group) }</> }
    }

    fn share(&self) -> Html {
        let export = self.model.export;
        let option = |text: &str, which: Export| {
            (AttrValue::from(text.to_owned()), export == which, Msg::Export(which))
        };
        let text = self.exported(export);
        let copied = if self.model.copied { "Copied" } else { "Copy" };
        html! {
            <>
                <p class="note">
                    { "The link holds the scenario, your changes and the instant. It stands behind the # and is sent to no server." }
                </p>
                <div class="row gap">
                    { self.segments("What to take along", vec![
                        option("Link", Export::Link),
                        option("Element", Export::Element),
                        option("Frame", Export::Frame),
                        option("Markdown", Export::Markdown),
                        option("JSON", Export::Json),
                    ]) }
                </div>
                <textarea class="input" readonly=true aria-label="Text to copy" value={text.clone()} rows="4" />
                <div class="row gap">
                    <button type="button" class="solid" onclick={self.click(Msg::Copy(text))}>{ copied }</button>
                    <button type="button" class="line" onclick={self.click(Msg::SaveSvg)}>{ "Save the picture (SVG)" }</button>
                </div>
                <p class="note">{ match export {
                    Export::Link => "Opens this page just as it is now.",
                    Export::Element => "For a page that may run a script of this site: as many as you like, one download.",
                    Export::Frame => "For a page that runs no script of others.",
                    Export::Markdown => "A picture that leads here, where only Markdown is taken. Save the picture beside your text.",
                    Export::Json => "The run as the command line and the JavaScript function take it.",
                } }</p>
            </>
        }
    }

    fn exported(&self, export: Export) -> String {
        let (model, base) = (self.model, dom::base());
        let study = model.study_at();
        match export {
            Export::Link => format!("{base}#{}", crate::share::link::write(&study)),
            Export::Element => snippet::element(&study, &base),
            Export::Frame => snippet::iframe(&study, &base, &model.verdict().text),
            Export::Markdown => {
                snippet::markdown(&study, &base, &model.verdict().text, "keep-alive.svg")
            }
            Export::Json => {
                model.show.runs.get(model.run()).map(json::question).unwrap_or_default()
            }
        }
    }

    fn help(&self) -> Html {
        let keys =
            KEYS.iter().map(|(key, does)| html! { <><kbd>{ *key }</kbd><span>{ *does }</span></> });
        let words =
            WORDS.iter().map(|(word, means)| html! { <><dt>{ *word }</dt><dd>{ *means }</dd></> });
        let on = self.model.keys;
        html! {
            <>
                <h3>{ "Keys, while the explainer has the focus" }</h3>
                <div class="keys">{ for keys }</div>
                <p>
                    <button type="button" class="line" aria-pressed={yes(on)} onclick={self.click(Msg::Keys(!on))}>
                        { if on { "Keys are on" } else { "Keys are off" } }
                    </button>
                </p>
                <h3>{ "Words" }</h3>
                <dl class="words">{ for words }</dl>
                <h3>{ "What is computed" }</h3>
                <p class="note">
                    { "Every span is simulated from the settings shown: nothing is measured here, and nothing is drawn by hand. Each product’s rule is written after its manual and source, and names them." }
                </p>
            </>
        }
    }
}
