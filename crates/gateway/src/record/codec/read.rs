//! Reading. Bytes of a journal passed its checksum, yet nothing here trusts them: a wrong byte is an error, never a panic.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::{
    allowlist::{ContractAddress, ListKinds},
    call::Charge,
    id::{Id, Noun},
    lease::CounterId,
    request_log::{Contracts, Counted, Ending, MAX_CONTRACTS, Outcome, Place, Row, RowState, Wire},
    time::Timestamp,
};

use super::{
    FORM, INTENT, OLDEST_FORM, OUTCOME, Record, WHOLE,
    number::{self, NO_DENIAL},
    write::{
        AGENT, BATCH, CONTRACTS, CREDITS_BEYOND, IPV4, IPV6, MEMBER, METRICS, NETWORK, ORIGIN, OUTCOMES,
        REQUESTS_BEYOND, RPC_ERROR, UPSTREAM, VIAS, WEB_SOCKET,
    },
};

/// Why bytes are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Written by another version of Keyward.
    #[error(
        "the record has form {0}, and this version reads forms {OLDEST_FORM} to {FORM}: let the version that wrote it ship its journal first"
    )]
    Form(u8),
    /// The bytes end before the record does.
    #[error("the record ends in the middle of its {0}")]
    Short(&'static str),
    /// A part says what it cannot say.
    #[error("the record's {0} is not one that is written")]
    Wrong(&'static str),
}

pub(super) fn record(place: Place, payload: &[u8]) -> Result<Record, CodecError> {
    let mut from = Bytes { form: FORM, left: payload };
    from.form = from.u8("form")?;
    if !(OLDEST_FORM..=FORM).contains(&from.form) {
        return Err(CodecError::Form(from.form));
    }
    let record = match from.u8("kind")? {
        INTENT => {
            let mut row = row(&mut from, place, 1)?;
            row.counted = counted(&mut from)?;
            Record::Intent(row)
        }
        WHOLE => {
            let count = from.u64("count")?;
            let row = row(&mut from, place, count)?;
            let ending = ending(&mut from)?;
            Record::Whole(Row { denial: ending.denial, state: RowState::Closed, ending: Some(ending), ..row })
        }
        OUTCOME => {
            let (intent, ending) = (from.u64("intent")?, ending(&mut from)?);
            Record::Outcome { intent, counted: counted(&mut from)?, ending }
        }
        _ => return Err(CodecError::Wrong("kind")),
    };
    if from.left.is_empty() { Ok(record) } else { Err(CodecError::Wrong("length")) }
}

/// The marks that stand beside what lists observed.
const MARKS_OF_ROWS: u8 = CONTRACTS | REQUESTS_BEYOND | CREDITS_BEYOND;

fn row(from: &mut Bytes<'_>, place: Place, count: u64) -> Result<Row, CodecError> {
    let flags = from.u8("flags")?;
    let has = |flag: u8| flags & flag != 0;
    let via = if from.form == 1 { 0 } else { from.u8("via")? };
    let marks = if from.form < 3 { 0 } else { from.u8("marks of lists")? };
    let observed = ListKinds::of_bits(marks & !MARKS_OF_ROWS).ok_or(CodecError::Wrong("marks of lists"))?;
    let mut row = Row {
        place,
        count,
        wire: if has(WEB_SOCKET) { Wire::WebSocket } else { Wire::Http },
        via: *VIAS.get(usize::from(via)).ok_or(CodecError::Wrong("via"))?,
        request: from.id("request")?,
        time: from.moment("time")?,
        account: from.id("account")?,
        key: from.id("key")?,
        value: from.id("value")?,
        policy_version: from.u64("policy version")?,
        charge: from.charge("charge")?,
        overage: Charge::NOTHING,
        member: if has(MEMBER) { Some(from.id("member")?) } else { None },
        batch: if has(BATCH) { Some((from.id("batch")?, from.u32("place in the batch")?)) } else { None },
        address: address(from, flags)?,
        api: from.text("API")?,
        method: from.text("method")?,
        path: from.text("path")?,
        network: if has(NETWORK) { Some(from.text("network")?) } else { None },
        origin: if has(ORIGIN) { Some(from.text("origin")?) } else { None },
        agent: if has(AGENT) { Some(from.text("agent")?) } else { None },
        observed,
        contracts: if marks & CONTRACTS != 0 { Some(contracts(from)?) } else { None },
        counted: Vec::new(),
        denial: None,
        state: RowState::Open,
        ending: None,
    };
    row.overage = Charge {
        requests: if marks & REQUESTS_BEYOND != 0 { row.charge.requests } else { 0 },
        credits: if marks & CREDITS_BEYOND != 0 { row.charge.credits } else { 0 },
    };
    Ok(row)
}

fn address(from: &mut Bytes<'_>, flags: u8) -> Result<Option<IpAddr>, CodecError> {
    match (flags & IPV4 != 0, flags & IPV6 != 0) {
        (false, false) => Ok(None),
        (true, false) => Ok(Some(Ipv4Addr::from(from.array("address")?).into())),
        (false, true) => Ok(Some(Ipv6Addr::from(from.array::<16>("address")?).into())),
        (true, true) => Err(CodecError::Wrong("address")),
    }
}

fn contracts(from: &mut Bytes<'_>) -> Result<Contracts, CodecError> {
    let (total, kept) = (from.u32("number of contracts")?, from.u8("number of contracts")?);
    if usize::from(kept) > MAX_CONTRACTS {
        return Err(CodecError::Wrong("number of contracts"));
    }
    let first = (0..kept).map(|_| from.array("contract").map(ContractAddress)).collect::<Result<_, _>>()?;
    Ok(Contracts { first, total })
}

fn counted(from: &mut Bytes<'_>) -> Result<Vec<Counted>, CodecError> {
    let count = from.u8("number of counters")?;
    (0..count)
        .map(|_| {
            let counter = CounterId { quota: from.id("counter")?, window: from.moment("window")? };
            let metric = METRICS.get(usize::from(from.u8("metric")?)).ok_or(CodecError::Wrong("metric"))?;
            Ok(Counted { counter, metric: *metric })
        })
        .collect()
}

fn ending(from: &mut Bytes<'_>) -> Result<Ending, CodecError> {
    let flags = from.u8("flags of the ending")?;
    let outcome: &Outcome = OUTCOMES.get(usize::from(from.u8("outcome")?)).ok_or(CodecError::Wrong("outcome"))?;
    let denial = match from.u8("denial")? {
        NO_DENIAL => None,
        written => Some(number::denial(from.form, written).ok_or(CodecError::Wrong("denial"))?),
    };
    let attempts = from.u8("attempts")?;
    let status = u16::from_le_bytes(from.array("status")?);
    let upstream = u16::from_le_bytes(from.array("upstream")?);
    let rpc_error = i64::from_le_bytes(from.array("error code")?);
    Ok(Ending {
        outcome: *outcome,
        denial,
        attempts,
        status,
        upstream: (flags & UPSTREAM != 0).then_some(upstream),
        rpc_error: (flags & RPC_ERROR != 0).then_some(rpc_error),
        refund: from.charge("refund")?,
        latency: from.u64("latency")?,
        upstream_latency: from.u64("upstream latency")?,
        bytes_in: from.u64("bytes in")?,
        bytes_out: from.u64("bytes out")?,
    })
}

/// What is left to read of a record. Each step names what it reads, for the error.
struct Bytes<'a> {
    form: u8,
    left: &'a [u8],
}

