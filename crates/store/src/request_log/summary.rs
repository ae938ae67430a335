//! Summary: the log summed by account, half hour, key, member and API, written by the batch that brings the rows. What pages
//! show of a day or a month is then as quick in an account with millions of calls as in a new one.

use std::collections::BTreeMap;

use domain::{
    call::Charge,
    id::{AccountId, KeyId, MemberId},
    request_log::{Outcome, Row},
    time::{SECOND, Timestamp},
};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use crate::{StoreError, sql};

/// The length of a summary, in microseconds: every bucket of the pages but the minutes of the last hour is a multiple of it.
pub const GRAIN: i64 = 1_800 * SECOND;

const WIDTH: usize = 14;

/// What rows are summed by.
type Place = (AccountId, i64, KeyId, Option<MemberId>, String);

#[derive(Default)]
struct Figures {
    calls: i64,
    answered: i64,
    denied: i64,
    failed: i64,
    charge: [i64; 2],
    refund: [i64; 2],
    last: i64,
}

/// Figures on their way into the table.
#[derive(Default)]
pub(super) struct Summaries(BTreeMap<Place, Figures>);

impl Summaries {
    /// Adds a row that is stored now; `api` is its name as the log keeps it.
    pub(super) fn add(&mut self, row: &Row, api: String) {
        let place = (row.account, start(row.time), row.key, row.member, api);
        let figures = self.0.entry(place).or_default();
        let count = sql::int(row.count);
        figures.calls += count;
        figures.charge[0] += i64::from(row.charge.requests);
        figures.charge[1] += i64::from(row.charge.credits);
        figures.last = figures.last.max(row.time.micros());
        if let Some(ending) = &row.ending {
            figures.end(ending.outcome, count, ending.refund);
        }
    }

    /// Adds the end of a row that was stored open: `closed` is what [`CLOSED`] names of it.
    pub(super) fn end(&mut self, closed: &sql::Columns) -> Result<(), StoreError> {
        let time = closed.moment(1)?;
        let member = closed.get::<Option<Uuid>>(3)?.map(sql::id);
        let figures = self.0.entry((closed.id(0)?, start(time), closed.id(2)?, member, closed.get(4)?)).or_default();
        figures.last = figures.last.max(time.micros());
        let refund = Charge {
            requests: closed.small(7, "request_log.refund_requests")?,
            credits: closed.small(8, "request_log.refund_credits")?,
        };
        figures.end(closed.word(6, "request_log.outcome")?, closed.get(5)?, refund);
        Ok(())
    }

    /// Writes them.
    pub(super) async fn put(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let all: Vec<(Place, Figures)> = self.0.into_iter().collect();
        for chunk in sql::chunks(&all) {
            let text = format!(
                "INSERT INTO summary (account, start, \"key\", member, api, calls, answered, denied, failed, requests, credits,
                    refund_requests, refund_credits, last) VALUES {}
                 ON CONFLICT (account, start, \"key\", member, api) DO UPDATE SET calls = summary.calls + excluded.calls,
                    answered = summary.answered + excluded.answered, denied = summary.denied + excluded.denied,
                    failed = summary.failed + excluded.failed, requests = summary.requests + excluded.requests,
                    credits = summary.credits + excluded.credits,
                    refund_requests = summary.refund_requests + excluded.refund_requests,
                    refund_credits = summary.refund_credits + excluded.refund_credits,
                    last = CASE WHEN excluded.last > summary.last THEN excluded.last ELSE summary.last END",
                sql::tuples(1, chunk.len(), WIDTH)
            );
            let values = |((account, start, key, member, api), figures): &(Place, Figures)| -> [Value; WIDTH] {
                let Figures { calls, answered, denied, failed, charge, refund, last } = figures;
                [
                    sql::uuid(*account).into(),
                    (*start).into(),
                    sql::uuid(*key).into(),
                    member.map_or(Uuid::nil(), sql::uuid).into(),
                    api.as_str().into(),
                    (*calls).into(),
                    (*answered).into(),
                    (*denied).into(),
                    (*failed).into(),
                    charge[0].into(),
                    charge[1].into(),
                    refund[0].into(),
                    refund[1].into(),
                    (*last).into(),
                ]
            };
            sql::execute(db, &text, chunk.iter().flat_map(values).collect()).await?;
        }
        Ok(())
    }
}

/// The columns of a row that was closed, as [`Summaries::end`] reads them.
pub(super) const CLOSED: &str = "account, time, \"key\", member, api, count, outcome, refund_requests, refund_credits";

impl Figures {
    fn end(&mut self, outcome: Outcome, count: i64, refund: Charge) {
        match outcome {
            Outcome::Answered => self.answered += count,
            Outcome::Denied => self.denied += count,
            Outcome::Failed => self.failed += count,
            Outcome::Abandoned | Outcome::Unknown => {}
        }
        self.refund[0] += i64::from(refund.requests);
        self.refund[1] += i64::from(refund.credits);
    }
}

fn start(time: Timestamp) -> i64 {
    time.micros().div_euclid(GRAIN) * GRAIN
}
