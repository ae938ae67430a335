//! Moments: text forms and bounds.

use proptest::prelude::*;

use super::*;

#[test]
fn text_forms() {
    for (micros, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (1_500_000, "1970-01-01T00:00:01.5Z"),
        (1_763_715_600_000_001, "2025-11-21T09:00:00.000001Z"),
    ] {
        assert_eq!(Timestamp::from_micros(micros).to_string(), text);
        assert_eq!(text.parse(), Ok(Timestamp::from_micros(micros)));
    }
    assert_eq!(Timestamp::FAR.to_string(), "9999-12-31T00:00:00Z");
    assert_eq!("2025-11-21T10:00:00+01:00".parse(), Ok(Timestamp::from_micros(1_763_715_600_000_000)));
    for text in ["", "now", "2025-11-21", "2025-11-21T09:00:00", "2025-02-30T00:00:00Z"] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

#[test]
fn a_window_holds_its_start_but_not_its_end() {
    let window = Window { start: Timestamp::from_micros(10), end: Timestamp::from_micros(20) };
    for (moment, inside) in [(9, false), (10, true), (19, true), (20, false)] {
        assert_eq!(window.contains(Timestamp::from_micros(moment)), inside, "{moment}");
    }
}

proptest! {
    #[test]
    fn text_comes_back(micros in 0i64..253_402_214_400_000_000) {
        let moment = Timestamp::from_micros(micros);
        prop_assert_eq!(moment.to_string().parse::<Timestamp>(), Ok(moment));
    }

    #[test]
    fn no_moment_overflows(micros: i64, by: i64) {
        let moment = Timestamp::from_micros(micros).plus(by);
        _ = moment.to_string();
        _ = moment.since(Timestamp::from_micros(by));
    }
}
