//! The files of the servers.
use super::recipe::{Part, Recipe, Row, Spot, Syntax, row};

/// A variable that is set for every request.
const fn variable(name: &'static str) -> Row {
    Row { name, spot: Spot::Main, line: "SetEnv {name} 1", off: "UnsetEnv {name}" }
}

/// A parameter of ProxyPass.
const fn parameter(name: &'static str) -> Row {
    row(name, Spot::Option, "{name}={value}")
}

pub const RECIPES: &[Recipe] = &[HTTPD, NGINX, HAPROXY, LIGHTTPD, NODE, JAVA_FLAGS, JAVA_SERVER];

const HTTPD: Recipe = Recipe {
    product: "apache-httpd",
    versions: &[],
    file_name: "keepalive.conf",
    goes_to: "Debian: /etc/apache2/conf-available/ (then a2enconf keepalive); elsewhere a folder that \
              httpd.conf includes, such as conf.d/. It holds for all virtual hosts that say nothing else.",
    reload: "apachectl configtest && apachectl graceful",
    syntax: Syntax::Httpd,
    signs: &["LoadModule ", "ServerName ", "DocumentRoot ", "<VirtualHost "],
    always: true,
    parts: &[
        Part::Title,
        Part::Settings(Spot::Main, ""),
        Part::Set(Spot::Option, "\n<IfModule proxy_http_module>\n"),
        Part::SetInline(Spot::Option, "    ProxyPass / http://127.0.0.1:{origin}/"),
        Part::Set(Spot::Option, "</IfModule>\n"),
    ],
    rows: &[
        parameter("disablereuse"),
        parameter("enablereuse"),
        parameter("max"),
        parameter("smax"),
        parameter("ttl"),
        row("ProxyTimeout", Spot::Main, "<IfModule proxy_module>\n    {name} {value}\n</IfModule>"),
        variable("proxy-nokeepalive"),
        variable("force-proxy-request-1.0"),
        variable("proxy-initial-not-pooled"),
        // No directive: which module is loaded decides (2.2: which program is started).
        row(
            "mpm",
            Spot::Main,
            "# mpm: {value}\n# This file cannot choose it. 2.4: load mod_mpm_{value} alone (Debian: \
             a2enmod mpm_{value}), then restart. 2.2: start the program built with it.",
        ),
        variable("nokeepalive"),
        variable("downgrade-1.0"),
        variable("force-response-1.0"),
        row(
            "RequestReadTimeout",
            Spot::Main,
            "<IfModule reqtimeout_module>\n    {name} {value}\n</IfModule>",
        ),
        // prefork does not know it, and refuses the file.
        row(
            "ThreadsPerChild",
            Spot::Main,
            "<IfModule !mpm_prefork_module>\n    {name} {value}\n</IfModule>",
        ),
        row("*", Spot::Main, "{name} {value}"),
    ],
};

const NGINX: Recipe = Recipe {
    product: "nginx",
    versions: &[],
    file_name: "keepalive.conf",
    goes_to: "/etc/nginx/conf.d/, or a folder that is included inside of http { }",
    reload: "nginx -t && nginx -s reload",
    syntax: Syntax::Nginx,
    signs: &["worker_processes ", "events {", "http {", "server {", "location ", "proxy_pass "],
    always: true,
    parts: &[
        Part::Title,
        Part::Text("upstream origin {\n    server 127.0.0.1:{origin};\n"),
        Part::Settings(Spot::Backend, "    "),
        Part::Text("}\n\nserver {\n    listen 127.0.0.1:{listen};\n\n"),
        Part::Settings(Spot::Main, "    "),
        Part::If(Spot::Main, "\n"),
        Part::Text(
            "    location / {\n        proxy_pass http://origin;\n        \
             # Pass answers on as they come, as long as their length is unknown.\n        \
             proxy_buffering off;\n    }\n}\n",
        ),
    ],
    rows: &[
        // 0 cannot be written before 1.29.7, and means what leaving it out means.
        Row {
            name: "keepalive",
            spot: Spot::Backend,
            line: "{name} {value};",
            off: "# {name} is left out: nothing is kept.",
        },
        row("upstream *", Spot::Backend, "{rest} {value};"),
        row("proxy_set_header *", Spot::Main, "{name} \"{value}\";"),
        row("*", Spot::Main, "{name} {value};"),
    ],
};

