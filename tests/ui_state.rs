//! What happens on the page: a link, messages, and the link afterwards.
use keepalive::catalogue::cards::{Card, Shelf};
use keepalive::profile::Chosen;
use keepalive::protocol::Field;
use keepalive::share::see::{Asked, See};
use keepalive::sim::{EventKey, EventKind, Us};
use keepalive::study::Pick;
use keepalive::study::differ::ASKS;
use keepalive::ui::edit::{HeadEdit, Heads};
use keepalive::ui::state::{Edits, Model, Msg, Sheet};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(link: &str, msgs: impl IntoIterator<Item = Msg>, expected: &str) {
    let mut model = Model::new(link);
    for msg in msgs {
        model.update(msg);
    }
    assert_eq!(model.link(), format!("v=1&scenario={expected}"));
}

fn set(key: &str, value: &str) -> Msg {
    Msg::Set(key.into(), value.into())
}

fn typed(key: &str, value: &str) -> Msg {
    Msg::Type(key.into(), value.into())
}

#[test_everywhere(unsupported = test)]
fn choices_reach_what_is_edited() {
    let plain = "scenario=http11-default";
    check(plain, [set("rtt", "10ms")], "http11-default&rtt=10ms");
    check(plain, [set("x.version", "1.0")], "http11-default&x1.version=1.0");
    check(plain, [Msg::Edit(1..=2), set("x.body", "7")], "http11-default&x2-3.body=7");
    let late = "scenario=idle-too-late";
    check(late, [set("server.KeepAlive", "Off")], "idle-too-late&server.KeepAlive=Off");
}

#[test_everywhere(unsupported = test)]
fn a_comparison_is_edited_on_one_side_or_both() {
    let start = "scenario=page-ten-images";
    check(start, [set("rtt", "10ms")], "page-ten-images&rtt=10ms");
    check(
        start,
        [Msg::Edits(Edits::Upper), set("rtt", "10ms")],
        "page-ten-images&vs.server.KeepAlive=Off&vs.rtt=10ms",
    );
    check(
        start,
        [Msg::Edits(Edits::Lower), set("rtt", "10ms")],
        "page-ten-images&rtt=10ms&vs.server.KeepAlive=Off&vs.rtt=60ms",
    );
    check(start, [Msg::Compare(false)], "page-ten-images&vs=off");
    // What is edited from then on is compared with how it was.
    check(
        start,
        [Msg::Compare(false), Msg::Compare(true), set("rtt", "10ms")],
        "page-ten-images&rtt=10ms&vs.rtt=60ms",
    );
}

#[test_everywhere(unsupported = test)]
fn typing_takes_effect_as_soon_as_it_can() {
    let mut model = Model::new("scenario=http11-default");
    for text in ["", "6", "60", "60m"] {
        model.update(typed("rtt", text));
        assert_eq!(model.field("rtt").0, text);
    }
    assert_eq!(model.study.scenario.network.rtt, Us::from_ms(60));
    assert!(model.field("rtt").1.is_some(), "60m is no time");
    // What cannot be stays with its message, what can is shown as it was understood.
    model.update(Msg::Leave("rtt".into()));
    assert_eq!(model.field("rtt").0, "60m");
    model.update(typed("rtt", "0.06s"));
    assert_eq!(model.field("rtt"), ("0.06s".into(), None));
    model.update(Msg::Leave("rtt".into()));
    assert_eq!(model.field("rtt"), ("60ms".into(), None));
}

