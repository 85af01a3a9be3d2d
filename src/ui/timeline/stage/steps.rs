//! From event to event, from lane to lane, and what is said aloud on the way.
use super::{Stage, StageMsg, StageProps};
use crate::order;
use crate::scene::words;
use crate::sim::{Event, Us};
use crate::study::Pick;
use web_sys::Element;
use yew::prelude::*;

impl Stage {
    /// To the next event in time or the one before, which is then selected.
    pub(super) fn step(&mut self, ctx: &Context<Self>, forth: bool, by_hand: bool) -> bool {
        let props = ctx.props();
        let (at, end) = (self.live.at(), self.scene.end);
        let events = self.events(props);
        // Among events of one instant the selected one says where we are.
        let here = events.iter().position(|(run, event)| {
            event.at == at && Some(Pick { run: *run, key: event.key }) == props.pick
        });
        let target = match (forth, here) {
            (true, Some(here)) => here + 1,
            (true, None) => events.partition_point(|(_, event)| event.at <= at),
            (false, Some(here)) => here.wrapping_sub(1),
            (false, None) => events.partition_point(|(_, event)| event.at < at).wrapping_sub(1),
        };
        let next = events.get(target).filter(|(_, event)| event.at <= end).copied();
        let Some((run, event)) = next else {
            if !by_hand {
                props.on.emit(StageMsg::Play(false));
            }
            return if forth { self.seek(ctx, end) } else { self.seek(ctx, Us::ZERO) };
        };
        self.focus = by_hand && self.has_focus();
        if !by_hand {
            self.say(props, event.at);
        }
        self.go(props, event.at);
        props.on.emit(StageMsg::Seek(event.at));
        props.on.emit(StageMsg::Pick(Some(Pick { run, key: event.key })));
        true
    }

    /// To the event nearest in time on another lane.
    pub(super) fn lane(&mut self, ctx: &Context<Self>, by: i32) -> bool {
        let props = ctx.props();
        let lanes: Vec<(usize, u32)> = props
            .show
            .runs
            .iter()
            .enumerate()
            .filter_map(|(index, run)| Some((index, run.timeline()?.connections.len())))
            .flat_map(|(run, count)| {
                (1..=count).map(move |id| (run, u32::try_from(id).unwrap_or(u32::MAX)))
            })
            .collect();
        let now = props.pick.map(|pick| (pick.run, pick.key.connection));
        let here =
            now.and_then(|now| lanes.iter().position(|lane| *lane == now)).unwrap_or_default();
        let Some(&(run, connection)) = lanes.get(here.saturating_add_signed(by as isize)) else {
            return false;
        };
        let at = self.live.at();
        let on_lane = self
            .events(props)
            .iter()
            .filter(|(of, event)| *of == run && event.key.connection == connection);
        let nearest = on_lane.min_by_key(|(_, event)| event.at.0.abs_diff(at.0)).copied();
        if let Some((run, event)) = nearest {
            self.focus = self.has_focus();
            props.on.emit(StageMsg::Pick(Some(Pick { run, key: event.key })));
        }
        true
    }

    /// Says the latest decision between the last words and now; silent while it goes fast.
    pub(super) fn say(&mut self, props: &StageProps, at: Us) {
        let since = std::mem::replace(&mut self.said, at);
        if self.rate > 5 || at <= since {
            return;
        }
        let events = self.events(props);
        let from = events.partition_point(|(_, event)| event.at <= since);
        let to = events.partition_point(|(_, event)| event.at <= at);
        let latest = events[from..to].iter().rev();
        let text =
            latest.take(40).find_map(|(run, event)| words::announcement(&props.show, *run, event));
        let said =
            self.root.cast::<Element>().and_then(|root| root.query_selector(".said").ok()?);
        if let (Some(text), Some(said)) = (text, said) {
            said.set_text_content(Some(&text));
        }
    }

    pub(super) fn events(&self, props: &StageProps) -> &[(usize, Event)] {
        self.events.get_or_init(|| {
            let runs = props.show.runs.iter().enumerate();
            let lists = runs.filter_map(|(index, run)| Some((index, run.timeline()?.events())));
            let mut all: Vec<_> = lists
                .flat_map(|(run, list)| list.into_iter().map(move |event| (run, event)))
                .collect();
            order::sort(&mut all, |(_, event)| (event.at.0, 0));
            all
        })
    }
}