impl<'a> Bytes<'a> {
    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], CodecError> {
        let (head, rest) = self.left.split_first_chunk().ok_or(CodecError::Short(what))?;
        self.left = rest;
        Ok(*head)
    }

    fn u8(&mut self, what: &'static str) -> Result<u8, CodecError> {
        Ok(u8::from_le_bytes(self.array(what)?))
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, CodecError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn u64(&mut self, what: &'static str) -> Result<u64, CodecError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn id<N: Noun>(&mut self, what: &'static str) -> Result<Id<N>, CodecError> {
        Ok(Id::from_u128(u128::from_le_bytes(self.array(what)?)))
    }

    fn moment(&mut self, what: &'static str) -> Result<Timestamp, CodecError> {
        Ok(Timestamp::from_micros(i64::from_le_bytes(self.array(what)?)))
    }

    fn charge(&mut self, what: &'static str) -> Result<Charge, CodecError> {
        Ok(Charge { requests: self.u32(what)?, credits: self.u32(what)? })
    }

    fn text(&mut self, what: &'static str) -> Result<String, CodecError> {
        let length = usize::from(u16::from_le_bytes(self.array(what)?));
        let (head, rest) = self.left.split_at_checked(length).ok_or(CodecError::Short(what))?;
        self.left = rest;
        std::str::from_utf8(head).map(str::to_owned).map_err(|_| CodecError::Wrong(what))
    }
}
