//! Reading the log: rows come back as they were, filters and pages fit together, who follows misses nothing.

use domain::{
    allowlist::ListKind,
    call::Charge,
    decision::Denial,
    lease::{Ask, Fence},
    quota::{Metric, Period, Scope},
    request_log::{Contracts, Ending, Outcome, Row, RowState, Via, Wire},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{
    Store, ledger,
    request_log::{self, Cursor, Filter, TailCursor, Totals},
};

use crate::{backends::on_both, calls::*, world::*};

async fn node(store: &Store) -> (Fence, domain::request_log::Counted) {
    let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 1_000)]).await;
    let (node, counter) = (ledger::open_epoch(store, 5, NOW).await.unwrap(), world.counter().await);
    ledger::grant(store, node, NOW, &[Ask { counter, known: 0, want: 500, need: 1 }]).await.unwrap();
    (node, requests(counter))
}

/// What a filter means, said of one row.
type Meant = Box<dyn Fn(&Row) -> bool>;

fn newest_first(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| std::cmp::Reverse((row.time, row.place)));
    rows
}

#[test]
fn what_is_unusual_in_one_way_only_comes_back_as_it_was() {
    type Change = fn(&mut Row, &mut Ending);
    let changes: [Change; 18] = [
        |_, _| {},
        |row, _| row.member = None,
        |row, _| row.network = Some("eth/mainnet".to_owned()),
        |row, _| row.wire = Wire::WebSocket,
        |row, _| row.via = Via::Tester,
        |row, _| row.batch = Some((id(5), 0)),
        |row, _| row.count = 2,
        |row, _| row.origin = Some("https://example.com".to_owned()),
        |row, _| row.state = RowState::Cut,
        |row, _| row.observed = ListKind::Methods.into(),
        |row, _| row.contracts = Some(Contracts { first: Vec::new(), total: 1 }),
        |row, _| row.overage = Charge { requests: 1, credits: 0 },
        |row, _| row.overage = Charge { requests: 0, credits: 1 },
        |_, ending| ending.outcome = Outcome::Abandoned,
        |_, ending| (ending.outcome, ending.denial) = (Outcome::Failed, Some(Denial::UpstreamTimeout)),
        |_, ending| ending.rpc_error = Some(-32_000),
        |_, ending| ending.refund = Charge { requests: 0, credits: 1 },
        |_, ending| (ending.attempts, ending.upstream) = (2, None),
    ];
    on_both(|store| async move {
        let (node, counted) = node(&store).await;
        let row = |(seq, change): (u64, &Change)| {
            let mut row = plain_row(node, seq, &[counted]);
            let mut ending = row.ending.take().expect("it is over");
            change(&mut row, &mut ending);
            row.denial = ending.denial;
            Row { ending: Some(ending), ..row }
        };
        let rows: Vec<Row> = (1..).zip(&changes).map(row).collect();
        let last = rows.len() as u64;
        request_log::ship(&store, &batch(node, 1, last, rows.clone(), vec![])).await.unwrap();
        let found = request_log::list(&store, &Filter::default()).await.unwrap();
        assert_eq!(found, newest_first(rows));
    });
}

