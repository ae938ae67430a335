//! How quick the store is: printed, not judged. `cargo test -p store --test it -- --ignored --nocapture speed`

use std::time::Instant;

use domain::{
    lease::{Ask, CounterId, Fence},
    quota::{Metric, Period},
    request_log::{Counted, Row},
};
use store::{key, ledger, ledger_audit, policy, request_log, value};

use crate::{backends::with_both, calls::*, world::*};

fn print(backend: &str, what: &str, count: u64, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!("{backend:>8} {what:<28} {count:>8} in {seconds:>7.3} s: {:>9.0}/s", count as f64 / seconds);
}

#[test]
#[ignore = "a measurement, for people"]
fn speed_of_shipping_and_granting() {
    with_both(|backend| async move {
        let store = backend.open().await;
        let quotas: Vec<_> = (1..=100).map(|days| terms(Metric::Requests, Period::Days(days), 10_000_000)).collect();
        let world = World::new(store.clone(), &quotas).await;
        let counters: Vec<CounterId> = world.quotas().await.iter().map(counter).collect();
        let node = ledger::open_epoch(&store, 5, NOW).await.unwrap();
        for (bundle, rounds) in [(1, 300), (100, 100)] {
            let start = Instant::now();
            for round in 0..rounds {
                let known = if bundle == 1 { round * 10 } else { 3_000 + round * 10 };
                let ask = |counter: &CounterId| Ask { counter: *counter, known, want: 10, need: 1 };
                let asks: Vec<Ask> = counters[..bundle as usize].iter().map(ask).collect();
                ledger::grant(&store, node, NOW, &asks).await.unwrap();
            }
            print(backend.name, &format!("grants in bundles of {bundle}"), bundle * rounds, start);
        }
        const BATCH: u64 = 5_000;
        type Make = fn(Fence, u64, &[Counted]) -> Row;
        let kinds: [(&str, Make); 3] = [
            ("rows shipped, open", open_row),
            ("rows shipped, closed", closed_row),
            ("rows shipped, plain", plain_row),
        ];
        for (kind, (what, made)) in kinds.into_iter().enumerate() {
            let start_seq = kind as u64 * 20 * BATCH;
            let start = Instant::now();
            for n in 0..20 {
                let (lo, hi) = (start_seq + n * BATCH + 1, start_seq + (n + 1) * BATCH);
                let row = |seq: u64| {
                    let counted = [requests(counters[seq as usize % 100]), requests(counters[0])];
                    let mut row = made(node, seq, &counted);
                    (row.key, row.value) = (id(u128::from(seq % 997)), id(u128::from(seq % 997)));
                    row
                };
                request_log::ship(&store, &batch(node, lo, hi, (lo..=hi).map(row).collect(), vec![])).await.unwrap();
            }
            print(backend.name, what, 20 * BATCH, start);
        }
        let start = Instant::now();
        let report = ledger_audit::check(&store).await.unwrap();
        print(backend.name, "rows audited", report.rows, start);

        const KEYS: u64 = 100_000;
        let start = Instant::now();
        let tx = store.begin().await.unwrap();
        let keys: Vec<_> = (0..KEYS).map(|n| a_key(1_000_000 + u128::from(n) * 7_919, world.account.id)).collect();
        let values: Vec<_> = keys.iter().map(|key| a_value(key.id.as_u128(), key.id, None)).collect();
        key::insert_many(&tx, &keys).await.unwrap();
        value::insert_many(&tx, &values).await.unwrap();
        tx.commit().await.unwrap();
        print(backend.name, "keys with values inserted", KEYS, start);
        let start = Instant::now();
        let mut told = 0;
        policy::snapshot_into(&store, &mut |page| told += page.len()).await.unwrap();
        print(backend.name, "policies loaded", told as u64, start);
        store.close().await.unwrap();
    });
}
