//! A sheet that stands open over the page, in a link: `see=differ.http10.nginx` is the table of what
//! every server does with a request, at one product's row; `see=incident.idle-race-502` an incident.
//! A slash does for a dot.
use crate::catalogue::cards::{Card, Shelf};
use crate::profile::product;
use crate::study::differ::Ask;

/// What stands open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum See {
    /// Where the products differ.
    Differ {
        asked: Asked,
        /// The id of the product whose row is pointed at.
        row: Option<&'static str>,
    },
    /// How far a product (an id) was compared with the real one.
    Proof(&'static str),
    /// Facts that contradict an announcement or common belief.
    Surprises,
    /// Incidents, or checked claims; perhaps one of them is pointed at.
    Cards { shelf: Shelf, card: Option<Card> },
    /// The settings as configuration files.
    Export,
    /// A file is pasted.
    Import,
    /// A calculator: one of [`TOOLS`].
    Tool(&'static str),
}

/// The calculators: id and title.
pub const TOOLS: [(&str, &str); 3] =
    [("danger", "Danger window"), ("connections", "How many connections"), ("tune", "Tuning plot")];

/// The request that the table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One that is offered.
    Preset(&'static Ask),
    /// One of the scenario's own: the index of an exchange.
    Own(usize),
}

pub fn write(see: See) -> String {
    let plain = match see {
        See::Differ { asked, row } => {
            let mut text = String::from("differ.");
            match asked {
                Asked::Preset(ask) => text.push_str(ask.id),
                Asked::Own(index) => {
                    text.push('x');
                    text.push_str(&(index + 1).to_string());
                }
            }
            if let Some(row) = row {
                text.push('.');
                text.push_str(row);
            }
            return text;
        }
        See::Proof(id) => return ["proof.", id].concat(),
        See::Surprises => "surprises",
        See::Cards { shelf, card } => {
            let (all, one) = match shelf {
                Shelf::Incidents => ("incidents", "incident."),
                Shelf::Claims => ("claims", "claim."),
            };
            match card {
                Some(card) => return [one, &card.id()].concat(),
                None => all,
            }
        }
        See::Export => "export",
        See::Import => "import",
        See::Tool(id) => id,
    };
    plain.into()
}

/// None for a text that names no sheet, request or product.
pub fn read(text: &str) -> Option<See> {
    let mut parts = text.split(['.', '/']);
    let one = |shelf, id| Card::find(shelf, id).map(|card| See::Cards { shelf, card: Some(card) });
    let see = match (parts.next()?, parts.next(), parts.next()) {
        ("differ", Some(asked), row) => {
            let own = || asked.strip_prefix('x')?.parse::<usize>().ok()?.checked_sub(1);
            let asked = match Ask::find(asked) {
                Some(ask) => Asked::Preset(ask),
                None => Asked::Own(own()?),
            };
            let row = match row {
                Some(id) => Some(product(id).filter(|product| product.is_server())?.id),
                None => None,
            };
            See::Differ { asked, row }
        }
        ("proof", Some(id), None) => See::Proof(product(id)?.id),
        ("surprises", None, None) => See::Surprises,
        ("incidents", None, None) => See::Cards { shelf: Shelf::Incidents, card: None },
        ("claims", None, None) => See::Cards { shelf: Shelf::Claims, card: None },
        ("incident", Some(id), None) => one(Shelf::Incidents, id)?,
        ("claim", Some(id), None) => one(Shelf::Claims, id)?,
        ("export", None, None) => See::Export,
        ("import", None, None) => See::Import,
        (id, None, None) => See::Tool(TOOLS.iter().find(|(tool, _)| *tool == id)?.0),
        _ => return None,
    };
    parts.next().is_none().then_some(see)
}
