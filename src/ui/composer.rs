//! The composer: the list of exchanges, one of them to edit, and its bytes as they stand on the wire.
use super::bytes::{self, Line};
use super::dom::{self, bad, icon, yes};
use super::edit::{self, Group, HeadEdit, Heads};
use super::knobs::BREAKS;
use super::state::Msg;
use super::{View, words};
use crate::profile::Content;
use crate::protocol::Version;
use crate::sim::{Planned, Start};
use yew::prelude::*;

/// Lines of the list that are drawn; more of them are counted only.
const MOST_LINES: usize = 100;
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT"];

impl View<'_> {
    pub fn composer(&self) -> Html {
        let heading = self.id("requests");
        let exchanges = &self.model.scenario().exchanges;
        html! {
            <section class="panel reqp" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading} tabindex="-1">{ "Requests" }</h2>
                    <span class="end both">{ self.history() }</span>
                </header>
                { self.list(exchanges) }
                { self.list_buttons(exchanges.len()) }
                if let Some(planned) = self.model.planned() {
                    { self.request_form(planned) }
                    { self.wire_sent(planned) }
                    { self.wire_answered(planned) }
                    { self.answer_form(planned) }
                } else {
                    <p class="note">{ "No request yet. Add one, or pick a scenario." }</p>
                }
            </section>
        }
    }

    fn history(&self) -> Html {
        let button = |path, label: &'static str, on: bool, msg| {
            html! {
                <button type="button" class="mini" aria-label={label} title={label} disabled={!on} onclick={self.click(msg)}>
                    { icon(path) }
                </button>
            }
        };
        html! {
            <>
                { button(dom::UNDO, "Undo", self.model.can_undo(), Msg::Undo) }
                { button(dom::REDO, "Redo", self.model.can_redo(), Msg::Redo) }
                <button type="button" class="solid" onclick={self.click(Msg::SendNow)}
                    title="Adds a request like this one at the instant of the playhead: the past stays">
                    { "Send now" }
                </button>
            </>
        }
    }

    fn list(&self, exchanges: &[Planned]) -> Html {
        let groups = edit::groups(exchanges);
        let edited = &self.model.edited;
        let mut lines: Vec<Group> = Vec::new();
        for group in groups {
            let inside = group.contains(edited.start()) && *edited != group;
            if inside
                || group.contains(edited.start())
                    && group.clone().count() <= 12
                    && group.clone().count() > 1
            {
                lines.push(group.clone());
                lines.extend(group.map(|index| index..=index));
            } else {
                lines.push(group);
            }
        }
        // Around the one that is edited.
        let at = lines.iter().position(|group| group == edited).unwrap_or(0);
        let from = if lines.len() > MOST_LINES { at.saturating_sub(MOST_LINES / 2) } else { 0 };
        let hidden = lines.len().saturating_sub(from + MOST_LINES);
        let drawn = lines.iter().skip(from).take(MOST_LINES);
        html! {
            <ol class="reqs">
                if from > 0 { <li class="note">{ format!("{from} before these") }</li> }
                { for drawn.map(|group| self.list_line(exchanges, group)) }
                if hidden > 0 { <li class="note">{ format!("{hidden} more") }</li> }
            </ol>
        }
    }

    fn list_line(&self, exchanges: &[Planned], group: &Group) -> Html {
        let Some(planned) = exchanges.get(*group.start()) else { return Html::default() };
        let several = group.start() != group.end();
        let number = match several {
            true => format!("{}\u{2009}–\u{2009}{}", group.start() + 1, group.end() + 1),
            false => (group.start() + 1).to_string(),
        };
        let line = format!("{} {}", planned.request.method, planned.request.target);
        let line = if several { line + " …" } else { line };
        html! {
            <li>
                <button type="button" aria-current={(self.model.edited == *group).then_some("true")}
                    onclick={self.click(Msg::Edit(group.clone()))}>
                    <span class="n">{ number }</span>
                    <span>{ line }</span>
                    <span class="when">{ when(planned, *group.start()) }</span>
                </button>
            </li>
        }
    }

    fn list_buttons(&self, count: usize) -> Html {
        let here = *self.model.edited.start();
        let more = |label: &'static str, times: usize| {
            html! { <button type="button" class="chip plus" onclick={self.click(Msg::Repeat(times))}>{ label }</button> }
        };
        html! {
            <div class="chips">
                <button type="button" class="chip plus" onclick={self.click(Msg::Add)}>{ "+ request" }</button>
                if count > 0 {
                    <button type="button" class="chip plus" onclick={self.click(Msg::Duplicate)}>{ "Duplicate" }</button>
                    { more("×2", 1) }
                    { more("×10", 9) }
                    <button type="button" class="chip plus" onclick={self.click(Msg::Remove)}>{ "Remove" }</button>
                    if here > 0 { { self.mini(dom::UP, "Move up", Msg::Up) } }
                }
            </div>
        }
    }

    fn request_form(&self, planned: &Planned) -> Html {
        let (method, method_bad) = self.input("x.method", "input", "Method");
        let (target, target_bad) = self.input("x.target", "input", "Target");
        let (body, body_bad) = self.input("x.body", "input num", "Bytes of body");
        let methods = self.id("x.method-list");
        let crlf = planned.trailing_crlf;
        html! {
            <>
                { self.version(planned) }
                <div class="field">
                    <span class="label">{ "Request" }</span>
                    <span class="both request">{ method }{ target }</span>
                    { method_bad }{ target_bad }
                    <datalist id={methods}>{ for METHODS.iter().map(|method| html! { <option value={*method} /> }) }</datalist>
                </div>
                { self.start(planned) }
                if planned.request.version != Version::Http09 {
                    { self.heads(planned, Heads::Request) }
                }
                <div class="field">
                    <span class="label">{ "Body" }</span>
                    <span class="both">
                        { body }<span class="unit">{ "bytes" }</span>
                        { self.tick("x.crlf", "CR LF after it", crlf) }
                    </span>
                    { body_bad }
                </div>
            </>
        }
    }

    fn version(&self, planned: &Planned) -> Html {
        let version = &planned.request.version;
        let known = ["0.9", "1.0", "1.1"];
        let text = version.to_string();
        let short = text.strip_prefix("HTTP/").filter(|short| known.contains(short));
        let mut options: Vec<(AttrValue, bool, Msg)> = known
            .iter()
            .map(|known| {
                (
                    (*known).into(),
                    short == Some(known),
                    Msg::Set("x.version".into(), (*known).into()),
                )
            })
            .collect();
        options.push((
            "other".into(),
            short.is_none(),
            Msg::Set("x.version".into(), "HTTP/1.2".into()),
        ));
        let (field, problem) = self.input("x.version", "input", "Version as written");
        html! {
            <div class="field">
                <span class="label">{ "HTTP version" }</span>
                <span class="both loose">
                    { self.segments("HTTP version", options) }
                    if short.is_none() { { field } }
                </span>
                { problem }
            </div>
        }
    }

    /// When it is sent.
    fn start(&self, planned: &Planned) -> Html {
        let index = *self.model.edited.start();
        let at = matches!(planned.start, Start::At(_));
        let key = match planned.start {
            Start::At(_) => "x.at",
            Start::After { exchange, .. } if exchange + 1 == index => "x.gap",
            Start::After { .. } => "x.after",
        };
        let (field, problem) = self.input(key, "input num", "Time");
        let mut options = vec![(
            "at".into(),
            at,
            Msg::Set("x.at".into(), format!("{}ms", self.model.at().0 / 1000)),
        )];
        if index > 0 {
            options.push((
                "after the answer before".into(),
                !at,
                Msg::Set("x.gap".into(), "0s".into()),
            ));
        }
        html! {
            <div class="field">
                <span class="label">{ "Sent" }</span>
                <span class="both">
                    { self.segments("When it is sent", options) }
                    if !at { <span class="unit">{ "+" }</span> }
                    { field }
                </span>
                { problem }
                if index > 0 {
                    { self.tick("x.pipeline", "without waiting for answers (pipelined)", planned.pipeline) }
                }
            </div>
        }
    }

    pub fn tick(&self, key: &'static str, label: &'static str, on: bool) -> Html {
        let onchange =
            self.chosen(move |_| Msg::Set(key.into(), if on { "0" } else { "1" }.into()));
        html! { <label class="tick"><input type="checkbox" checked={on} {onchange} />{ label }</label> }
    }

    /// The fields of a message, in order, and chips for the usual ones.
    fn heads(&self, planned: &Planned, heads: Heads) -> Html {
        let headers = heads.of(planned);
        html! {
            <div class="field heads-of">
                <ul class="heads">
                    { for (0..headers.len()).map(|index| self.head_line(heads, index)) }
                </ul>
                <div class="chips">{ for self.usual(planned, heads) }</div>
            </div>
        }
    }

    fn head_line(&self, heads: Heads, index: usize) -> Html {
        let part = |is_name: bool, label: &'static str| {
            let (text, problem) = self.model.head(heads, index, is_name);
            let oninput = self.typed(move |text| Msg::TypeHead { heads, index, is_name, text });
            let field = html! {
                <input type="text" class="input" value={text} aria-label={label} autocomplete="off" autocapitalize="off"
                    spellcheck="false" size="1" aria-invalid={problem.map(|_| "true")} {oninput} />
            };
            (field, bad(problem))
        };
        let (name, name_bad) = part(true, "Name of the field");
        let (value, value_bad) = part(false, "Value");
        html! {
            <li>
                { name }{ value }
                <span>
                    if index > 0 { { self.mini(dom::UP, "Move up", Msg::Head(heads, HeadEdit::Up(index))) } }
                    { self.mini(dom::CROSS, "Remove this field", Msg::Head(heads, HeadEdit::Remove(index))) }
                </span>
                { name_bad }{ value_bad }
            </li>
        }
    }

    fn usual(&self, planned: &Planned, heads: Heads) -> Vec<Html> {
        let headers = heads.of(planned);
        let length = match heads {
            Heads::Request => planned.body_bytes.to_string(),
            Heads::Answer => planned.app.content.bytes().to_string(),
        };
        let usual = [
            ("Connection", "close".to_owned()),
            ("Connection", "keep-alive".into()),
            ("Keep-Alive", "timeout=5".into()),
            ("Proxy-Connection", "keep-alive".into()),
            ("Content-Length", length),
            ("Transfer-Encoding", "chunked".into()),
        ];
        let mut chips: Vec<Html> = usual
            .into_iter()
            .map(|(name, value)| {
                let on = edit::has(headers, name, &value);
                let text = format!("{name}: {value}");
                let msg = Msg::Head(heads, HeadEdit::Toggle(name, value));
                html! { <button type="button" class="chip" aria-pressed={yes(on)} onclick={self.click(msg)}>{ text }</button> }
            })
            .collect();
        let msg = Msg::Head(heads, HeadEdit::Add("X-Name".into(), String::new()));
        chips.push(html! { <button type="button" class="chip plus" onclick={self.click(msg)}>{ "+ field" }</button> });
        chips
    }

    /// What the application behind the server produces.
    fn answer_form(&self, planned: &Planned) -> Html {
        let app = &planned.app;
        let (status, status_bad) = self.input("x.status", "input num", "Status");
        let (delay, delay_bad) = self.input("x.delay", "input num", "The application works for");
        let content = |text: String| Msg::Set("x.content".into(), text);
        let bytes = app.content.bytes();
        let options = vec![
            (
                "length known".into(),
                matches!(app.content, Content::Known(_)),
                content(bytes.to_string()),
            ),
            (
                "streamed".into(),
                matches!(app.content, Content::Streamed(_)),
                content(format!("streamed:{bytes}")),
            ),
            ("none".into(), app.content == Content::Empty, content("empty".into())),
        ];
        html! {
            <>
                <h3>{ "What the application answers" }</h3>
                <div class="field">
                    <span class="label">{ "Status, time" }</span>
                    <span class="both">
                        { status }<span class="unit">{ "after" }</span>{ delay }
                    </span>
                    { status_bad }{ delay_bad }
                </div>
                <div class="field">
                    <span class="label">{ "Body" }</span>
                    <span class="both loose">
                        { self.segments("Body of the answer", options) }
                        { self.content_bytes(app.content) }
                    </span>
                </div>
                { self.knob(&BREAKS) }
                <details>
                    <summary>{ "Fields that the application sets" }</summary>
                    { self.heads(planned, Heads::Answer) }
                </details>
            </>
        }
    }

    fn content_bytes(&self, content: Content) -> Html {
        if content == Content::Empty {
            return Html::default();
        }
        let prefix = if matches!(content, Content::Streamed(_)) { "streamed:" } else { "" };
        let (text, problem) = self.model.field("x.content");
        let shown = text.strip_prefix(prefix).unwrap_or(&text).to_owned();
        let oninput =
            self.typed(move |text| Msg::Type("x.content".into(), format!("{prefix}{text}")));
        html! {
            <>
                <input type="text" class="input num" value={shown} aria-label="Bytes of the answer's body" inputmode="numeric"
                    aria-invalid={problem.map(|_| "true")} {oninput} onblur={self.left("x.content".into())} />
                <span class="unit">{ "bytes" }</span>
                { bad(problem) }
            </>
        }
    }

    fn wire_sent(&self, planned: &Planned) -> Html {
        let Some(exchange) = self.exchange() else { return Html::default() };
        let lines = bytes::request_lines(&exchange.request, exchange.answer.as_deref());
        let rewritten = *exchange.request != planned.request;
        html! {
            <>
                <h3>{ "Sent" }</h3>
                { pre(&lines, &bytes::request_body(planned), "The request as it stands on the wire") }
                if rewritten {
                    <p class="note">{ "This client sends it its own way, not as composed." }</p>
                }
            </>
        }
    }

    fn wire_answered(&self, planned: &Planned) -> Html {
        let Some(exchange) = self.exchange() else { return Html::default() };
        let Some(answer) = &exchange.answer else {
            return html! { <><h3>{ "Answered" }</h3><p class="note">{ words::outcome(exchange) }</p></> };
        };
        let lines = bytes::response_lines(&exchange.request, answer);
        html! {
            <>
                <h3>{ "Answered" }</h3>
                { pre(&lines, &bytes::response_body(answer, planned.app.content), "The answer as it stands on the wire") }
            </>
        }
    }

    /// The edited exchange as it went in the run that is edited.
    pub fn exchange(&self) -> Option<&crate::sim::Exchange> {
        let run = self.model.show.runs.get(self.model.run())?;
        run.timeline()?.exchanges.get(*self.model.edited.start())
    }
}

/// When an exchange is sent, in two words.
fn when(planned: &Planned, index: usize) -> String {
    match planned.start {
        Start::At(at) => at.to_string(),
        Start::After { exchange, gap } => {
            let after = if exchange + 1 == index {
                "then".to_owned()
            } else {
                format!("after {}", exchange + 1)
            };
            if gap.0 == 0 { after } else { format!("{after} +{gap}") }
        }
    }
}

/// Lines of a head, and a word about what follows it.
pub fn pre(lines: &[Line], body: &str, label: &'static str) -> Html {
    // Folded values and other oddities show what is in them.
    let shown = |text: &str| text.replace('\r', "␍").replace('\n', "␊");
    let lines = lines.iter().map(|line| {
        html! {
            <span class={(!line.decides.is_empty()).then_some("decides")}>
                { shown(&line.before) }<mark>{ shown(&line.decides) }</mark>{ shown(&line.after) }<i>{ "\\r\\n" }</i>
            </span>
        }
    });
    html! {
        <pre class="bytes" tabindex="0" aria-label={label}>
            { for lines }
            if !body.is_empty() { <span class="no">{ body.to_owned() }</span> }
        </pre>
    }
}
