//! Windows: a table of calendars, and what holds for all of them.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    text.parse().expect("a moment")
}

#[test]
fn windows() {
    let anchor = "2026-01-31T10:00:00Z";
    for (period, now, start, end) in [
        (Period::Day, "2026-03-05T23:59:59.999999Z", "2026-03-05", "2026-03-06"),
        (Period::Day, "2026-03-06", "2026-03-06", "2026-03-07"),
        (Period::Month, "2026-12-31T23:00:00Z", "2026-12-01", "2027-01-01"),
        (Period::Month, "2028-02-29", "2028-02-01", "2028-03-01"),
        (Period::Cycle, "2026-01-31T10:00:00Z", anchor, "2026-02-28T10:00:00Z"),
        (Period::Cycle, "2026-02-28T09:59:59Z", anchor, "2026-02-28T10:00:00Z"),
        (Period::Cycle, "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
        (Period::Cycle, "2026-04-30T10:00:00Z", "2026-04-30T10:00:00Z", "2026-05-31T10:00:00Z"),
        (Period::Cycle, "2028-02-29T10:00:00Z", "2028-02-29T10:00:00Z", "2028-03-31T10:00:00Z"),
        (Period::Cycle, "2027-01-15", "2026-12-31T10:00:00Z", "2027-01-31T10:00:00Z"),
        (Period::Days(30), "2026-01-31T10:00:00Z", anchor, "2026-03-02T10:00:00Z"),
        (Period::Days(30), "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-04-01T10:00:00Z"),
        (Period::Lifetime, "2026-03-02T10:00:00Z", "1970-01-01", "9999-12-31"),
    ] {
        let window = period.window(at(now), at(anchor));
        assert_eq!((window.start, window.end), (at(start), at(end)), "{period} at {now}");
    }
}

#[test]
fn words_come_back() {
    for period in [Period::Day, Period::Month, Period::Cycle, Period::Days(1), Period::Days(MAX_DAYS), Period::Lifetime]
    {
        assert_eq!(period.to_string().parse(), Ok(period));
    }
    for text in ["", "days", "0 days", "3661 days", "-1 days", "Day", "week"] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
    assert_eq!("account".parse(), Ok(Scope::Account));
    assert_eq!("credits".parse(), Ok(Metric::Credits));
    assert_eq!("x".parse::<Metric>().unwrap_err().to_string(), "`x` is not one of: requests, credits");
}

fn periods() -> impl Strategy<Value = Period> {
    prop_oneof![
        Just(Period::Day),
        Just(Period::Month),
        Just(Period::Cycle),
        (1..=MAX_DAYS).prop_map(Period::Days),
        Just(Period::Lifetime)
    ]
}

/// 1970 to 2200.
const MOMENTS: std::ops::Range<i64> = 0..7_258_118_400_000_000;

proptest! {
    #[test]
    fn a_moment_from_the_anchor_on_lies_in_its_window(period in periods(), anchor in MOMENTS, later in MOMENTS) {
        let (anchor, now) = (Timestamp::from_micros(anchor), Timestamp::from_micros(anchor.saturating_add(later)));
        let window = period.window(now, anchor);
        prop_assert!(window.contains(now), "{window:?}");
    }

    #[test]
    fn windows_follow_each_other_without_a_gap(period in periods(), anchor in MOMENTS, later in MOMENTS) {
        let (anchor, now) = (Timestamp::from_micros(anchor), Timestamp::from_micros(anchor.saturating_add(later)));
        let window = period.window(now, anchor);
        prop_assert_eq!(period.window(window.start, anchor), window);
        prop_assert_eq!(period.window(window.end.plus(-1), anchor), window);
        if period != Period::Lifetime {
            prop_assert_eq!(period.window(window.end, anchor).start, window.end);
        }
    }
}
