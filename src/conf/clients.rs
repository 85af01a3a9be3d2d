//! The files of the clients.
use super::recipe::{Part, Recipe, Row, Spot, Syntax, row};

pub const RECIPES: &[Recipe] = &[
    java("java-httpurlconnection", FLAGS),
    java("java-net-http", MODULE_FLAGS),
    JAVA_CLIENT,
    CURL,
    LIBCURL,
    NODE_AGENT,
    NODE_FETCH,
    PYTHON,
    REQUESTS,
];

/// Properties on the command line, with or without their `-D`.
pub const FLAGS: &[Row] =
    &[row("-D*", Spot::Main, "{name}={value}"), row("*", Spot::Main, "-D{name}={value}")];

/// What java.net.http reads; all else is set by its builder.
const MODULE_FLAGS: &[Row] =
    &[row("-D*", Spot::Main, "{name}={value}"), row("jdk.*", Spot::Main, "-D{name}={value}")];

const fn java(product: &'static str, rows: &'static [Row]) -> Recipe {
    Recipe {
        product,
        versions: &[],
        file_name: "keepalive.args",
        goes_to: "beside the program: java @keepalive.args Client.java; before Java 9, the flags on the command line",
        reload: "restart the program: the flags are read once",
        syntax: Syntax::Hash,
        signs: &["HttpURLConnection", "HttpClient"],
        always: true,
        parts: &[Part::Title, Part::Settings(Spot::Main, "")],
        rows,
    }
}

const JAVA_CLIENT: Recipe = Recipe {
    product: "java-net-http",
    versions: &[],
    file_name: "Client.java",
    goes_to: "the program; all requests go through this client",
    reload: "compile the program again",
    syntax: Syntax::Braces,
    signs: &["java.net.http", "HttpClient"],
    always: false,
    parts: &[
        Part::Title,
        Part::Text("import java.net.http.HttpClient;\n\nclass Client {\n"),
        Part::Lacking(
            "HttpClient.version",
            "    static final HttpClient.Version version = HttpClient.Version.HTTP_2;\n",
        ),
        Part::Settings(Spot::Main, "    "),
        Part::Text(
            "    static final HttpClient client = HttpClient.newBuilder().version(version).build();\n}\n",
        ),
    ],
    rows: &[row(
        "HttpClient.version",
        Spot::Main,
        "static final HttpClient.Version {key} = HttpClient.Version.{value};",
    )],
};

const CURL: Recipe = Recipe {
    product: "curl",
    versions: &[],
    file_name: "keepalive.curlrc",
    goes_to: "~/.curlrc, or any file: curl -K keepalive.curlrc http://127.0.0.1:8080/",
    reload: "nothing to do: each run of curl reads it",
    syntax: Syntax::Options,
    signs: &["curl "],
    always: false,
    parts: &[Part::Title, Part::Settings(Spot::Main, "")],
    rows: &[Row { name: "-*", spot: Spot::Main, line: "{name} {argument}", off: "# {name}: off" }],
};

const LIBCURL: Recipe = Recipe {
    product: "curl",
    versions: &[],
    file_name: "keepalive.c",
    goes_to: "the program, behind curl_easy_init() and curl_multi_init()",
    reload: "compile the program again",
    syntax: Syntax::Calls,
    signs: &["curl_easy", "curl_multi"],
    always: false,
    parts: &[Part::Title, Part::Settings(Spot::Main, "")],
    rows: &[
        row("CURLOPT_*", Spot::Main, "curl_easy_setopt(curl, {name}, {value}L);"),
        row("CURLMOPT_*", Spot::Main, "curl_multi_setopt(multi, {name}, {value}L);"),
    ],
};

const NODE_AGENT: Recipe = Recipe {
    product: "node-agent",
    versions: &[],
    file_name: "agent.mjs",
    goes_to: "beside the program: import { agent } from \"./agent.mjs\"",
    reload: "start the program again",
    syntax: Syntax::Braces,
    signs: &["http.Agent", "https.Agent"],
    always: true,
    parts: &[
        Part::Title,
        Part::Text(
            "// http.get({ host: \"127.0.0.1\", port: {listen}, agent }, (response) => { });\n\
             import http from \"http\";\n\nexport const agent = new http.Agent({\n",
        ),
        Part::Settings(Spot::Option, "    "),
        Part::Text("});\n"),
    ],
    rows: &[row("*", Spot::Option, "{key}: {literal},")],
};

const NODE_FETCH: Recipe = Recipe {
    product: "node-fetch",
    versions: &[],
    file_name: "fetch.mjs",
    goes_to: "the beginning of the program; the package undici has to be installed",
    reload: "start the program again",
    syntax: Syntax::Braces,
    signs: &["undici", "setGlobalDispatcher"],
    always: true,
    parts: &[
        Part::Title,
        Part::Text(
            "import { Agent, setGlobalDispatcher } from \"undici\";\n\n\
             setGlobalDispatcher(new Agent({\n",
        ),
        Part::Settings(Spot::Option, "    "),
        Part::Text("}));\n"),
    ],
    rows: &[row("*", Spot::Option, "{key}: {literal},")],
};

const PYTHON: Recipe = Recipe {
    product: "python-http-client",
    versions: &[],
    file_name: "client.py",
    goes_to: "the program",
    reload: "start the program again",
    syntax: Syntax::Hash,
    signs: &["http.client"],
    always: true,
    parts: &[
        Part::Title,
        Part::Text(
            "import http.client\n\n\
             connection = http.client.HTTPConnection(\"127.0.0.1\", {listen})\n",
        ),
        Part::Settings(Spot::Option, ""),
    ],
    rows: &[row("*", Spot::Option, "connection.{key} = {literal}")],
};

const REQUESTS: Recipe = Recipe {
    product: "python-requests",
    versions: &[],
    file_name: "client.py",
    goes_to: "the program; all requests go through this session",
    reload: "start the program again",
    syntax: Syntax::Hash,
    signs: &["HTTPAdapter", "requests."],
    always: true,
    parts: &[
        Part::Title,
        Part::Settings(Spot::Main, ""),
        Part::Text(
            "import requests\nfrom requests.adapters import HTTPAdapter\n\n\
             session = requests.Session()\n\
             adapter = HTTPAdapter(\n",
        ),
        Part::Settings(Spot::Option, "    "),
        Part::Text(
            ")\nsession.mount(\"http://\", adapter)\nsession.mount(\"https://\", adapter)\n",
        ),
    ],
    rows: &[
        // No argument: a way of calling.
        Row {
            name: "requests.Session",
            spot: Spot::Main,
            line: "# {name}: {value}",
            off: "# {name}: {value}\n# Call requests.get() and its like in the place of session.get().",
        },
        row("*", Spot::Option, "{key}={literal},"),
    ],
};
