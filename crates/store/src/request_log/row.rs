//! A row of the log as columns: the order of [`COLUMNS`] is that of writing and of reading.

use domain::{
    allowlist::ListKinds,
    call::Charge,
    decision::Denial,
    id::MemberId,
    request_log::{
        Close, Contracts, Ending, MAX_HEADER, MAX_METHOD, MAX_PATH, Outcome, Place, Row, RowState, Via, Wire,
    },
};
use sea_orm::Value;
use uuid::Uuid;

use crate::{StoreError, sql};

/// Every column, in the order of the table.
pub(crate) const COLUMNS: &str = "node, epoch, ring, seq, request, time, account, member, \"key\", \"value\", api, network, \
     wire, method, path, policy_version, requests, credits, charge_set, batch, batch_position, count, address, origin, \
     agent, state, denial, outcome, status, rpc_error, refund_requests, refund_credits, latency, upstream_latency, \
     attempts, upstream, bytes_in, bytes_out, via, observed, contracts, overage_requests, overage_credits";
/// How many they are.
pub(crate) const WIDTH: usize = 43;
/// The longest name of an API or network that is kept, in bytes.
const MAX_NAME: usize = 128;

/// What is stored of an ending: the columns from `outcome` on.
const NO_ENDING: Ending = Ending {
    outcome: Outcome::Unknown,
    denial: None,
    status: 0,
    rpc_error: None,
    refund: Charge::NOTHING,
    latency: 0,
    upstream_latency: 0,
    attempts: 0,
    upstream: None,
    bytes_in: 0,
    bytes_out: 0,
};

/// Nearly all rows are plain: of calls that were made over HTTP, one at a time, and answered at the first attempt. These columns are
/// then what stands here, in words of SQL; of every other column a plain row has a value of its own.
const PLAIN: [(&str, &str); 18] = [
    ("network", "NULL"),
    ("wire", "'http'"),
    ("batch", "NULL"),
    ("batch_position", "NULL"),
    ("count", "1"),
    ("origin", "NULL"),
    ("state", "'closed'"),
    ("denial", "NULL"),
    ("outcome", "'answered'"),
    ("rpc_error", "NULL"),
    ("refund_requests", "0"),
    ("refund_credits", "0"),
    ("attempts", "1"),
    ("via", "'direct'"),
    ("observed", "0"),
    ("contracts", "NULL"),
    ("overage_requests", "0"),
    ("overage_credits", "0"),
];

/// Which rows a statement takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Those that [`is_plain`].
    Plain,
    /// Any.
    Any,
}

/// `INSERT INTO request_log … VALUES …` for so many rows, whose [`values`] are bound one after the other.
pub(crate) fn insert_text(shape: Shape, rows: usize) -> String {
    use std::fmt::Write;
    let plain = |column: &str| PLAIN.iter().find(|(name, _)| shape == Shape::Plain && *name == column);
    let columns: Vec<Option<&str>> =
        COLUMNS.split(',').map(|column| plain(column.trim()).map(|(_, literal)| *literal)).collect();
    let mut text = format!("INSERT INTO request_log ({COLUMNS}) VALUES ");
    let mut bound = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for (place, column) in columns.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let written = match column {
                Some(literal) => write!(text, "{comma}{literal}"),
                None => {
                    bound += 1;
                    write!(text, "{comma}${bound}")
                }
            };
            written.expect("a string takes everything");
        }
        text.push(')');
    }
    text
}

/// Whether the columns of [`PLAIN`] are what stands there.
pub(crate) fn is_plain(row: &Row) -> bool {
    let Row { network, wire, via, overage, denial, observed, contracts, batch, count, origin, state, .. } = row;
    let Some(Ending { outcome, denial: ended_by, rpc_error, refund, attempts, .. }) = &row.ending else { return false };
    (*wire, *via, *state, *outcome) == (Wire::Http, Via::Direct, RowState::Closed, Outcome::Answered)
        && (*count, *attempts, observed.bits()) == (1, 1, 0)
        && (*overage, *refund) == (Charge::NOTHING, Charge::NOTHING)
        && (*denial, *ended_by, *rpc_error) == (None, None, None)
        && (network, origin, batch) == (&None, &None, &None)
        && contracts.is_none()
}

