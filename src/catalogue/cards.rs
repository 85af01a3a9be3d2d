//! Names of the incidents and claims, as links write them. The page knows these and no more: what
//! stands on the cards is fetched when it is wanted. Tests hold them to the tables.

/// Where a card lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    Incidents,
    Claims,
}

/// One card: its shelf, and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    pub shelf: Shelf,
    pub place: u8,
}

/// The ids of the incidents, in their order.
pub const INCIDENTS: [&str; 30] = [
    "idle-race-502",
    "tcp-vs-http-keepalive",
    "nginx-upstream",
    "unread-body",
    "retry-post",
    "ka-header-http11",
    "h2-forbidden",
    "http10-ab",
    "ka-timeout-hint",
    "fetch-keepalive",
    "prefork-exhaustion",
    "time-wait-ports",
    "nat-silent-drop",
    "k8s-pinning",
    "dns-pinning",
    "graceful-shutdown",
    "max-requests",
    "no-length",
    "reset-eats-response",
    "who-closes",
    "pool-size",
    "client-per-call",
    "hop-by-hop",
    "connection-auth",
    "parallel-and-preconnect",
    "ignored-setting",
    "default-drift",
    "reference-wrong",
    "upgrade-map",
    "python-http-server",
];

/// The texts whose claims are checked, and how many claims each makes.
pub const TEXTS: [(&str, u8); 5] =
    [("iis4", 7), ("iis1", 8), ("disable", 8), ("crawlers", 11), ("page1998", 15)];

impl Card {
    /// `idle-race-502`, or `iis4-3` for the third claim of a text. None: there is no such card.
    pub fn find(shelf: Shelf, id: &str) -> Option<Self> {
        let place = match shelf {
            Shelf::Incidents => INCIDENTS.iter().position(|known| *known == id)?,
            Shelf::Claims => {
                let (text, number) = id.split_once('-')?;
                let at = TEXTS.iter().position(|(known, _)| *known == text)?;
                let number = number.parse::<u8>().ok().filter(|it| (1..=TEXTS[at].1).contains(it));
                TEXTS[..at].iter().map(|(_, count)| usize::from(*count)).sum::<usize>()
                    + usize::from(number?)
                    - 1
            }
        };
        Some(Self { shelf, place: u8::try_from(place).ok()? })
    }

    /// The id, as [`Card::find`] takes it.
    pub fn id(self) -> String {
        if self.shelf == Shelf::Incidents {
            return INCIDENTS.get(usize::from(self.place)).copied().unwrap_or_default().into();
        }
        let mut left = self.place;
        for (text, count) in TEXTS {
            if left < count {
                return [text, "-", &(left + 1).to_string()].concat();
            }
            left -= count;
        }
        String::new()
    }
}
