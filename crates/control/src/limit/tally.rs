//! Tally: counts tries of many in bounded memory.

use std::{collections::HashMap, hash::Hash};

use super::Rule;

/// The most who are counted at once. Beyond, whose span began first is forgotten: who wants to be forgotten needs more
/// addresses than this within a span, each of which is limited too.
pub const MAX_COUNTED: usize = 10_000;

/// Who tried how often since when.
pub struct Tally<K> {
    rule: Rule,
    counted: HashMap<K, Tries>,
}

#[derive(Clone, Copy)]
struct Tries {
    since: i64,
    number: u32,
}

impl<K: Eq + Hash> Tally<K> {
    /// Nobody tried yet.
    pub fn new(rule: Rule) -> Tally<K> {
        Tally { rule, counted: HashMap::new() }
    }

    /// Counts a try. `now`: microseconds of a clock that does not jump.
    ///
    /// Errors: it is one too many; in so many microseconds the next is not.
    pub fn count(&mut self, who: K, now: i64) -> Result<(), i64> {
        if !self.counted.contains_key(&who) {
            self.make_room(now);
        }
        let fresh = Tries { since: now, number: 0 };
        let tries = self.counted.entry(who).or_insert(fresh);
        if is_over(tries, self.rule, now) {
            *tries = fresh;
        }
        if tries.number >= self.rule.tries {
            return Err(self.rule.within - (now - tries.since));
        }
        tries.number += 1;
        Ok(())
    }

    /// The last try was none.
    pub fn give_back(&mut self, who: &K) {
        if let Some(tries) = self.counted.get_mut(who) {
            tries.number = tries.number.saturating_sub(1);
        }
    }

    fn make_room(&mut self, now: i64) {
        if self.counted.len() < MAX_COUNTED {
            return;
        }
        let rule = self.rule;
        self.counted.retain(|_, tries| !is_over(tries, rule, now));
        if self.counted.len() < MAX_COUNTED {
            return;
        }
        let mut begins: Vec<i64> = self.counted.values().map(|tries| tries.since).collect();
        // A tenth at once: the search through all is paid once for a thousand newcomers.
        let (_, border, _) = begins.select_nth_unstable(MAX_COUNTED / 10);
        let border = *border;
        self.counted.retain(|_, tries| tries.since > border);
    }
}

fn is_over(tries: &Tries, rule: Rule, now: i64) -> bool {
    now - tries.since >= rule.within
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { tries: 3, within: 100 };

    #[test]
    fn tries_are_counted_for_a_span() {
        let mut tally = Tally::new(RULE);
        for (who, moment, told) in [
            ("ada", 0, Ok(())),
            ("ada", 10, Ok(())),
            ("ada", 20, Ok(())),
            ("ada", 30, Err(70)),
            ("bob", 30, Ok(())),
            ("ada", 99, Err(1)),
            ("ada", 100, Ok(())),
        ] {
            assert_eq!(tally.count(who, moment), told, "{who} at {moment}");
        }
    }

    #[test]
    fn what_is_given_back_is_not_counted() {
        let mut tally = Tally::new(RULE);
        for _ in 0..100 {
            assert_eq!(tally.count("ada", 0), Ok(()));
            tally.give_back(&"ada");
        }
        tally.give_back(&"nobody");
    }

    #[test]
    fn memory_is_bounded() {
        let mut tally = Tally::new(RULE);
        for who in 0..3 * MAX_COUNTED as i64 {
            assert_eq!(tally.count(who, who / 1_000), Ok(()));
            assert!(tally.counted.len() <= MAX_COUNTED);
        }
        assert!(tally.counted.contains_key(&(3 * MAX_COUNTED as i64 - 1)), "the newest are remembered");
        let mut tally = Tally::new(RULE);
        for who in 0..3 * MAX_COUNTED {
            assert_eq!(tally.count(who, 7), Ok(()), "all at one moment");
            assert!(tally.counted.len() <= MAX_COUNTED);
        }
    }
}
