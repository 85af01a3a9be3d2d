//! The tuning plot in the page: runs are played in a worker, one after the other, and if there can be
//! none, in the page between two frames.
use super::tools::Mounted;
use crate::share::link;
use crate::tool::Asked;
use crate::tool::tune::{Plan, Point, csv, picture, point_words, table};
use crate::ui::save;
use gloo_timers::callback::Timeout;
use js_sys::Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, KeyboardEvent, MessageEvent, MouseEvent, Worker, WorkerOptions, WorkerType,
};

/// Plays one point, for the worker. `job`: the link, the index of the value, then names and values of
/// the fields in turn. The answer: the index, then the numbers; or the index and what is wrong.
pub fn tune_point(job: &Array) -> Array {
    let text = |index| job.get(index).as_string().unwrap_or_default();
    let index = text(1).parse().unwrap_or(0);
    let study = link::parse(&text(0)).study;
    let pairs: Vec<(String, String)> =
        (2..job.length()).step_by(2).map(|at| (text(at), text(at + 1))).collect();
    let plan = Plan::parse(&Asked { pairs: &pairs, study: &study, width: 0.0 });
    let point = match &plan {
        Ok(plan) => plan.point(index),
        Err(_) => Err("What stands in the fields cannot be run.".into()),
    };
    let answer = Array::of1(&JsValue::from_str(&index.to_string()));
    match point {
        Ok(point) => {
            for number in point {
                answer.push(&JsValue::from_f64(number));
            }
        }
        Err(problem) => {
            answer.push(&JsValue::from_str(&problem));
        }
    }
    answer
}

/// The plot of one mounted tool.
pub struct Tuning {
    mounted: Rc<Mounted>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// What is drawn, or being run.
    plan: Option<Plan>,
    /// Its fields, as they are sent along.
    pairs: Vec<(String, String)>,
    points: Vec<Option<Point>>,
    /// The point that is pointed at.
    at: usize,
    running: bool,
    worker: Option<Worker>,
    /// The next slice, where there is no worker.
    slice: Option<Timeout>,
}

impl Drop for Tuning {
    fn drop(&mut self) {
        if let Some(worker) = self.state.borrow_mut().worker.take() {
            worker.terminate();
        }
    }
}

impl Tuning {
    /// Listens to the buttons, the pointer and the keys.
    pub fn begin(mounted: Rc<Mounted>) {
        let tuning = Rc::new(Self { mounted, state: RefCell::default() });
        tuning.listen("click", |tuning, event| tuning.clicked(&event));
        tuning.listen("input", |tuning, event| tuning.changed(&event));
        tuning.listen("pointermove", |tuning, event| tuning.pointed(&event));
        tuning.listen("keydown", |tuning, event| tuning.key(&event));
    }

