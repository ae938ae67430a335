//! How values are used is written as rows arrive, and says the same as the rows.

use std::collections::BTreeMap;

use domain::{request_log::Row, time::Timestamp};
use store::request_log::{self, MAX_CALLERS, ValueUse};

use crate::{
    backends::on_both,
    calls::{batch, closed_row},
    world::{NOW, id},
};

/// Calls with two values, by callers that come again in later batches, and earlier than what arrived before.
fn rows(node: domain::lease::Fence) -> Vec<Row> {
    let row = |seq: u64| {
        let mut row = closed_row(node, seq, &[]);
        row.value = id(1 + u128::from(seq % 2));
        row.time = NOW.plus((seq * 37 % 60) as i64);
        row.address = (!seq.is_multiple_of(5)).then(|| [192, 0, 2, (seq % 5) as u8].into());
        row.agent = (!seq.is_multiple_of(3)).then(|| format!("agent/{}", seq % 3));
        row
    };
    (1..=60).map(row).collect()
}

/// What the rows say of a value since a moment, newest first.
fn expected(rows: &[Row], value: u128, since: Timestamp) -> Vec<ValueUse> {
    let mut last: BTreeMap<_, Timestamp> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.value == id(value) && row.time >= since) {
        let newest =
            last.entry((row.address.map(|address| address.to_string()), row.agent.clone())).or_insert(row.time);
        *newest = row.time.max(*newest);
    }
    let used = |((address, agent), last)| ValueUse { address, agent, last };
    let mut uses: Vec<_> = last.into_iter().map(used).collect();
    uses.sort_by_key(|used| std::cmp::Reverse(used.last));
    uses
}

#[test]
fn uses_of_a_value_say_the_same_as_its_rows() {
    on_both(|store| async move {
        let node = store::ledger::open_epoch(&store, 5, NOW).await.unwrap();
        let rows = rows(node);
        for part in rows.chunks(20) {
            let (lo, hi) = (part[0].place.seq, part[part.len() - 1].place.seq);
            let batch = batch(node, lo, hi, part.to_vec(), vec![]);
            request_log::ship(&store, &batch).await.unwrap();
            request_log::ship(&store, &batch).await.unwrap();
        }
        let used = request_log::last_used_values(&store, &[id(1), id(2), id(3)]).await.unwrap();
        for value in [1, 2] {
            assert_eq!(used.get(&id(value)), expected(&rows, value, NOW).first());
            for since in [0, 1, 30, 59, 60] {
                let since = NOW.plus(since);
                let callers = request_log::callers_since(&store, id(value), since).await.unwrap();
                assert_eq!(callers, expected(&rows, value, since), "{value} since {since}");
            }
        }
        assert_eq!(used.get(&id(3)), None, "it was never used");
    });
}

#[test]
fn of_very_many_callers_those_who_called_last_are_kept() {
    on_both(|store| async move {
        let node = store::ledger::open_epoch(&store, 5, NOW).await.unwrap();
        let row = |seq: u64| {
            let mut row = closed_row(node, seq, &[]);
            row.agent = Some(format!("agent/{seq}"));
            row.time = NOW.plus(seq as i64);
            row
        };
        let rows = (1..=500).map(row).collect();
        request_log::ship(&store, &batch(node, 1, 500, rows, vec![])).await.unwrap();
        let callers = request_log::callers_since(&store, id(1), NOW).await.unwrap();
        let agents: Vec<String> = callers.into_iter().filter_map(|used| used.agent).collect();
        let newest: Vec<String> = (0..=MAX_CALLERS as u64).map(|back| format!("agent/{}", 500 - back)).collect();
        assert_eq!(agents, newest);
        let all = store::ledger_audit::check(&store).await.unwrap();
        assert_eq!(all.findings, []);
    });
}