#[test_everywhere(unsupported = test)]
fn a_line_break_in_a_field_is_kept_but_not_sent() {
    let mut model = Model::new("scenario=http11-default");
    let before = model.link();
    let text = "a\r\nSet-Cookie: b".to_owned();
    model.update(Msg::TypeHead {
        heads: Heads::Request,
        index: 0,
        is_name: false,
        text: text.clone(),
    });
    assert_eq!(model.link(), before);
    let (shown, problem) = model.head(Heads::Request, 0, false);
    assert_eq!(shown, text);
    assert!(problem.is_some());
    // A space before the colon can stand on the wire: it is sent, and the server answers it.
    let name = "Host ".to_owned();
    model.update(Msg::TypeHead { heads: Heads::Request, index: 0, is_name: true, text: name });
    let request = &model.study.scenario.exchanges[0].request;
    assert_eq!(request.headers.0[0].name, "Host ");
    let timeline = model.show.runs[0].timeline().expect("it runs");
    assert_eq!(
        timeline.exchanges[0].answer.as_ref().map(|answer| answer.response.status),
        Some(400)
    );
}

#[test_everywhere(unsupported = test)]
fn fields_are_added_moved_and_removed() {
    let head = |change| Msg::Head(Heads::Request, change);
    let close = || head(HeadEdit::Toggle("Connection", "close".into()));
    let start = "scenario=http11-default";
    let with = "http11-default&x1.headers=Host:shop.example;Connection:close";
    check(start, [close()], with);
    check(start, [close(), close()], "http11-default");
    let keep = head(HeadEdit::Toggle("Connection", "keep-alive".into()));
    check(start, [keep, close()], with);
    let twice = head(HeadEdit::Add("Connection".into(), "close".into()));
    check(start, [close(), twice.clone()], &format!("{with};Connection:close"));
    check(start, [close(), twice, head(HeadEdit::Remove(2))], with);
    let moved = "http11-default&x1.headers=Connection:close;Host:shop.example";
    check(start, [close(), head(HeadEdit::Up(1))], moved);
    let field = Field { name: "X".into(), value: "y".into() };
    check(start, [head(HeadEdit::Change(0, field))], "http11-default&x1.headers=X:y");
    check(start, [head(HeadEdit::Remove(7)), head(HeadEdit::Up(0))], "http11-default");
}

#[test_everywhere(unsupported = test)]
fn exchanges_come_and_go() {
    let count = |msgs: &[Msg]| {
        let mut model = Model::new("scenario=http11-default");
        for msg in msgs {
            model.update(msg.clone());
        }
        (model.study.scenario.exchanges.len(), model.edited.clone())
    };
    assert_eq!(count(&[]), (4, 0..=0));
    assert_eq!(count(&[Msg::Add]), (5, 4..=4));
    assert_eq!(count(&[Msg::Duplicate]), (5, 1..=1));
    assert_eq!(count(&[Msg::Repeat(9)]), (13, 0..=0));
    assert_eq!(count(&[Msg::Remove]), (3, 0..=0));
    assert_eq!(count(&[Msg::Edit(3..=3), Msg::Remove]), (3, 2..=2));
    assert_eq!(count(&[Msg::Edit(0..=3), Msg::Remove, Msg::Remove, Msg::Add]), (1, 0..=0));
    assert_eq!(count(&[Msg::Edit(2..=2), Msg::Up]), (4, 1..=1));
    assert_eq!(count(&[Msg::Edit(0..=0), Msg::Up]), (4, 0..=0));
}

#[test_everywhere(unsupported = test)]
fn what_is_sent_now_leaves_the_past_alone() {
    let mut model = Model::new("scenario=idle-too-late&t=4s");
    let past = |model: &Model| {
        let timeline = model.show.runs[0].timeline().expect("it runs");
        let mut events = timeline.events();
        events.retain(|event| event.at < Us::from_secs(4));
        events
    };
    let before = past(&model);
    model.update(Msg::SendNow);
    assert_eq!(past(&model), before);
    assert!(model.playing);
    assert_eq!(model.edited, 3..=3);
    let timeline = model.show.runs[0].timeline().expect("it runs");
    assert_eq!(timeline.exchanges[3].wanted, Some(Us::from_secs(4)));
    assert_eq!(model.at(), Us::from_secs(4));
}