/// The values of a row that the statement of its shape binds, in the order of [`COLUMNS`].
pub(crate) fn values(row: &Row, shape: Shape, charge_set: Option<i64>, into: &mut Vec<Value>) {
    let ending = row.ending.as_ref().unwrap_or(&NO_ENDING);
    into.extend(place(&row.place));
    into.extend([
        sql::uuid(row.request).into(),
        row.time.micros().into(),
        sql::uuid(row.account).into(),
        row.member.map(sql::uuid::<_>).into(),
        sql::uuid(row.key).into(),
        sql::uuid(row.value).into(),
        api(row).into(),
    ]);
    if shape == Shape::Any {
        into.push(row.network.as_deref().map(|network| kept(network, MAX_NAME)).into());
        into.push(row.wire.as_str().into());
    }
    into.extend([
        kept(&row.method, MAX_METHOD).into(),
        kept(&row.path, MAX_PATH).into(),
        sql::int(row.policy_version).into(),
        i64::from(row.charge.requests).into(),
        i64::from(row.charge.credits).into(),
        charge_set.into(),
    ]);
    if shape == Shape::Any {
        into.extend([
            row.batch.map(|(request, _)| sql::uuid(request)).into(),
            row.batch.map(|(_, position)| i64::from(position)).into(),
            sql::int(row.count).into(),
        ]);
    }
    into.push(row.address.map(|address| address.to_string()).into());
    if shape == Shape::Any {
        into.push(row.origin.as_deref().map(|origin| kept(origin, MAX_HEADER)).into());
    }
    into.push(agent(row).into());
    match shape {
        Shape::Plain => into.extend([
            i64::from(ending.status).into(),
            sql::int(ending.latency).into(),
            sql::int(ending.upstream_latency).into(),
            ending.upstream.map(i64::from).into(),
            sql::int(ending.bytes_in).into(),
            sql::int(ending.bytes_out).into(),
        ]),
        Shape::Any => {
            let denial = ending.denial.or(row.denial).map(|denial| denial.to_string());
            let contracts = row.contracts.as_ref();
            into.extend([
                row.state.as_str().into(),
                denial.into(),
                row.ending.as_ref().map(|ending| ending.outcome.as_str().to_owned()).into(),
            ]);
            into.extend(figures(ending));
            into.extend([
                row.via.as_str().into(),
                i64::from(row.observed.bits()).into(),
                contracts.map(|contracts| serde_json::to_string(contracts).expect("addresses are text")).into(),
                i64::from(row.overage.requests).into(),
                i64::from(row.overage.credits).into(),
            ]);
        }
    }
}

/// How a row's caller calls itself, as it is kept.
pub(super) fn agent(row: &Row) -> Option<String> {
    row.agent.as_deref().map(|agent| kept(agent, MAX_HEADER))
}

/// The name of a row's API as it is kept.
pub(crate) fn api(row: &Row) -> String {
    kept(&row.api, MAX_NAME)
}

/// What a close changes, in the order of the statement of `ship.rs`: place, state, denial, outcome, figures.
pub(crate) fn close_values(close: &Close, into: &mut Vec<Value>) {
    into.extend(place(&close.place));
    into.push(close.state.as_str().into());
    into.push(close.ending.denial.map(|denial| denial.to_string()).into());
    into.push(close.ending.outcome.as_str().into());
    into.extend(figures(&close.ending));
}

/// A row, without the counters it was charged on: they are told by the name of their set.
pub(crate) fn read(row: &sql::Columns) -> Result<(Row, Option<i64>), StoreError> {
    let denial = row.get::<Option<String>>(26)?.map(|denial| sql::word(&denial, "request_log.denial")).transpose()?;
    let batch = match (row.get::<Option<Uuid>>(19)?, row.get::<Option<i64>>(20)?) {
        (Some(request), Some(position)) => Some((sql::id(request), position as u32)),
        _ => None,
    };
    let address = row.get::<Option<String>>(22)?;
    let read = Row {
        place: read_place(row, 0)?,
        request: row.id(4)?,
        time: row.moment(5)?,
        account: row.id(6)?,
        member: row.get::<Option<Uuid>>(7)?.map(sql::id::<_>).map(|id: MemberId| id),
        key: row.id(8)?,
        value: row.id(9)?,
        api: row.get(10)?,
        network: row.get(11)?,
        wire: row.word(12, "request_log.wire")?,
        via: row.word(38, "request_log.via")?,
        method: row.get(13)?,
        path: row.get(14)?,
        policy_version: row.count(15, "request_log.policy_version")?,
        charge: Charge {
            requests: row.small(16, "request_log.requests")?,
            credits: row.small(17, "request_log.credits")?,
        },
        overage: Charge {
            requests: row.small(41, "request_log.overage")?,
            credits: row.small(42, "request_log.overage")?,
        },
        counted: Vec::new(),
        denial,
        observed: u8::try_from(row.get::<i64>(39)?)
            .ok()
            .and_then(ListKinds::of_bits)
            .ok_or(StoreError::Corrupt { what: "request_log.observed" })?,
        contracts: contracts(row.get(40)?)?,
        batch,
        count: row.count(21, "request_log.count")?,
        address: address.map(|address| sql::word(&address, "request_log.address")).transpose()?,
        origin: row.get(23)?,
        agent: row.get(24)?,
        state: row.word(25, "request_log.state")?,
        ending: read_ending(row, denial)?,
    };
    Ok((read, row.get(18)?))
}

