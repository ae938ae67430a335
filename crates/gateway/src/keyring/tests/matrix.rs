//! Every limit there is: what it counts, for how long, and whose it is. Each lets through what it says, names its owner when it
//! refuses, and tells when it makes sense to come back.

use domain::{
    id::QuotaId,
    quota::Period,
    time::{SECOND, Timestamp},
};

use super::*;
use crate::meter::{Refused, tests::world::Ledger};

const SCOPES: [Scope; 3] = [Scope::Key, Scope::Member, Scope::Account];
const METRICS: [Metric; 2] = [Metric::Requests, Metric::Credits];

/// What each call costs in credits.
const CREDITS: u32 = 2;
/// Units of each limit: six calls where requests are counted, three where credits are.
const UNITS: u64 = 6;

fn calls(metric: Metric) -> usize {
    match metric {
        Metric::Requests => 6,
        Metric::Credits => 3,
    }
}

/// A keyring with one value (40), where only the noun of this scope has limits.
fn limited(scope: Scope, quotas: &[Quota], rates: &[RateLimit]) -> Keyring {
    let of = |here: Scope| if here == scope { (quotas.to_vec(), rates.to_vec()) } else { (Vec::new(), Vec::new()) };
    let (keyring, mut of_account) = (keyring(), account(1, of(Scope::Account).0));
    of_account.subscriptions[0].rates = of(Scope::Account).1;
    keyring.apply(vec![
        PolicyChange::Account(of_account),
        PolicyChange::Member(MemberPolicy { rates: of(Scope::Member).1, ..member(2, of(Scope::Member).0) }),
        PolicyChange::Key(KeyPolicy { rates: of(Scope::Key).1.into(), ..key(4, 1, of(Scope::Key).0) }),
        PolicyChange::Value(value(40, 4, Some(2))),
    ]);
    keyring
}

/// More calls than any limit of the matrix lets through.
const MOST: usize = 1_000;

/// How many calls are let through now, and why no more.
fn let_through(keyring: &Keyring, ledger: &Ledger) -> (usize, Refused) {
    let entry = keyring.find(&hash(40)).expect("it is known");
    let limits = entry.view().expect("its key is known").limits(0);
    for served in 0..MOST {
        loop {
            match keyring.meter.take(&limits, Charge::priced(CREDITS), world::now(), world::steady()) {
                Take::Taken(_) => break,
                Take::Denied(refused) => return (served, refused),
                Take::Wait(_) => ledger.answer(&keyring.meter),
            }
        }
    }
    panic!("no limit ends after {MOST} calls")
}

#[test]
fn every_quota_gives_its_units_in_each_window_and_not_one_more() {
    let periods = [Period::Day, Period::Month, Period::Cycle, Period::Days(30), Period::Lifetime];
    for (scope, metric, period) in product(periods) {
        let case = format!("{metric} per {period} of one {scope}");
        let anchor = Timestamp::from_micros(0);
        let id = QuotaId::from_u128(1);
        let quota = Quota { id, scope, metric, period, anchor, limit: UNITS, overage: None };
        let (keyring, ledger) = (limited(scope, &[quota], &[]), Ledger::new(&[quota]));
        let (served, refused) = let_through(&keyring, &ledger);
        assert_eq!((served, refused.denial), (calls(metric), Denial::QuotaExhausted(scope)), "{case}");
        let end = quota.window(world::now()).end;
        if period == Period::Lifetime {
            assert_eq!(refused.retry_at, None, "{case}");
            continue;
        }
        assert_eq!(refused.retry_at, Some(end), "{case}");
        world::pass(end.since(world::now()) - 1);
        assert_eq!(let_through(&keyring, &ledger).0, 0, "{case}: the last moment of the window");
        world::pass(1);
        assert_eq!(let_through(&keyring, &ledger).0, calls(metric), "{case}: the next window");
    }
}

#[test]
fn every_rate_gives_its_burst_and_then_its_pace() {
    for (scope, metric, per) in product([Per::Second, Per::Minute]) {
        let case = format!("{metric} per {per} of one {scope}");
        let rate = RateLimit { scope, metric, per, limit: UNITS };
        let (keyring, ledger) = (limited(scope, &[], &[rate]), Ledger::new(&[]));
        let (served, refused) = let_through(&keyring, &ledger);
        assert_eq!((served, refused.denial), (calls(metric), Denial::RateLimited(scope)), "{case}");
        // Rounded up in nanoseconds: a little slower than the limit, never faster.
        let span = if per == Per::Second { SECOND } else { 60 * SECOND };
        let pace = span.div_euclid(calls(metric) as i64) + 1;
        let wait = refused.retry_at.expect("it is known").since(world::now());
        assert!((pace - 1..=pace).contains(&wait), "{case}: {wait} of {pace}");
        world::pass(wait - 2);
        assert_eq!(let_through(&keyring, &ledger).0, 0, "{case}: before that moment");
        world::pass(4);
        assert_eq!(let_through(&keyring, &ledger).0, 1, "{case}: after it");
    }
}

/// Every scope and metric with each of these.
fn product<T: Copy>(spans: impl IntoIterator<Item = T> + Clone) -> Vec<(Scope, Metric, T)> {
    let pairs = SCOPES.into_iter().flat_map(|scope| METRICS.map(|metric| (scope, metric)));
    pairs.flat_map(|(scope, metric)| spans.clone().into_iter().map(move |span| (scope, metric, span))).collect()
}
