//! A scene as SVG nodes. Nothing here depends on where the playhead stands, so playing renders nothing.
use crate::scene::marks::MarkKind;
use crate::scene::{Anchor, Fold, Label, Lane, Mark, Scene, Shape, num};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct FigureProps {
    pub scene: Rc<Scene>,
    /// Number of the mount: patterns need names that no other mount has.
    pub uid: u32,
    /// The id of the element that says what the figure shows.
    pub labelled_by: AttrValue,
    /// The nodes are there, and are other ones than before.
    pub drawn: Callback<()>,
}

impl PartialEq for FigureProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.scene, &other.scene) && self.labelled_by == other.labelled_by
    }
}

#[component]
pub fn Figure(props: &FigureProps) -> Html {
    let drawn = props.drawn.clone();
    use_effect(move || drawn.emit(()));
    let scene = &*props.scene;
    let drawer =
        Drawer { hatch: AttrValue::from(format!("url(#kae{}-hatch)", props.uid)), next: 0.into() };
    let plot = &scene.plot;
    let view_box = |x, y, w, h| {
        let mut text = String::new();
        num::push_pair(&mut text, x, y);
        text.push(' ');
        num::push_pair(&mut text, w, h);
        text
    };
    html! {
        <svg class={classes!("fig", scene.pen.tall.then_some("tall"))} viewBox={view_box(0.0, 0.0, scene.width, scene.height)}
            width={num::text(scene.width)} height={num::text(scene.height)} role="group" aria-labelledby={props.labelled_by.clone()}>
            <defs>
                <pattern id={format!("kae{}-hatch", props.uid)} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path class="k-hatch" d="M.5 0V5" />
                </pattern>
            </defs>
            <g aria-hidden="true">
                { for scene.folds.iter().map(|fold| drawer.strip(scene, fold)) }
                { for scene.back.iter().map(|shape| drawer.shape(shape)) }
                { for scene.ticks.iter().map(|tick| {
                    let (x, y, anchor) = scene.tick_place(tick);
                    text("m tick", x, y, anchor, &tick.text)
                }) }
            </g>
            <svg class="plot-area" x={num::text(plot.x0)} y={num::text(plot.y0)} width={num::text(plot.width())} height={num::text(plot.height())}
                viewBox={view_box(plot.x0, plot.y0, plot.width(), plot.height())} overflow="hidden">
                { for scene.groups.iter().map(|group| html! {
                    <g role="group" aria-label={group.name.clone()}>
                        { for group.lanes.iter().map(|lane| drawer.lane(lane)) }
                    </g>
                }) }
                <g class="ring hover" aria-hidden="true" visibility="hidden"><rect class="k-hover" rx="2" /></g>
                <g class="ring sel" aria-hidden="true" visibility="hidden"><rect class="k-sel-halo" rx="3" /><rect class="k-sel" rx="3" /></g>
                <g class="flights" aria-hidden="true"></g>
                <rect class="k-veil" x={num::text(plot.x0)} y={num::text(plot.y0)} width={num::text(plot.width())} height={num::text(plot.height())} aria-hidden="true" />
                <path class="k-hair" d={hairline(scene)} visibility="hidden" aria-hidden="true" />
            </svg>
            <g class="hair-t" visibility="hidden" aria-hidden="true">{ hair_flag(scene) }</g>
            <g class="words" aria-hidden="true">
                { for scene.front.iter().map(|front| html! { <g class="late">{ drawer.shape(&front.shape) }</g> }) }
                { for scene.labels.iter().map(label) }
                // Apart from the labels: what is written into these nodes must not become a label's.
                <g>{ for (0..scene.numbers()).map(|_| html! { <text class="b k-halo left"></text> }) }</g>
            </g>
            { for scene.folds.iter().enumerate().map(|(index, fold)| drawer.unfold(index, fold)) }
            <g class="head" role="slider" tabindex="0" aria-label="Time" aria-orientation={if scene.pen.tall { "vertical" } else { "horizontal" }}
                aria-valuemin="0" aria-valuemax={whole_ms(scene)}>
                { grip(scene) }
                { for scene.playhead().iter().map(|shape| drawer.shape(shape)) }
                { flag(scene) }
            </g>
        </svg>
    }
}

fn whole_ms(scene: &Scene) -> String {
    (scene.end.0 / 1_000).to_string()
}

/// Through all lanes, at 0 along time.
#[inline(never)]
fn hairline(scene: &Scene) -> String {
    let across = if scene.pen.tall {
        (scene.plot.x0, scene.plot.x1)
    } else {
        (scene.plot.y0, scene.plot.y1)
    };
    match scene.pen.path().to(0.0, across.0).line(0.0, across.1).shape("") {
        Shape::Path { d, .. } => d,
        Shape::Rect { .. } => String::new(),
    }
}

