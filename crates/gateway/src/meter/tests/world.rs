//! A small world for tests: clocks that stand still until they are moved, a ledger in memory, a journal in a folder.

use std::{
    cell::Cell,
    collections::HashMap,
    rc::Rc,
    sync::{Arc, Mutex},
};

use domain::{
    allowlist::ListKinds,
    id::{AccountId, KeyId, MemberId, QuotaId, RequestId, ValueId},
    lease::{self, Answer, Ask, Counter, CounterId, Lease},
    quota::{Metric, Period, Quota, Scope},
    request_log::{Place, Via, Wire},
    time::{Clock, DAY, Timestamp},
};
use journal::{DataDir, Ring, RingId, Settings, Writer};

use crate::{
    meter::{GiveBack, Meter, Unavailable},
    record::{
        CallRecord, DenialBudget, Recorder,
        codec::{Record, decode},
    },
};

/// A day begins here.
pub(crate) const MIDNIGHT: Timestamp = Timestamp::from_micros(20_000 * DAY);

thread_local! {
    static WALL: Cell<i64> = const { Cell::new(MIDNIGHT.micros() + DAY / 2) };
    static STEADY: Cell<i64> = const { Cell::new(1_000_000) };
}

/// The clocks of one test's thread.
pub(crate) const CLOCK: Clock = Clock { wall: || Timestamp::from_micros(WALL.get()), steady: || STEADY.get() };

/// What time it is.
pub(crate) fn now() -> Timestamp {
    (CLOCK.wall)()
}

pub(crate) fn steady() -> i64 {
    STEADY.get()
}

/// Both clocks go on by so many microseconds.
pub(crate) fn pass(micros: i64) {
    WALL.set(WALL.get() + micros);
    STEADY.set(STEADY.get() + micros);
}

/// Somebody sets the wall clock.
pub(crate) fn set_wall(moment: Timestamp) {
    WALL.set(moment.micros());
}

/// A quota that counts from day to day.
pub(crate) fn quota(number: u128, scope: Scope, metric: Metric, limit: u64) -> Quota {
    let anchor = Timestamp::from_micros(0);
    Quota { id: QuotaId::from_u128(number), scope, metric, period: Period::Day, anchor, limit, overage: None }
}

/// Grants by the domain's rules, from memory.
#[derive(Default)]
pub(crate) struct Ledger {
    rows: Mutex<HashMap<CounterId, (Counter, Lease)>>,
    limits: Mutex<HashMap<QuotaId, u64>>,
}

impl Ledger {
    pub(crate) fn new(quotas: &[Quota]) -> Ledger {
        let ledger = Ledger::default();
        for quota in quotas.iter().flat_map(|quota| [Some(*quota), quota.beyond()].into_iter().flatten()) {
            ledger.set_limit(quota.id, quota.limit);
        }
        ledger
    }

    pub(crate) fn set_limit(&self, quota: QuotaId, limit: u64) {
        self.limits.lock().expect("no panic").insert(quota, limit);
        for (id, (counter, _)) in self.rows.lock().expect("no panic").iter_mut() {
            if id.quota == quota {
                counter.limit = limit;
            }
        }
    }

    pub(crate) fn grant(&self, ask: &Ask) -> Answer {
        let limit = self.limits.lock().expect("no panic")[&ask.counter.quota];
        let mut rows = self.rows.lock().expect("no panic");
        let row = rows.entry(ask.counter).or_insert((Counter { limit, granted: 0 }, Lease::default()));
        let (counter, lease, answer) = lease::grant(row.0, row.1, ask);
        *row = (counter, lease);
        answer
    }

    /// Another node takes units.
    pub(crate) fn take_elsewhere(&self, counter: CounterId, limit: u64, units: u64) {
        let mut rows = self.rows.lock().expect("no panic");
        let row = rows.entry(counter).or_insert((Counter { limit, granted: 0 }, Lease::default()));
        row.0.granted += units;
    }

    /// Another node gives units back.
    pub(crate) fn give_back_elsewhere(&self, counter: CounterId, units: u64) {
        self.rows.lock().expect("no panic").get_mut(&counter).expect("it was asked for").0.granted -= units;
    }

    /// Answers all that the meter asks now.
    pub(crate) fn answer(&self, meter: &Meter) {
        let asks = meter.due_asks();
        meter.answer(asks.into_iter().map(|ask| (ask, Ok(self.grant(&ask)))).collect());
    }

    /// Fails all that the meter asks now.
    pub(crate) fn fail(&self, meter: &Meter) {
        meter.answer(meter.due_asks().into_iter().map(|ask| (ask, Err(Unavailable))).collect());
    }

    /// Writes what the meter gives back.
    pub(crate) fn take_back(&self, meter: &Meter, what: GiveBack) {
        let returns = meter.give_back(what);
        let mut rows = self.rows.lock().expect("no panic");
        for (id, returned) in &returns {
            let row = rows.get_mut(id).expect("only what was granted comes back");
            *row = lease::take_back(row.0, row.1, *returned);
        }
        drop(rows);
        meter.given_back(&returns);
    }

    /// Units that are out, of all windows of the quota.
    pub(crate) fn granted(&self, quota: QuotaId) -> u64 {
        let rows = self.rows.lock().expect("no panic");
        rows.iter().filter(|(id, _)| id.quota == quota).map(|(_, (counter, _))| counter.granted).sum()
    }
}

/// A journal in a folder of its own, which goes with it.
pub(crate) struct Shelf {
    ring: Ring,
    _folder: tempfile::TempDir,
}

impl Shelf {
    /// A journal and the recorder that writes it.
    pub(crate) fn new(clock: Clock, budget: Arc<DenialBudget>, settings: Settings) -> (Shelf, Rc<Recorder>) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let dir = DataDir::lock(folder.path()).expect("nobody else has it");
        let id = RingId { epoch: 3, ring: 1, uuid: [9; 16] };
        let writer = Writer::create(&dir, id, &settings).expect("the first of its name");
        let ring = writer.ring().clone();
        (Shelf { ring, _folder: folder }, Recorder::new(writer, clock, budget))
    }

    pub(crate) fn small(clock: Clock) -> (Shelf, Rc<Recorder>) {
        let settings = Settings { segment_bytes: 1 << 20, max_segments: 64, ..Settings::default() };
        Shelf::new(clock, Arc::new(DenialBudget::default()), settings)
    }

    /// All records, in order.
    pub(crate) fn records(&self) -> Vec<Record> {
        let mut reader = self.ring.reader().expect("the ring is there");
        let mut records = Vec::new();
        while let Some(record) = reader.next_record().expect("nothing is damaged") {
            let place = Place { node: 5, epoch: 3, ring: 1, seq: record.seq };
            records.push(decode(place, record.payload).expect("what was written can be read"));
        }
        records
    }
}

/// A call of value `number`, with a key, a member and an account of the same number.
pub(crate) fn call(number: u128) -> CallRecord<'static> {
    CallRecord {
        request: RequestId::from_u128(1_000 + number),
        account: AccountId::from_u128(number),
        member: Some(MemberId::from_u128(number)),
        key: KeyId::from_u128(number),
        value: ValueId::from_u128(number),
        api: "football",
        network: None,
        wire: Wire::Http,
        via: Via::Direct,
        method: "GET /fixtures",
        path: "/fixtures",
        policy_version: 1,
        batch: None,
        address: Some([192, 0, 2, 1].into()),
        origin: None,
        agent: None,
        observed: ListKinds::NONE,
        contracts: &[],
    }
}