/// One origin behind one frontend. Three limits of time are always written: HAProxy has no default
/// for them, and the files that are installed with it have these.
const HAPROXY: Recipe = Recipe {
    product: "haproxy",
    versions: &[],
    file_name: "haproxy.cfg",
    goes_to: "/etc/haproxy/haproxy.cfg, or any file named with -f",
    reload: "haproxy -c -f haproxy.cfg && systemctl reload haproxy",
    syntax: Syntax::Haproxy,
    signs: &["\ndefaults", "\nfrontend ", "\nbackend ", "default_backend "],
    always: true,
    parts: &[
        Part::Title,
        Part::If(Spot::Other, "global\n"),
        Part::Settings(Spot::Other, "    "),
        Part::If(Spot::Other, "\n"),
        Part::Text("defaults\n    mode http\n"),
        Part::Lacking("timeout connect", "    timeout connect 5s\n"),
        Part::Lacking("timeout client", "    timeout client 50s\n"),
        Part::Lacking("timeout server", "    timeout server 50s\n"),
        Part::Settings(Spot::Main, "    "),
        Part::Text("\nfrontend clients\n    bind 127.0.0.1:{listen}\n"),
        Part::Settings(Spot::Frontend, "    "),
        Part::Text("    default_backend origin\n\nbackend origin\n"),
        Part::Settings(Spot::Backend, "    "),
        Part::Inline(Spot::Option, "    server origin 127.0.0.1:{origin}"),
    ],
    rows: &[
        option("option *", Spot::Main),
        option("frontend option *", Spot::Frontend),
        option("backend option *", Spot::Backend),
        row("frontend *", Spot::Frontend, "{rest} {value}"),
        row("backend *", Spot::Backend, "{rest} {value}"),
        row("global *", Spot::Other, "{rest} {value}"),
        row("tune.*", Spot::Other, "{name} {value}"),
        row("hard-stop-after", Spot::Other, "{name} {value}"),
        row("close-spread-time", Spot::Other, "{name} {value}"),
        row("pool-*", Spot::Option, "{name} {value}"),
        row("max-reuse", Spot::Option, "{name} {value}"),
        row("server *", Spot::Option, "{rest} {value}"),
        row("*", Spot::Main, "{name} {value}"),
    ],
};

/// A keyword that is there or not.
const fn option(name: &'static str, spot: Spot) -> Row {
    Row { name, spot, line: "option {rest}", off: "no option {rest}" }
}

const LIGHTTPD: Recipe = Recipe {
    product: "lighttpd",
    versions: &[],
    file_name: "lighttpd.conf",
    goes_to: "/etc/lighttpd/lighttpd.conf, or any file named with -f; into a file that is there \
              already, only the lines in the middle",
    reload: "lighttpd -tt -f lighttpd.conf && systemctl restart lighttpd",
    syntax: Syntax::Lighttpd,
    signs: &["server.modules", "server.port", "server.document-root"],
    always: true,
    parts: &[
        Part::Title,
        Part::Text(
            "server.document-root = \"/var/www\"\nserver.bind = \"127.0.0.1\"\n\
             server.port = {listen}\n\n",
        ),
        Part::Settings(Spot::Main, ""),
        Part::If(Spot::Main, "\n"),
        Part::Text(
            "server.modules = ( \"mod_proxy\" )\n\
             proxy.server = ( \"\" => ( ( \"host\" => \"127.0.0.1\", \"port\" => {origin} ) ) )\n",
        ),
    ],
    rows: &[row("*", Spot::Main, "{name} = {literal}")],
};

const NODE: Recipe = Recipe {
    product: "node",
    versions: &[],
    file_name: "server.mjs",
    goes_to: "beside app.mjs, which exports the function that answers: (request, response) => { }",
    reload: "node server.mjs (stop the old process first)",
    syntax: Syntax::Braces,
    signs: &["createServer", "server.listen"],
    always: true,
    parts: &[
        Part::Title,
        Part::Text("import http from \"http\";\nimport app from \"./app.mjs\";\n\n"),
        Part::Text("const options = {\n"),
        Part::Settings(Spot::Option, "    "),
        Part::Text("};\nconst server = http.createServer(options, app);\n"),
        Part::Settings(Spot::Main, ""),
        Part::Text("\nserver.listen({listen}, \"127.0.0.1\");\n"),
    ],
    rows: &[
        row("server.*", Spot::Main, "server.{key} = {literal};"),
        row("*", Spot::Option, "{key}: {literal},"),
    ],
};

const JAVA_FLAGS: Recipe = Recipe {
    product: "java-httpserver",
    versions: &[],
    file_name: "keepalive.args",
    goes_to: "beside the program: java @keepalive.args Server.java; before Java 9, the flags on the command line",
    reload: "restart the program: the flags are read once",
    syntax: Syntax::Hash,
    signs: &["HttpServer", "httpserver"],
    always: true,
    parts: &[Part::Title, Part::Settings(Spot::Main, "")],
    rows: &[row("-D*", Spot::Main, "{name}={value}")],
};

const JAVA_SERVER: Recipe = Recipe {
    product: "java-httpserver",
    versions: &[],
    file_name: "Server.java",
    goes_to: "beside keepalive.args",
    reload: "java @keepalive.args Server.java",
    syntax: Syntax::Braces,
    signs: &[],
    always: true,
    parts: &[
        Part::Text(
            "// A server to try it with: the other settings stand in keepalive.args.\n\
             import com.sun.net.httpserver.HttpServer;\n\
             import java.net.InetSocketAddress;\n\
             import java.util.concurrent.Executors;\n\
             \n\
             public class Server {\n    \
                 public static void main(String[] arguments) throws Exception {\n        \
                     InetSocketAddress address = new InetSocketAddress(\"127.0.0.1\", {listen});\n        \
                     HttpServer server = HttpServer.create(address, 0);\n",
        ),
        Part::Settings(Spot::Main, "        "),
        Part::Text(
            "        server.createContext(\"/\", exchange -> {\n            \
                 byte[] body = \"hello\".getBytes();\n            \
                 exchange.sendResponseHeaders(200, body.length);\n            \
                 exchange.getResponseBody().write(body);\n            \
                 exchange.close();\n        \
             });\n        \
             server.start();\n    \
             }\n\
             }\n",
        ),
    ],
    rows: &[row(
        "HttpServer.setExecutor",
        Spot::Main,
        "// {name}: {value}\nserver.setExecutor(Executors.newFixedThreadPool({value}));",
    )],
};
