//! The verdict of HTTP, and behind it the product's own questions.
use crate::protocol::reason::Branch;
use crate::protocol::{Clause, Judgement, Note, Reason, Step, Strength};
use std::borrow::Cow;

/// A reason, in one line.
pub fn reason(
    rule: &'static str,
    fact: impl Into<Cow<'static, str>>,
    clause: &'static Clause,
    strength: Strength,
) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength }
}

/// What will happen to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Keep,
    Close,
    Reset,
    Tunnel,
}

/// A verdict in the making: that of HTTP, then the product's own questions.
pub struct Verdict {
    pub outcome: Outcome,
    pub because: Vec<Reason>,
    pub notes: Vec<Note>,
    pub path: Vec<Step>,
}

/// The answer to a product's own question.
pub enum Own {
    /// Nothing stands against keeping the connection: "yes" or "no", and the fact.
    Keeps(&'static str, Cow<'static, str>),
    /// The connection closes after the answer.
    Closes(&'static str, Reason),
    /// As [`Own::Closes`], at once and without reading what is left of the request.
    Resets(&'static str, Reason),
}

impl Verdict {
    pub fn of(judgement: Judgement) -> Self {
        let outcome = match (judgement.switched, judgement.persist) {
            (true, _) => Outcome::Tunnel,
            (false, true) => Outcome::Keep,
            (false, false) => Outcome::Close,
        };
        let Judgement { because, notes, path, .. } = judgement;
        Self { outcome, because, notes, path }
    }

    pub fn keeps(&self) -> bool {
        self.outcome == Outcome::Keep
    }

    /// Nothing is asked yet, for products that ask the questions of HTTP in their own way.
    pub fn open() -> Self {
        let path = Vec::with_capacity(8);
        Self { outcome: Outcome::Keep, because: Vec::new(), notes: Vec::new(), path }
    }

    /// Puts a question of the product's own behind those already asked. It is looked at only while
    /// the connection would stay; otherwise it is listed as not reached.
    pub fn ask(
        &mut self,
        question: &'static str,
        clause: &'static Clause,
        look: impl FnOnce() -> Own,
    ) {
        let own = self.keeps().then(look);
        self.record(question, clause, own);
    }

    /// Apart from [`Verdict::ask`], so that it stands in the program once and not once per question.
    fn record(&mut self, question: &'static str, clause: &'static Clause, own: Option<Own>) {
        let fact = Cow::Borrowed("");
        let mut step = Step { question, answer: "", fact, clause, branch: Branch::NotReached };
        if let Some(own) = own {
            step.branch = Branch::Decides;
            match own {
                Own::Keeps(answer, fact) => (step.answer, step.fact) = (answer, fact),
                Own::Closes(answer, reason) => self.end(Outcome::Close, &mut step, answer, reason),
                Own::Resets(answer, reason) => self.end(Outcome::Reset, &mut step, answer, reason),
            }
            // The last question reached is the one that decided.
            let before = self.path.iter_mut().filter(|step| step.branch == Branch::Decides);
            before.for_each(|step| step.branch = Branch::Continues);
        }
        self.path.push(step);
    }

    fn end(&mut self, outcome: Outcome, step: &mut Step, answer: &'static str, reason: Reason) {
        self.outcome = outcome;
        step.answer = answer;
        step.fact = reason.fact.clone();
        step.clause = reason.clause;
        // What HTTP said in favour of keeping it did not decide: only the reason against it stays.
        self.because.clear();
        self.because.push(reason);
    }
}