#[test]
fn filters_pages_and_totals_say_the_same_as_the_rows() {
    on_both(|store| async move {
        let (node, counted) = node(&store).await;
        let limited = Denial::RateLimited(Scope::Key);
        let mut rows: Vec<Row> = (1..=40).map(|seq| closed_row(node, seq, &[counted])).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            row.key = id(at as u128 % 3);
            row.member = (at % 4 == 0).then(|| id(4));
            row.account = id(1 + at as u128 % 2);
            row.value = id(at as u128 % 6);
            if at % 5 == 0 {
                (row.method, row.address) = ("eth_chainId".to_owned(), Some([0, 0, 0, 0, 0, 0, 0, 1].into()));
            }
            if at % 8 == 0 {
                row.ending.as_mut().unwrap().outcome = Outcome::Failed;
            }
            row.time = NOW.plus(at as i64 / 5); // several rows of one moment
        }
        rows.push(denied_row(node, 41, limited, 17));
        rows.push(Row {
            api: "football".to_owned(),
            network: None,
            batch: None,
            observed: ListKind::Methods.into(),
            contracts: None,
            ..denied_row(node, 42, Denial::Malformed, 1)
        });
        request_log::ship(&store, &batch(node, 1, 42, rows.clone(), vec![])).await.unwrap();

        let all = Filter::default();
        let cases: Vec<(Filter, Meant)> = vec![
            (all.clone(), Box::new(|_| true)),
            (Filter { key: Some(id(2)), ..all.clone() }, Box::new(|row| row.key == id(2))),
            (Filter { member: Some(id(4)), ..all.clone() }, Box::new(|row| row.member == Some(id(4)))),
            (
                Filter { account: Some(id(2)), key: Some(id(1)), ..all.clone() },
                Box::new(|row| row.account == id(2) && row.key == id(1)),
            ),
            (Filter { api: Some(name("football")), ..all.clone() }, Box::new(|row| row.api == "football")),
            (
                Filter { observed: Some(ListKind::Methods), ..all.clone() },
                Box::new(|row| row.observed.has(ListKind::Methods)),
            ),
            (Filter { denial: Some(limited), ..all.clone() }, Box::new(move |row| row.denial == Some(limited))),
            (
                Filter { outcome: Some(Outcome::Answered), ..all.clone() },
                Box::new(|row| row.ending.as_ref().is_some_and(|ending| ending.outcome == Outcome::Answered)),
            ),
            (
                Filter { after: Some(NOW.plus(2)), before: Some(NOW.plus(5)), ..all.clone() },
                Box::new(|row| (NOW.plus(2)..NOW.plus(5)).contains(&row.time)),
            ),
            (Filter { key: Some(id(99)), ..all.clone() }, Box::new(|_| false)),
            (Filter { value: Some(id(3)), ..all.clone() }, Box::new(|row| row.value == id(3))),
            (
                Filter { network: Some(name("eth/mainnet")), ..all.clone() },
                Box::new(|row| row.network.as_deref() == Some("eth/mainnet")),
            ),
            (Filter { method: Some("eth_chainId".into()), ..all.clone() }, Box::new(|row| row.method == "eth_chainId")),
            (
                Filter { status: Some(429), ..all.clone() },
                Box::new(|row| row.ending.as_ref().is_some_and(|ending| ending.status == 429)),
            ),
            (
                Filter { address: Some([0, 0, 0, 0, 0, 0, 0, 1].into()), ..all.clone() },
                Box::new(|row| row.address.is_some_and(|address| address.is_ipv6())),
            ),
            (
                Filter { errors_only: true, ..all.clone() },
                Box::new(|row| {
                    let outcome = row.ending.as_ref().map(|ending| ending.outcome);
                    matches!(outcome, Some(Outcome::Failed | Outcome::Denied))
                }),
            ),
        ];
        for (filter, meant) in cases {
            let expected = newest_first(rows.iter().filter(|row| meant(row)).cloned().collect());
            assert_eq!(request_log::list(&store, &filter).await.unwrap(), expected, "{filter:?}");
            let mut paged = Vec::new();
            let mut page = Filter { limit: 7, ..filter.clone() };
            loop {
                let rows = request_log::list(&store, &page).await.unwrap();
                let Some(last) = rows.last() else { break };
                page.cursor = Some(Cursor { time: last.time, place: last.place });
                paged.extend(rows);
            }
            assert_eq!(paged, expected, "in pages: {filter:?}");
            let sum = |figure: fn(&Row) -> u64| expected.iter().map(figure).sum();
            let totals = Totals {
                calls: sum(|row| row.count),
                requests: sum(|row| u64::from(row.charge.requests)),
                credits: sum(|row| u64::from(row.charge.credits)),
                refunded_requests: 0,
                refunded_credits: 0,
            };
            assert_eq!(request_log::totals(&store, &filter).await.unwrap(), totals, "{filter:?}");
        }
    });
}

