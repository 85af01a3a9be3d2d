//! Tables of what a scenario has beside its two products: who takes part, how often, on what path, and
//! what goes wrong. Each row is one parameter of the link grammar with the forms that its value can take.
use crate::sim::{Network, Scenario};

/// One parameter.
pub struct Knob {
    /// Its key in the link grammar.
    pub key: &'static str,
    pub label: &'static str,
    /// What it is, in a line.
    pub help: &'static str,
    pub forms: &'static [Form],
}

/// One form of a value: a word alone, or a text between two others.
pub struct Form {
    /// What is chosen.
    pub word: &'static str,
    /// The value up to the text that is typed.
    pub before: &'static str,
    /// The value behind it.
    pub after: &'static str,
    /// The text to begin with; empty: there is nothing to type.
    pub first: &'static str,
}

/// A value that is a word.
const fn is(word: &'static str, value: &'static str) -> Form {
    Form { word, before: value, after: "", first: "" }
}

/// A value with something to type.
const fn with(word: &'static str, before: &'static str, first: &'static str) -> Form {
    Form { word, before, after: "", first }
}

const TLS: &[Form] = &[is("none", "none"), is("TLS 1.2", "1.2"), is("TLS 1.3", "1.3")];
const PORTS: &[Form] = &[is("enough", "none"), with("at most", "", "28232")];
const ONE: &[Form] = &[with("", "", "1")];

/// The path between a proxy and the server.
pub const PROXY: &[Knob] = &[
    Knob {
        key: "proxy.rtt",
        label: "Round trip to the server",
        help: "From the proxy to the server and back; up to 60s.",
        forms: &[with("", "", "2ms")],
    },
    Knob {
        key: "proxy.tls",
        label: "Encryption to the server",
        help: "Each connection that the proxy opens pays this handshake.",
        forms: TLS,
    },
    Knob {
        key: "proxy.ports",
        label: "Ports of the proxy",
        help: "Towards the server; those in TIME_WAIT count.",
        forms: PORTS,
    },
];

/// Who takes part, and how often.
pub const CROWD: &[Knob] = &[
    Knob {
        key: "clients",
        label: "Clients",
        help: "They send the requests in turn, each on its own connections.",
        forms: ONE,
    },
    Knob {
        key: "origins",
        label: "Servers behind the name",
        help: "Each new connection goes to the next of them.",
        forms: ONE,
    },
    Knob {
        key: "load",
        label: "The requests come",
        help: "As a round, again and again: a fixed time apart, a random one with this mean (Poisson), or times spread evenly between rising quantiles.",
        forms: &[
            is("once", "none"),
            with("every", "every:", "100ms"),
            with("random", "poisson:", "100ms"),
            with("quantiles", "gaps:", "0.1s,2s,90s"),
        ],
    },
    Knob { key: "load.count", label: "Rounds", help: "How often they come.", forms: ONE },
    Knob {
        key: "load.service",
        label: "Work of the application",
        help: "As long as each request says, or random with that mean (exponential).",
        forms: &[is("as said", "planned"), is("random", "exponential")],
    },
];

/// The path between a client and what it speaks to, beside its length and width.
pub const PATH: &[Knob] = &[
    Knob {
        key: "slow-start",
        label: "Slow start",
        help: "On: ten segments of 1460 bytes at first, twice as many after each round trip; again after an idle second.",
        forms: &[is("off", "0"), is("on", "1")],
    },
    Knob {
        key: "resumes",
        label: "TLS resumption",
        help: "On: a client's later connections take one round trip with TLS 1.2, none with TLS 1.3.",
        forms: &[is("off", "0"), is("on", "1")],
    },
    Knob {
        key: "loss",
        label: "Messages lost",
        help: "Lost once and sent again: a SYN 1 s later, others 200 ms and a round trip later.",
        forms: &[with("", "", "0.5%")],
    },
    Knob {
        key: "forgets",
        label: "Middlebox forgets",
        help: "A NAT, firewall or balancer forgets a connection that is idle so long; what comes then it drops, or answers with a reset.",
        forms: &[
            is("never", "none"),
            Form { word: "drops", before: "", after: ",dropped", first: "350s" },
            Form { word: "resets", before: "", after: ",reset", first: "350s" },
        ],
    },
    Knob {
        key: "probes",
        label: "TCP keep-alive",
        help: "The client's system probes connections that are idle so long. A middlebox then remembers them; to HTTP it is nothing.",
        forms: &[is("off", "none"), with("every", "", "60s")],
    },
    Knob {
        key: "ports",
        label: "Ports of a client",
        help: "Towards one address; those in TIME_WAIT count. Linux has 28232.",
        forms: PORTS,
    },
];

/// What happens to the whole run.
pub const FAULTS: &[Knob] = &[Knob {
    key: "faults",
    label: "What goes wrong",
    help: "At that time. Restart: the server closes idle connections and finishes what is under way. Crash: it resets them all. New address: connections opened later go to another server.",
    forms: &[
        is("nothing", "none"),
        Form { word: "restart", before: "restart:", after: ",graceful", first: "5s" },
        Form { word: "crash", before: "restart:", after: ",abrupt", first: "5s" },
        with("new address", "address:", "5s"),
    ],
}];

/// What goes wrong with one exchange.
pub const BREAKS: Knob = Knob {
    key: "x.breaks",
    label: "What goes wrong",
    help: "Once, at the server: a second try is served. No answer: never, at every try.",
    forms: &[
        is("nothing", "no"),
        is("no answer", "never"),
        is("reset before the work", "reset-before"),
        is("reset after the work", "reset-after"),
        is("half an answer", "early"),
    ],
};

impl Knob {
    /// The form of a value, and what is typed in it. None: several in one, to be typed as a whole.
    pub fn read<'a>(&self, value: &'a str) -> (Option<usize>, &'a str) {
        let found = self.forms.iter().enumerate().find_map(|(index, form)| {
            let typed = value.strip_prefix(form.before)?.strip_suffix(form.after)?;
            let fits = if form.first.is_empty() { typed.is_empty() } else { !typed.contains(';') };
            fits.then_some((Some(index), typed))
        });
        found.unwrap_or((None, value))
    }

    /// The value when another form is chosen: what is typed stays if it means the same there.
    pub fn chosen(&self, value: &str, form: &Form) -> String {
        let (now, typed) = self.read(value);
        let same = now.is_some_and(|now| self.forms[now].first == form.first);
        form.value(if same { typed } else { form.first })
    }
}

impl Form {
    pub fn value(&self, typed: &str) -> String {
        [self.before, typed, self.after].concat()
    }
}

/// Does a scenario use any of this?
pub fn used(scenario: &Scenario) -> bool {
    let Network { rtt, tls, bandwidth_bps, .. } = scenario.network;
    scenario.proxy.is_some()
        || scenario.clients > 1
        || scenario.origins > 1
        || scenario.load.is_some()
        || !scenario.faults.is_empty()
        || scenario.network != Network { rtt, tls, bandwidth_bps, ..Network::PLAIN }
}
