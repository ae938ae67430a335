//! Pushes that cost nothing: one row for each subscription and minute, with how many they were.

use std::time::Duration;

use domain::{
    call::Charge,
    request_log::{Ending, Outcome},
    time::{SECOND, Timestamp},
};

use super::ANSWERED;
use crate::{
    asked::{Asked, Called, Came},
    watch::ticks,
};

/// A minute by the clock, in microseconds.
const MINUTE: i64 = 60 * SECOND;
/// Rows that are being counted at one time; when there are so many, they are written early.
const MAX_ROWS: usize = 512;

/// What was pushed in the minute that runs.
#[derive(Default)]
pub(super) struct Pushes {
    rows: Vec<Row>,
}

struct Row {
    method: Box<str>,
    subscription: Box<str>,
    came: Came,
    count: u64,
    bytes: u64,
}

impl Pushes {
    /// Counts one.
    pub fn count(&mut self, asked: &mut Asked<'_>, upstream: u16, method: &str, subscription: &str, bytes: u64) {
        let now = (asked.gate.shared.clock.wall)();
        if self.rows.first().is_some_and(|row| minute(row.came.now) != minute(now)) || self.rows.len() >= MAX_ROWS {
            self.write_all(asked, upstream);
        }
        let is_it = |row: &&mut Row| *row.method == *method && *row.subscription == *subscription;
        if let Some(row) = self.rows.iter_mut().find(is_it) {
            row.count += 1;
            row.bytes += bytes;
            return;
        }
        let (method, subscription, came) = (method.into(), subscription.into(), asked.gate.came());
        self.rows.push(Row { method, subscription, came, count: 1, bytes });
    }

    /// Writes the rows if their minute is over.
    pub fn write_due(&mut self, asked: &mut Asked<'_>, upstream: u16) {
        if self.next_due(asked) == Some(0) {
            self.write_all(asked, upstream);
        }
    }

    /// Ticks until the minute of the rows is over; None: there are none.
    pub fn next_due(&self, asked: &Asked<'_>) -> Option<u32> {
        let now = (asked.gate.shared.clock.wall)();
        let began = minute(self.rows.first()?.came.now);
        let left = (began + 1) * MINUTE - now.micros();
        if minute(now) != began {
            return Some(0);
        }
        Some(ticks(Duration::from_micros(left.unsigned_abs())))
    }

    /// Writes all rows. What the journal does not take now is kept, unless this is the end.
    pub fn write_all(&mut self, asked: &mut Asked<'_>, upstream: u16) {
        self.rows.retain(|row| {
            asked.came = row.came;
            let ending = Ending {
                outcome: Outcome::Answered,
                denial: None,
                status: ANSWERED,
                rpc_error: None,
                refund: Charge::NOTHING,
                latency: 0,
                upstream_latency: 0,
                attempts: 0,
                upstream: Some(upstream),
                bytes_in: 0,
                bytes_out: row.bytes,
            };
            let pushed = Called::push(&row.method);
            let record = asked.record(&pushed);
            !asked.gate.recorder.counted(&record, row.came.now, &ending, row.count)
        });
        if self.rows.is_empty() {
            self.rows = Vec::new();
        }
    }
}

fn minute(moment: Timestamp) -> i64 {
    moment.micros().div_euclid(MINUTE)
}
