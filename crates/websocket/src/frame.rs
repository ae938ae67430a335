//! Frame: the head that stands before each piece of data, and the mask over what clients send (RFC 6455, 5.2 and 5.3).

use crate::reader::Violation;

/// The most bytes of a control frame's payload.
pub const MAX_CONTROL: usize = 125;
/// The most bytes of a head: two, eight of length, four of mask.
pub const MAX_HEAD: usize = 14;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// More of the message that has begun.
    Continuation,
    /// The beginning of a text.
    Text,
    /// The beginning of bytes.
    Binary,
    /// The end.
    Close,
    /// A question whether the other side is there.
    Ping,
    /// The answer to it.
    Pong,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whether the message ends with it.
    pub is_last: bool,
    /// What it is.
    pub opcode: Opcode,
    /// What its payload is masked with.
    pub mask: Option<[u8; 4]>,
    /// Bytes of payload.
    pub length: u64,
}

impl Opcode {
    /// Whether it may stand between the frames of a message.
    pub fn is_control(self) -> bool {
        matches!(self, Opcode::Close | Opcode::Ping | Opcode::Pong)
    }

    fn read(bits: u8) -> Option<Opcode> {
        Some(match bits {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            10 => Opcode::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Opcode::Continuation => 0,
            Opcode::Text => 1,
            Opcode::Binary => 2,
            Opcode::Close => 8,
            Opcode::Ping => 9,
            Opcode::Pong => 10,
        }
    }
}

impl Head {
    /// Reads a head; None: these are not all of its bytes.
    ///
    /// # Errors
    /// What no frame of this version begins with.
    pub fn read(bytes: &[u8]) -> Result<Option<Head>, Violation> {
        let [first, second, rest @ ..] = bytes else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(Violation::Protocol("a bit of an extension that was not agreed on"));
        }
        let opcode = Opcode::read(first & 0x0f).ok_or(Violation::Protocol("a frame of an unknown kind"))?;
        let (is_last, is_masked, short) = (first & 0x80 != 0, second & 0x80 != 0, second & 0x7f);
        if opcode.is_control() && (!is_last || usize::from(short) > MAX_CONTROL) {
            return Err(Violation::Protocol("a control frame in pieces, or of more than 125 bytes"));
        }
        let (length, rest) = match short {
            126 => {
                let Some((length, rest)) = rest.split_first_chunk::<2>() else { return Ok(None) };
                (u64::from(u16::from_be_bytes(*length)), rest)
            }
            127 => {
                let Some((length, rest)) = rest.split_first_chunk::<8>() else { return Ok(None) };
                (u64::from_be_bytes(*length), rest)
            }
            short => (u64::from(short), rest),
        };
        let least = match short {
            126 => 126,
            127 => 1 << 16,
            _ => 0,
        };
        if length < least || length >> 63 != 0 {
            return Err(Violation::Protocol("a length that is not written in the shortest way"));
        }
        let mask = if is_masked { rest.first_chunk::<4>().copied() } else { None };
        if is_masked && mask.is_none() {
            return Ok(None);
        }
        Ok(Some(Head { is_last, opcode, mask, length }))
    }
}

