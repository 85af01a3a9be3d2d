//! The tooltip: it can be reached, and Esc sends it away.
use super::stage::{Act, Msg, Stage, StageMsg};
use crate::scene::words::Tip;
use crate::scene::{Mark, Scene};
use crate::study::Pick;
use web_sys::HtmlElement;
use yew::prelude::*;

const WIDTH: f64 = 288.0;

#[derive(Clone, PartialEq, Properties)]
struct BoxProps {
    left: i32,
    top: i32,
    children: Html,
    on: Callback<bool>,
}

/// A box at a place. The place is set through the style object: attributes are forbidden to have styles.
#[component]
fn TipBox(props: &BoxProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.left, props.top), move |(left, top)| {
            if let Some(element) = node.cast::<HtmlElement>() {
                let style = element.style();
                drop(style.set_property("left", &format!("{left}px")));
                drop(style.set_property("top", &format!("{top}px")));
                drop(style.set_property("visibility", "visible"));
            }
        });
    }
    let (enter, leave) = (props.on.clone(), props.on.clone());
    html! {
        <div class="tip" role="tooltip" ref={node}
            onpointerenter={move |_| enter.emit(true)} onpointerleave={move |_| leave.emit(false)}>
            { props.children.clone() }
        </div>
    }
}

pub fn view(ctx: &Context<Stage>, scene: &Scene, mark: &Mark, pick: Pick, words: &Tip) -> Html {
    let b = &mark.bounds;
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
    let (left, top) = if scene.pen.tall {
        let left = (b.x1 + 12.0).min(scene.width - WIDTH - 8.0).max(4.0);
        (left as i32, (b.y1 + 12.0) as i32)
    } else {
        let left = (b.x0 - 24.0).clamp(4.0, (scene.width - WIDTH - 8.0).max(4.0));
        (left as i32, (b.y1 + 10.0) as i32)
    };
    let on = ctx.link().callback(|inside| if inside { Msg::KeepTip } else { Msg::Hover(None) });
    let details = {
        let on = ctx.props().on.clone();
        let link = ctx.link().clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on.emit(StageMsg::Pick(Some(pick)));
            link.send_message(Msg::Act(Act::Details));
        })
    };
    html! {
        <TipBox {left} {top} {on}>
            <b>{ words.title.clone() }</b>
            { for words.lines.iter().map(|line| html! { <p>{ line.clone() }</p> }) }
            <p class="more">
                if let Some(clause) = words.clause {
                    <a href={clause.url} title={clause.gist}>{ clause.to_string() }</a>
                }
                <button type="button" onclick={details}>{ "Details" }</button>
            </p>
        </TipBox>
    }
}