/// Something larger than the playhead's flag to take hold of, for fingers.
#[inline(never)]
fn grip(scene: &Scene) -> Html {
    let (x, y) = scene.flag_place(0.0);
    html! {
        <rect class="grip" x={num::text(x - 40.0)} y={num::text(y - 26.0)} width="80" height="44" />
    }
}

#[inline(never)]
fn flag(scene: &Scene) -> Html {
    let (x, y) = scene.flag_place(0.0);
    html! { <text class="k-head-t" x={num::text(x)} y={num::text(y)} text-anchor="middle"></text> }
}

/// The time at the pointer, on the ruler.
#[inline(never)]
fn hair_flag(scene: &Scene) -> Html {
    let (x, y) = if scene.pen.tall { (scene.plot.x0 / 2.0, 4.0) } else { (0.0, 20.0) };
    html! {
        <>
            <rect class="k-hair-f" x={num::text(x - 28.0)} y={num::text(y - 13.0)} width="56" height="18" rx="4" />
            <text class="m hair-n" x={num::text(x)} y={num::text(y)} text-anchor="middle"></text>
        </>
    }
}

#[inline(never)]
fn text(class: &'static str, x: f64, y: f64, anchor: Anchor, words: &str) -> Html {
    html! {
        <text class={class} x={num::text(x)} y={num::text(y)} text-anchor={anchor.as_str()}>{ words.to_owned() }</text>
    }
}

#[inline(never)]
fn label(label: &Label) -> Html {
    html! {
        <text class={classes!("lbl", label.class)} x={num::text(label.x)} y={num::text(label.y)}
            text-anchor={label.anchor.as_str()}>{ label.text.clone() }</text>
    }
}

struct Drawer {
    hatch: AttrValue,
    /// The number of the next mark, in the order of [`Scene::marks`].
    next: std::cell::Cell<usize>,
}

impl Drawer {
    #[inline(never)]
    fn lane(&self, lane: &Lane) -> Html {
        html! {
            <>
                { for lane.ground.iter().map(|shape| self.shape(shape)) }
                if lane.marks.is_empty() {
                    <g role="img" aria-label={lane.name.clone()}></g>
                } else {
                    <g role="list" aria-label={lane.name.clone()}>{ for lane.marks.iter().map(|mark| self.mark(mark)) }</g>
                }
            </>
        }
    }

    #[inline(never)]
    fn mark(&self, mark: &Mark) -> Html {
        let number = self.next.get();
        self.next.set(number + 1);
        html! {
            <g class={kind_class(mark.kind)} role="listitem" tabindex="-1" aria-label={mark.name.clone()} data-n={number.to_string()}>
                { for mark.shapes.iter().map(|shape| self.shape(shape)) }
            </g>
        }
    }

    #[inline(never)]
    fn strip(&self, scene: &Scene, fold: &Fold) -> Html {
        let b = &fold.bounds;
        let strip =
            Shape::Rect { class: "k-fold", x: b.x0, y: b.y0, w: b.width(), h: b.height(), r: 0.0 };
        html! { <>{ self.shape(&strip) }{ self.shape(&fold.sides(scene.pen)) }</> }
    }

    /// The strip as a button: it shows what was left out.
    #[inline(never)]
    fn unfold(&self, index: usize, fold: &Fold) -> Html {
        let b = &fold.bounds;
        html! {
            <rect class="unfold" role="button" tabindex="-1" aria-label={fold.name.clone()} data-fold={index.to_string()}
                x={num::text(b.x0)} y={num::text(b.y0)} width={num::text(b.width())} height={num::text(b.height())}>
                <title>{ fold.name.clone() }</title>
            </rect>
        }
    }

    #[inline(never)]
    fn shape(&self, shape: &Shape) -> Html {
        match shape {
            Shape::Rect { class, x, y, w, h, r } => {
                let fill = (*class == "k-tw").then(|| self.hatch.clone());
                html! {
                    <rect class={*class} x={num::text(*x)} y={num::text(*y)} width={num::text(*w)} height={num::text(*h)}
                        rx={(*r > 0.0).then(|| num::text(*r))} {fill} />
                }
            }
            Shape::Path { class, d } => html! { <path class={*class} d={d.clone()} /> },
        }
    }
}

/// The class by which the legend singles a kind out.
const fn kind_class(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Tcp => "mk mk-tcp",
        MarkKind::Tls => "mk mk-tls",
        MarkKind::Request => "mk mk-request",
        MarkKind::Work => "mk mk-work",
        MarkKind::Answer => "mk mk-answer",
        MarkKind::Idle => "mk mk-idle",
        MarkKind::Fin => "mk mk-fin",
        MarkKind::Rst => "mk mk-rst",
        MarkKind::TimeWait => "mk mk-time-wait",
        MarkKind::Lost => "mk mk-lost",
    }
}