/// Appends one whole message as one frame, or a control frame, under this mask if it is a client's.
pub fn write(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8], mask: Option<[u8; 4]>) {
    out.reserve(payload.len() + MAX_HEAD);
    out.push(0x80 | opcode.bits());
    let masked = if mask.is_some() { 0x80 } else { 0 };
    match payload.len() {
        length @ ..=125 => out.push(masked | length as u8),
        length @ ..=0xffff => {
            out.push(masked | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(masked | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    if let Some(mask) = mask {
        out.extend_from_slice(&mask);
    }
    let start = out.len();
    out.extend_from_slice(payload);
    if let Some(mask) = mask {
        apply(mask, 0, &mut out[start..]);
    }
}

/// Masks or unmasks bytes of which the first is the payload's byte `at`.
pub(crate) fn apply(mask: [u8; 4], at: u64, bytes: &mut [u8]) {
    let turned: [u8; 4] = std::array::from_fn(|index| mask[(index + (at % 4) as usize) % 4]);
    let word = u64::from_ne_bytes(std::array::from_fn(|index| turned[index % 4]));
    let (words, rest) = bytes.as_chunks_mut::<8>();
    for eight in words {
        *eight = (u64::from_ne_bytes(*eight) ^ word).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(turned.iter().cycle()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    //! Heads to the byte, and the examples of RFC 6455, 5.7.

    use super::*;

    fn head(is_last: bool, opcode: Opcode, mask: Option<[u8; 4]>, length: u64) -> Result<Option<Head>, Violation> {
        Ok(Some(Head { is_last, opcode, mask, length }))
    }

    #[test]
    fn heads_are_read_to_the_byte() {
        let refused = |why| Err(Violation::Protocol(why));
        let short = "a length that is not written in the shortest way";
        let control = "a control frame in pieces, or of more than 125 bytes";
        type Case = (&'static [u8], Result<Option<Head>, Violation>);
        let cases: &[Case] = &[
            (&[], Ok(None)),
            (&[0x81], Ok(None)),
            (&[0x81, 0x05], head(true, Opcode::Text, None, 5)),
            (&[0x02, 0x00], head(false, Opcode::Binary, None, 0)),
            (&[0x80, 0x81, 1, 2, 3], Ok(None)),
            (&[0x80, 0x81, 1, 2, 3, 4], head(true, Opcode::Continuation, Some([1, 2, 3, 4]), 1)),
            (&[0x82, 126, 1], Ok(None)),
            (&[0x82, 126, 1, 0], head(true, Opcode::Binary, None, 256)),
            (&[0x82, 126, 0, 125], refused(short)),
            (&[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0], head(true, Opcode::Binary, None, 65_536)),
            (&[0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff], refused(short)),
            (&[0x82, 127, 0x80, 0, 0, 0, 0, 1, 0, 0], refused(short)),
            (&[0xc1, 0], refused("a bit of an extension that was not agreed on")),
            (&[0x83, 0], refused("a frame of an unknown kind")),
            (&[0x8b, 0], refused("a frame of an unknown kind")),
            (&[0x09, 0], refused(control)),
            (&[0x89, 126, 0, 126], refused(control)),
            (&[0x88, 125], head(true, Opcode::Close, None, 125)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Head::read(bytes), *expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn what_is_written_is_the_rfcs() {
        type Case = (Opcode, &'static [u8], Option<[u8; 4]>, &'static [u8]);
        let cases: &[Case] = &[
            (Opcode::Text, b"Hello", None, &[0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]),
            (
                Opcode::Text,
                b"Hello",
                Some([0x37, 0xfa, 0x21, 0x3d]),
                &[0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
            ),
            (Opcode::Ping, b"", None, &[0x89, 0x00]),
        ];
        for (opcode, payload, mask, expected) in cases {
            let mut out = Vec::new();
            write(&mut out, *opcode, payload, *mask);
            assert_eq!(out, *expected);
        }
        for length in [125, 126, 65_535, 65_536] {
            let mut out = Vec::new();
            write(&mut out, Opcode::Binary, &vec![7; length], None);
            assert_eq!(Head::read(&out), head(true, Opcode::Binary, None, length as u64));
        }
    }

    #[test]
    fn a_mask_goes_on_where_it_was_left() {
        let plain: Vec<u8> = (0..40).collect();
        for cut in 0..=plain.len() {
            let mut whole = plain.clone();
            apply([1, 20, 33, 250], 0, &mut whole);
            let (first, second) = whole.split_at_mut(cut);
            apply([1, 20, 33, 250], 0, first);
            apply([1, 20, 33, 250], cut as u64, second);
            assert_eq!(whole, plain, "{cut}");
        }
    }
}