#[test_everywhere(unsupported = test)]
fn while_it_plays_what_is_sent_now_is_sent_at_the_instant_that_is_seen() {
    let mut model = Model::new("scenario=idle-too-late&t=1s");
    model.update(Msg::Play(true));
    model.update(Msg::Now(Us::from_secs(3)));
    assert_eq!(model.study_at().at, Some(Us::from_secs(3)));
    model.update(Msg::SendNow);
    let timeline = model.show.runs[0].timeline().expect("it runs");
    assert_eq!(timeline.exchanges[3].wanted, Some(Us::from_secs(3)));
    assert_eq!(model.at(), Us::from_secs(3));
}

#[test_everywhere(unsupported = test)]
fn every_step_can_be_taken_back() {
    let mut model = Model::new("scenario=page-ten-images");
    let before = model.study.clone();
    for msg in [
        typed("rtt", "1"),
        typed("rtt", "10"),
        typed("rtt", "100ms"),
        Msg::Add,
        Msg::Compare(false),
    ] {
        model.update(msg);
    }
    let after = model.study.clone();
    for _ in 0..3 {
        assert!(model.can_undo());
        model.update(Msg::Undo);
    }
    // Typing on in one field is one step.
    assert!(!model.can_undo());
    assert_eq!(model.study, before);
    for _ in 0..3 {
        model.update(Msg::Redo);
    }
    assert_eq!(model.study, after);
    model.update(Msg::Reset);
    assert_eq!(model.study, before);
}

#[test_everywhere(unsupported = test)]
fn a_selection_is_what_is_explained_and_edited() {
    let mut model = Model::new("scenario=page-ten-images");
    let key = EventKey { connection: 3, kind: EventKind::Answer, exchange: Some(2) };
    model.update(Msg::Pick(Some(Pick { run: 0, key })));
    assert_eq!(model.picked().map(|(pick, _)| pick.key), Some(key));
    assert_eq!((model.edited.clone(), model.run()), (2..=2, 0));
    assert_eq!(model.why_title(), "Why A·C3 closes after answer 3");
    // With the comparison its run is gone, and so is the selection.
    model.update(Msg::Compare(false));
    assert_eq!(model.why_title(), "Why C1 stays open after answer 1");
    // What no longer happens is explained no longer.
    let mut model = Model::new("scenario=http11-default&pick=C2.answer.4");
    assert_eq!(model.why_title(), "Why C2 stays open after answer 4");
    model.update(Msg::Edit(3..=3));
    model.update(Msg::Remove);
    assert_ne!(model.why_title(), "Why C2 stays open after answer 4");
}

#[test_everywhere(unsupported = test)]
fn links_say_what_was_wrong_with_them() {
    let model = Model::new("scenario=page-ten-images&rtt=soon&colour=red");
    assert_eq!(model.notices.len(), 2);
    assert_eq!(model.link(), "v=1&scenario=page-ten-images");
    let mut model = Model::new("");
    model.update(Msg::Link("#v=1&scenario=idle-too-late&t=5s".into()));
    assert_eq!(model.link(), "v=1&scenario=idle-too-late&t=5s");
    assert_eq!(model.at(), Us::from_secs(5));
    model.update(Msg::Undo);
    assert_eq!(model.link(), "v=1&scenario=page-ten-images");
}

#[test_everywhere(unsupported = test)]
fn the_switch_and_the_suggestions() {
    check("", [Msg::Flip], "page-ten-images&server.KeepAlive=Off");
    check("", [Msg::Flip, Msg::Flip], "page-ten-images&server.KeepAlive=On");
    let mut model = Model::new("");
    model.update(Msg::Rest);
    assert!(model.advice.fresh && !model.advice.what_if.is_empty());
    let first = model.advice.what_if[0].study.clone();
    model.update(Msg::Study(Box::new(first.clone())));
    assert_eq!(model.study, first);
    assert!(!model.advice.fresh, "it was about the study before");
}

