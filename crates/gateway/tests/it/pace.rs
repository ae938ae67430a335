//! Rows that pile up in the journal slow calls down before any call is refused for want of room.

use std::time::{Duration, Instant};

use journal::MIN_SEGMENT_BYTES;

use crate::{upstream::Upstream, world::Plan};

/// A wait that no call has for another reason.
const SLOWED: Duration = Duration::from_millis(40);

#[test]
fn a_journal_that_nobody_empties_slows_calls_down_and_refuses_none_of_the_first() {
    let upstream = Upstream::saying("x");
    let journal = journal::Settings { segment_bytes: MIN_SEGMENT_BYTES, max_segments: 4, ..Default::default() };
    let world = Plan { journal, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let mut slowed = 0;
    for call in 0.. {
        let began = Instant::now();
        let answer = caller.ask(world.request("GET /football/teams", "", ""));
        assert_eq!(answer.status, 200, "call {call}: {}", answer.text());
        slowed += usize::from(began.elapsed() >= SLOWED);
        if slowed == 5 {
            break;
        }
    }
}
