//! The sockets of both ends at the present instant, as `netstat -n` lists them.
use super::View;
use crate::scene::words::{clock, count};
use crate::sim::{Side, Timeline, Us};
use crate::study::Run;
use yew::prelude::*;

/// Sockets of one end that are listed; more of them are counted.
const MOST: usize = 24;

impl View<'_> {
    pub fn netstat(&self) -> Html {
        let show = &self.model.show;
        let heading = self.id("netstat");
        let at = self.model.now;
        let runs = show.runs.iter().filter_map(|run| Some((run, run.timeline()?)));
        html! {
            <section class="section" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading}><code>{ "netstat -n" }</code>{ " at both ends" }</h2>
                    <span class="label">{ clock(at) }</span>
                </header>
                { for runs.map(|(run, timeline)| both_ends(run, timeline, at)) }
            </section>
        }
    }
}

fn both_ends(run: &Run, timeline: &Timeline, at: Us) -> Html {
    html! {
        <div class="nets">
            { one_end(run, timeline, at, Side::Client) }
            { one_end(run, timeline, at, Side::Server) }
        </div>
    }
}

fn one_end(run: &Run, timeline: &Timeline, at: Us, side: Side) -> Html {
    let sockets = timeline.sockets(side, at, run.scenario.network.rtt);
    let tls = run.scenario.network.tls.round_trips() > 0;
    let server = if tls { 443 } else { 80 };
    let lines = sockets.iter().take(MOST).map(|socket| {
        let (client, server) =
            (format!("192.0.2.7:{}", socket.port), format!("198.51.100.1:{server}"));
        let (local, foreign) =
            if side == Side::Client { (client, server) } else { (server, client) };
        html! {
            <span>
                { format!("TCP  {local:<18} {foreign:<18} ") }
                <abbr title={socket.state.gist()}>{ socket.state.as_str() }</abbr>
            </span>
        }
    });
    let name = if run.name.is_empty() { String::new() } else { format!("{} · ", run.name) };
    let who = timeline.connections.first().map_or(side.as_str(), |first| first.who(side));
    let title = format!("{name}{who}: {}", count(sockets.len(), "socket", "sockets"));
    let more = sockets.len().saturating_sub(MOST);
    html! {
        <div>
            <p class="label">{ title }</p>
            <pre class="bytes" tabindex="0" aria-label={format!("Sockets of the {who}")}>
                { for lines }
                if more > 0 { <span class="no">{ format!("and {more} more") }</span> }
                if sockets.is_empty() { <span class="no">{ "none" }</span> }
            </pre>
        </div>
    }
}