#[test_everywhere(unsupported = test)]
fn settings_without_effect_are_named() {
    let idle = |link: &str| {
        let mut model = Model::new(link);
        model.update(Msg::Rest);
        model.advice.idle.iter().map(|(_, name)| *name).collect::<Vec<_>>()
    };
    assert!(!idle("scenario=idle-too-late").contains(&"KeepAliveTimeout"));
    assert!(idle("scenario=idle-too-late&server.KeepAlive=Off").contains(&"KeepAliveTimeout"));
}

#[test_everywhere(unsupported = test)]
fn an_open_sheet_stands_in_the_link() {
    let differ =
        |row| Msg::Sheet(Some(Sheet::See(See::Differ { asked: Asked::Preset(&ASKS[0]), row })));
    let plain = "scenario=http11-default";
    check(plain, [differ(None)], "http11-default&see=differ.http10");
    check(plain, [differ(Some("nginx"))], "http11-default&see=differ.http10.nginx");
    check(plain, [differ(None), Msg::Sheet(None)], "http11-default");
    check(plain, [differ(None), Msg::Sheet(Some(Sheet::Help))], "http11-default");
    // A link out of a sheet closes it, one into a sheet leaves the study alone.
    let other = Msg::Link("v=1&scenario=idle-too-late".into());
    check(plain, [differ(None), other], "idle-too-late");
    let mut model = Model::new("v=1&scenario=http11-default&rtt=10ms");
    model.update(Msg::Link("v=1&scenario=http11-default&rtt=10ms&see=surprises".into()));
    assert_eq!(model.sheet, Some(Sheet::See(See::Surprises)));
    assert!(!model.can_undo(), "nothing was edited");
}

#[test_everywhere(unsupported = test)]
fn a_pasted_file_is_one_step() {
    // As the sheet does it, which asks the module for what is understood.
    let take = |text: &str| {
        let chosen = keepalive::conf::import(text).chosen;
        [Some(Msg::Paste(text.into())), chosen.map(Msg::TakePaste)].into_iter().flatten()
    };
    let late = "scenario=idle-too-late&server.MaxKeepAliveRequests=7";
    let file = "KeepAliveTimeout 9\nNonsense 1\n";
    // The same product keeps what the file does not name; another comes with the file's settings.
    check(
        late,
        take(file),
        "idle-too-late&server.MaxKeepAliveRequests=7&server.KeepAliveTimeout=9",
    );
    check(
        late,
        take("http { keepalive_requests 3; }"),
        "idle-too-late&server=nginx&server.keepalive_requests=3",
    );
    let undone = take(file).chain([Msg::Undo]);
    check(late, undone, "idle-too-late&server.MaxKeepAliveRequests=7");
    check(late, take("nothing that is known"), "idle-too-late&server.MaxKeepAliveRequests=7");
    let mut model = Model::new(late);
    model.update(Msg::Paste(file.into()));
    assert_eq!(model.pasted, file);
    model.update(Msg::TakePaste(Chosen::new("nginx", "")));
    assert_eq!(model.pasted, "", "what is taken is gone from the field");
}

#[test_everywhere(unsupported = test)]
fn a_card_is_known_while_its_scenario_stands() {
    let mut model = Model::new("");
    let card = Card { shelf: Shelf::Incidents, place: 4 };
    let link = "v=1&scenario=none&exchanges=2";
    model.update(Msg::About(card, link.into()));
    assert_eq!((model.about, model.link().as_str()), (Some(card), link));
    // The host page tells the address that it was told.
    model.update(Msg::Link(link.into()));
    assert_eq!(model.about, Some(card));
    model.update(Msg::Set("rtt".into(), "10ms".into()));
    assert_eq!(model.about, Some(card), "it may be played with");
    model.update(Msg::Scenario("http11-default".into()));
    assert_eq!(model.about, None);
}
