//! Exported files: how they look, and which choices have none.
#![cfg(not(target_arch = "wasm32"))]

use keepalive::conf::{Place, export, import};
use keepalive::profile::{Chosen, Config, PRODUCTS};
use std::process::{Command, Stdio};

fn chosen(product: &str, version: &str, settings: &[(&str, &str)]) -> Chosen {
    let chosen = Chosen::new(product, version);
    settings.iter().fold(chosen, |chosen, (name, value)| chosen.with(name, value))
}

/// All files of a choice, each under its name.
fn files(chosen: &Chosen) -> String {
    let files = export(chosen, &Place::default()).expect("it can be exported");
    let told = files.iter().map(|file| {
        let (name, text) = (&file.file_name, file.text.replace("\r\n", "\n"));
        format!("==> {name}\nbelongs to: {}\nthen: {}\n\n{text}", file.goes_to, file.reload)
    });
    told.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn looks(product: &str, version: &str, settings: &[(&str, &str)]) {
    let name = format!("{product}-{version}").trim_end_matches('-').to_owned();
    insta::assert_snapshot!(name, files(&chosen(product, version, settings)));
}

#[test]
fn one_file_of_each_product() {
    looks(
        "apache-httpd",
        "2.4",
        &[("KeepAliveTimeout", "500ms"), ("mpm", "worker"), ("nokeepalive", "set")],
    );
    looks("nginx", "1.22", &[("keepalive_timeout", "75s 60s"), ("keepalive_requests", "3")]);
    looks("nginx", "1.0", &[]);
    looks("apache-httpd", "2.2", &[]);
    looks("curl", "", &[]);
    looks("haproxy", "2.6", &[("option http-server-close", ""), ("timeout http-keep-alive", "2s")]);
    looks("lighttpd", "1.4.69", &[("server.max-keep-alive-idle", "2")]);
    looks(
        "node",
        "20.20.2",
        &[("server.keepAliveTimeout", "2000"), ("connectionsCheckingInterval", "500")],
    );
    looks("node-agent", "", &[("keepAlive", "true"), ("scheduling", "fifo")]);
    looks("node-fetch", "", &[("keepAliveTimeout", "2000")]);
    looks("java-httpserver", "17", &[("-Dsun.net.httpserver.idleInterval", "2")]);
    looks("java-httpurlconnection", "17", &[("http.keepAlive", "false")]);
    looks(
        "java-net-http",
        "17",
        &[("jdk.httpclient.keepalive.timeout", "2"), ("HttpClient.version", "HTTP_1_1")],
    );
    looks("iis", "1.0", &[("AllowKeepAlives", "0"), ("TcpTimedWaitDelay", "30")]);
    looks("iis", "4.0", &[("AllowKeepAlives", "1"), ("ConnectionTimeout", "60")]);
    looks("iis", "10.0", &[("allowKeepAlive", "false"), ("connectionTimeout", "00:01:00")]);
}

/// Names and values of what a text sets, and the product it is taken for.
fn set(text: &str) -> (Option<String>, Vec<(String, String)>) {
    let chosen = import(text).chosen;
    chosen.map_or_else(Default::default, |chosen| (Some(chosen.product), chosen.settings))
}

/// What a file has to say even if nothing is set.
const WRITTEN: [&str; 4] =
    ["timeout client", "timeout server", "timeout connect", "HttpClient.version"];

#[test]
fn a_file_without_settings_shows_what_can_be_set() {
    for product in PRODUCTS {
        for version in product.versions {
            let bare = Chosen::new(product.id, version.id);
            let Ok(files) = export(&bare, &Place::default()) else { continue };
            let config = Config::parse(&bare).expect("a product and version that exist");
            let shown: String = files.iter().map(|file| file.text.as_str()).collect();
            for setting in product.settings.iter().filter(|it| config.setting(it.name).is_ok()) {
                let name = setting.name;
                let is_named = shown.contains(setting.gist) || WRITTEN.contains(&name);
                assert!(is_named, "{} {}: {}\n{shown}", product.id, version.id, name);
            }
            // What stands in comments sets nothing; what has to stand there is the default.
            for file in &files {
                let (found, settings) = set(&file.text);
                assert!(found.is_none_or(|found| found == product.id), "{}", file.text);
                for (name, value) in settings {
                    assert_eq!(config.text(&name), value, "{name}: {}", file.text);
                }
            }
        }
    }
}

#[test]
fn a_commented_line_is_one_to_be_taken() {
    for (product, comment) in
        [("apache-httpd", "# "), ("nginx", "# "), ("lighttpd", "# "), ("node", "// ")]
    {
        let bare = Chosen::new(product, "");
        let config = Config::parse(&bare).expect("a product that exists");
        let names: Vec<_> = config.product.settings.iter().map(|setting| setting.name).collect();
        let files = export(&bare, &Place::default()).expect("it can be exported");
        let taken =
            files[0].text.lines().map(|line| match line.trim_start().strip_prefix(comment) {
                Some(inside) if names.iter().any(|name| inside.starts_with(name)) => inside,
                _ => line,
            });
        let text = taken.collect::<Vec<_>>().join("\n");
        let (found, settings) = set(&text);
        assert_eq!(found.as_deref(), Some(product), "{text}");
        assert!(settings.len() > 3, "{settings:?} {text}");
        for (name, value) in settings {
            assert_eq!(config.text(&name), value, "{name}: {text}");
        }
    }
}

#[track_caller]
fn refuses(chosen: &Chosen, expected: &str) {
    let error = export(chosen, &Place::default()).expect_err("it has no file");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_has_no_file_says_why() {
    refuses(
        &chosen("textbook", "", &[]),
        "product: Textbook server has no file: it is the specifications alone, no program",
    );
    refuses(
        &chosen("script", "", &[]),
        "product: Script has no file: it is the list of requests itself",
    );
    for product in PRODUCTS {
        if let Err(error) = export(&Chosen::new(product.id, ""), &Place::default()) {
            assert!(error.problem.contains(" has no file"), "{error}");
            assert!(!error.problem.ends_with("known here"), "{error}");
        }
    }
}

#[test]
fn a_wrong_choice_is_refused() {
    refuses(
        &chosen("nginx", "", &[("keepalive_requests", "many")]),
        "keepalive_requests: \"many\" is not a whole number",
    );
    // Only the rule reads this one.
    refuses(
        &chosen("nginx", "", &[("keepalive_timeout", "5; } evil {")]),
        "keepalive_timeout: the second value is a number of whole seconds: 60, 1m30s",
    );
    refuses(
        &chosen("nginx", "1.22", &[("keepalive_min_timeout", "5s")]),
        "keepalive_min_timeout: nginx 1.22 does not have it",
    );
}

#[test]
fn the_places_are_where_they_are_asked_for() {
    let place = Place { listen_port: 4711, origin_port: 4712 };
    let files = export(&Chosen::new("nginx", ""), &place).expect("it can be exported");
    assert!(files[0].text.contains("listen 127.0.0.1:4711;"), "{}", files[0].text);
    assert!(files[0].text.contains("server 127.0.0.1:4712;"), "{}", files[0].text);
}

/// The command line with these arguments and this input: exit status, output.
fn keepalive(arguments: &[&str], input: &[u8]) -> (Option<i32>, Vec<u8>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keepalive"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("its input");
    // It may end before it has read everything.
    let _ = std::io::Write::write_all(&mut stdin, input);
    drop(stdin);
    let done = child.wait_with_output().expect("it ends");
    (done.status.code(), done.stdout)
}

#[test]
fn the_command_line_exports_and_imports() {
    let (code, text) = keepalive(&["export", "iis", "1.0", "AllowKeepAlives=0"], b"");
    assert_eq!(code, Some(0));
    let text = String::from_utf8(text).expect("a text");
    // As the registry's editor of today would save it.
    let wide: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for input in [text.as_bytes(), &wide] {
        let (code, told) = keepalive(&["import", "-", "--json"], input);
        assert_eq!(code, Some(0));
        let told: serde_json::Value = serde_json::from_slice(&told).expect("JSON");
        assert_eq!(told["chosen"]["settings"]["AllowKeepAlives"], "0");
        assert_eq!(told["understood"][0]["line"], 6);
    }
    assert_eq!(keepalive(&["import", "-"], b"\xFF\xFEodd").0, Some(1));
    assert_eq!(keepalive(&["import", "/there/is/none"], b"").0, Some(2));
    assert_eq!(keepalive(&["export"], b"").0, Some(2));
    assert_eq!(keepalive(&["export", "nginx", "--listen", "0"], b"").0, Some(2));
    assert_eq!(keepalive(&["export", "textbook"], b"").0, Some(1));
}
