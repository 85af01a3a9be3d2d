//! What moves: playhead, veil, numbers that count down, packets on their way. Written straight to the
//! nodes, from one loop of animation frames that runs only while something plays.
use crate::scene::{Moment, Scene, num};
use crate::sim::Us;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, window};
use yew::NodeRef;

/// A frame that took longer than this was not looked at: time does not jump.
const LONGEST_FRAME_MS: f64 = 100.0;
/// So often the world outside the figure hears where the playhead is.
const TELL_EVERY_MS: f64 = 250.0;
const MOST_FLIGHTS: usize = 24;

/// The nodes that are written to, found once after each render.
#[derive(Default)]
struct Nodes {
    head: Option<Element>,
    flag: Option<Element>,
    veil: Option<Element>,
    hair: Option<Element>,
    hair_flag: Option<Element>,
    hair_number: Option<Element>,
    clock: Option<Element>,
    flights: Option<Element>,
    ticks: Vec<Element>,
    labels: Vec<Element>,
    late: Vec<Element>,
    left: Vec<Element>,
    /// Which of ticks, labels and late shapes are hidden now; None: not known.
    hidden: Vec<Option<bool>>,
}

/// What the loop tells the component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tick {
    /// The playhead is here; told now and then.
    At(Us),
    /// The end of the story.
    Ended,
    /// The playhead has left what is in view.
    OutOfView(Us),
}

/// What the browser calls before it paints.
type Frame = Closure<dyn FnMut(f64)>;

/// The moving part of one figure.
pub struct Live {
    root: NodeRef,
    scene: RefCell<Rc<Scene>>,
    nodes: RefCell<Nodes>,
    /// Shared with who mounts the figure: an edit at the present instant must know it exactly.
    at: Rc<Cell<Us>>,
    /// Simulated seconds in a second.
    rate: Cell<f64>,
    playing: Cell<bool>,
    in_view: Cell<bool>,
    last_frame: Cell<Option<f64>>,
    told: Cell<f64>,
    pending: Cell<Option<i32>>,
    frame: RefCell<Option<Frame>>,
    tell: Box<dyn Fn(Tick)>,
}

impl Live {
    pub fn new(
        root: NodeRef,
        scene: Rc<Scene>,
        at: Rc<Cell<Us>>,
        tell: impl Fn(Tick) + 'static,
    ) -> Rc<Self> {
        let live = Rc::new(Self {
            root,
            scene: RefCell::new(scene),
            nodes: RefCell::default(),
            at,
            rate: Cell::new(1.0),
            playing: Cell::new(false),
            in_view: Cell::new(true),
            last_frame: Cell::new(None),
            told: Cell::new(0.0),
            pending: Cell::new(None),
            frame: RefCell::new(None),
            tell: Box::new(tell),
        });
        // Weak: the closure lives in what it would keep alive.
        let weak = Rc::downgrade(&live);
        live.frame.replace(Some(Closure::new(move |now: f64| {
            if let Some(live) = Weak::upgrade(&weak) {
                live.on_frame(now);
            }
        })));
        live
    }

    pub fn at(&self) -> Us {
        self.at.get()
    }

    pub fn scene(&self) -> Rc<Scene> {
        self.scene.borrow().clone()
    }

    /// After a render: the nodes may be others.
    pub fn rendered(&self, scene: Rc<Scene>) {
        self.scene.replace(scene);
        let Some(root) = self.root.cast::<Element>() else { return };
        let one = |selector| root.query_selector(selector).ok().flatten();
        let (ticks, labels) = (all(&root, ".tick"), all(&root, ".lbl"));
        let late = all(&root, ".late");
        self.nodes.replace(Nodes {
            head: one(".head"),
            flag: one(".k-head-t"),
            veil: one(".k-veil"),
            hair: one(".k-hair"),
            hair_flag: one(".hair-t"),
            hair_number: one(".hair-n"),
            clock: one(".clock b"),
            flights: one(".flights"),
            hidden: vec![None; ticks.len() + labels.len() + late.len()],
            left: all(&root, ".left"),
            ticks,
            labels,
            late,
        });
        self.hair(None);
        self.draw();
    }

    /// Puts the playhead somewhere.
    pub fn seek(&self, at: Us) {
        self.at.set(at);
        self.draw();
    }

    pub fn set_rate(&self, rate: f64) {
        self.rate.set(rate);
    }

    pub fn play(&self, playing: bool) {
        self.playing.set(playing);
        self.last_frame.set(None);
        self.update_loop();
        self.draw();
    }

    /// Off the screen the clock stands.
    pub fn set_in_view(&self, in_view: bool) {
        self.in_view.set(in_view);
        self.last_frame.set(None);
        self.update_loop();
    }

    fn update_loop(&self) {
        let runs = self.playing.get() && self.in_view.get();
        match (runs, self.pending.get()) {
            (true, None) => self.ask(),
            (false, Some(pending)) => {
                if let Some(window) = window() {
                    drop(window.cancel_animation_frame(pending));
                }
                self.pending.set(None);
            }
            _ => {}
        }
    }

    fn ask(&self) {
        let frame = self.frame.borrow();
        let (Some(window), Some(frame)) = (window(), frame.as_ref()) else { return };
        self.pending.set(window.request_animation_frame(frame.as_ref().unchecked_ref()).ok());
    }