    /// The listener goes with the element.
    fn listen(self: &Rc<Self>, kind: &str, then: fn(&Rc<Self>, Event)) {
        let tuning = self.clone();
        let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| then(&tuning, event));
        let listener = listener.into_js_value();
        drop(self.mounted.root.add_event_listener_with_callback(kind, listener.unchecked_ref()));
    }

    fn one(&self, selector: &str) -> Option<Element> {
        self.mounted.root.query_selector(selector).ok().flatten()
    }

    fn show(&self, selector: &str, shown: bool) {
        if let Some(part) = self.one(selector) {
            drop(if shown {
                part.remove_attribute("hidden")
            } else {
                part.set_attribute("hidden", "")
            });
        }
    }

    fn clicked(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
        else {
            return;
        };
        let button = target.closest("[data-do]").ok().flatten();
        match button.and_then(|button| button.get_attribute("data-do")).as_deref() {
            Some("draw") => self.draw(),
            Some("cancel") => self.stop("Cancelled. What was run is shown."),
            Some("csv") => self.save(true),
            Some("svg") => self.save(false),
            _ if target.closest("[data-plot]").ok().flatten().is_some() => {
                self.pointed(event);
                self.open();
            }
            _ => {}
        }
    }

    /// Another view is only drawn anew; anything else asks for other runs.
    fn changed(&self, event: &Event) {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let name = field.and_then(|field| field.get_attribute("name"));
        if name.as_deref() == Some("view") {
            self.paint();
            return;
        }
        if self.state.borrow().plan.is_some() {
            self.stop("The fields have changed: draw the plot again.");
        }
    }

    fn draw(self: &Rc<Self>) {
        self.stop("");
        let pairs = self.mounted.pairs();
        let plan = Plan::parse(&Asked { pairs: &pairs, study: &self.mounted.study, width: 0.0 });
        let Ok(plan) = plan else {
            self.mounted.say("state", "One of the fields has to be mended first.");
            return;
        };
        {
            let mut state = self.state.borrow_mut();
            state.points = vec![None; plan.values.len()];
            state.at = 0;
            state.pairs = pairs;
            state.plan = Some(plan);
            state.running = true;
            if state.worker.is_none() {
                state.worker = self.worker();
            }
        }
        for (part, shown) in [("[data-plot]", true), ("[data-do=cancel]", true), (".runs", true)] {
            self.show(part, shown);
        }
        self.paint();
        if self.state.borrow().worker.is_none() {
            self.mounted.say("state", ALONE);
        }
        self.next();
    }

    /// Starts a worker; None where the browser does not let us.
    fn worker(self: &Rc<Self>) -> Option<Worker> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("worker.js", &options).ok()?;
        // The worker is dropped with the tuning, so it must not hold it.
        let tuning = Rc::downgrade(self);
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(tuning) = tuning.upgrade() {
                match event.data().dyn_into::<Array>() {
                    Ok(answer) => tuning.take(&answer),
                    Err(_) => tuning.alone(),
                }
            }
        });
        let tuning = Rc::downgrade(self);
        let failed = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            if let Some(tuning) = tuning.upgrade() {
                tuning.alone();
            }
        });
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        Some(worker)
    }

    /// Goes on without a worker.
    fn alone(self: &Rc<Self>) {
        if let Some(worker) = self.state.borrow_mut().worker.take() {
            worker.terminate();
        }
        if self.state.borrow().running {
            self.mounted.say("state", ALONE);
            self.next();
        }
    }

    /// Asks for the next point that is missing.
    fn next(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let Some(index) = state.points.iter().position(Option::is_none).filter(|_| state.running)
        else {
            drop(state);
            self.finish();
            return;
        };
        let job = Array::of2(
            &JsValue::from_str(&self.mounted.link),
            &JsValue::from_str(&index.to_string()),
        );
        for (name, value) in &state.pairs {
            job.push(&JsValue::from_str(name));
            job.push(&JsValue::from_str(value));
        }
        if let Some(worker) = &state.worker {
            if worker.post_message(&job).is_ok() {
                return;
            }
            state.worker = None;
        }
        let tuning = self.clone();
        // The page paints and hears in between.
        state.slice = Some(Timeout::new(0, move || tuning.take(&tune_point(&job))));
    }

    /// A point has come.
    fn take(self: &Rc<Self>, answer: &Array) {
        if !self.state.borrow().running {
            return;
        }
        let numbers: Vec<f64> =
            answer.iter().skip(1).filter_map(|number| number.as_f64()).collect();
        let index = answer.get(0).as_string().and_then(|index| index.parse::<usize>().ok());
        let Ok(point) = Point::try_from(numbers) else {
            let problem = answer.get(1).as_string().unwrap_or_default();
            self.stop(&crate::tool::words::escape(&problem));
            return;
        };
        if let Some(slot) =
            index.and_then(|index| self.state.borrow_mut().points.get_mut(index).map(|_| index))
        {
            self.state.borrow_mut().points[slot] = Some(point);
        }
        self.paint();
        self.next();
    }

    fn finish(&self) {
        let was_running = std::mem::take(&mut self.state.borrow_mut().running);
        for part in ["[data-do=cancel]", ".runs"] {
            self.show(part, false);
        }
        if was_running {
            self.mounted.say("state", "Done. Arrow keys or the pointer give the numbers of a point; Enter or a click opens its run.");
        }
    }

    /// Ends what is running; what is there stays.
    fn stop(&self, why: &str) {
        {
            let mut state = self.state.borrow_mut();
            state.slice = None;
            // A run under way cannot be interrupted, but its worker can.
            if std::mem::take(&mut state.running)
                && let Some(worker) = state.worker.take()
            {
                worker.terminate();
            }
        }
        self.finish();
        self.mounted.say("state", why);
    }

    /// Draws what is there.
    fn paint(&self) {
        let state = self.state.borrow();
        let Some(plan) = &state.plan else { return };
        let width = f64::from(self.mounted.root.client_width());
        let done = state.points.iter().flatten().count();
        let drawn = picture(plan, &state.points, &self.view(), Some(state.at), width);
        if let Some(plot) = self.one("[data-plot]") {
            plot.set_inner_html(&drawn.end());
            let last = plan.values.len().saturating_sub(1).to_string();
            let words = point_words(plan, &state.points, state.at);
            for (name, value) in [
                ("aria-label", plan.axis.label.as_str()),
                ("aria-valuemax", last.as_str()),
                ("aria-valuenow", state.at.to_string().as_str()),
                ("aria-valuetext", words.as_str()),
            ] {
                drop(plot.set_attribute(name, value));
            }
            self.mounted.say("point", &crate::tool::words::escape(&words));
        }
        self.mounted.say("table", &table(plan, &state.points));
        self.show("[data-files]", done > 0);
        if let Some(bar) = self.one(".runs") {
            // A progress bar of our own takes both numbers.
            drop(bar.set_attribute("max", &plan.values.len().to_string()));
            drop(bar.set_attribute("value", &done.to_string()));
        }
    }

    fn view(&self) -> String {
        let pairs = self.mounted.pairs();
        pairs
            .into_iter()
            .find(|(name, _)| name == "view")
            .map_or_else(String::new, |(_, view)| view)
    }

    /// The pointer is over the plot: the nearest point is told.
    fn pointed(&self, event: &Event) {
        let Some(plot) = self.one("[data-plot] svg") else { return };
        let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return };
        let place = plot.get_bounding_client_rect();
        let inside = (place.top()..=place.bottom()).contains(&f64::from(mouse.client_y()));
        if !inside || place.width() <= 0.0 {
            return;
        }
        let width = f64::from(self.mounted.root.client_width()).clamp(280.0, 1_000.0);
        let x = (f64::from(mouse.client_x()) - place.left()) * width / place.width();
        let at = self.state.borrow().plan.as_ref().map(|plan| plan.nearest(x, width));
        self.point(at);
    }

    fn key(&self, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let on_plot = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if !on_plot.is_some_and(|on| on.has_attribute("data-plot")) {
            return;
        }
        let (at, last) = {
            let state = self.state.borrow();
            (state.at, state.points.len().saturating_sub(1))
        };
        let to = match key.key().as_str() {
            "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (at + 1).min(last),
            "Home" => 0,
            "End" => last,
            "Enter" => {
                key.prevent_default();
                self.open();
                return;
            }
            _ => return,
        };
        key.prevent_default();
        // The explainer around has keys of its own.
        key.stop_propagation();
        self.point(Some(to));
    }

    fn point(&self, at: Option<usize>) {
        let Some(at) = at.filter(|at| *at != self.state.borrow().at) else { return };
        self.state.borrow_mut().at = at;
        self.paint();
    }

    /// Opens the run of the point that is pointed at.
    fn open(&self) {
        let link = {
            let state = self.state.borrow();
            state.plan.as_ref().and_then(|plan| plan.link(state.at))
        };
        if let Some(link) = link {
            self.stop("");
            self.mounted.open(&link);
        }
    }

    fn save(&self, numbers: bool) {
        let state = self.state.borrow();
        let Some(plan) = &state.plan else { return };
        let (name, kind, text) = if numbers {
            ("keep-alive-tuning.csv", "text/csv", csv(plan, &state.points))
        } else {
            let drawn = picture(plan, &state.points, &self.view(), None, FILE_WIDTH);
            ("keep-alive-tuning.svg", "image/svg+xml", drawn.file())
        };
        // Nothing is lost if the browser does not want the file.
        drop(save(name, kind, &text));
    }
}

const ALONE: &str =
    "The browser gives no worker: the runs are played in the page, one between two pictures.";
/// The width of a saved plot, in pixels.
const FILE_WIDTH: f64 = 900.0;
