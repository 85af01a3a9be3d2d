//! Pasted files: what is understood of them, and what is said of the rest.
use keepalive::conf::import;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The product and its settings, and behind a bar each line that sets nothing.
fn told(text: &str) -> String {
    let import = import(text);
    let mut told = match import.chosen {
        None => "nothing".to_owned(),
        Some(chosen) => {
            let named = [chosen.product, chosen.version].join(" ");
            let settings = chosen.settings.iter().map(|(name, value)| format!(" {name}={value}"));
            named.trim_end().to_owned() + ":" + &settings.collect::<String>()
        }
    };
    for line in &import.ignored {
        told.push_str(&format!(" | {}: {}", line.number, line.note));
    }
    told
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(told(text), expected, "{text}");
}

/// Several lines, and what is said of each that sets nothing.
#[track_caller]
fn lines(text: &[&str], expected: &[&str]) {
    check(&text.join("\n"), &expected.join(" | "));
}

#[test_everywhere(unsupported = test)]
fn httpd_is_recognised() {
    check("KeepAlive Off", "apache-httpd: KeepAlive=Off");
    check(
        "keepalive off\r\nkeepalivetimeout 500ms\r\n",
        "apache-httpd: KeepAlive=Off KeepAliveTimeout=500ms",
    );
    check("\u{feff}MaxKeepAliveRequests \"3\"", "apache-httpd: MaxKeepAliveRequests=3");
    check("MaxKeepAliveRequests \\\n  3", "apache-httpd: MaxKeepAliveRequests=3");
    check("KeepAliveTimeout 5\nKeepAliveTimeout 7", "apache-httpd: KeepAliveTimeout=7");
    check("# KeepAlive Off\nKeepAlive On", "apache-httpd: KeepAlive=On");
    check("<IfModule mpm_event_module>\nKeepAlive On\n</IfModule>", "apache-httpd: KeepAlive=On");
    check("SetEnv nokeepalive\nKeepAlive On", "apache-httpd: nokeepalive=set KeepAlive=On");
    check("UnsetEnv downgrade-1.0", "apache-httpd: downgrade-1.0=unset");
    check(
        "ProxyPass / http://127.0.0.1:9000/ disablereuse=On ttl=60",
        "apache-httpd: disablereuse=On ttl=60",
    );
    check("LoadModule mpm_worker_module modules/mod_mpm_worker.so", "apache-httpd: mpm=worker");
    check(
        "<IfModule mpm_prefork_module>\nStartServers 5\nMaxRequestWorkers 150\n</IfModule>",
        "apache-httpd: mpm=prefork StartServers=5 MaxRequestWorkers=150",
    );
    check(
        "<IfModule prefork.c>\nMaxClients 9\n</IfModule>",
        "apache-httpd 2.2: mpm=prefork MaxClients=9",
    );
}

#[test_everywhere(unsupported = test)]
fn httpd_has_one_multi_processing_module() {
    let each = "<IfModule mpm_prefork_module>\nMaxRequestWorkers 250\n</IfModule>\n\
                <IfModule mpm_event_module>\nMaxRequestWorkers 400\n</IfModule>";
    let other = "for another multi-processing module than the one in use";
    check(each, &format!("apache-httpd: MaxRequestWorkers=400 | 2: {other}"));
    check(
        &format!("{each}\nLoadModule mpm_prefork_module modules/mod_mpm_prefork.so"),
        &format!("apache-httpd: MaxRequestWorkers=250 mpm=prefork | 5: {other}"),
    );
    check(
        &format!("# mpm: prefork\n{each}"),
        &format!("apache-httpd: mpm=prefork MaxRequestWorkers=250 | 6: {other}"),
    );
}

