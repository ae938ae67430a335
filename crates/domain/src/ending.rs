//! Ending: keys and seats that end by themselves are told of before, so that nobody is surprised.

use crate::{
    time::{DAY, Timestamp},
    word::words,
};

/// How many days before an end it is told, the first warning first.
pub const WARNINGS: [u8; 2] = [7, 1];

/// What ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndingNoun {
    /// A key: all its values are refused from then on.
    Key,
    /// A seat: the values of its member are.
    Member,
}

words! { EndingNoun NotAnEndingNoun "key, member" Key "key" Member "member" }

/// The last warning before an end that is due; none: the end is too far, or it is over.
pub fn due(end: Timestamp, now: Timestamp) -> Option<u8> {
    let is_due = |days: &u8| end <= now.plus(i64::from(*days) * DAY);
    if end <= now { None } else { WARNINGS.into_iter().rfind(is_due) }
}

/// The warnings that one which is told stands for: itself, and those that were to come before it.
pub fn covered(warning: u8) -> impl Iterator<Item = u8> {
    WARNINGS.into_iter().filter(move |days| *days >= warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Timestamp = Timestamp::from_micros(100 * DAY);

    #[test]
    fn an_end_is_told_a_week_and_a_day_before() {
        for (before, expected) in [
            (7 * DAY + 1, None),
            (7 * DAY, Some(7)),
            (3 * DAY, Some(7)),
            (DAY + 1, Some(7)),
            (DAY, Some(1)),
            (1, Some(1)),
            (0, None),
            (-DAY, None),
        ] {
            assert_eq!(due(END, END.plus(-before)), expected, "{before} before");
        }
    }

    #[test]
    fn a_later_warning_stands_for_the_earlier_ones() {
        assert_eq!(covered(7).collect::<Vec<_>>(), [7]);
        assert_eq!(covered(1).collect::<Vec<_>>(), [7, 1]);
    }
}
