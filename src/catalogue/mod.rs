//! Scenarios, each with one sentence of what to look for: content as a typed table.
//! The ids stand in links and never change.
mod asks;
mod build;
pub mod cards;
pub mod claims;
mod ends;
mod idle;
pub mod incidents;
mod labels;
mod page;
mod show;
pub mod surprises;

use crate::sim::{Scenario, Us};
use crate::study::{Focus, Study};

/// What the page shows when nobody asked for anything else.
pub const DEFAULT: &str = "page-ten-images";

/// One scenario.
pub struct Entry {
    /// As in links: `page-ten-images`.
    pub id: &'static str,
    /// For the picker, a few words.
    pub title: &'static str,
    /// What to look for, in one sentence.
    pub look_for: &'static str,
    /// Where the question comes from.
    pub origin: Origin,
    pub group: Group,
    pub build: fn() -> Study,
    /// Where the playhead stands at first, so that the picture teaches most.
    pub stop: Stop,
    /// What the verdict is about.
    pub focus: Focus,
    /// Names of the two runs of a comparison: that of the second run, drawn above, first.
    pub labels: Option<[&'static str; 2]>,
}

/// Shelves of the picker, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What keep-alive saves.
    Saves,
    /// Who has to ask for it.
    Asks,
    /// How long an idle connection lives.
    Idle,
    /// Where a message ends.
    Ends,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Saves, Self::Asks, Self::Idle, Self::Ends];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Saves => "What it saves",
            Self::Asks => "Who has to ask",
            Self::Idle => "How long it waits",
            Self::Ends => "Where a message ends",
        }
    }
}

/// The text that raised the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Microsoft's article Q195179 on IIS 4.0, 1999.
    Iis4CheckBox,
    /// Microsoft's article Q154485 on IIS 1.0, 1996 to 2000.
    Iis1Disable,
    /// A question on Server Fault: why disable keep-alive?
    WhyDisable,
    /// A question on Server Fault: how to force it for HTTP/1.0 crawlers on Apache 2.2?
    ForceForCrawlers,
    /// A page of 1998, "HTTP Keep Alive", on both versions and Java.
    Page1998,
}

impl Origin {
    pub const fn title(self) -> &'static str {
        match self {
            Self::Iis4CheckBox => "Microsoft Knowledge Base Q195179, 1999",
            Self::Iis1Disable => "Microsoft Knowledge Base Q154485, 1996",
            Self::WhyDisable => "Server Fault: why disable keep-alive?",
            Self::ForceForCrawlers => "Server Fault: force keep-alive for HTTP/1.0 crawlers?",
            Self::Page1998 => "HTTP Keep Alive, a page of 1998",
        }
    }
}

/// The instant at which a picture teaches most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// The last answer of the slower run has come.
    SlowerDone,
    /// The last byte of this exchange's answer (an index) has come, in the run that is later.
    Answered(usize),
    /// This connection closes, in the run that is later; never: the end.
    Closed(u32),
    /// The last thing that happens.
    End,
    At(Us),
}

/// Every scenario, in the order of the picker.
pub const ENTRIES: &[Entry] = &[
    page::TEN_IMAGES,
    page::SIX_CONNECTIONS,
    page::ONE_OR_SIX,
    page::IIS1_SWITCHED_OFF,
    asks::HTTP10,
    asks::HTTP11,
    asks::CRAWLER_ASKS,
    asks::CRAWLER_HIGH_TIMEOUT,
    asks::IIS4_CHECK_BOX,
    idle::TOO_LATE,
    idle::IIS1_IDLE,
    idle::CRAWLER_TIMEOUT_COST,
    idle::APACHE_OR_NGINX,
    idle::LIMIT_OF_THREE,
    ends::POST_EXTRA_CRLF,
    ends::JAVA_BUFFER,
    ends::LENGTH_NOT_KNOWN,
];

/// The entry with this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.id == id)
}

/// The study that an entry begins with; for an unknown id one with nothing in it.
pub fn study(id: &str) -> Study {
    entry(id).map_or_else(|| Study::of(Scenario::default()), |entry| (entry.build)())
}