#[test_everywhere(unsupported = test)]
fn httpd_says_what_it_leaves_out() {
    lines(
        &["KeepAliveTimeout five", "MaxKeepAliveRequests -5", "TimeOut 10", "ServerName a"],
        &[
            "apache-httpd: TimeOut=10",
            "1: \"five\" is no time: a number of s, or with one of ms s mi min h",
            "2: -5 is outside -1 to 2147483647",
            "4: unknown here",
        ],
    );
    lines(
        &[
            "KeepAlive On",
            "BrowserMatch MSIE nokeepalive",
            "Include other.conf",
            "<Location /a>",
            "SetEnv nokeepalive",
            "</Location>",
            "</VirtualHost>",
            "ServerName \"a",
            "<VirtualHost *:80>",
        ],
        &[
            "apache-httpd: KeepAlive=On",
            "2: holds for some requests only: that cannot be set here",
            "3: another file: paste its text as well",
            "5: holds for some requests only: that cannot be set here",
            "7: closes what was not opened",
            "8: a quote is opened and never closed",
            "9: is opened and never closed",
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn a_virtual_host_goes_before_the_whole_server() {
    lines(
        &[
            "KeepAliveTimeout 5",
            "<VirtualHost *:80>",
            "ServerName a",
            "</VirtualHost>",
            "<VirtualHost *:80>",
            "KeepAliveTimeout 7",
            "</VirtualHost>",
            "<VirtualHost *:80>",
            "KeepAliveTimeout 9",
            "</VirtualHost>",
            "TimeOut 3",
            "KeepAliveTimeout 11",
        ],
        &[
            "apache-httpd: KeepAliveTimeout=7 TimeOut=3",
            "3: unknown here",
            "9: stands in another block than what was taken, from line 5",
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn nginx_is_recognised() {
    check("keepalive_timeout 65;", "nginx: keepalive_timeout=65");
    check("keepalive_timeout  75s\n  60s ; # wait", "nginx: keepalive_timeout=75s 60s");
    check("keepalive_timeout \"75s\" '60s';", "nginx: keepalive_timeout=75s 60s");
    check("http{server{keepalive_requests 3;}}", "nginx: keepalive_requests=3");
    check("keepalive_min_timeout 2s;", "nginx: keepalive_min_timeout=2s");
    check("#keepalive_timeout 1;\r\nkeepalive_time 1h;\r\n", "nginx: keepalive_time=1h");
    check("lingering_close always;", "nginx: lingering_close=always");
    check("http{upstream a{server b; keepalive 32;}}", "nginx: keepalive=32 | 1: unknown here");
    check(
        "http{location / {proxy_http_version 1.1; proxy_set_header connection \"\";}}",
        "nginx: proxy_http_version=1.1 proxy_set_header Connection=",
    );
    check("chunked_transfer_encoding OFF;", "nginx: chunked_transfer_encoding=off");
}

#[test_everywhere(unsupported = test)]
fn the_innermost_block_holds() {
    lines(
        &[
            "events { worker_connections 512; }",
            "http {",
            "  keepalive_timeout 10;",
            "  keepalive_requests 7;",
            "  upstream a { server 127.0.0.1:1; keepalive_timeout 3; }",
            "  server { listen 80; }",
            "  server {",
            "    location / { keepalive_timeout 30; }",
            "    keepalive_timeout 20;",
            "  }",
            "  server { keepalive_timeout 40; }",
            "}",
        ],
        &[
            "nginx: keepalive_requests=7 upstream keepalive_timeout=3 keepalive_timeout=30",
            "1: stands in a block that is not for HTTP connections",
            "5: unknown here",
            "6: unknown here",
            "11: stands in another block than what was taken, from line 7",
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn nginx_says_what_it_leaves_out() {
    check(
        "keepalive_requests many; keepalive_timeout 1;",
        "nginx: keepalive_timeout=1 | 1: \"many\" is not a whole number",
    );
    check("keepalive_timeout 65", "nothing | 1: the ; at its end is missing");
    lines(
        &[
            "include x.conf;",
            "keepalive_requests 3;",
            "}",
            ";",
            "keepalive_time 'a;",
            "http {",
            "{",
        ],
        &[
            "nginx: keepalive_requests=3",
            "1: another file: paste its text as well",
            "3: closes what was not opened",
            "4: a ; without a directive before it",
            "5: a quote is opened and never closed",
            "7: a block without a name",
            "6: is opened and never closed",
            "7: is opened and never closed",
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn the_registry_is_recognised() {
    const W3SVC: &str =
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters]";
    const TCPIP: &str = "[hkey_local_machine\\system\\ControlSet001\\services\\tcpip\\parameters]";
    let value = |key: &str, value: &str| format!("REGEDIT4\r\n\r\n{key}\r\n{value}\r\n");
    check(&value(W3SVC, "\"AllowKeepAlives\"=dword:00000000"), "iis 1.0: AllowKeepAlives=0");
    check(&value(W3SVC, "\"connectiontimeout\"=dword:0000003C"), "iis 1.0: ConnectionTimeOut=60");
    check(&value(TCPIP, "\"TcpTimedWaitDelay\"=dword:1e"), "iis 1.0: TcpTimedWaitDelay=30");
    check(&value(TCPIP, "\"AllowKeepAlives\"=dword:00000000"), "nothing | 4: unknown here");
    check(
        &value(W3SVC, "\"AllowKeepAlives\"=dword:00000002"),
        "nothing | 4: \"2\" is neither 1 nor 0",
    );
    for (wrong, note) in [
        ("\"AllowKeepAlives\"=\"0\"", "is no number: dword: and hexadecimal digits"),
        ("\"AllowKeepAlives\"=dword:", "dword: needs one to eight hexadecimal digits"),
        ("\"AllowKeepAlives\"=dword:+1", "dword: needs one to eight hexadecimal digits"),
        ("\"AllowKeepAlives\"=-", "takes the value away: the default holds"),
        ("AllowKeepAlives=0", "no line of a .reg file: \"Name\"=dword:00000000"),
        ("[HKEY_LOCAL_MACHINE", "the ] at its end is missing"),
    ] {
        let good = "\"ConnectionTimeOut\"=dword:00000001";
        let text = value(W3SVC, &format!("{good}\r\n{wrong}"));
        check(&text, &format!("iis 1.0: ConnectionTimeOut=1 | 5: {note}"));
    }
}

#[test_everywhere(unsupported = test)]
fn commands_and_xml_of_iis_are_recognised() {
    check("cscript adsutil.vbs set W3SVC/AllowKeepAlive FALSE", "iis 4.0: AllowKeepAlives=0");
    check("adsutil SET w3svc/1/ConnectionTimeout 60", "iis 4.0: ConnectionTimeout=60");
    check(
        "appcmd set config /section:sites /siteDefaults.limits.connectionTimeout:00:01:00",
        "iis: connectionTimeout=00:01:00",
    );
    check(
        "<configuration><!-- allowKeepAlive=\"true\" -->\n<httpProtocol allowKeepAlive=\"false\"/>",
        "iis: allowKeepAlive=false | 1: sets nothing that is known here",
    );
    check("<limits connectionTimeout=\"00:01:00\" />", "iis: connectionTimeout=00:01:00");
}

#[test_everywhere(unsupported = test)]
fn programs_of_node_are_recognised() {
    check("server.keepAliveTimeout = 5000;", "node: server.keepAliveTimeout=5000");
    check("this.http.headersTimeout = 60 * 1_000 // ms", "node: server.headersTimeout=60000");
    check(
        "http.createServer({ keepAliveTimeout: 5_000, requestTimeout: 0 }, app)",
        "node: server.keepAliveTimeout=5000 server.requestTimeout=0",
    );
    check("// server.keepAliveTimeout = 5000;", "nothing | 1: unknown here");
    check(
        "/* server.timeout = 1;\n*/ server.timeout = 2; \"server.timeout = 3\"",
        "node: server.timeout=2",
    );
    check(
        "server.timeout = soon;\nserver.timeout == 3;\nserver.maxRequestsPerSocket=3",
        "node: server.maxRequestsPerSocket=3 \
         | 1: \"soon\" is no time: a number of ms | 2: sets nothing that is known here",
    );
}

#[test_everywhere(unsupported = test)]
fn haproxy_is_recognised() {
    check("option httpclose", "haproxy: option httpclose=");
    check("no option httpclose # why", "haproxy: option httpclose=off");
    check("timeout http-keep-alive \"2s\"", "haproxy: timeout http-keep-alive=2s");
    check("option forceclose", "haproxy 2.0: option forceclose=");
    check(
        "option httpclose\noption http-keep-alive",
        "haproxy: option httpclose= option http-keep-alive=",
    );
    lines(
        &[
            "global",
            "    maxconn 2000",
            "defaults",
            "    timeout client 50s",
            "defaults second",
            "    timeout client 30s",
            "    option http-server-close",
            "frontend a",
            "    timeout http-keep-alive 2s",
            "    timeout client forever",
            "frontend b",
            "    timeout http-keep-alive 3s",
            "peers p",
            "    timeout client 1s",
        ],
        &[
            "haproxy: timeout client=30s option http-server-close= timeout http-keep-alive=2s",
            "2: unknown here",
            "4: stands in another block than what was taken, from line 5",
            "10: \"forever\" is no time: a number of ms, or with one of us ms s m h d",
            "12: stands in another block than what was taken, from line 8",
            "14: stands in a section that does not decide about connections",
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn lighttpd_is_recognised() {
    check("server.max-keep-alive-idle=7 # s", "lighttpd: server.max-keep-alive-idle=7");
    lines(
        &[
            "server.modules = (",
            "  \"mod_proxy\", # with ) in a comment",
            ")",
            "server.max-keep-alive-idle = 7",
            "$HTTP[\"host\"] == \"a\" {",
            "  server.max-keep-alive-idle = 9",
            "}",
            "include \"x.conf\"",
            "server.max-keep-alive-requests = many",
            "server.document-root = \"/a",
            "server.max-read-idle = 3 }",
            "var.x = (",
        ],
        &[
            "lighttpd: server.max-keep-alive-idle=7 server.max-read-idle=3",
            "1: unknown here",
            "6: holds for some requests only: that cannot be set here",
            "8: another file: paste its text as well",
            "9: \"many\" is not a whole number",
            "10: a quote is opened and never closed",
            "11: closes what was not opened",
            "12: is opened and never closed",
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn java_flags_are_recognised() {
    check(
        "java -Dsun.net.httpserver.idleInterval=2 -Dsun.net.httpserver.clockTick=500 Main",
        "java-httpserver: -Dsun.net.httpserver.idleInterval=2 -Dsun.net.httpserver.clockTick=500",
    );
    check(
        "# -Dsun.net.httpserver.clockTick=1\n-Dsun.net.httpserver.idleInterval=x\n-Da=b",
        "nothing | 2: \"x\" is no time: a number of s | 3: unknown here",
    );
}

#[test_everywhere(unsupported = test)]
fn a_file_that_sets_nothing_leaves_the_defaults() {
    check("worker_processes 1;\nevents {}\nhttp {}", "nginx: | 1: unknown here");
    check("DocumentRoot /a\nServerName b", "apache-httpd: | 1: unknown here | 2: unknown here");
    check("DocumentRoot /a", "nothing | 1: unknown here");
}

#[test_everywhere(unsupported = test)]
fn what_nobody_knows_is_listed() {
    check("", "nothing");
    check(" \r\n\t\n", "nothing");
    check("Hello World", "nothing | 1: unknown here");
    check("a\0b 5\n\0", "nothing | 1: unknown here | 2: unknown here");
}

/// Files that nobody wrote: each is read to its end, with few lines and no delay.
#[test_everywhere(unsupported = test)]
fn hostile_texts_are_read_to_the_end() {
    let of = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len());
    for piece in [
        "{",
        "}",
        "{}",
        ";",
        "\0",
        "\"",
        "'",
        "\\",
        "(",
        "<",
        "[",
        "# ",
        "= ",
        "a;",
        "a b ",
        "a=",
        "a=\"",
        "'\"",
        "\\\n",
        "\n",
        "a\n",
        "\"\n",
        "(\n",
        "{\n",
        "a={\n",
        "<a>\n",
        "<a>\n</b>\n",
        "server a b ",
        "- = ",
        "/*",
        "*/",
        "<!--",
        "é",
        "keepalive_timeout 5;\n",
        "KeepAlive On\n",
        "server{keepalive_timeout 5;}",
        "location / {",
        "option httpclose\n",
        "[a]\n",
        "\"a\"=dword:0\n",
        "-Da=1 ",
        "x.y=1*1*",
    ] {
        let import = import(&of(piece, 1 << 14));
        assert!(import.understood.len() + import.ignored.len() <= 20_001, "{piece:?}");
    }
    assert_eq!(import(&of("{", 1 << 20)).chosen, None);
    let import = import(&of("keepalive_timeout 5;\n", 1 << 19));
    assert_eq!(import.understood.len(), 20_000);
    assert_eq!(import.ignored.len(), 1, "the rest is not read, and a line says so");
}
