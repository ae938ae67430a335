//! What it costs to admit a call: decide, take from four counters, write the intent. Prints one line.
//!
//! Batches of calls are admitted and timed, then ended untimed; the figure is the median batch. Leases are in hand, the
//! journal is a real one in the folder for temporary files, and what would have been shipped is freed on the way.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::{
    collections::HashMap,
    rc::Rc,
    sync::{Arc, LazyLock},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use domain::{
    allowlist::ListKinds,
    id::{AccountId, KeyId, MemberId, QuotaId, RequestId, ValueId},
    lease::{self, Counter, CounterId, Lease},
    price::Price,
    quota::{Metric, Period, Quota, Scope},
    request_log::{Via, Wire},
    time::{Clock, Timestamp},
};
use gateway::{
    meter::{Limits, Meter},
    record::{CallRecord, DenialBudget, Recorder},
};
use journal::{DataDir, RingId, Settings, Writer};

const CALLS_IN_A_BATCH: usize = 256;
const BATCHES: usize = 2_000;
const LIMIT: u64 = 1_000_000_000_000;

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
const CLOCK: Clock = Clock { wall, steady: || STARTED.elapsed().as_micros() as i64 };

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let dir = DataDir::lock(folder.path())?;
    let writer = Writer::create(&dir, RingId { epoch: 1, ring: 0, uuid: [7; 16] }, &Settings::default())?;
    let ring = writer.ring().clone();
    let recorder = Recorder::new(writer, CLOCK, Arc::new(DenialBudget::default()));
    let meter = Arc::new(Meter::new(CLOCK));
    let limits = meter.limits(four_quotas(), []);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let nanos = runtime.block_on(async {
        let ledger = tokio::spawn(answer_asks(Arc::clone(&meter)));
        let mut nanos = Vec::with_capacity(BATCHES);
        for _ in 0..BATCHES {
            nanos.push(time_a_batch(&meter, &recorder, &limits).await);
            ring.free_through(recorder.last_seq())?;
            tokio::task::yield_now().await;
        }
        ledger.abort();
        Ok::<_, journal::JournalError>(nanos)
    })?;
    let mut nanos = nanos;
    nanos.sort_unstable();
    let bytes = intent_bytes(&ring)?;
    println!("admission with journal: {} ns per call (four counters, {bytes}-byte record)", nanos[BATCHES / 2]);
    Ok(())
}

/// Admits a batch and tells the nanoseconds that one call took; then ends the calls, and with them their reserved room.
async fn time_a_batch(meter: &Meter, recorder: &Rc<Recorder>, limits: &Arc<Limits>) -> u128 {
    let mut permits = Vec::with_capacity(CALLS_IN_A_BATCH);
    let (now, steady) = (wall(), (CLOCK.steady)());
    let began = Instant::now();
    for place in 0..CALLS_IN_A_BATCH {
        let call = a_call(place as u128);
        let permit = meter.admit(recorder, limits, Price::Credits(20), &call, now, steady).await;
        permits.push(permit.expect("the limits are far away"));
    }
    began.elapsed().as_nanos() / CALLS_IN_A_BATCH as u128
}

fn four_quotas() -> [Quota; 4] {
    let quota = |number: u128, scope, metric, period| Quota {
        id: QuotaId::from_u128(number),
        scope,
        metric,
        period,
        anchor: Timestamp::from_micros(0),
        limit: LIMIT,
        overage: None,
    };
    [
        quota(1, Scope::Account, Metric::Requests, Period::Day),
        quota(2, Scope::Account, Metric::Credits, Period::Month),
        quota(3, Scope::Member, Metric::Requests, Period::Month),
        quota(4, Scope::Key, Metric::Requests, Period::Day),
    ]
}

fn a_call(number: u128) -> CallRecord<'static> {
    CallRecord {
        request: RequestId::from_u128(number),
        account: AccountId::from_u128(1),
        member: Some(MemberId::from_u128(2)),
        key: KeyId::from_u128(3),
        value: ValueId::from_u128(4),
        api: "ethereum",
        network: Some("eth/mainnet"),
        wire: Wire::Http,
        via: Via::Direct,
        method: "eth_getBlockByNumber",
        path: "/ethereum/v1/eth/mainnet/{key}",
        policy_version: 7,
        batch: None,
        address: Some([192, 0, 2, 7].into()),
        origin: None,
        agent: Some("web3.py/7.6.0/web3.providers.rpc.rpc.HTTPProvider"),
        observed: ListKinds::NONE,
        contracts: &[],
    }
}

/// Stands in for the ledger: grants by its rules, from memory.
async fn answer_asks(meter: Arc<Meter>) {
    let mut rows = HashMap::<CounterId, (Counter, Lease)>::new();
    loop {
        let asks = meter.next_asks().await;
        let answers = asks.into_iter().map(|ask| {
            let row = rows.entry(ask.counter).or_insert((Counter { limit: LIMIT, granted: 0 }, Lease::default()));
            let (counter, lease, answer) = lease::grant(row.0, row.1, &ask);
            *row = (counter, lease);
            (ask, Ok(answer))
        });
        meter.answer(answers.collect());
    }
}

/// The length of an intent as it stands in the journal.
fn intent_bytes(ring: &journal::Ring) -> Result<usize, journal::ReadError> {
    let longest = |reader: &mut journal::Reader| -> Result<usize, journal::ReadError> {
        let mut longest = 0;
        while let Some(record) = reader.next_record()? {
            longest = longest.max(record.payload.len());
        }
        Ok(longest)
    };
    longest(&mut ring.reader()?)
}

fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is set to after 1970");
    Timestamp::from_micros(since.as_micros() as i64)
}
