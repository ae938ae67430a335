//! Close: the code and reason with which a connection ends (RFC 6455, 7.4).

use crate::frame::MAX_CONTROL;
use crate::reader::Violation;

/// All is said.
pub const NORMAL: u16 = 1000;
/// The one who says it goes away: a server that stops, a page that is left.
pub const GOING_AWAY: u16 = 1001;
/// The other side broke the protocol.
pub const PROTOCOL_ERROR: u16 = 1002;
/// Data of a kind that is not taken.
pub const UNSUPPORTED: u16 = 1003;
/// Text that is not UTF-8.
pub const NOT_UTF8: u16 = 1007;
/// The other side may not go on.
pub const POLICY: u16 = 1008;
/// A message that is too long.
pub const TOO_LONG: u16 = 1009;
/// A server cannot go on.
pub const INTERNAL: u16 = 1011;
/// Not now; later it may go well (registered with IANA).
pub const TRY_LATER: u16 = 1013;

/// The most bytes of a reason: what a control frame holds beside the code.
pub const MAX_REASON: usize = MAX_CONTROL - 2;

/// How an end is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The code; one that may stand in a frame.
    pub code: u16,
    /// A word for people and logs, at most [`MAX_REASON`] bytes.
    pub reason: String,
}

impl Close {
    /// An end with this code. A longer reason is cut where a character ends.
    pub fn new(code: u16, reason: &str) -> Close {
        Close { code, reason: reason[..reason.floor_char_boundary(MAX_REASON)].to_owned() }
    }

    /// The payload of its frame.
    pub fn payload(&self) -> Vec<u8> {
        [&self.code.to_be_bytes()[..], self.reason.as_bytes()].concat()
    }

    /// Reads the payload of a close frame; an empty one tells nothing.
    pub(crate) fn read(payload: &[u8]) -> Result<Option<Close>, Violation> {
        let Some((code, reason)) = payload.split_first_chunk::<2>() else {
            return if payload.is_empty() { Ok(None) } else { Err(Violation::Protocol("a close code of one byte")) };
        };
        let code = u16::from_be_bytes(*code);
        if !may_be_sent(code) {
            return Err(Violation::Protocol("a close code that may not be sent"));
        }
        let reason = std::str::from_utf8(reason).map_err(|_| Violation::NotUtf8)?;
        Ok(Some(Close { code, reason: reason.to_owned() }))
    }
}

/// Whether a frame may carry the code (RFC 6455, 7.4.1 and 7.4.2; 1012 to 1014 were registered later).
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

#[cfg(test)]
mod tests {
    //! Which codes are read, and what becomes of long reasons.

    use super::*;

    #[test]
    fn only_codes_that_may_be_sent_are_read() {
        let good = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999];
        let bad = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535];
        for code in good {
            let read = Close::read(&Close::new(code, "why").payload());
            assert_eq!(read, Ok(Some(Close { code, reason: "why".to_owned() })));
        }
        for code in bad {
            assert!(Close::read(&Close::new(code, "").payload()).is_err(), "{code}");
        }
        assert_eq!(Close::read(b""), Ok(None));
        assert_eq!(Close::read(&[3]), Err(Violation::Protocol("a close code of one byte")));
        assert_eq!(Close::read(&[0x03, 0xe8, 0xff]), Err(Violation::NotUtf8));
    }

    #[test]
    fn a_reason_fits_its_frame() {
        let close = Close::new(POLICY, &"é".repeat(100));
        assert_eq!(close.reason.len(), 122);
        assert!(close.payload().len() <= MAX_CONTROL);
    }
}
