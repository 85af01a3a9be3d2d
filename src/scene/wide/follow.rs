//! With a proxy: lines from a request on the first hop to the same request on the second, and from
//! its answer back, for the eye to follow.
use super::Wide;
use crate::scene::canvas::Detail;
use crate::scene::plan::{Row, Rows};
use crate::sim::{Exchange, Timeline, Us};

/// More of them than this would be a net.
const MOST: usize = 24;

impl Wide<'_> {
    #[inline(never)]
    pub(super) fn follow(
        &mut self,
        first: &Timeline,
        second: &Timeline,
        above: &Rows,
        below: &Rows,
    ) {
        let shown = self.canvas.detail != Detail::Density && !above.packed && !below.packed;
        let asked = second.exchanges.iter().filter(|exchange| exchange.request_sent.is_some());
        if !shown || asked.count() > MOST {
            return;
        }
        for (outer, inner) in first.exchanges.iter().zip(&second.exchanges) {
            let (Some(from), Some(to)) = (row_of(outer, above), row_of(inner, below)) else {
                continue;
            };
            let edges = (from.server, to.client);
            if let (Some(work), Some(sent)) = (outer.work, inner.request_sent) {
                self.line((work.from, edges.0), (sent.from, edges.1));
            }
            if let (Some(got), Some(sent)) = (inner.response_received, outer.response_sent) {
                self.line((got.to, edges.1), (sent.from, edges.0));
            }
        }
    }

    fn line(&mut self, from: (Us, f64), to: (Us, f64)) {
        let x = |at| self.canvas.axis.x_from_time(at);
        let (x0, x1) = (x(from.0), x(to.0));
        if x0.min(x1) < self.place.0 || x0.max(x1) > self.place.1 {
            return;
        }
        let path = self.canvas.pen.path().to(x0, from.1).line(x1, to.1);
        self.canvas.front(path.shape("k-follow"), from.0);
    }
}

/// The row of the connection that carried an exchange last.
fn row_of(exchange: &Exchange, rows: &Rows) -> Option<Row> {
    let index = (exchange.connection? as usize).checked_sub(1)?;
    rows.rows.get(*rows.of.get(index)?).copied()
}
