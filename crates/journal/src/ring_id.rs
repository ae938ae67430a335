//! The name of a ring. It stands in the control page and in each segment, and seeds every checksum, so that a file of
//! another epoch, another ring or another life of the data folder is recognised and never read as ours.

use std::fmt;

/// Which ring: the node's epoch, the journal's number in that node, and a value that was random when the ring was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RingId {
    /// The node's epoch when the ring was created; each start opens a new one.
    pub epoch: u32,
    /// The journal's number in its node, from 0.
    pub ring: u16,
    /// Random at creation: tells two folders apart that claim the same epoch and ring.
    pub uuid: [u8; 16],
}

impl RingId {
    /// Bytes of an encoded id.
    pub(crate) const ENCODED_BYTES: usize = 22;

    /// `<epoch>-<ring>`, the ring's folder.
    pub(crate) fn folder_name(&self) -> String {
        format!("{}-{}", self.epoch, self.ring)
    }

    /// Reads a folder's name back; `None` when it is not the name of a ring.
    pub(crate) fn parse_folder_name(name: &str) -> Option<(u32, u16)> {
        let (epoch, ring) = name.split_once('-')?;
        let parsed = (epoch.parse().ok()?, ring.parse().ok()?);
        (format!("{}-{}", parsed.0, parsed.1) == name).then_some(parsed)
    }

    pub(crate) fn encode(&self) -> [u8; Self::ENCODED_BYTES] {
        let mut bytes = [0; Self::ENCODED_BYTES];
        bytes[..4].copy_from_slice(&self.epoch.to_le_bytes());
        bytes[4..6].copy_from_slice(&self.ring.to_le_bytes());
        bytes[6..].copy_from_slice(&self.uuid);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8; Self::ENCODED_BYTES]) -> RingId {
        let [e0, e1, e2, e3, r0, r1, uuid @ ..] = *bytes;
        RingId { epoch: u32::from_le_bytes([e0, e1, e2, e3]), ring: u16::from_le_bytes([r0, r1]), uuid }
    }

    /// A checksum that has already taken in this id; each record starts from a copy.
    pub(crate) fn seeded(&self) -> crc32fast::Hasher {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.encode());
        hasher
    }
}

impl fmt::Display for RingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{} (", self.epoch, self.ring)?;
        self.uuid.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_encoding_and_a_folder_name_is_read_back_only_in_its_one_form() {
        let id = RingId { epoch: u32::MAX - 3, ring: 513, uuid: std::array::from_fn(|i| i as u8) };
        assert_eq!(RingId::decode(&id.encode()), id);
        assert_eq!(id.to_string(), "4294967292-513 (000102030405060708090a0b0c0d0e0f)");

        let cases = [
            ("4294967292-513", Some((4294967292, 513))),
            ("0-0", Some((0, 0))),
            ("01-0", None),
            ("+1-0", None),
            ("1-65536", None),
            ("4294967296-0", None),
            ("1", None),
            ("1-2-3", None),
            ("1-0.new", None),
            ("1-0.removed", None),
        ];
        for (name, parsed) in cases {
            assert_eq!(RingId::parse_folder_name(name), parsed, "{name}");
        }
    }
}
