//! What the gateway's memory is used for: a bounded number of bytes for each value, and none at all to admit a call.
//!
//! A binary of its own, because it counts every allocation of its threads.
#![allow(clippy::disallowed_methods, reason = "tests may look at the clock")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    collections::HashMap,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use domain::{
    allowlist::ListKinds,
    id::{AccountId, KeyId, MemberId, QuotaId, RequestId, ValueId},
    key::value,
    lease::{self, Ask, Counter, Lease},
    policy::{AccountPolicy, KeyPolicy, PolicyChange, ValuePolicy},
    price::Price,
    quota::{Metric, Period, Quota, Scope},
    rate_limit::{Per, RateLimit},
    request_log::{Via, Wire},
    time::{Clock, Timestamp},
};
use gateway::{
    keyring::Keyring,
    meter::{BucketOwner, Meter},
    record::{CallRecord, DenialBudget, Recorder},
};

/// What a value may take, with its key, where neither has limits of its own.
const BYTES_PER_VALUE: usize = 500;
const VALUES: u128 = 100_000;
/// What the usual allocators add to a block.
const BLOCK_HEADER: usize = 8;
const BLOCK_STEP: usize = 16;

const NOON: Timestamp = Timestamp::from_micros(20_000 * 86_400_000_000 + 43_200_000_000);
const CLOCK: Clock = Clock { wall: || NOON, steady: || 1_000_000 };

thread_local! {
    static BLOCKS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn block(layout: Layout) -> usize {
    (layout.size() + BLOCK_HEADER).next_multiple_of(BLOCK_STEP)
}

// SAFETY: everything is handed to the system's allocator as it came; counting touches plain thread-local numbers only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BLOCKS.set(BLOCKS.get() + 1);
        BYTES.set(BYTES.get().wrapping_add(block(layout)));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.set(BYTES.get().wrapping_sub(block(layout)));
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn a_value_with_a_key_of_its_own_takes_at_most_500_bytes() {
    let keyring = Keyring::new(Arc::new(Meter::new(CLOCK)), vec!["football".parse().expect("a name")]);
    let account =
        AccountPolicy { id: AccountId::from_u128(1), suspended: false, lists: None, subscriptions: Vec::new() };
    keyring.apply(vec![PolicyChange::Account(account)]);
    let before = BYTES.get();
    // In the portions in which the store hands a snapshot out.
    for portion in 0..VALUES / 1_000 {
        let numbers = portion * 1_000..(portion + 1) * 1_000;
        keyring.apply(
            numbers
                .flat_map(|number| [PolicyChange::Key(a_key(number)), PolicyChange::Value(a_value(number))])
                .collect(),
        );
    }
    let per_value = BYTES.get().wrapping_sub(before) / VALUES as usize;
    println!("keyring: {per_value} bytes per value ({VALUES} values, a key each)");
    assert_eq!(keyring.len(), VALUES as usize);
    assert!(keyring.find(&a_value(VALUES - 1).hash).is_some_and(|entry| entry.view().is_some()));
    assert!(per_value <= BYTES_PER_VALUE, "{per_value} bytes per value");
}

#[test]
fn with_leases_in_hand_a_call_is_admitted_without_an_allocation() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = journal::DataDir::lock(folder.path()).expect("nobody else has it");
    let id = journal::RingId { epoch: 1, ring: 0, uuid: [1; 16] };
    let writer = journal::Writer::create(&dir, id, &journal::Settings::default()).expect("the first of its name");
    let recorder = Recorder::new(writer, CLOCK, Arc::new(DenialBudget::default()));
    let meter = Meter::new(CLOCK);
    let rate = RateLimit { scope: Scope::Key, metric: Metric::Requests, per: Per::Second, limit: 1_000_000 };
    let limits = meter.limits(four_quotas(), [(BucketOwner::Key(KeyId::from_u128(3)), rate)]);
    let mut rows = HashMap::new();
    let mut admit = |blocks: &mut usize| {
        let call = a_call();
        let before = BLOCKS.get();
        let admission = std::pin::pin!(meter.admit(&recorder, &limits, Price::Credits(2), &call, NOON, 1_000_000));
        match admission.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(permit) => {
                drop(permit.expect("the limits are far away").start(0));
                *blocks += BLOCKS.get() - before;
                true
            }
            Poll::Pending => {
                let asks = meter.due_asks().into_iter();
                meter.answer(asks.map(|ask| (ask, Ok(answer(&mut rows, &ask)))).collect());
                false
            }
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime can be made");
    let _inside = runtime.enter();
    while !admit(&mut 0) {}
    let (mut blocks, mut admitted) = (0, 0);
    while admitted < 1_000 {
        admitted += usize::from(admit(&mut blocks));
    }
    assert_eq!(blocks, 0, "blocks allocated for {admitted} calls, from decision to outcome");
}

fn answer(rows: &mut HashMap<QuotaId, (Counter, Lease)>, ask: &Ask) -> lease::Answer {
    let row = rows.entry(ask.counter.quota).or_insert((Counter { limit: 1 << 40, granted: 0 }, Lease::default()));
    let (counter, lease, answer) = lease::grant(row.0, row.1, ask);
    *row = (counter, lease);
    answer
}

fn four_quotas() -> [Quota; 4] {
    let quota = |number: u128, scope, metric, period| {
        let (id, anchor) = (QuotaId::from_u128(number), Timestamp::from_micros(0));
        Quota { id, scope, metric, period, anchor, limit: 1 << 40, overage: None }
    };
    [
        quota(1, Scope::Account, Metric::Requests, Period::Day),
        quota(2, Scope::Account, Metric::Credits, Period::Month),
        quota(3, Scope::Member, Metric::Requests, Period::Month),
        quota(4, Scope::Key, Metric::Requests, Period::Day),
    ]
}

fn a_key(number: u128) -> KeyPolicy {
    KeyPolicy {
        id: KeyId::from_u128(number),
        account: AccountId::from_u128(1),
        version: 1,
        disabled: false,
        expires_at: None,
        apis: Box::default(),
        networks: Box::default(),
        lists: None,
        secret: None,
        quotas: Box::default(),
        rates: Box::default(),
    }
}

fn a_value(number: u128) -> ValuePolicy {
    let (id, hash) = (ValueId::from_u128(number), value::hash(&number.to_le_bytes()));
    ValuePolicy { id, hash, key: KeyId::from_u128(number), member: None, expires_at: None }
}

fn a_call() -> CallRecord<'static> {
    CallRecord {
        request: RequestId::from_u128(1),
        account: AccountId::from_u128(1),
        member: Some(MemberId::from_u128(2)),
        key: KeyId::from_u128(3),
        value: ValueId::from_u128(4),
        api: "ethereum",
        network: Some("eth/mainnet"),
        wire: Wire::Http,
        via: Via::Direct,
        method: "eth_call",
        path: "/ethereum/v1/eth/mainnet/{key}",
        policy_version: 7,
        batch: None,
        address: Some([192, 0, 2, 7].into()),
        origin: None,
        agent: Some("viem"),
        observed: ListKinds::NONE,
        contracts: &[],
    }
}
