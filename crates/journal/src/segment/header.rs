//! The first 128 bytes of a segment.
//!
//! ```text
//!  0  magic [8] · ring id [22] · zero [2] · number u64 · segment bytes u32 · crc u32      written when prepared
//! 48  first sequence number u64 · start word u64 = crc32 << 32 | 0x3C << 24               written when begun
//! 64  flushed u64: a flush has succeeded up to here (a lower bound)                       a cache line of its own
//! ```

use crc32fast::Hasher;

use crate::RingId;
use crate::frame;

/// Bytes before the first record.
pub(crate) const HEADER_BYTES: usize = 128;
/// Bytes of the identity, the part that is written when the segment is prepared.
pub(crate) const IDENTITY_BYTES: usize = 48;
/// Where the first sequence number stands.
pub(crate) const FIRST_SEQ: usize = 48;
/// Where the start word stands; zero until the segment is begun.
pub(crate) const START: usize = 56;
/// Where the flushed sequence number stands.
pub(crate) const FLUSHED: usize = 64;

const MAGIC: &[u8; 8] = b"KWSEGM01";
const START_TAG: u64 = 0x3C << 24;
const ID_AT: usize = 8;
const NUMBER_AT: usize = 32;
const LENGTH_AT: usize = 40;
const CRC_AT: usize = 44;

/// A header that is not what its file's name and place say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    Damaged(&'static str),
    Foreign(RingId),
}

pub(crate) fn encode_identity(id: &RingId, number: u64, segment_bytes: usize) -> [u8; IDENTITY_BYTES] {
    let mut bytes = [0; IDENTITY_BYTES];
    bytes[..ID_AT].copy_from_slice(MAGIC);
    bytes[ID_AT..ID_AT + RingId::ENCODED_BYTES].copy_from_slice(&id.encode());
    bytes[NUMBER_AT..LENGTH_AT].copy_from_slice(&number.to_le_bytes());
    bytes[LENGTH_AT..CRC_AT].copy_from_slice(&(segment_bytes as u32).to_le_bytes());
    let crc = crc32fast::hash(&bytes[..CRC_AT]);
    bytes[CRC_AT..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// Compares an identity with what its place says it should be.
pub(crate) fn check_identity(
    found: &[u8; IDENTITY_BYTES],
    id: &RingId,
    number: u64,
    segment_bytes: usize,
) -> Result<(), Misfit> {
    if *found == encode_identity(id, number, segment_bytes) {
        return Ok(());
    }
    let crc = u32::from_le_bytes(std::array::from_fn(|i| found[CRC_AT + i]));
    if !found.starts_with(MAGIC) || crc32fast::hash(&found[..CRC_AT]) != crc {
        return Err(Misfit::Damaged("segment header"));
    }
    let owner = RingId::decode(&std::array::from_fn(|i| found[ID_AT + i]));
    if owner != *id {
        return Err(Misfit::Foreign(owner));
    }
    Err(Misfit::Damaged("segment number or length"))
}

/// The word that marks a segment as begun at `first_seq`.
pub(crate) fn start_word(seeded: &Hasher, first_seq: u64) -> u64 {
    (u64::from(frame::seq_crc(seeded, first_seq)) << 32) | START_TAG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_fits_only_its_own_ring_number_and_length() {
        let id = RingId { epoch: 3, ring: 1, uuid: [7; 16] };
        let sound = encode_identity(&id, 5, 1 << 20);
        let copy_of = |id: RingId| Err(Misfit::Foreign(id));
        let wrong = Err(Misfit::Damaged("segment number or length"));
        let (older, moved, cloned) =
            (RingId { epoch: 2, ..id }, RingId { ring: 0, ..id }, RingId { uuid: [8; 16], ..id });
        let cases = [
            (encode_identity(&id, 5, 1 << 20), Ok(())),
            (encode_identity(&older, 5, 1 << 20), copy_of(older)),
            (encode_identity(&moved, 5, 1 << 20), copy_of(moved)),
            (encode_identity(&cloned, 5, 1 << 20), copy_of(cloned)),
            (encode_identity(&id, 4, 1 << 20), wrong),
            (encode_identity(&id, 5, 1 << 19), wrong),
            ([0; IDENTITY_BYTES], Err(Misfit::Damaged("segment header"))),
        ];
        for (found, answer) in cases {
            assert_eq!(check_identity(&found, &id, 5, 1 << 20), answer);
        }
        for at in 0..IDENTITY_BYTES {
            let mut flipped = sound;
            flipped[at] ^= 1;
            assert_eq!(check_identity(&flipped, &id, 5, 1 << 20), Err(Misfit::Damaged("segment header")), "byte {at}");
        }
    }
}