    fn on_frame(&self, now: f64) {
        self.pending.set(None);
        if !self.playing.get() || !self.in_view.get() {
            return;
        }
        let elapsed = self.last_frame.get().map_or(0.0, |last| (now - last).min(LONGEST_FRAME_MS));
        self.last_frame.set(Some(now));
        let scene = self.scene();
        let end = scene.end.max(self.at.get().min(scene.whole.range().to));
        let at = scene.whole.advance(self.at.get(), elapsed, self.rate.get()).min(end);
        self.at.set(at);
        self.draw();
        if at >= end {
            self.playing.set(false);
            (self.tell)(Tick::Ended);
            return;
        }
        let (start, stop) = scene.axis.place();
        let x = scene.axis.x_from_time(at);
        if x < start
            || x > stop - (stop - start) * 0.02 && scene.axis.range().to < scene.whole.range().to
        {
            (self.tell)(Tick::OutOfView(at));
        } else if now - self.told.get() >= TELL_EVERY_MS {
            self.told.set(now);
            (self.tell)(Tick::At(at));
        }
        self.ask();
    }

    /// Writes the present instant to the nodes.
    pub fn draw(&self) {
        let scene = self.scene();
        let at = self.at.get();
        let moment = Moment::of(&scene, at);
        let nodes = &mut *self.nodes.borrow_mut();
        let tall = scene.pen.tall;
        let (start, end) = scene.axis.place();
        let inside = moment.x >= start - 0.5 && moment.x <= end + 0.5;
        if let Some(head) = &nodes.head {
            set(head, "transform", &translate(&scene, moment.x));
            set(head, "visibility", if inside { "visible" } else { "hidden" });
            if !self.playing.get() {
                set(head, "aria-valuenow", &(at.0 / 1_000).to_string());
                set(head, "aria-valuetext", &moment.flag);
            }
        }
        if let Some(veil) = &nodes.veil {
            let from = if tall { scene.plot.y0 } else { scene.plot.x0 };
            set(veil, "transform", &translate(&scene, (moment.x - from).max(0.0)));
        }
        write(nodes.flag.as_ref(), &moment.flag);
        write(nodes.clock.as_ref(), &moment.flag);
        let ticks = scene.ticks.iter().map(|tick| inside && moment.hides_tick(tick.x));
        let playing = self.playing.get();
        let labels = scene.labels.iter().map(|label| !moment.shows(label, at, playing, tall));
        let late =
            scene.front.iter().map(|front| playing && front.from.is_some_and(|from| from > at));
        let elements = nodes.ticks.iter().chain(&nodes.labels).chain(&nodes.late);
        for ((hide, element), known) in
            ticks.chain(labels).chain(late).zip(elements).zip(&mut nodes.hidden)
        {
            if *known != Some(hide) {
                *known = Some(hide);
                set(element, "opacity", if hide { "0" } else { "1" });
            }
        }
        draw_left(&scene, &moment, &nodes.left, inside);
        if let Some(flights) = &nodes.flights {
            draw_flights(&scene, at, flights, playing && inside);
        }
    }

    /// The line through all lanes under the pointer; None: away.
    pub fn hair(&self, x: Option<f64>) {
        let scene = self.scene();
        let nodes = self.nodes.borrow();
        let seen = if x.is_some() { "visible" } else { "hidden" };
        for part in [&nodes.hair, &nodes.hair_flag].into_iter().flatten() {
            if let Some(x) = x {
                set(part, "transform", &translate(&scene, x));
            }
            set(part, "visibility", seen);
        }
        if let Some(x) = x {
            write(
                nodes.hair_number.as_ref(),
                &crate::scene::words::clock(scene.axis.time_from_x(x)),
            );
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let (Some(pending), Some(window)) = (self.pending.get(), window()) {
            drop(window.cancel_animation_frame(pending));
        }
    }
}

#[inline(never)]
fn draw_left(scene: &Scene, moment: &Moment, nodes: &[Element], inside: bool) {
    for (index, node) in nodes.iter().enumerate() {
        match moment.left.get(index).filter(|_| inside) {
            Some((text, along, across)) => {
                let (x, y) = scene.pen.xy(*along, *across);
                set(node, "x", &num::text(x));
                set(node, "y", &num::text(y));
                write(Some(node), text);
                set(node, "visibility", "visible");
            }
            None => set(node, "visibility", "hidden"),
        }
    }
}

/// Strokes of packets: nodes are made when first needed and then kept.
#[inline(never)]
fn draw_flights(scene: &Scene, at: Us, parent: &Element, show: bool) {
    let mut used = 0;
    let children = parent.children();
    let flights = Moment::flights(scene, at).take(if show { MOST_FLIGHTS } else { 0 });
    for (class, [(x0, y0), (x1, y1)]) in flights {
        let node = children.item(used).or_else(|| {
            let document = window()?.document()?;
            let node =
                document.create_element_ns(Some("http://www.w3.org/2000/svg"), "path").ok()?;
            parent.append_child(&node).ok()?;
            Some(node)
        });
        let Some(node) = node else { return };
        let mut d = String::from("M");
        num::push_pair(&mut d, x0, y0);
        d.push('L');
        num::push_pair(&mut d, x1, y1);
        set(&node, "d", &d);
        set(&node, "class", class);
        set(&node, "visibility", "visible");
        used += 1;
    }
    for index in used..children.length() {
        if let Some(node) = children.item(index) {
            set(&node, "visibility", "hidden");
        }
    }
}

#[inline(never)]
fn translate(scene: &Scene, along: f64) -> String {
    let (x, y) = scene.pen.xy(along, 0.0);
    let mut text = String::from("translate(");
    num::push_pair(&mut text, x, y);
    text.push(')');
    text
}

#[inline(never)]
pub fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// An attribute that is always allowed: this cannot fail.
#[inline(never)]
pub fn set(element: &Element, name: &str, value: &str) {
    drop(element.set_attribute(name, value));
}

#[inline(never)]
fn write(element: Option<&Element>, text: &str) {
    if let Some(element) = element
        && element.text_content().as_deref() != Some(text)
    {
        element.set_text_content(Some(text));
    }
}