#[test]
fn who_follows_sees_every_row_once_however_late_it_arrives() {
    on_both(|store| async move {
        let (node, counted) = node(&store).await;
        let in_ring = |ring: u16, lo: u64, hi: u64, time: i64| {
            let row = |seq| {
                let mut row = closed_row(node, seq, &[counted]);
                (row.place.ring, row.time) = (ring, NOW.plus(time));
                row
            };
            domain::request_log::Batch { ring, ..batch(node, lo, hi, (lo..=hi).map(row).collect(), vec![]) }
        };
        let (mut whole, mut from_now) = (TailCursor::default(), TailCursor::default());
        // A journal whose cut comes later has rows of an earlier time.
        let arriving = [in_ring(0, 0, 9, 100), in_ring(1, 1, 5, 50), in_ring(0, 10, 30, 200), in_ring(1, 6, 6, 10)];
        let (mut seen, mut seen_from_now) = (Vec::new(), Vec::new());
        for (n, batch) in arriving.iter().enumerate() {
            request_log::ship(&store, batch).await.unwrap();
            if n == 0 {
                from_now = request_log::tail_from_now(&store).await.unwrap();
            }
            loop {
                let rows = request_log::tail(&store, &mut whole, 4).await.unwrap();
                assert!(rows.len() <= 4);
                if rows.is_empty() {
                    break;
                }
                seen.extend(rows);
            }
            seen_from_now.extend(request_log::tail(&store, &mut from_now, 1_000).await.unwrap());
        }
        let shipped =
            |from: usize| newest_first(arriving[from..].iter().flat_map(|batch| batch.rows.clone()).collect());
        assert_eq!(newest_first(seen), shipped(0));
        assert_eq!(newest_first(seen_from_now), shipped(1));
    });
}

#[test]
fn any_row_comes_back_as_it_was() {
    on_both(|store| async move {
        let (node, counted) = node(&store).await;
        let mut runner = TestRunner::deterministic();
        let texts = (
            any::<String>(),
            any::<String>(),
            proptest::option::of(any::<String>()),
            proptest::option::of(any::<String>()),
        );
        let figures = (any::<u32>(), any::<u16>(), any::<u8>(), any::<Option<i64>>(), any::<u64>());
        let mut rows = Vec::new();
        for seq in 1..=200 {
            let (method, path, origin, agent) = texts.new_tree(&mut runner).unwrap().current();
            let (credits, status, attempts, rpc_error, bytes) = figures.new_tree(&mut runner).unwrap().current();
            let mut row = closed_row(node, seq, &[counted]);
            // NUL cannot be stored and long texts are cut: row.rs has the cases of both.
            let kept = |text: String, limit: usize| text.replace('\0', "").chars().take(limit / 4).collect::<String>();
            (row.method, row.path) = (kept(method, 128), kept(path, 512));
            (row.origin, row.agent) = (origin.map(|text| kept(text, 256)), agent.map(|text| kept(text, 256)));
            row.charge.credits = credits;
            row.batch = (seq % 2 == 0).then(|| (id(u128::MAX), credits));
            row.via = if seq % 3 == 0 { Via::Tester } else { Via::Direct };
            let ending = row.ending.as_mut().unwrap();
            (ending.status, ending.attempts, ending.rpc_error) = (status, attempts, rpc_error);
            ending.bytes_out = bytes & (i64::MAX as u64);
            if seq % 5 == 0 {
                (ending.outcome, ending.denial) = (Outcome::Failed, Some(Denial::MemberSuspended));
                (row.state, row.denial) = (ending.state(), ending.denial);
            }
            rows.push(row);
        }
        request_log::ship(&store, &batch(node, 1, 200, rows.clone(), vec![])).await.unwrap();
        assert_eq!(request_log::list(&store, &Filter::default()).await.unwrap(), newest_first(rows));
    });
}
