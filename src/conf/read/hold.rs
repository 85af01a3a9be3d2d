//! Which of several statements about the same setting holds, and in which version all of them do.
use super::judge::{About, Said, bit, valid};
use super::statement::Statement;
use crate::conf::recipe::Syntax;
use crate::profile::{Chosen, Setting};

/// The blocks of which the settings are taken, by the line at which they begin.
pub struct Taken {
    syntax: Syntax,
    /// By rank: `defaults`, a backend, a frontend; or the one server at 1.
    blocks: [Option<usize>; 3],
}

impl Taken {
    /// The first block of its kind that sets something; of several `defaults` the last one before
    /// that frontend.
    pub fn of(syntax: Syntax, said: &[Said<'_>]) -> Self {
        let mut taken = Self { syntax, blocks: [None; 3] };
        for said in said {
            if let Some(rank @ 1..) = taken.rank(said.statement) {
                taken.blocks[rank].get_or_insert(said.statement.block);
            }
        }
        let frontend = taken.blocks[2].filter(|_| syntax == Syntax::Haproxy).unwrap_or(usize::MAX);
        for said in said {
            if taken.rank(said.statement) == Some(0) && said.statement.block <= frontend {
                taken.blocks[0] = Some(said.statement.block);
            }
        }
        taken
    }

    /// None: outside of all blocks of which one is chosen.
    fn rank(&self, said: &Statement<'_>) -> Option<usize> {
        match (self.syntax, said.section) {
            (Syntax::Haproxy, "global") => None,
            (Syntax::Haproxy, _) => Some(usize::from(said.rank)),
            _ if said.block == 0 => None,
            _ => Some(1),
        }
    }

    /// The line of the block that is taken instead of the one in which this stands.
    pub fn instead_of(&self, said: &Statement<'_>) -> Option<usize> {
        let taken = self.blocks[self.rank(said)?.min(2)]?;
        (taken != said.block).then_some(taken)
    }
}

pub fn place(about: &About<'_>, setting: &Setting) -> usize {
    about.settings.iter().position(|known| known.name == setting.name).unwrap_or(0)
}

/// For each setting the statement that holds: the innermost, the last of those.
pub fn which_hold(about: &About<'_>, said: &[Said<'_>], taken: &Taken) -> Vec<Option<usize>> {
    let mut holds: Vec<Option<usize>> = vec![None; about.settings.len()];
    for (index, new) in said.iter().enumerate() {
        if taken.instead_of(new.statement).is_some() {
            continue;
        }
        let slot = &mut holds[place(about, new.setting)];
        if slot.is_none_or(|old| said[old].statement.rank <= new.statement.rank) {
            *slot = Some(index);
        }
    }
    holds
}

/// Puts together what goes together, in the newest version that knows all of it. Also gives the
/// statements that are left out, and why.
pub fn choose(
    about: &About<'_>,
    said: &[Said<'_>],
    holds: &[Option<usize>],
) -> (Option<Chosen>, Vec<(usize, String)>) {
    let mut chosen: Option<Chosen> = None;
    let mut versions = u32::MAX;
    let mut lost = Vec::new();
    for (index, new) in said.iter().enumerate() {
        if holds[place(about, new.setting)] != Some(index) {
            continue;
        }
        let both = versions & new.versions;
        let newest = (0..about.product.versions.len()).rev().find(|&at| both & bit(at) != 0);
        let Some(newest) = newest else {
            lost.push((index, "no version has this and what the lines before set".into()));
            continue;
        };
        let is_last = newest + 1 == about.product.versions.len();
        let mut next = chosen.clone().unwrap_or_else(|| Chosen::new(about.product.id, ""));
        next.version = if is_last { "" } else { about.product.versions[newest].id }.into();
        next.set(new.setting.name, &new.value);
        match valid(&next) {
            Ok(()) => (chosen, versions) = (Some(next), both),
            Err(error) => lost.push((index, error.problem)),
        }
    }
    (chosen, lost)
}