/// A place in four columns: node, epoch, ring, seq.
pub(crate) fn read_place(row: &sql::Columns, first: usize) -> Result<Place, StoreError> {
    Ok(Place {
        node: row.get(first)?,
        epoch: row.small(first + 1, "request_log.epoch")?,
        ring: row.small(first + 2, "request_log.ring")?,
        seq: row.count(first + 3, "request_log.seq")?,
    })
}

/// A place as bound values.
pub(crate) fn place(place: &Place) -> [Value; 4] {
    [place.node.into(), i64::from(place.epoch).into(), i64::from(place.ring).into(), sql::int(place.seq).into()]
}

/// The columns of an ending from `status` on.
fn figures(ending: &Ending) -> [Value; 10] {
    [
        i64::from(ending.status).into(),
        ending.rpc_error.into(),
        i64::from(ending.refund.requests).into(),
        i64::from(ending.refund.credits).into(),
        sql::int(ending.latency).into(),
        sql::int(ending.upstream_latency).into(),
        i64::from(ending.attempts).into(),
        ending.upstream.map(i64::from).into(),
        sql::int(ending.bytes_in).into(),
        sql::int(ending.bytes_out).into(),
    ]
}

fn read_ending(row: &sql::Columns, denial: Option<Denial>) -> Result<Option<Ending>, StoreError> {
    let Some(outcome) = row.get::<Option<String>>(27)? else { return Ok(None) };
    let outcome: Outcome = sql::word(&outcome, "request_log.outcome")?;
    let is_its = |denial: &Denial| denial.is_upstreams() || outcome == Outcome::Failed && denial.is_stop();
    let refund =
        Charge { requests: row.small(30, "request_log.refund")?, credits: row.small(31, "request_log.refund")? };
    Ok(Some(Ending {
        outcome,
        denial: denial.filter(is_its),
        status: row.small(28, "request_log.status")?,
        rpc_error: row.get(29)?,
        refund,
        latency: row.count(32, "request_log.latency")?,
        upstream_latency: row.count(33, "request_log.upstream_latency")?,
        attempts: row.small(34, "request_log.attempts")?,
        upstream: row.get::<Option<i64>>(35)?.map(|upstream| upstream as u16),
        bytes_in: row.count(36, "request_log.bytes_in")?,
        bytes_out: row.count(37, "request_log.bytes_out")?,
    }))
}

fn contracts(json: Option<String>) -> Result<Option<Contracts>, StoreError> {
    let read = |json: String| serde_json::from_str(&json);
    json.map(read).transpose().map_err(|_| StoreError::Corrupt { what: "request_log.contracts" })
}

/// A caller's text as it is kept: cut at the limit, and without NUL, which PostgreSQL does not take.
fn kept(text: &str, limit: usize) -> String {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters_and_have_no_nul() {
        let cases = [("abc", 8, "abc"), ("abcd", 3, "abc"), ("aéb", 2, "a"), ("a\0b", 8, "a\u{fffd}b"), ("", 0, "")];
        for (text, limit, expected) in cases {
            assert_eq!(kept(text, limit), expected);
        }
        assert_eq!(COLUMNS.split(',').count(), WIDTH);
        for (shape, bound) in [(Shape::Any, WIDTH), (Shape::Plain, WIDTH - PLAIN.len())] {
            assert_eq!(insert_text(shape, 2).matches('$').count(), 2 * bound, "{shape:?}");
        }
    }
}
