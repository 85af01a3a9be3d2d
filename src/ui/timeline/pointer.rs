//! What mouse, pen and fingers mean: point, select, move time, pan, pinch.
use super::stage::{Msg, Stage};
use crate::scene::{Scene, zoom};
use crate::sim::Us;
use crate::study::Pick;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Element, HtmlElement, PointerEvent, WheelEvent};
use yew::{Context, NodeRef};

/// What a movement asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Want {
    Nothing,
    Hair(Option<f64>),
    Hover {
        x: f64,
        pick: Option<Pick>,
    },
    Leave,
    /// Time moves with the pointer.
    Drag(Us),
    /// And stays here.
    Seek(Us),
    Pick(Pick),
    Unfold(usize),
    /// By a share of what is in view.
    Pan(f64),
    Pinch {
        factor: f64,
        focus: Us,
    },
}

/// The pointers that are down.
#[derive(Clone, Default)]
pub struct Pointers(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    down: Vec<Down>,
    doing: Doing,
}

struct Down {
    id: i32,
    /// Along time, in pixels of the figure.
    along: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    /// Pressed, and nothing moved yet.
    Pressed {
        along: f64,
    },
    Time,
    Pan {
        last: f64,
    },
    Pinch {
        apart: f64,
    },
}

/// A press that moves less than this is a click.
const STILL: f64 = 4.0;

impl Pointers {
    pub fn on(&self, event: &PointerEvent, scene: &Scene, plot: &NodeRef, zoomed: bool) -> Want {
        let Some((x, y)) = place(event, scene, plot) else { return Want::Nothing };
        let along = if scene.pen.tall { y } else { x };
        let state = &mut *self.0.borrow_mut();
        match event.type_().as_str() {
            "pointerdown" => state.pressed(event, scene, (x, y), along, plot),
            "pointermove" => state.moved(event, scene, (x, y), along, zoomed),
            "pointerup" => state.released(event, scene, (x, y), along),
            "pointercancel" => {
                state.forget(event.pointer_id());
                Want::Leave
            }
            _ => Want::Leave,
        }
    }
}

impl State {
    fn pressed(
        &mut self,
        event: &PointerEvent,
        scene: &Scene,
        at: (f64, f64),
        along: f64,
        plot: &NodeRef,
    ) -> Want {
        if event.button() != 0 || in_tip(event) {
            return Want::Nothing;
        }
        self.down.push(Down { id: event.pointer_id(), along });
        if let [first, second] = self.down.as_slice() {
            self.doing = Doing::Pinch { apart: (first.along - second.along).abs().max(10.0) };
            return Want::Nothing;
        }
        if !on_time(event, scene, at) {
            self.doing = Doing::Pressed { along };
            return Want::Nothing;
        }
        self.doing = Doing::Time;
        if let Some(plot) = plot.cast::<Element>() {
            // Without it a fast hand leaves the figure and the drag ends.
            drop(plot.set_pointer_capture(event.pointer_id()));
        }
        // Taking hold of the playhead does not move it.
        if on_head(event) { Want::Nothing } else { Want::Drag(scene.axis.time_from_x(along)) }
    }

    fn moved(
        &mut self,
        event: &PointerEvent,
        scene: &Scene,
        at: (f64, f64),
        along: f64,
        zoomed: bool,
    ) -> Want {
        if let Some(down) = self.down.iter_mut().find(|down| down.id == event.pointer_id()) {
            down.along = along;
        }
        match self.doing {
            Doing::Time => Want::Drag(scene.axis.time_from_x(along)),
            Doing::Pinch { apart } => self.pinch(apart, scene),
            Doing::Pressed { along: from } if (along - from).abs() > STILL && zoomed => {
                self.doing = Doing::Pan { last: along };
                Want::Nothing
            }
            Doing::Pan { last } => {
                let (start, end) = scene.axis.place();
                self.doing = Doing::Pan { last: along };
                Want::Pan((last - along) / (end - start).max(1.0))
            }
            _ if event.pointer_type() == "touch" || in_tip(event) => Want::Nothing,
            _ => hover(scene, at, along),
        }
    }

    fn pinch(&mut self, apart: f64, scene: &Scene) -> Want {
        let [first, second] = self.down.as_slice() else { return Want::Nothing };
        let now = (first.along - second.along).abs().max(10.0);
        let factor = now / apart;
        if (factor - 1.0).abs() < 0.03 {
            return Want::Nothing;
        }
        let focus = scene.axis.time_from_x(f64::midpoint(first.along, second.along));
        self.doing = Doing::Pinch { apart: now };
        Want::Pinch { factor, focus }
    }

