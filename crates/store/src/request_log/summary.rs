//! Summary: the log summed by account, half hour, key, member and API, written by the batch that brings the rows; and the same of
//! whole accounts, by account, half hour and API. What pages show of a day or a month is then as quick in an account with millions
//! of calls, or thousands of members, as in a new one.

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

/// What rows are summed by.
type Place = (AccountId, i64, KeyId, Option<MemberId>, String);
/// What those of whole accounts are.
type AccountPlace = (AccountId, i64, String);

/// The columns of [`Figures`].
const FIGURES: [&str; 9] =
    ["calls", "answered", "denied", "failed", "requests", "credits", "refund_requests", "refund_credits", "last"];

#[derive(Clone, Copy, Default)]
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

    /// Writes them; those of whole accounts last, since all nodes write the same few.
    pub(super) async fn put(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let mut accounts: BTreeMap<AccountPlace, Figures> = BTreeMap::new();
        for ((account, start, _, _, api), figures) in &self.0 {
            accounts.entry((*account, *start, api.clone())).or_default().add(figures);
        }
        add(
            db,
            "summary",
            &["account", "start", "\"key\"", "member", "api"],
            self.0,
            |(account, start, key, member, api)| {
                let member = member.map_or(Uuid::nil(), sql::uuid);
                vec![sql::uuid(account).into(), start.into(), sql::uuid(key).into(), member.into(), api.into()]
            },
        )
        .await?;
        add(db, "account_summary", &["account", "start", "api"], accounts, |(account, start, api)| {
            vec![sql::uuid(account).into(), start.into(), api.into()]
        })
        .await
    }
}

/// Adds figures to those of their places in a table.
async fn add<P>(
    db: &impl ConnectionTrait,
    table: &str,
    place: &[&str],
    figures: BTreeMap<P, Figures>,
    values: impl Fn(P) -> Vec<Value>,
) -> Result<(), StoreError> {
    let (place, width) = (place.join(", "), place.len() + FIGURES.len());
    let more = |column: &&str| match *column {
        "last" => format!("last = CASE WHEN excluded.last > {table}.last THEN excluded.last ELSE {table}.last END"),
        column => format!("{column} = {table}.{column} + excluded.{column}"),
    };
    let (columns, more) = (FIGURES.join(", "), FIGURES.iter().map(more).collect::<Vec<_>>().join(", "));
    let rows = figures.into_iter().map(|(place, figures)| {
        let mut row = values(place);
        row.extend(figures.values());
        row
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    for chunk in sql::chunks(&rows) {
        let text = format!(
            "INSERT INTO {table} ({place}, {columns}) VALUES {} ON CONFLICT ({place}) DO UPDATE SET {more}",
            sql::tuples(1, chunk.len(), width)
        );
        sql::execute(db, &text, chunk.concat()).await?;
    }
    Ok(())
}

/// The columns of a row that was closed, as [`Summaries::end`] reads them.
pub(super) const CLOSED: &str = "account, time, \"key\", member, api, count, outcome, refund_requests, refund_credits";

impl Figures {
    /// In the order of [`FIGURES`].
    fn values(&self) -> [Value; FIGURES.len()] {
        let Figures { calls, answered, denied, failed, charge, refund, last } = *self;
        [calls, answered, denied, failed, charge[0], charge[1], refund[0], refund[1], last].map(Value::from)
    }

    fn add(&mut self, more: &Figures) {
        let Figures { calls, answered, denied, failed, charge, refund, last } = more;
        self.calls += calls;
        self.answered += answered;
        self.denied += denied;
        self.failed += failed;
        for (sum, more) in self.charge.iter_mut().zip(charge).chain(self.refund.iter_mut().zip(refund)) {
            *sum += more;
        }
        self.last = self.last.max(*last);
    }

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
