//! What an idle kept connection holds at a server: private memory of its processes, and file
//! descriptors. Measured with idle connections that had carried one small answer each: the growth
//! of the private pages (`smaps_rollup`) between the earlier of them and the last, divided by their
//! number. What the system itself holds for a socket is not in it.
use super::Config;

/// What one idle connection costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Of memory; two digits are meant.
    pub bytes: u64,
    pub descriptors: u32,
    /// The program, its version, the machine's kind, and the connections it was measured with.
    pub source: &'static str,
}

/// By product; for httpd by Multi-Processing Module.
const MEASURED: [(&str, &str, u64, &str); 8] = [
    // Each is a process, which holds seven descriptors more of its own.
    ("apache-httpd", "prefork", 250_000, "httpd 2.4.71, prefork; Linux, 64 bit; 100 to 300"),
    ("apache-httpd", "worker", 67_000, "httpd 2.4.71, worker; Linux, 64 bit; 200 to 400"),
    ("apache-httpd", "event", 41_000, "httpd 2.4.71, event; Linux, 64 bit; 200 to 400"),
    ("nginx", "", 530, "nginx 1.22.1; Linux, 64 bit; 200 to 400"),
    ("haproxy", "", 1_300, "HAProxy 2.6.12; Linux, 64 bit; 400 to 1400"),
    ("lighttpd", "", 3_500, "lighttpd 1.4.69; Linux, 64 bit; 200 to 400"),
    (
        "node",
        "",
        19_000,
        "Node.js 20.20.2; Linux, 64 bit; 400 to 2400, runs gave 11 000 and 27 000",
    ),
    ("java-httpserver", "", 24_000, "OpenJDK 17.0.15; Linux, 64 bit; 400 to 2400"),
];

/// What an idle connection holds at this product with these settings; None: not measured.
pub fn idle(product_id: &str, config: &Config) -> Option<Cost> {
    let module = if product_id == "apache-httpd" { config.text("mpm") } else { "" };
    let row = MEASURED.iter().find(|(product, of, ..)| *product == product_id && *of == module);
    row.map(|&(_, _, bytes, source)| Cost { bytes, descriptors: 1, source })
}
