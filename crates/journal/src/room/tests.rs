//! The promise of `room.rs`, tried with every kind of history: a reserved record always finds its place.

use proptest::prelude::*;

use super::*;
use crate::frame::framed;

const FRESH: usize = 2_000;

#[derive(Clone, Debug)]
enum Step {
    Append { length: usize },
    Reserve { length: usize, outcome: usize },
    Outcome { which: usize, part: f64 },
    Release { which: usize },
    SegmentReady,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..400usize).prop_map(|length| Step::Append { length }),
        6 => (0..400usize, 0..700usize).prop_map(|(length, outcome)| Step::Reserve { length, outcome }),
        4 => (any::<usize>(), 0.0..=1.0f64).prop_map(|(which, part)| Step::Outcome { which, part }),
        1 => any::<usize>().prop_map(|which| Step::Release { which }),
        1 => Just(Step::SegmentReady),
    ]
}

fn write_outcome(room: &mut Room, reserved: usize, used: usize) {
    let bytes = framed(used);
    let place = room.place_reserved(bytes).expect("a reserved record always finds its place");
    room.take(place, bytes, 0);
    room.release(framed(reserved));
}

proptest! {
    #[test]
    fn every_reservation_can_be_honoured_at_any_moment(steps in prop::collection::vec(step(), 1..200)) {
        let mut room = Room::new(FRESH);
        let mut open: Vec<usize> = Vec::new();
        for step in steps {
            match step {
                Step::Append { length } => {
                    if let Some(place) = room.place(framed(length), 0) {
                        room.take(place, framed(length), 0);
                    }
                }
                Step::Reserve { length, outcome } => {
                    if let Some(place) = room.place(framed(length), framed(outcome)) {
                        room.take(place, framed(length), framed(outcome));
                        open.push(outcome);
                    }
                }
                Step::Outcome { which, part } if !open.is_empty() => {
                    let reserved = open.swap_remove(which % open.len());
                    write_outcome(&mut room, reserved, (reserved as f64 * part) as usize);
                }
                Step::Release { which } if !open.is_empty() => {
                    let reserved = open.swap_remove(which % open.len());
                    room.release(framed(reserved));
                }
                Step::SegmentReady if room.ready < 2 => room.ready += 1,
                _ => {}
            }
            // As if the disk filled up now: everything outstanding is written at full length, in three orders.
            for order in 0..3 {
                let mut last = room;
                let mut rest = open.clone();
                match order { 0 => rest.sort(), 1 => rest.reverse(), _ => {} }
                for reserved in rest {
                    write_outcome(&mut last, reserved, reserved);
                }
                prop_assert_eq!(last.reserved, 0);
            }
        }
    }
}

#[test]
fn without_reservations_every_byte_can_be_used() {
    let mut room = Room::new(framed(0) * 3);
    for _ in 0..3 {
        let place = room.place(framed(0), 0).expect("room is left");
        assert_eq!(place, Place::Here);
        room.take(place, framed(0), 0);
    }
    assert_eq!(room.place(framed(0), 0), None);
    room.ready = 1;
    assert_eq!(room.place(framed(0), 0), Some(Place::Next));
    assert_eq!(room.place(framed(0) * 4, 0), None, "longer than a segment");
}

#[test]
fn what_is_reserved_is_refused_to_others_and_given_back_on_release() {
    let mut room = Room::new(framed(100) * 2);
    room.take(room.place(framed(100), framed(100)).expect("an intent and its outcome fit"), framed(100), framed(100));
    assert_eq!(room.place(framed(0), 0), None, "the rest is promised");
    assert_eq!(room.place_reserved(framed(100)), Some(Place::Here));
    room.release(framed(100));
    assert_eq!(room.place(framed(0), 0), Some(Place::Here));
}
