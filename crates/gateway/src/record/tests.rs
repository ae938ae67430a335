//! Denials: how many rows they fill, and that not one call is lost in the folding.

use std::{collections::HashMap, net::IpAddr, rc::Rc, sync::Arc};

use domain::{
    decision::Denial,
    id::{KeyId, ValueId},
    quota::Scope,
    request_log::Row,
    time::SECOND,
};
use journal::Settings;
use proptest::prelude::*;

use super::*;
use crate::meter::tests::world::{self, Shelf};

const EXHAUSTED: Denial = Denial::QuotaExhausted(Scope::Key);

fn denied(denial: Denial) -> Denied {
    Denied { denial, status: denial.status(), rpc_error: None, latency: 1, bytes_in: 0, bytes_out: 0 }
}

fn desk() -> (Shelf, Rc<Recorder>, Arc<DenialBudget>) {
    let budget = Arc::new(DenialBudget::default());
    let (shelf, recorder) = Shelf::new(world::CLOCK, Arc::clone(&budget), Settings::default());
    (shelf, recorder, budget)
}

fn rows(shelf: &Shelf) -> Vec<Row> {
    let row = |record| match record {
        codec::Record::Whole(row) => row,
        other => panic!("only denials are written here, and this is {other:?}"),
    };
    shelf.records().into_iter().map(row).collect()
}

/// The start of a second, so that no test runs into the next by chance.
fn on_the_second() -> Timestamp {
    Timestamp::from_micros((world::now().micros() / SECOND + 1) * SECOND)
}

#[test]
fn fifty_rows_a_second_for_each_key_and_the_rest_in_one_with_its_exact_count() {
    let (shelf, recorder, budget) = desk();
    let start = on_the_second();
    for call in 0..700i64 {
        recorder.denied(&world::call(1), start.plus(call), &denied(EXHAUSTED));
    }
    assert_eq!(rows(&shelf).len(), 50);
    recorder.tick(start.plus(SECOND / 2));
    assert_eq!(rows(&shelf).len(), 50, "the second is not over");
    recorder.tick(start.plus(SECOND + 50));
    let rows = rows(&shelf);
    let counts: Vec<_> = rows.iter().skip(50).map(|row| (row.count, row.time, row.denial)).collect();
    assert_eq!(counts, [(650, start.plus(50), Some(EXHAUSTED))]);
    assert_eq!(budget.without_row(), 0);
}

#[test]
fn rows_are_folded_by_value_denial_method_and_address_and_by_nothing_else() {
    let (shelf, recorder, _) = desk();
    let start = on_the_second();
    let base = CallRecord { key: KeyId::from_u128(1), ..world::call(1) };
    (0..50).for_each(|_| recorder.denied(&base, start, &denied(EXHAUSTED)));
    let variants = [
        (base, EXHAUSTED, 3),
        (CallRecord { value: ValueId::from_u128(9), ..base }, EXHAUSTED, 4),
        (base, Denial::RateLimited(Scope::Key), 5),
        (CallRecord { method: "POST /other", ..base }, EXHAUSTED, 6),
        (CallRecord { address: Some([192, 0, 2, 99].into()), ..base }, EXHAUSTED, 7),
        (CallRecord { api: "baseball", ..base }, EXHAUSTED, 8),
    ];
    for (call, denial, times) in variants {
        // Request, path and agent differ from call to call and make no other row.
        for time in 0..times {
            let agent = ["a", "b"][time % 2];
            recorder.denied(&CallRecord { agent: Some(agent), path: agent, ..call }, start, &denied(denial));
        }
    }
    recorder.flush();
    let mut counts: Vec<_> = rows(&shelf).iter().skip(50).map(|row| row.count).collect();
    counts.sort_unstable();
    assert_eq!(counts, [3, 4, 5, 6, 7, 8]);
}

#[test]
fn above_three_quarters_denials_wait_in_memory_and_are_written_when_there_is_room() {
    let settings = Settings { segment_bytes: journal::MIN_SEGMENT_BYTES, max_segments: 4, ..Settings::default() };
    let budget = Arc::new(DenialBudget::new(u32::MAX, u32::MAX));
    let (shelf, recorder) = Shelf::new(world::CLOCK, Arc::clone(&budget), settings);
    let mut calls = 0;
    while recorder.fill() <= DENIAL_ROWS_UP_TO {
        recorder.denied(&world::call(1), world::now(), &denied(EXHAUSTED));
        calls += 1;
    }
    let rows_then = rows(&shelf).len();
    (0..1_000).for_each(|_| recorder.denied(&world::call(1), world::now(), &denied(EXHAUSTED)));
    recorder.tick(world::now().plus(2 * SECOND));
    assert_eq!(rows(&shelf).len(), rows_then, "the room that is left is for calls that are forwarded");
    recorder.flush();
    let sum: u64 = rows(&shelf).iter().map(|row| row.count).sum();
    assert_eq!(sum + budget.without_row(), calls + 1_000);
}

#[test]
fn when_too_many_rows_are_being_folded_they_are_written_early() {
    let (shelf, recorder, budget) = desk();
    let calls = 3 * MAX_FOLDED as u128;
    for call in 0..calls {
        // One key, so that only 50 get a row of their own; each from another address.
        let address = IpAddr::from(((0x2001_0db8 << 96) | call).to_be_bytes());
        let call = CallRecord { address: Some(address), ..world::call(1) };
        recorder.denied(&call, on_the_second(), &denied(EXHAUSTED));
    }
    recorder.flush();
    let sum: u64 = rows(&shelf).iter().map(|row| row.count).sum();
    assert_eq!((u128::from(sum), budget.without_row()), (calls, 0));
}

#[test]
fn an_unknown_key_is_counted_and_gets_no_row() {
    let (shelf, recorder, budget) = desk();
    (0..3).for_each(|_| recorder.unknown_key());
    recorder.flush();
    assert_eq!((rows(&shelf).len(), budget.unknown_keys()), (0, 3));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn counts_add_up_to_the_calls_of_each_kind(
        calls in prop::collection::vec((0..3u128, 0..3usize, 0..2usize, 0..400_000i64, any::<bool>()), 0..600),
    ) {
        let (shelf, recorder, _) = desk();
        let denials = [EXHAUSTED, Denial::RateLimited(Scope::Account), Denial::QuotaUnavailable];
        let methods = ["GET /a", "GET /b"];
        let mut now = on_the_second();
        let mut expected = HashMap::<_, u64>::new();
        for (number, denial, method, pause, tick) in calls {
            now = now.plus(pause / 20);
            let call = CallRecord { method: methods[method], key: KeyId::from_u128(7), ..world::call(number) };
            recorder.denied(&call, now, &denied(denials[denial]));
            *expected.entry((number, denials[denial], methods[method].to_owned())).or_default() += 1;
            if tick {
                recorder.tick(now);
            }
        }
        drop(recorder);
        let mut found = HashMap::<_, u64>::new();
        for row in rows(&shelf) {
            *found.entry((row.value.as_u128(), row.denial.expect("it is one"), row.method)).or_default() += row.count;
        }
        prop_assert_eq!(found, expected);
    }
}
