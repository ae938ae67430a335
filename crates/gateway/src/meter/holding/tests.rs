//! What each answer of the ledger does to a holding, and what a call without units is told then.

use domain::{
    id::QuotaId,
    lease::{Answer, Ask},
    time::{SECOND, Timestamp, Window},
};

use super::*;

const QUOTA: QuotaId = QuotaId::from_u128(1);

fn holding() -> Holding {
    Holding::new(Window { start: Timestamp::from_micros(0), end: Timestamp::from_micros(10 * SECOND) })
}

fn granted(granted: u64, left: u64) -> Result<Answer, Unavailable> {
    Ok(Answer::Granted { granted, left, limit: 100 })
}

fn exhausted(left: u64, elsewhere: u64) -> Result<Answer, Unavailable> {
    Ok(Answer::Exhausted { left, elsewhere, limit: 100 })
}

#[test]
fn only_units_that_were_not_known_come_in_however_often_and_late_they_are_told() {
    let mut holding = holding();
    let first: Ask = holding.ask(QUOTA, 1, 10, 0);
    assert_eq!(holding.hear(&first, granted(10, 90), 1), Effect::Units(10));
    assert_eq!(holding.hear(&first, granted(10, 90), 2), Effect::Nothing, "doubled");
    let second = holding.ask(QUOTA, 1, 10, 3);
    assert_eq!(second.known, 10);
    assert_eq!(holding.hear(&second, granted(25, 75), 4), Effect::Units(15), "an earlier grant was lost");
    assert_eq!(holding.hear(&first, granted(20, 80), 5), Effect::Nothing, "late, and less than is known");
    assert_eq!((holding.known, holding.left), (25, Some(75)));
    holding.give_back(5);
    assert_eq!(holding.spent(8), 12);
}

#[test]
fn bad_news_about_an_older_ask_is_no_news() {
    let mut holding = holding();
    let old = holding.ask(QUOTA, 1, 10, 0);
    assert_eq!(holding.hear(&old, granted(10, 90), 1), Effect::Units(10));
    for news in [exhausted(0, 100), Ok(Answer::Refused), Err(Unavailable)] {
        assert_eq!(holding.hear(&old, news, 2), Effect::Nothing);
        assert_eq!(holding.verdict(1, false, 2), (Verdict::Wait, true), "{news:?}");
        assert!(holding.may_ask(2), "{news:?}");
    }
}

#[test]
fn one_ask_is_under_way_at_a_time_until_it_is_answered_or_lost() {
    let mut holding = holding();
    assert!(holding.may_ask(0));
    let ask = holding.ask(QUOTA, 1, 10, 0);
    assert!(!holding.may_ask(ANSWER_LOST_AFTER - 1));
    assert!(holding.may_ask(ANSWER_LOST_AFTER));
    assert_eq!(holding.hear(&ask, Err(Unavailable), 7), Effect::Nothing);
    assert!(!holding.may_ask(7 + UNAVAILABLE_RETRY - 1));
    assert!(holding.may_ask(7 + UNAVAILABLE_RETRY));
}

#[test]
fn verdicts() {
    let heard = |answer| {
        let mut holding = holding();
        let ask = holding.ask(QUOTA, 1, 10, 0);
        holding.hear(&ask, answer, 0);
        holding
    };
    let cases = [
        // (the ledger's answer at 0, units that are missing, when, verdict, ask?)
        (exhausted(0, 0), 1, 0, Verdict::Exhausted, false),
        (exhausted(0, 0), 1, WORD_HOLDS - 1, Verdict::Exhausted, false),
        (exhausted(0, 0), 1, WORD_HOLDS, Verdict::Wait, true),
        (exhausted(4, 0), 5, 0, Verdict::Exhausted, false),
        (exhausted(4, 0), 4, 0, Verdict::Wait, true),
        (exhausted(0, 7), 1, LAST_UNITS_WAIT - 1, Verdict::Wait, true),
        (exhausted(0, 7), 1, LAST_UNITS_WAIT, Verdict::Exhausted, false),
        (Ok(Answer::Refused), 1, 0, Verdict::Unavailable, false),
        (Ok(Answer::Refused), 1, REFUSED_RETRY, Verdict::Wait, true),
        (Err(Unavailable), 1, PATIENCE - 1, Verdict::Wait, true),
        (Err(Unavailable), 1, PATIENCE, Verdict::Unavailable, true),
        (granted(10, 0), 1, 0, Verdict::Wait, true),
    ];
    for (answer, need, steady, verdict, ask) in cases {
        assert_eq!(
            heard(answer).verdict(need, false, steady),
            (verdict, ask),
            "{answer:?}, {need} missing at {steady}"
        );
    }
}

#[test]
fn units_end_all_trouble() {
    for trouble in [exhausted(0, 7), Ok(Answer::Refused), Err(Unavailable)] {
        let mut holding = holding();
        let ask = holding.ask(QUOTA, 1, 10, 0);
        holding.hear(&ask, trouble, 0);
        let again = holding.ask(QUOTA, 1, 10, SECOND);
        assert_eq!(holding.hear(&again, granted(10, 0), SECOND), Effect::Units(10), "{trouble:?}");
        assert_eq!(holding.verdict(1, false, SECOND), (Verdict::Wait, true), "{trouble:?}");
        assert!(holding.may_ask(SECOND));
    }
}
