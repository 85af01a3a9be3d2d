//! The page, in Yew.

use yew::prelude::*;

/// What the host page asks of one mounted explainer.
#[derive(Clone, PartialEq, Properties)]
pub struct ExplainerProps {
    pub link: AttrValue,
    pub onstate: Callback<String>,
    pub onready: Callback<()>,
}

#[component]
pub fn Explainer(props: &ExplainerProps) -> Html {
    let count = use_state(|| 0_u32);
    {
        let onready = props.onready.clone();
        use_effect_with((), move |()| onready.emit(()));
    }
    let onclick = {
        let count = count.clone();
        let onstate = props.onstate.clone();
        Callback::from(move |_: MouseEvent| {
            let next = *count + 1;
            count.set(next);
            onstate.emit(format!("v=1&count={next}"));
        })
    };
    html! {
        <main data-ready="">
            <h1>{ "Keep-Alive Explainer" }</h1>
            <button {onclick}>{ format!("Exchanges: {}", *count) }</button>
            <p>{ props.link.clone() }</p>
        </main>
    }
}
