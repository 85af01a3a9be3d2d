//! The files of IIS: the registry for 1.0, commands for 4.0, XML and a command for 10.0.
use super::recipe::{Part, Recipe, Row, Spot, Syntax, row};

pub const RECIPES: &[Recipe] = &[IIS_1, IIS_4, NT_4, IIS_10_WEB, IIS_10_SITES];

macro_rules! adsutil {
    () => {
        "cscript %windir%\\system32\\inetsrv\\adminsamples\\adsutil.vbs set W3SVC/"
    };
}

const W3SVC: &str =
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters]\n";
const TCPIP: &str =
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]\n";

/// A number of the registry.
const fn dword(name: &'static str, spot: Spot) -> Row {
    row(name, spot, "\"{name}\"=dword:{dword}")
}

const IIS_1: Recipe = Recipe {
    product: "iis",
    versions: &["1.0"],
    file_name: "keepalive.reg",
    goes_to: "the server: regedit /s keepalive.reg",
    reload: "net stop w3svc, then net start w3svc; what stands under Tcpip needs a restart of Windows",
    syntax: Syntax::Registry,
    signs: &["REGEDIT4"],
    always: false,
    parts: &[
        Part::Text("REGEDIT4\n\n"),
        Part::Title,
        Part::If(Spot::Main, W3SVC),
        Part::Settings(Spot::Main, ""),
        Part::If(Spot::Main, "\n"),
        Part::If(Spot::Other, TCPIP),
        Part::Settings(Spot::Other, ""),
    ],
    rows: &[dword("TcpTimedWaitDelay", Spot::Other), dword("*", Spot::Main)],
};

/// From 4.0 on the settings of the web service are not in the registry any more.
const IIS_4: Recipe = Recipe {
    product: "iis",
    versions: &["4.0"],
    file_name: "keepalive.cmd",
    goes_to: "the server, where the sample scripts of the administration are installed",
    reload: "net stop w3svc, then net start w3svc",
    syntax: Syntax::Batch,
    signs: &["adsutil", "mdutil"],
    always: false,
    parts: &[Part::Title, Part::Settings(Spot::Main, "")],
    rows: &[
        Row {
            name: "AllowKeepAlives",
            spot: Spot::Main,
            line: concat!(adsutil!(), "AllowKeepAlive TRUE"),
            off: concat!(adsutil!(), "AllowKeepAlive FALSE"),
        },
        row("ConnectionTimeout", Spot::Main, concat!(adsutil!(), "{name} {value}")),
    ],
};

const NT_4: Recipe = Recipe {
    product: "iis",
    versions: &["4.0"],
    file_name: "keepalive.reg",
    goes_to: "the server: regedit /s keepalive.reg",
    reload: "restart Windows",
    syntax: Syntax::Registry,
    signs: &[],
    always: false,
    parts: &[
        Part::Text("REGEDIT4\n\n"),
        Part::Title,
        Part::Text(TCPIP),
        Part::Settings(Spot::Other, ""),
    ],
    rows: &[dword("TcpTimedWaitDelay", Spot::Other)],
};

const IIS_10_WEB: Recipe = Recipe {
    product: "iis",
    versions: &["10.0"],
    file_name: "web.config",
    goes_to: "the site's own folder",
    reload: "nothing to do: IIS sees that the file has changed",
    syntax: Syntax::Xml,
    signs: &["<configuration", "<system."],
    always: false,
    parts: &[
        Part::Title,
        Part::Text("<configuration>\n  <system.webServer>\n"),
        Part::Settings(Spot::Main, "    "),
        Part::Text("  </system.webServer>\n</configuration>\n"),
    ],
    rows: &[row("allowKeepAlive", Spot::Main, "<httpProtocol allowKeepAlive=\"{value}\" />")],
};

/// What belongs to a site, not to its folder, stands in applicationHost.config.
const IIS_10_SITES: Recipe = Recipe {
    product: "iis",
    versions: &["10.0"],
    file_name: "keepalive.cmd",
    goes_to: "the server, as administrator; it changes applicationHost.config for all sites",
    reload: "nothing to do: IIS sees the change",
    syntax: Syntax::Batch,
    signs: &["appcmd"],
    always: false,
    parts: &[Part::Title, Part::Settings(Spot::Main, "")],
    rows: &[row(
        "connectionTimeout",
        Spot::Main,
        "%windir%\\system32\\inetsrv\\appcmd set config \
         -section:system.applicationHost/sites /siteDefaults.limits.connectionTimeout:{value} \
         /commit:apphost",
    )],
};
