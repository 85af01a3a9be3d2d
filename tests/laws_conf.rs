//! Laws of configuration files: what is exported is understood again, and no text is too strange.
#![cfg(not(target_arch = "wasm32"))]

mod conf_support;

use conf_support::{known, samples};
use keepalive::conf::{Import, Place, export, import};
use keepalive::profile::{Chosen, Config, PRODUCTS};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A product at any version, with any of its settings at any of a few values.
fn choices() -> impl Strategy<Value = Chosen> {
    let change = any::<(Index, Index)>();
    (any::<(Index, Index)>(), prop::collection::vec(change, 0..5)).prop_map(
        |((product, version), changes)| {
            let product = PRODUCTS[product.index(PRODUCTS.len())];
            let version = product.versions[version.index(product.versions.len())].id;
            let mut chosen = Chosen::new(product.id, version);
            let settings = known(&chosen);
            for (which, what) in changes {
                let Some(last) = settings.len().checked_sub(1) else { break };
                let setting = settings[which.index(last + 1)];
                let values = samples(setting, &chosen);
                if !values.is_empty() {
                    chosen.set(setting.name, &values[what.index(values.len())]);
                }
            }
            chosen
        },
    )
}

/// The settings that say something else than the default, sorted: a file may have to name a default,
/// and then it is read back as a setting.
fn telling(chosen: &Chosen, settings: &[(String, String)]) -> Vec<(String, String)> {
    let config =
        Config::parse(&Chosen::new(&chosen.product, &chosen.version)).expect("it is known");
    let mut settings = settings.to_vec();
    // nginx has two ways to write an empty text: as nothing, and as two quotes.
    for (_, value) in settings.iter_mut().filter(|(_, value)| value == "\"\"") {
        value.clear();
    }
    settings.retain(|(name, value)| config.text(name) != value);
    settings.sort();
    settings
}

/// The settings that all files of a product set together.
fn all(imports: &[Import]) -> Vec<(String, String)> {
    let chosen = imports.iter().filter_map(|import| import.chosen.as_ref());
    chosen.flat_map(|chosen| chosen.settings.clone()).collect()
}

proptest! {
    #[test]
    fn what_is_exported_is_understood_again(chosen in choices(), listen in 1024..u16::MAX) {
        let place = Place { listen_port: listen, origin_port: 9000 };
        let Ok(files) = export(&chosen, &place) else {
            // It has no file, or its settings do not go together; never for want of a value.
            return Ok(());
        };
        prop_assert!(!files.is_empty());
        let imports: Vec<_> = files.iter().map(|file| import(&file.text)).collect();
        let found = telling(&chosen, &all(&imports));
        prop_assert_eq!(found, telling(&chosen, &chosen.settings), "{:?} {:?}", chosen, files);
        for found in imports.iter().filter_map(|import| import.chosen.as_ref()) {
            prop_assert_eq!(&found.product, &chosen.product, "{:?}", files);
        }
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        sane(&text);
    }

    #[test]
    fn no_file_is_too_broken(
        pieces in prop::collection::vec(select(PIECES), 0..40),
    ) {
        sane(&pieces.concat());
    }

    #[test]
    fn a_file_may_end_anywhere(chosen in choices(), end in any::<Index>()) {
        for file in export(&chosen, &Place::default()).unwrap_or_default() {
            let mut end = end.index(file.text.len() + 1);
            while !file.text.is_char_boundary(end) {
                end -= 1;
            }
            sane(&file.text[..end]);
        }
    }
}

/// What the grammars are made of, and what belongs to none.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\\",
    "\\\n",
    "\"",
    "'",
    "`",
    "#",
    "//",
    "/*",
    "*/",
    "<!--",
    "-->",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ";",
    ",",
    "=",
    ":",
    "=>",
    "+=",
    "*",
    "\0",
    "\u{feff}",
    "é",
    "🙂",
    "KeepAlive",
    "On",
    "KeepAliveTimeout",
    "SetEnv",
    "nokeepalive",
    "<VirtualHost *:80>",
    "</VirtualHost>",
    "<IfModule x>",
    "</IfModule>",
    "http",
    "server",
    "location",
    "upstream",
    "/",
    "keepalive_timeout",
    "75s",
    "75s 60s",
    "keepalive_requests",
    "100",
    "-1",
    "99999999999999999999",
    "${",
    "defaults",
    "frontend",
    "backend",
    "no",
    "option",
    "option httpclose",
    "timeout client",
    "5s",
    "server.max-keep-alive-idle",
    "$HTTP[\"host\"] == \"a\"",
    "REGEDIT4",
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters]",
    "\"AllowKeepAlives\"",
    "dword:00000000",
    "dword:",
    "hex:",
    "server.keepAliveTimeout",
    "-Dhttp.keepAlive",
    "allowKeepAlive",
    "true",
    "curl_easy_setopt(",
    "include",
    "# mpm: event",
];

/// Every line that is listed is a line of the text, and every setting is listed once at least.
fn sane(text: &str) {
    let import = import(text);
    let count = text.matches('\n').count() + 1;
    for line in import.understood.iter().chain(&import.ignored) {
        assert!((1..=count).contains(&line.number), "{line:?}");
        assert!(!line.note.is_empty(), "{line:?}");
        assert!(line.text.chars().count() <= 161, "{line:?}");
    }
    let settings = import.chosen.as_ref().map_or(0, |chosen| chosen.settings.len());
    assert!(settings <= import.understood.len(), "{import:?}");
    if let Some(chosen) = import.chosen {
        let again = export(&chosen, &Place::default());
        assert!(again.is_ok(), "{chosen:?}: {again:?}");
    }
}
