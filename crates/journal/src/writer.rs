//! The writer: appends records to its ring, and keeps room for those that must still be written when the ring is full.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crc32fast::Hasher;

use crate::frame::{self, MAX_PAYLOAD};
use crate::ring::create::WriterEnd;
use crate::ring::live::Live;
use crate::room::{Place, Room};
use crate::segment::header::HEADER_BYTES;
use crate::segment::{self, Segment};
use crate::{AppendError, DataDir, Flusher, JournalError, Ring, RingId, Settings, Unwritten};

/// Appends to one ring. Owned by one thread (`Send`, not `Sync`). An append makes no system call and allocates nothing;
/// once per segment it wakes the preparer.
///
/// Pages may still fault: the kernel cleans a page that it wrote back, and the next store to it takes a soft fault of
/// about a microsecond.
#[derive(Debug)]
pub struct Writer {
    segment: Arc<Segment>,
    offset: usize,
    next_seq: u64,
    room: Room,
    seeded: Hasher,
    ready: VecDeque<Arc<Segment>>,
    incoming: Receiver<Arc<Segment>>,
    live: Arc<Live>,
    flusher: Flusher,
    ring: Ring,
    segment_bytes: usize,
}

/// Room kept for one later record. Give it back to the writer that made it, with [`Writer::append_reserved`] or
/// [`Writer::release`]; one that is lost keeps its room until the writer is dropped.
#[must_use = "a reservation that is lost keeps its room until the writer is dropped"]
#[derive(Debug, PartialEq, Eq)]
pub struct Reservation {
    payload_bytes: usize,
}

impl Writer {
    /// Creates a ring with its first segment, and its writer.
    ///
    /// # Errors
    /// `Settings`; `RingExists` when this epoch and number are taken; `Io`, also when the disk is too full for the
    /// first segment.
    pub fn create(dir: &DataDir, id: RingId, settings: &Settings) -> Result<Writer, JournalError> {
        let WriterEnd { ring, live, first, ready } = Ring::create(&dir.inner, id, *settings)?;
        Ok(Writer {
            segment: first,
            offset: HEADER_BYTES,
            next_seq: 1,
            room: Room::new(segment::fresh_room(settings.segment_bytes)),
            seeded: id.seeded(),
            ready: VecDeque::with_capacity(settings.max_segments),
            incoming: ready,
            flusher: Flusher::new(Arc::clone(&live), ring.clone()),
            live,
            ring,
            segment_bytes: settings.segment_bytes,
        })
    }

    /// Appends a record and returns its sequence number: 1 for the first, one more for each. It survives `kill -9` from
    /// then on.
    ///
    /// # Errors
    /// `Full` when there is no room, or only reserved room: nothing was written, try again later. `TooLong` beyond
    /// [`MAX_PAYLOAD`].
    #[inline]
    pub fn append(&mut self, payload: &[u8]) -> Result<u64, AppendError> {
        check_length(payload.len(), MAX_PAYLOAD)?;
        self.append_framed(payload, 0)
    }

    /// Appends a record (an intent) and keeps room for a later one of up to `later_bytes` of payload (its outcome),
    /// which then fits even when the ring is full and the disk too.
    ///
    /// # Errors
    /// As [`Writer::append`]; `Full` also when the record would fit but the reservation would not.
    #[inline]
    pub fn append_reserving(&mut self, payload: &[u8], later_bytes: usize) -> Result<(u64, Reservation), AppendError> {
        check_length(payload.len(), MAX_PAYLOAD)?;
        check_length(later_bytes, MAX_PAYLOAD)?;
        let seq = self.append_framed(payload, frame::framed(later_bytes))?;
        Ok((seq, Reservation { payload_bytes: later_bytes }))
    }

