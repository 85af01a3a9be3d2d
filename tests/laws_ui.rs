//! Laws of the page: whatever is done to it, in whatever order, it stands.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue::ENTRIES;
use keepalive::sim::Us;
use keepalive::ui::edit::{HeadEdit, Heads, groups};
use keepalive::ui::state::{Edits, Model, Msg};
use proptest::prelude::*;
use proptest::{collection::vec, sample::select};

fn key() -> impl Strategy<Value = String> {
    let keys = vec![
        "rtt",
        "tls",
        "bandwidth",
        "server",
        "client",
        "server.KeepAlive",
        "server.KeepAliveTimeout",
        "x.method",
        "x.target",
        "x.version",
        "x.body",
        "x.crlf",
        "x.pipeline",
        "x.at",
        "x.gap",
        "x.after",
        "x.status",
        "x.content",
        "x.delay",
        "nothing",
    ];
    select(keys).prop_map(Into::into)
}

fn text() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        "0",
        "1",
        "5",
        "100ms",
        "3s",
        "1.0",
        "1.1",
        "0.9",
        "HTTP/2.0",
        "none",
        "1.3",
        "On",
        "Off",
        "iis@4.0",
        "nginx",
        "apache-httpd",
        "browser",
        "script",
        "streamed:9",
        "empty",
        "POST",
        "close",
        "20Mbit",
        "204",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[ -~\r\n]{0,8}"]
}

fn heads() -> impl Strategy<Value = Heads> {
    select(vec![Heads::Request, Heads::Answer])
}

fn head_edit() -> impl Strategy<Value = HeadEdit> {
    prop_oneof![
        (text(), text()).prop_map(|(name, value)| HeadEdit::Add(name, value)),
        text().prop_map(|value| HeadEdit::Toggle("Connection", value)),
        (0..4_usize).prop_map(HeadEdit::Remove),
        (0..4_usize).prop_map(HeadEdit::Up),
    ]
}

fn msg() -> impl Strategy<Value = Msg> {
    prop_oneof![
        (key(), text()).prop_map(|(key, text)| Msg::Set(key, text)),
        (key(), text()).prop_map(|(key, text)| Msg::Type(key, text)),
        key().prop_map(Msg::Leave),
        key().prop_map(Msg::Unset),
        (0..14_usize, 0..4_usize).prop_map(|(from, more)| Msg::Edit(from..=from + more)),
        select(vec![
            Msg::Add,
            Msg::Duplicate,
            Msg::Remove,
            Msg::Up,
            Msg::Down,
            Msg::Repeat(3),
            Msg::SendNow,
            Msg::Reset,
            Msg::Undo,
            Msg::Redo,
            Msg::Flip,
            Msg::Compare(true),
            Msg::Compare(false),
            Msg::Edits(Edits::Both),
            Msg::Edits(Edits::Upper),
            Msg::Edits(Edits::Lower),
            Msg::Pick(None),
            Msg::MoreRows,
        ]),
        (heads(), head_edit()).prop_map(|(heads, edit)| Msg::Head(heads, edit)),
        (heads(), 0..4_usize, any::<bool>(), text()).prop_map(|(heads, index, is_name, text)| {
            Msg::TypeHead { heads, index, is_name, text }
        }),
        (0..20_000_000_u64).prop_map(|at| Msg::At(Us(at))),
        select(ENTRIES.iter().map(|entry| entry.id).collect::<Vec<_>>())
            .prop_map(|id| Msg::Scenario(id.into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn it_stands_whatever_is_done(msgs in vec(msg(), 1..24)) {
        let mut model = Model::new("");
        for msg in msgs {
            model.update(msg);
            let count = model.scenario().exchanges.len();
            prop_assert!(*model.edited.start() <= *model.edited.end());
            prop_assert!(*model.edited.end() < count.max(1));
            prop_assert!(model.run() < model.show.runs.len());
            prop_assert!(model.at() <= model.show.last());
            prop_assert!(!model.verdict().text.is_empty());
            prop_assert_eq!(model.show.runs.len(), if model.compares() { 2 } else { 1 });
        }
    }

    #[test]
    fn the_link_brings_the_same_page_back(msgs in vec(msg(), 1..16)) {
        let mut model = Model::new("");
        for msg in msgs {
            model.update(msg);
        }
        let again = Model::new(&model.link());
        prop_assert_eq!(&again.notices, &Vec::<String>::new());
        prop_assert_eq!(&again.show.runs, &model.show.runs);
        prop_assert_eq!(again.at(), model.at());
        prop_assert_eq!(again.verdict(), model.verdict());
    }

    #[test]
    fn undo_leads_back_to_the_beginning(msgs in vec(msg(), 1..16)) {
        let mut model = Model::new("");
        let before = model.study.clone();
        for msg in msgs.into_iter().filter(|msg| !matches!(msg, Msg::At(_) | Msg::Pick(_) | Msg::Undo | Msg::Redo)) {
            model.update(msg);
        }
        while model.can_undo() {
            model.update(Msg::Undo);
        }
        prop_assert_eq!(model.study, before);
    }

    #[test]
    fn lines_of_the_composer_hold_every_exchange_once(msgs in vec(msg(), 0..12)) {
        let mut model = Model::new("");
        for msg in msgs {
            model.update(msg);
        }
        let exchanges = &model.study.scenario.exchanges;
        let listed: Vec<usize> = groups(exchanges).into_iter().flatten().collect();
        prop_assert_eq!(listed, (0..exchanges.len()).collect::<Vec<_>>());
    }
}