    fn released(
        &mut self,
        event: &PointerEvent,
        scene: &Scene,
        at: (f64, f64),
        along: f64,
    ) -> Want {
        let doing = self.doing;
        self.forget(event.pointer_id());
        match doing {
            Doing::Time => Want::Seek(scene.axis.time_from_x(along)),
            Doing::Pressed { along: from } if (along - from).abs() <= STILL => {
                click(event, scene, at)
            }
            _ => Want::Nothing,
        }
    }

    fn forget(&mut self, id: i32) {
        self.down.retain(|down| down.id != id);
        if self.down.len() < 2 {
            self.doing = Doing::Nothing;
        }
    }
}

fn hover(scene: &Scene, (x, y): (f64, f64), along: f64) -> Want {
    let (start, end) = scene.axis.place();
    if along < start - 4.0 || along > end + 4.0 {
        return Want::Leave;
    }
    Want::Hover { x: along, pick: scene.hit(x, y, 2.0) }
}

fn click(event: &PointerEvent, scene: &Scene, (x, y): (f64, f64)) -> Want {
    let slop = if event.pointer_type() == "touch" { 14.0 } else { 3.0 };
    if let Some(pick) = scene.hit(x, y, slop) {
        return Want::Pick(pick);
    }
    match scene.folds.iter().position(|fold| fold.bounds.holds(x, y)) {
        Some(fold) => Want::Unfold(fold),
        None => Want::Nothing,
    }
}

/// On the playhead, or on the ruler with something that does not scroll?
fn on_time(event: &PointerEvent, scene: &Scene, (x, y): (f64, f64)) -> bool {
    let ruler = if scene.pen.tall { x < scene.plot.x0 } else { y < scene.plot.y0 };
    let fold = scene.folds.iter().any(|fold| fold.bounds.holds(x, y));
    on_head(event) || (ruler && !fold && (event.pointer_type() != "touch" || !scene.pen.tall))
}

fn on_head(event: &PointerEvent) -> bool {
    within(event, ".head")
}

fn in_tip(event: &PointerEvent) -> bool {
    within(event, ".tip")
}

fn within(event: &PointerEvent, selector: &str) -> bool {
    // The path, not the target: outside a shadow root the target is its host.
    let target = event.composed_path().get(0).dyn_into::<Element>();
    target.is_ok_and(|target| target.closest(selector).ok().flatten().is_some())
}

/// The point in pixels of the figure.
fn place(event: &web_sys::MouseEvent, scene: &Scene, plot: &NodeRef) -> Option<(f64, f64)> {
    let figure = plot.cast::<Element>()?.query_selector("svg").ok()??;
    let rect = figure.get_bounding_client_rect();
    let scale = scene.width / rect.width().max(1.0);
    let x = (f64::from(event.client_x()) - rect.left()) * scale;
    let y = (f64::from(event.client_y()) - rect.top()) * scale;
    Some((x, y))
}

impl Stage {
    /// Ctrl and wheel zoom; a plain wheel scrolls the page, as everywhere. Sideways it pans.
    pub fn wheel(
        &self,
        ctx: &Context<Self>,
        element: &HtmlElement,
    ) -> Closure<dyn FnMut(WheelEvent)> {
        let (link, live, plot) = (ctx.link().clone(), self.live(), self.plot().clone());
        let closure: Closure<dyn FnMut(WheelEvent)> = Closure::new(move |event: WheelEvent| {
            let scene = live.scene();
            let Some((x, y)) = place(&event, &scene, &plot) else { return };
            if event.ctrl_key() || event.meta_key() {
                event.prevent_default();
                let factor = (-event.delta_y() / 300.0).exp().clamp(0.5, 2.0);
                let along = if scene.pen.tall { y } else { x };
                link.send_message(Msg::Wheel { x: along, factor });
            } else if event.delta_x().abs() > event.delta_y().abs() && !scene.pen.tall {
                let range = scene.axis.range();
                if zoom::pan(&scene.whole, range, event.delta_x() / scene.width)
                    .is_some_and(|span| span != range)
                {
                    event.prevent_default();
                    link.send_message(Msg::Pointed(Want::Pan(event.delta_x() / scene.width)));
                }
            }
        });
        let options = AddEventListenerOptions::new();
        // A passive listener could not keep the page from zooming.
        options.set_passive(false);
        drop(element.add_event_listener_with_callback_and_add_event_listener_options(
            "wheel",
            closure.as_ref().unchecked_ref(),
            &options,
        ));
        closure
    }
}