    /// Appends the record that `reservation` kept room for; what it does not need is given back.
    ///
    /// # Errors
    /// `TooLong` when the payload is over the reservation, which comes back in the error. Never `Full`, unless the
    /// reservation is another writer's.
    #[inline]
    pub fn append_reserved(&mut self, payload: &[u8], reservation: Reservation) -> Result<u64, Unwritten> {
        if let Err(error) = check_length(payload.len(), reservation.payload_bytes) {
            return Err(Unwritten { error, reservation });
        }
        let bytes = frame::framed(payload.len());
        let place = match self.room.place_reserved(bytes) {
            Some(place) => place,
            None => return Err(Unwritten { error: self.live.why_full().into(), reservation }),
        };
        self.room.take(place, bytes, 0);
        self.room.release(frame::framed(reservation.payload_bytes));
        Ok(self.write(place, payload, bytes))
    }

    /// Gives a reservation back unused.
    pub fn release(&mut self, reservation: Reservation) {
        self.room.release(frame::framed(reservation.payload_bytes));
    }

    /// How full the ring is, from 0 to 1: bytes used, wasted and reserved, of what `max_segments` hold, or of what is
    /// allocated when the disk gives no more. Cheap enough to ask before each append.
    #[inline]
    pub fn fill(&self) -> f32 {
        let (kept, possible) = self.live.segments_kept_and_possible();
        let here = self.room.fresh - self.room.free + self.room.reserved;
        let used = kept as f32 + here as f32 / self.segment_bytes as f32;
        (used / possible as f32).min(1.0)
    }

    /// The sequence number of the newest record; 0 when there is none.
    pub fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// The ring, for other threads: to read it, free what was shipped, keep its control page.
    pub fn ring(&self) -> &Ring {
        &self.ring
    }

    /// A handle that makes records survive power loss, for another thread.
    pub fn flusher(&self) -> Flusher {
        self.flusher.clone()
    }

    #[inline]
    fn append_framed(&mut self, payload: &[u8], reserve: usize) -> Result<u64, AppendError> {
        let bytes = frame::framed(payload.len());
        let place = match self.room.place(bytes, reserve) {
            Some(place) => place,
            None => self.place_after_delivery(bytes, reserve)?,
        };
        self.room.take(place, bytes, reserve);
        Ok(self.write(place, payload, bytes))
    }

    /// Takes in what the preparer delivered since, and looks again.
    #[cold]
    fn place_after_delivery(&mut self, bytes: usize, reserve: usize) -> Result<Place, AppendError> {
        // Read before the channel: a segment that came after would make the reason a stale one, not a wrong one.
        let reason = self.live.why_full();
        while let Ok(segment) = self.incoming.try_recv() {
            self.ready.push_back(segment);
            self.room.ready += 1;
        }
        self.room.place(bytes, reserve).ok_or_else(|| {
            self.live.want_more();
            AppendError::Full(reason)
        })
    }

    #[inline]
    fn write(&mut self, place: Place, payload: &[u8], bytes: usize) -> u64 {
        if place == Place::Next {
            self.move_on();
        }
        let seq = self.next_seq;
        // SAFETY: this is the ring's only writer; `room` has just set these bytes aside, behind all earlier records,
        // and counts neither the header nor the end word as room.
        unsafe { self.segment.write_record(self.offset, seq, payload, &self.seeded) };
        self.offset += bytes;
        self.next_seq += 1;
        self.live.publish(seq);
        self.segment.fetch_ahead(self.offset);
        seq
    }

    /// Closes the segment and begins the next: stores to memory, and one wake-up.
    #[cold]
    fn move_on(&mut self) {
        let next = self.ready.pop_front().expect("`room` found a ready segment: it counts what is in here");
        self.segment.write_end(self.offset, self.next_seq - 1, &self.seeded);
        next.start(self.next_seq, &self.seeded);
        self.offset = HEADER_BYTES;
        // Before `moved_to`: until then this is not the last handle, so the unmapping happens on another thread.
        self.segment = next;
        self.live.moved_to(self.segment.number);
    }
}

impl Reservation {
    /// The longest payload it has room for.
    pub fn payload_bytes(&self) -> usize {
        self.payload_bytes
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.live.writer_leaves();
    }
}

fn check_length(length: usize, limit: usize) -> Result<(), AppendError> {
    if length <= limit { Ok(()) } else { Err(AppendError::TooLong { length, limit }) }
}
