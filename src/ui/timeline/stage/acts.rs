//! What buttons, keys and the pointer do.
use super::{Act, Msg, Stage, StageMsg, StageProps};
use crate::scene::{pace, zoom};
use crate::sim::Us;
use crate::study::Pick;
use crate::ui::timeline::pointer::Want;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

impl Stage {
    pub(super) fn act(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        let props = ctx.props();
        self.hushed = false;
        match act {
            Act::Toggle => {
                if !props.playing {
                    self.said = self.live.at();
                } else {
                    props.on.emit(StageMsg::Seek(self.live.at()));
                }
                props.on.emit(StageMsg::Play(!props.playing));
                false
            }
            Act::First => self.seek(ctx, Us::ZERO),
            Act::Last => self.seek(ctx, self.scene.end),
            Act::Back => self.step(ctx, false, true),
            Act::Forth => self.step(ctx, true, true),
            Act::Shift(ms) => {
                let by = Us::from_ms(ms.unsigned_abs());
                let at = self.live.at();
                let at = if ms < 0 { at - by } else { (at + by).min(self.scene.end.max(at)) };
                self.seek(ctx, at)
            }
            Act::Lane(by) => self.lane(ctx, by),
            Act::Rate(rate) => self.set_rate(rate),
            Act::Faster(by) => {
                let rate = self.rate.saturating_add_signed(by as isize).min(pace::RATES.len() - 1);
                if !self.offered.contains(&rate) {
                    self.offered = pace::offered(rate);
                }
                self.set_rate(rate)
            }
            Act::Zoom(factor) => self.zoom(props, factor, self.live.at()),
            Act::Fit => {
                self.view.range = None;
                self.view.at_least = Us::ZERO;
                self.rebuild(props);
                true
            }
            Act::ToScale => {
                self.view.folded = !self.view.folded;
                self.rebuild(props);
                true
            }
            Act::Meters => {
                self.view.meters = !self.view.meters;
                self.rebuild(props);
                true
            }
            Act::Unfold(_) => {
                self.view.folded = false;
                self.rebuild(props);
                true
            }
            Act::Only(kind) => {
                self.only = (self.only != Some(kind)).then_some(kind);
                true
            }
            Act::Compare => {
                props.on.emit(StageMsg::Compare(!props.compare.unwrap_or_default()));
                false
            }
            Act::Smooth => {
                self.smooth = !self.smooth;
                true
            }
            Act::Details => {
                props.on.emit(StageMsg::Details);
                false
            }
            Act::Escape => {
                // The focus would be lost with the tooltip: it goes back to the mark, which is silent.
                self.hushed = self.finds(".tip :focus");
                self.focus |= self.hushed;
                if self.tip.take().is_none() {
                    props.on.emit(StageMsg::Pick(None));
                }
                true
            }
        }
    }

    pub(super) fn set_rate(&mut self, rate: usize) -> bool {
        self.rate = rate;
        self.live.set_rate(pace::RATES[rate].per_second());
        true
    }

    pub(super) fn zoom(&mut self, props: &StageProps, factor: f64, focus: Us) -> bool {
        let now = self.scene.axis.range();
        self.view.range = zoom::zoom(&self.scene.whole, now, factor, focus);
        self.tip = None;
        self.rebuild(props);
        true
    }

    pub(super) fn hover(&mut self, ctx: &Context<Self>, pick: Option<Pick>) -> bool {
        match pick {
            Some(_) => {
                self.leaving = None;
                let other = self.tip != pick;
                self.tip = pick;
                other
            }
            None => {
                if self.tip.is_some() && self.leaving.is_none() {
                    let link = ctx.link().clone();
                    // Long enough to reach the tooltip itself.
                    self.leaving = Some(Timeout::new(250, move || link.send_message(Msg::HideTip)));
                }
                false
            }
        }
    }

    pub(super) fn pointed(&mut self, ctx: &Context<Self>, want: Want) -> bool {
        match want {
            Want::Nothing => false,
            Want::Hair(x) => {
                self.live.hair(x);
                false
            }
            Want::Hover { x, pick } => {
                self.live.hair(Some(x));
                self.hover(ctx, pick)
            }
            Want::Leave => {
                self.live.hair(None);
                self.hover(ctx, None)
            }
            Want::Drag(at) => {
                self.live.seek(at);
                ctx.props().on.emit(StageMsg::Now(at));
                false
            }
            Want::Seek(at) => {
                if ctx.props().playing {
                    ctx.props().on.emit(StageMsg::Play(false));
                }
                self.seek(ctx, at)
            }
            Want::Pick(pick) => {
                ctx.props().on.emit(StageMsg::Pick(Some(pick)));
                true
            }
            Want::Unfold(index) => self.act(ctx, Act::Unfold(index)),
            Want::Pan(share) => {
                let now = self.scene.axis.range();
                self.view.range = zoom::pan(&self.scene.whole, now, share).or(self.view.range);
                self.rebuild(ctx.props());
                true
            }
            Want::Pinch { factor, focus } => self.zoom(ctx.props(), factor, focus),
        }
    }
}
