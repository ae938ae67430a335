//! The dials of a ring and their bounds: how large a segment is, how many there may be, and what a record must survive.

use crate::frame;

/// Smallest segment: it must hold the longest record with its framing, twice over less the headers.
pub const MIN_SEGMENT_BYTES: usize = 128 * 1024;
/// Largest segment. A segment is the unit that is allocated, pre-faulted and freed; larger ones only make that lumpier.
pub const MAX_SEGMENT_BYTES: usize = 1024 * 1024 * 1024;
/// A segment is a whole number of memory pages (64 KiB covers every page size Linux uses on the machines we build for).
pub const SEGMENT_BYTES_STEP: usize = 64 * 1024;
/// Fewest segments in a ring: the one being written and the one to move to.
pub const MIN_SEGMENTS: usize = 2;
/// Most segments in a ring.
pub const MAX_SEGMENTS: usize = 4096;

const _: () = assert!(MIN_SEGMENT_BYTES >= frame::framed(frame::MAX_PAYLOAD) + 4096);
const _: () = assert!(MAX_SEGMENT_BYTES <= u32::MAX as usize);

/// What a record must survive once its append (and, for `Host`, its flush) has returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The process: `kill -9`, a crash, an abort. Records live in the page cache. Power loss may take the newest ones.
    #[default]
    Process,
    /// The machine: power loss. New segments and control pages are synced, and [`crate::Flusher::flush`] makes records
    /// durable in groups (2–5 ms on ordinary disks).
    Host,
}

/// The dials of one ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bytes in one segment file, a multiple of [`SEGMENT_BYTES_STEP`]. Default 16 MiB.
    pub segment_bytes: usize,
    /// Most segment files the ring may hold at once, prepared ones included. Default 16.
    pub max_segments: usize,
    /// What a record must survive. Default [`Durability::Process`].
    pub durability: Durability,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { segment_bytes: 16 * 1024 * 1024, max_segments: 16, durability: Durability::Process }
    }
}

impl Settings {
    /// Checks each dial against its bounds.
    ///
    /// # Errors
    /// The first dial that is out of bounds, by name.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let Settings { segment_bytes, max_segments, .. } = *self;
        if !(MIN_SEGMENT_BYTES..=MAX_SEGMENT_BYTES).contains(&segment_bytes) {
            return Err(SettingsError::SegmentBytes { segment_bytes });
        }
        if !segment_bytes.is_multiple_of(SEGMENT_BYTES_STEP) {
            return Err(SettingsError::SegmentBytesStep { segment_bytes });
        }
        if !(MIN_SEGMENTS..=MAX_SEGMENTS).contains(&max_segments) {
            return Err(SettingsError::MaxSegments { max_segments });
        }
        Ok(())
    }
}

/// A dial that is out of bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// `segment_bytes` is too small or too large.
    #[error("segment_bytes is {segment_bytes}: choose between {MIN_SEGMENT_BYTES} and {MAX_SEGMENT_BYTES}")]
    SegmentBytes {
        /// The value given.
        segment_bytes: usize,
    },
    /// `segment_bytes` is not a whole number of pages.
    #[error("segment_bytes is {segment_bytes}: choose a multiple of {SEGMENT_BYTES_STEP}")]
    SegmentBytesStep {
        /// The value given.
        segment_bytes: usize,
    },
    /// `max_segments` is too small or too large.
    #[error("max_segments is {max_segments}: choose between {MIN_SEGMENTS} and {MAX_SEGMENTS}")]
    MaxSegments {
        /// The value given.
        max_segments: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dial_is_refused_by_name_just_outside_its_bounds() {
        let with = |segment_bytes, max_segments| Settings { segment_bytes, max_segments, ..Settings::default() };
        let small = MIN_SEGMENT_BYTES;
        let cases = [
            (with(small, MIN_SEGMENTS), None),
            (with(MAX_SEGMENT_BYTES, MAX_SEGMENTS), None),
            (with(small - 1, 2), Some("segment_bytes is 131071: choose between")),
            (with(MAX_SEGMENT_BYTES + SEGMENT_BYTES_STEP, 2), Some("segment_bytes is")),
            (with(small + 4096, 2), Some("segment_bytes is 135168: choose a multiple of 65536")),
            (with(small, MIN_SEGMENTS - 1), Some("max_segments is 1: choose between 2 and 4096")),
            (with(small, MAX_SEGMENTS + 1), Some("max_segments is 4097")),
        ];
        for (settings, refusal) in cases {
            let answer = settings.validate().map_err(|error| error.to_string());
            match refusal {
                None => assert_eq!(answer, Ok(()), "{settings:?}"),
                Some(start) => assert!(answer.clone().is_err_and(|text| text.starts_with(start)), "{answer:?}"),
            }
        }
        assert_eq!(Settings::default().validate(), Ok(()));
    }
}
