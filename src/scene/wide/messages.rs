//! Names of handshakes, requests and packets, each at its mark.
use super::{BOLD, SMALL, Wide};
use crate::order;
use crate::scene::canvas::Detail;
use crate::scene::plan::{Row, Rows};
use crate::scene::shape::{Anchor, Bounds};
use crate::scene::text::{Label, width};
use crate::scene::words;
use crate::sim::{Connection, Side, Timeline};

impl Wide<'_> {
    /// Handshakes and requests by name, on the client's side; statuses below where there is room.
    pub(super) fn message_labels(&mut self, timeline: &Timeline, rows: &Rows) {
        if self.canvas.detail == Detail::Density || rows.packed {
            return;
        }
        let bands = Self::has_bands(rows);
        for (connection, row_index) in timeline.connections.iter().zip(&rows.of) {
            if !bands && *row_index > 0 {
                return;
            }
            let row = rows.rows[*row_index];
            if rows.packets {
                self.packet_labels(timeline, connection, row, bands);
                continue;
            }
            if connection.id == 1 {
                self.handshake_labels(connection, row);
            }
            self.request_labels(timeline, connection, row, bands);
        }
    }

    /// TCP and TLS over their blocks; side by side at the seam where the blocks are narrow.
    #[inline(never)]
    pub(super) fn handshake_labels(&mut self, connection: &Connection, row: Row) {
        let x = |at| self.canvas.axis.x_from_time(at);
        let (start, seam, end) =
            (x(connection.tcp.from), x(connection.tcp.to), x(connection.ready()));
        if start < self.place.0 || start > self.place.1 || end - start < 40.0 || self.named {
            return;
        }
        let y = row.client - 7.0;
        let put =
            |x, anchor, text, from| Label::new("m k-halo", SMALL, (x, y), anchor, text).from(from);
        let wide = connection.tls.is_none() || (seam - start).min(end - seam) > 27.0;
        let tcp = if wide {
            put(f64::midpoint(start, seam), Anchor::Middle, "TCP", connection.tcp.from)
        } else {
            put(seam - 2.0, Anchor::End, "TCP", connection.tcp.from)
        };
        self.named = self.canvas.label(tcp);
        if let Some(tls) = connection.tls {
            let tls = if wide {
                put(f64::midpoint(seam, end), Anchor::Middle, "TLS", tls.from)
            } else {
                put(seam + 2.0, Anchor::Start, "TLS", tls.from)
            };
            self.canvas.label(tls);
        }
    }

    #[inline(never)]
    pub(super) fn request_labels(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        row: Row,
        bands: bool,
    ) {
        let y = row.client - 7.0;
        let place = self.place;
        let visible = connection.exchanges.iter().filter_map(|index| {
            let exchange = timeline.exchanges.get(*index as usize)?;
            let from = exchange.request_sent?.from;
            let to = exchange.response_received.map_or(from, |span| span.to);
            let axis = &self.canvas.axis;
            let (x0, x1) = (axis.x_from_time(from), axis.x_from_time(to));
            (x1 >= place.0 && x0 <= place.1).then_some((
                *index,
                exchange,
                from,
                x0.max(place.0),
                x1,
            ))
        });
        let visible: Vec<_> = visible.take(400).collect();
        let long =
            |index: u32, exchange| format!("{} {}", index + 1, words::request_line(exchange));
        // Either every request has its whole name, or the first alone: the others have their numbers.
        let spacious = bands
            && visible.windows(2).all(|pair| {
                let ((index, exchange, ..), (.., x0, _)) = (&pair[0], &pair[1]);
                width(&long(*index, exchange), SMALL) + 8.0 < x0 - pair[0].3
            });
        for (position, (index, exchange, from, x0, x1)) in visible.iter().enumerate() {
            let note = words::request_note(timeline, connection, *index);
            let long = long(*index, exchange);
            let noted = note.map(|note| format!("{long}: {note}"));
            let middle = f64::midpoint(*x0, *x1);
            let put = |x, anchor, text: &str| {
                Label::new("k-halo", SMALL, (x, y), anchor, text).from(*from)
            };
            let mut candidates = Vec::new();
            if *index == 0 || spacious || noted.is_some() {
                for text in noted.iter().chain([&long]) {
                    candidates.push(put(middle, Anchor::Middle, text));
                    candidates.push(put(*x0, Anchor::Start, text));
                    candidates.push(put(*x0 + 6.0, Anchor::Start, text));
                    candidates.push(put(*x0 + 60.0, Anchor::End, text));
                }
            }
            // A long label may not push the number of the next request away.
            let next = visible.get(position + 1).filter(|_| bands && !spacious);
            let limit = next.map_or(place.1, |next| f64::midpoint(next.3, next.4) - 11.0);
            candidates.retain(|label| label.bounds.x1 <= limit && label.bounds.x0 >= place.0 - 4.0);
            candidates.push(put(middle, Anchor::Middle, &(index + 1).to_string()));
            self.canvas.labels.place_one_of(candidates);
        }
    }

    /// In the close view every packet has its name, on the edge of who sends it.
    #[inline(never)]
    pub(super) fn packet_labels(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        row: Row,
        bands: bool,
    ) {
        let mut list = words::packets(timeline, connection, self.canvas.rtt);
        // Who closes comes first, should two want the same place.
        order::sort(&mut list, |packet| (u64::from(!packet.closes), packet.at.0));
        for packet in list {
            let x = self.canvas.axis.x_from_time(packet.at);
            if x < self.place.0 - 1.0 || x > self.place.1 {
                continue;
            }
            // Below the lane is room only where no other lane is.
            if packet.by == Side::Server && !bands {
                continue;
            }
            let y = if packet.by == Side::Client { row.client - 7.0 } else { row.server + 16.0 };
            let class = if packet.closes { "b k-halo" } else { "k-halo" };
            let kind = if packet.closes { BOLD } else { SMALL };
            let put = |text: &str, x, anchor| {
                Label::new(class, kind, (x, y), anchor, text).from(packet.at)
            };
            // Who closes is told in full, on the other side of its packet if need be.
            let other = packet.closes.then(|| put(&packet.text, x + 12.0, Anchor::End));
            let labels = [Some(put(&packet.text, x - 2.0, Anchor::Start)), other];
            let short = put(&packet.short, x - 2.0, Anchor::Start);
            self.canvas.labels.place_one_of(labels.into_iter().flatten().chain([short]));
        }
    }

    /// From a request that was lost to the connection on which it is sent again.
    #[inline(never)]
    pub(super) fn retries(&mut self, timeline: &Timeline, rows: &Rows) {
        if self.canvas.detail == Detail::Density || rows.packed {
            return;
        }
        let row = |id: u32| rows.of.get((id as usize).wrapping_sub(1)).map(|row| rows.rows[*row]);
        for exchange in &timeline.exchanges {
            let (Some(lost), Some(again)) = (exchange.lost, exchange.connection) else { continue };
            let target = timeline.connections.get((again as usize).wrapping_sub(1));
            let (Some(from), Some(to), Some(target)) = (row(lost.connection), row(again), target)
            else {
                continue;
            };
            if lost.connection == again || to.client < from.server {
                continue;
            }
            let x0 = self.canvas.axis.x_from_time(lost.known);
            let x1 = self.canvas.axis.x_from_time(target.opened()).max(x0 + 4.0);
            if x0 < self.place.0 || x1 > self.place.1 {
                continue;
            }
            let (y0, y1) = (from.server + 2.0, to.client - 5.0);
            let pen = self.canvas.pen;
            let bend = (y1 - y0) * 0.6;
            let path =
                pen.path().to(x0, y0).curve((x0, y0 + bend), (x1, y1 - bend), (x1, y1 - 4.0));
            // A request that may not be repeated is a guess.
            let class = if exchange.request.is_idempotent() { "k-retry" } else { "k-guess" };
            self.canvas.front(path.shape(class), target.opened());
            let head =
                pen.path().to(x1, y1 + 3.0).line(x1 - 4.0, y1 - 6.0).line(x1 + 4.0, y1 - 6.0);
            self.canvas.front(head.close().shape("k-dim-f"), target.opened());
            self.canvas.labels.taken.push(Bounds::new(
                x0.min(x1) - 2.0,
                y1 - 8.0,
                x1 + 5.0,
                y1 + 4.0,
            ));
        }
    }
}
