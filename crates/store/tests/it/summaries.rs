//! Summaries of the log: buckets, spenders, denials, sparks and percentiles say the same as the rows themselves.

use std::collections::BTreeMap;

use domain::{
    allowlist::{ListKind, ListKinds},
    call::Charge,
    decision::Denial,
    id::{KeyId, MemberId},
    lease::Fence,
    quota::Scope,
    request_log::{Close, Ending, Outcome, Row, RowState},
    time::{SECOND, Timestamp},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{
    Store, key, ledger,
    request_log::{self, Bucket, DenialCount, Filter, LastUse, ObservedCount, Spend},
};

use crate::{backends::on_both, calls::*, world::*};

/// Rows in a random log.
const ROWS: u64 = 250;
/// Its length, in microseconds: some whole half hours, and parts of others at both ends of each span that is asked for.
const SPAN: i64 = 10_000 * SECOND;

async fn node(store: &Store) -> Fence {
    World::new(store.clone(), &[]).await;
    ledger::open_epoch(store, 5, NOW).await.unwrap()
}

/// What of a row is random: when, key, member, how it ended, and figures.
type Drawn = (i64, u128, Option<u128>, u8, u64, u32, u32);

fn drawn() -> impl Strategy<Value = Drawn> {
    let credits = 0u32..50;
    (0..SPAN, 1u128..5, proptest::option::of(1u128..4), 0u8..7, 1u64..40, credits.clone(), credits)
}

fn row_of(node: Fence, seq: u64, (at, key, member, end, count, credits, refund): Drawn) -> Row {
    let mut row = match end {
        0 | 1 => closed_row(node, seq, &[]),
        2 => denied_row(node, seq, Denial::RateLimited(Scope::Key), count),
        3 => denied_row(node, seq, Denial::Malformed, 1),
        4 => open_row(node, seq, &[]),
        outcome => {
            let mut row = closed_row(node, seq, &[]);
            let ending = row.ending.as_mut().unwrap();
            let failed = outcome == 5;
            ending.outcome = if failed { Outcome::Failed } else { Outcome::Abandoned };
            ending.denial = failed.then_some(Denial::UpstreamTimeout);
            ending.refund = Charge { requests: 1, credits: refund.min(credits) };
            row.denial = ending.denial;
            row
        }
    };
    if row.charge != Charge::NOTHING {
        row.charge.credits = credits;
    }
    if let Some(ending) = &mut row.ending {
        (ending.latency, ending.upstream_latency) = (u64::from(credits) * 1_000, u64::from(refund) * 1_000);
    }
    row.time = MIDNIGHT.plus(at);
    row.observed = ListKinds::of_bits(at.rem_euclid(16) as u8).unwrap();
    (row.key, row.member, row.account) = (id(key), member.map(id), id(1 + key / 4));
    row
}

/// A log of random rows, shipped in two batches; of those that were stored open, some ended later.
async fn random_log(store: &Store) -> Vec<Row> {
    let node = node(store).await;
    let mut runner = TestRunner::deterministic();
    let row = |seq| row_of(node, seq, drawn().new_tree(&mut runner).unwrap().current());
    let mut rows: Vec<Row> = (1..=ROWS).map(row).collect();
    let (first, second) = rows.split_at(ROWS as usize / 2);
    request_log::ship(store, &batch(node, 1, ROWS / 2, first.to_vec(), vec![])).await.unwrap();
    request_log::ship(store, &batch(node, ROWS / 2 + 1, ROWS, second.to_vec(), vec![])).await.unwrap();
    let mut closes = Vec::new();
    for row in rows.iter_mut().filter(|row| row.state == RowState::Open && row.place.seq % 3 != 0) {
        let close = Close { counted: vec![], ..refunded(node, row.place.seq, &[]) };
        let outcome = [Outcome::Failed, Outcome::Answered][row.place.seq as usize % 2];
        let refund = Charge { requests: 1, credits: row.charge.credits / 2 };
        let close = Close { ending: Ending { outcome, refund, ..close.ending }, ..close };
        (row.state, row.denial) = (close.state, close.ending.denial.or(row.denial));
        row.ending = Some(close.ending.clone());
        closes.push(close);
    }
    assert!(closes.len() > 5);
    request_log::ship(store, &batch(node, ROWS + 1, 2 * ROWS, vec![], closes)).await.unwrap();
    rows
}

/// Filters, and the rows that each means.
fn cuts(rows: &[Row]) -> Vec<(Filter, Vec<Row>)> {
    let (after, before) = (MIDNIGHT.plus(SPAN / 4), MIDNIGHT.plus(SPAN / 2));
    let cut = |filter: Filter, meant: &dyn Fn(&&Row) -> bool| (filter, rows.iter().filter(meant).cloned().collect());
    let all = Filter::default;
    vec![
        cut(all(), &|_| true),
        cut(Filter { limit: 1, account: Some(id(1)), ..all() }, &|row| row.account == id(1)),
        cut(Filter { key: Some(id(2)), ..all() }, &|row| row.key == id(2)),
        cut(Filter { keys: vec![id(2), id(3)], account: Some(id(1)), after: Some(after), ..all() }, &|row| {
            [id(2), id(3)].contains(&row.key) && row.account == id(1) && row.time >= after
        }),
        cut(Filter { members: vec![id(2), id(3)], account: Some(id(1)), after: Some(after), ..all() }, &|row| {
            [Some(id(2)), Some(id(3))].contains(&row.member) && row.account == id(1) && row.time >= after
        }),
        cut(Filter { accounts: vec![id(1), id(2)], before: Some(before), ..all() }, &|row| {
            [id(1), id(2)].contains(&row.account) && row.time < before
        }),
        cut(Filter { member: Some(id(2)), after: Some(after), ..all() }, &|row| {
            row.member == Some(id(2)) && row.time >= after
        }),
        cut(Filter { after: Some(after), before: Some(before), ..all() }, &|row| (after..before).contains(&row.time)),
        cut(Filter { before: Some(before), api: Some(rows[0].api.parse().unwrap()), ..all() }, &|row| {
            row.time < before && row.api == rows[0].api
        }),
        cut(Filter { api: Some("other".parse().unwrap()), ..all() }, &|_| false),
        cut(Filter { after: Some(before), before: Some(after), ..all() }, &|_| false),
        // What summaries do not know is summed from the rows.
        cut(Filter { errors_only: true, ..all() }, &|row| {
            matches!(outcome(row), Some(Outcome::Failed | Outcome::Denied))
        }),
    ]
}

fn outcome(row: &Row) -> Option<Outcome> {
    row.ending.as_ref().map(|ending| ending.outcome)
}

/// Requests and credits, less what was given back.
fn net(row: &Row) -> (u64, u64) {
    let refund = row.ending.as_ref().map_or(Charge::NOTHING, |ending| ending.refund);
    ((row.charge.requests - refund.requests).into(), (row.charge.credits - refund.credits).into())
}

#[test]
fn buckets_say_the_same_as_the_rows_and_add_up_to_the_totals() {
    on_both(|store| async move {
        for (filter, rows) in cuts(&random_log(&store).await) {
            let totals = request_log::totals(&store, &filter).await.unwrap();
            for length in [1, 7 * SECOND, request_log::GRAIN, 3_600 * SECOND] {
                let mut expected: BTreeMap<i64, Bucket> = BTreeMap::new();
                for row in &rows {
                    let start = row.time.micros() / length * length;
                    let empty = Bucket {
                        start: Timestamp::from_micros(start),
                        answered: 0,
                        denied: 0,
                        failed: 0,
                        other: 0,
                        requests: 0,
                        credits: 0,
                    };
                    let bucket = expected.entry(start).or_insert(empty);
                    let calls = match outcome(row) {
                        Some(Outcome::Answered) => &mut bucket.answered,
                        Some(Outcome::Denied) => &mut bucket.denied,
                        Some(Outcome::Failed) => &mut bucket.failed,
                        _ => &mut bucket.other,
                    };
                    *calls += row.count;
                    (bucket.requests, bucket.credits) = (bucket.requests + net(row).0, bucket.credits + net(row).1);
                }
                let series = request_log::series(&store, &filter, length).await.unwrap();
                assert_eq!(series, expected.into_values().collect::<Vec<_>>(), "{length}: {filter:?}");
                let sum = |figure: fn(&Bucket) -> u64| series.iter().map(figure).sum::<u64>();
                assert_eq!(sum(Bucket::calls), totals.calls);
                assert_eq!(sum(|bucket| bucket.requests), totals.requests - totals.refunded_requests);
                assert_eq!(sum(|bucket| bucket.credits), totals.credits - totals.refunded_credits);
            }
        }
    });
}

/// What each of them spent, most calls first.
fn spends<W: Ord + Copy>(rows: &[Row], who: impl Fn(&Row) -> W) -> Vec<Spend<W>> {
    let mut spends: BTreeMap<W, Spend<W>> = BTreeMap::new();
    for row in rows {
        let who = who(row);
        let none = Spend { who, calls: 0, denied: 0, failed: 0, requests: 0, credits: 0, last: row.time };
        let spend = spends.entry(who).or_insert(none);
        spend.calls += row.count;
        spend.denied += if outcome(row) == Some(Outcome::Denied) { row.count } else { 0 };
        spend.failed += if outcome(row) == Some(Outcome::Failed) { row.count } else { 0 };
        (spend.requests, spend.credits) = (spend.requests + net(row).0, spend.credits + net(row).1);
        spend.last = spend.last.max(row.time);
    }
    let mut spends: Vec<Spend<W>> = spends.into_values().collect();
    spends.sort_by_key(|spend| (std::cmp::Reverse(spend.calls), spend.who));
    spends
}

#[test]
fn members_and_keys_spent_what_their_rows_say() {
    on_both(|store| async move {
        for (filter, rows) in cuts(&random_log(&store).await) {
            let mut by_member: Vec<Spend<Option<MemberId>>> = request_log::by_member(&store, &filter).await.unwrap();
            assert!(by_member.is_sorted_by_key(|spend| std::cmp::Reverse(spend.calls)));
            // Where calls are equal, the databases differ in the place of the account's own values.
            by_member.sort_by_key(|spend| (std::cmp::Reverse(spend.calls), spend.who));
            assert_eq!(by_member, spends(&rows, |row| row.member), "{filter:?}");
            let by_key: Vec<Spend<KeyId>> = request_log::by_key(&store, &filter).await.unwrap();
            assert_eq!(by_key, spends(&rows, |row| row.key), "{filter:?}");
        }
    });
}

#[test]
fn denials_are_counted_and_shown_by_their_newest_row() {
    on_both(|store| async move {
        for (filter, rows) in cuts(&random_log(&store).await) {
            let mut expected: BTreeMap<String, DenialCount> = BTreeMap::new();
            let mut oldest_first = rows;
            oldest_first.sort_by_key(|row| (row.time, row.place));
            for row in &oldest_first {
                let Some(denial) = row.denial else { continue };
                let before = expected.get(&denial.to_string()).map_or(0, |count| count.calls);
                let (method, key, member) = (row.method.clone(), row.key, row.member);
                let newest = DenialCount { denial, calls: before + row.count, last: row.time, method, key, member };
                expected.insert(denial.to_string(), newest);
            }
            let mut expected: Vec<DenialCount> = expected.into_values().collect();
            expected.sort_by_key(|count| std::cmp::Reverse(count.calls));
            assert_eq!(request_log::by_denial(&store, &filter).await.unwrap(), expected, "{filter:?}");
        }
    });
}

#[test]
fn observed_calls_are_counted_for_each_list_that_would_have_denied_them() {
    on_both(|store| async move {
        for (filter, mut rows) in cuts(&random_log(&store).await) {
            rows.sort_by_key(|row| (row.time, row.place));
            let count = |kind: ListKind| {
                let seen: Vec<&Row> = rows.iter().filter(|row| row.observed.has(kind)).collect();
                let newest = seen.last()?;
                let calls = seen.iter().map(|row| row.count).sum();
                let (last, method, key, member) = (newest.time, newest.method.clone(), newest.key, newest.member);
                Some(ObservedCount { kind, calls, last, method, key, member })
            };
            let mut expected: Vec<ObservedCount> = ListKind::ALL.into_iter().filter_map(count).collect();
            expected.sort_by_key(|count| std::cmp::Reverse(count.calls));
            assert_eq!(request_log::by_observed(&store, &filter).await.unwrap(), expected, "{filter:?}");
        }
    });
}

#[test]
fn sparks_are_the_calls_of_each_key() {
    on_both(|store| async move {
        let rows = random_log(&store).await;
        for length in [10 * SECOND, request_log::GRAIN] {
            let after = MIDNIGHT.plus(SPAN / 3);
            let mut expected: BTreeMap<(i64, KeyId), u64> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.account == id(1) && row.time >= after) {
                *expected.entry((row.time.micros() / length * length, row.key)).or_default() += row.count;
            }
            let filter = Filter { account: Some(id(1)), after: Some(after), ..Filter::default() };
            let sparks = request_log::sparks(&store, &filter, length).await.unwrap();
            let found: Vec<_> = sparks.iter().map(|spark| ((spark.start.micros(), spark.key), spark.calls)).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    });
}

#[test]
fn percentiles_are_those_of_the_calls_that_were_forwarded() {
    on_both(|store| async move {
        for (filter, rows) in cuts(&random_log(&store).await) {
            let sorted = |figure: fn(&Ending) -> u64| {
                let endings = rows.iter().filter_map(|row| row.ending.as_ref());
                let mut figures: Vec<u64> = endings.filter(|ending| ending.attempts > 0).map(figure).collect();
                figures.sort_unstable();
                figures
            };
            let (whole, upstream) = (sorted(|ending| ending.latency), sorted(|ending| ending.upstream_latency));
            let latency = request_log::latency(&store, &filter).await.unwrap();
            assert_eq!(latency.rows, whole.len() as u64, "{filter:?}");
            let percentiles =
                [(&whole, latency.p50, latency.p95), (&upstream, latency.upstream_p50, latency.upstream_p95)];
            for (figures, p50, p95) in percentiles {
                for (percentile, part) in [(p50, 50), (p95, 95)] {
                    let no_longer = figures.iter().filter(|figure| **figure <= percentile).count();
                    let shorter = figures.iter().filter(|figure| **figure < percentile).count();
                    assert!(no_longer * 100 >= part * figures.len(), "{filter:?}");
                    assert!(shorter * 100 < part * figures.len() || figures.is_empty(), "{filter:?}");
                }
            }
        }
    });
}

#[test]
fn a_key_was_last_used_by_its_newest_row() {
    on_both(|store| async move {
        let node = node(&store).await;
        let tx = store.begin().await.unwrap();
        // More keys than one statement asks for; the last one is never used.
        let keys: Vec<_> = (2..=300).map(|number| a_key(number, id(1))).collect();
        key::insert_many(&tx, &keys).await.unwrap();
        tx.commit().await.unwrap();
        let row = |seq: u64| {
            let mut row = closed_row(node, seq, &[]);
            (row.key, row.value) = (id(1 + u128::from(seq) % 299), id(seq.into()));
            (row.time, row.member) = (NOW.plus(-(seq as i64) / 2), seq.is_multiple_of(2).then(|| id(seq.into())));
            row
        };
        let rows: Vec<Row> = (1..=900).map(row).collect();
        request_log::ship(&store, &batch(node, 1, 900, rows.clone(), vec![])).await.unwrap();
        let mut newest: BTreeMap<KeyId, &Row> = BTreeMap::new();
        for row in &rows {
            let kept = newest.entry(row.key).or_insert(row);
            *kept = if (row.time, row.place) > (kept.time, kept.place) { row } else { kept };
        }
        let used = |row: &Row| LastUse { key: row.key, member: row.member, value: row.value, time: row.time };
        let expected: Vec<LastUse> = newest.into_values().map(used).collect();
        assert_eq!(expected.len(), 299);
        let all: Vec<KeyId> = (1..=300).map(id).collect();
        assert_eq!(request_log::last_used(&store, &all).await.unwrap(), expected);
        assert_eq!(request_log::last_used(&store, &[id(300)]).await.unwrap(), [], "it was never used");
    });
}

#[test]
fn a_request_is_found_by_its_id_with_all_its_calls_by_its_account_only() {
    on_both(|store| async move {
        let node = node(&store).await;
        let single = domain::id::RequestId::new(NOW, 7);
        let of_batch = domain::id::RequestId::new(NOW, 8);
        let mut rows: Vec<Row> = (1..=5).map(|seq| closed_row(node, seq, &[])).collect();
        rows[0].request = single;
        // The calls of a batch do not end in their order; one was still waiting a minute later.
        for (place, position) in [(1, 2), (2, 0), (3, 1)] {
            (rows[place].request, rows[place].batch) = (of_batch, Some((of_batch, position)));
        }
        rows[1].time = NOW.plus(60 * SECOND);
        rows[3].state = RowState::Open;
        rows[3].ending = None;
        let close = Close { counted: vec![], ..refunded(node, 4, &[]) };
        request_log::ship(&store, &batch(node, 1, 6, rows.clone(), vec![])).await.unwrap();
        let find = async |request, account| request_log::find(&store, request, account).await.unwrap();
        assert_eq!(find(single, id(1)).await, rows[..1]);
        let in_order = [rows[2].clone(), rows[3].clone(), rows[1].clone()];
        assert_eq!(find(of_batch, id(1)).await, in_order);
        assert_eq!(find(of_batch, id(2)).await, []);
        assert_eq!(find(domain::id::RequestId::new(NOW, 9), id(1)).await, []);
        request_log::ship(&store, &batch(node, 7, 7, vec![], vec![close.clone()])).await.unwrap();
        assert_eq!(find(of_batch, id(1)).await[1].ending, Some(close.ending));
    });
}
