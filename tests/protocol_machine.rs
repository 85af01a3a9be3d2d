//! The tables of states: whole, reachable, without ways out of the end.
use keepalive::protocol::machine::{After, End, Event, State};
use keepalive::protocol::{Policy, Request, Response, Role, Version, decide};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const ENDS: [End; 2] = [End::Client, End::Server];

fn after(request: &Request, response: &Response) -> Event {
    let verdict = decide(Some(request), Some(response), Role::Server, &Policy::default());
    Event::AnswerEnd(After::of(&verdict))
}

/// Both ends from idle through one exchange, and on.
fn walk(answer: Event, then: &[Event]) -> [Option<State>; 2] {
    ENDS.map(|end| {
        let events = [Event::RequestHead, Event::RequestEnd, answer];
        events.iter().chain(then).try_fold(State::Idle, |state, event| end.step(state, *event))
    })
}

#[test_everywhere(unsupported = test)]
fn every_state_is_reached_and_final_ones_are_final() {
    for end in ENDS {
        let rows = end.table();
        for state in State::ALL {
            let reached = state == State::Idle || rows.iter().any(|row| row.to == state);
            assert!(reached, "{end:?} never comes to {state:?}");
            let left = rows.iter().any(|row| row.from == state);
            assert_eq!(left, !state.is_final(), "{end:?} {state:?}");
            assert!(!state.label(end).is_empty());
        }
    }
}

#[test_everywhere(unsupported = test)]
fn an_event_leads_to_one_state() {
    for end in ENDS {
        let rows = end.table();
        for (index, row) in rows.iter().enumerate() {
            let twin =
                rows[..index].iter().any(|other| other.from == row.from && other.on == row.on);
            assert!(!twin, "{end:?}: two rows for {:?} in {:?}", row.on, row.from);
            assert!(!row.label.is_empty() && row.clause.url.starts_with("https://"));
        }
    }
}

#[test_everywhere(unsupported = test)]
fn http10_keep_alive_comes_back_to_idle() {
    let asks = Request::new("GET", "/", Version::Http10).with("Connection", "keep-alive");
    let confirms = Response::new(Version::Http10, 200)
        .with("Connection", "keep-alive")
        .with("Content-Length", "0");
    assert_eq!(walk(after(&asks, &confirms), &[]), [Some(State::Idle); 2]);
    let silent = Response::new(Version::Http10, 200).with("Content-Length", "0");
    assert_eq!(walk(after(&asks, &silent), &[]), [Some(State::MustClose); 2]);
    assert_eq!(walk(after(&asks, &silent), &[Event::Closes]), [Some(State::Closed); 2]);
    assert_eq!(walk(after(&asks, &silent), &[Event::PeerCloses]), [Some(State::Closed); 2]);
}

#[test_everywhere(unsupported = test)]
fn after_close_no_request_follows() {
    let request = Request::new("GET", "/", Version::Http11).with("Connection", "close");
    let response = Response::new(Version::Http11, 200).with("Content-Length", "0");
    assert_eq!(walk(after(&request, &response), &[Event::RequestHead]), [None; 2]);
}

#[test_everywhere(unsupported = test)]
fn a_tunnel_is_never_left() {
    let request = Request::new("CONNECT", "a:443", Version::Http11);
    let event = after(&request, &Response::new(Version::Http11, 200));
    assert_eq!(walk(event, &[]), [Some(State::Switched); 2]);
    assert_eq!(walk(event, &[Event::RequestHead]), [None; 2]);
    assert_eq!(walk(event, &[Event::AnswerEnd(After::Keeps)]), [None; 2]);
}
