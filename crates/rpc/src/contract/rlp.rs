//! RLP, the encoding of transactions: bytes, and lists of items (Ethereum yellow paper, appendix B). Only what is encoded in
//! the one canonical way is read, so that no node can read it in another.

/// One item, without its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A string of bytes.
    Bytes(&'a [u8]),
    /// The items of a list, still encoded.
    List(&'a [u8]),
}

/// Up to this many bytes a head of one byte says the length.
const SHORT: usize = 55;

/// Takes the first item off. None: it is cut short, or not in canonical form.
pub(super) fn take<'a>(encoded: &mut &'a [u8]) -> Option<Item<'a>> {
    let (head, after) = encoded.split_first()?;
    let (len, body) = match head {
        0x00..0x80 => (1, *encoded),
        0x80..0xb8 => (usize::from(head - 0x80), after),
        0xb8..0xc0 => long_len(after, usize::from(head - 0xb7))?,
        0xc0..0xf8 => (usize::from(head - 0xc0), after),
        0xf8.. => long_len(after, usize::from(head - 0xf7))?,
    };
    let (item, rest) = body.split_at_checked(len)?;
    *encoded = rest;
    match (head, item) {
        // A byte that says itself needs no head.
        (0x81, [0x00..0x80]) => None,
        (0x00..0xc0, _) => Some(Item::Bytes(item)),
        _ => Some(Item::List(item)),
    }
}

/// A length that stands in the first `width` bytes, and what follows them.
fn long_len(bytes: &[u8], width: usize) -> Option<(usize, &[u8])> {
    let (digits, body) = bytes.split_at_checked(width)?;
    let len = digits.iter().try_fold(0_usize, |len, digit| len.checked_mul(256)?.checked_add(usize::from(*digit)))?;
    let is_canonical = digits.first() != Some(&0) && len > SHORT;
    is_canonical.then_some((len, body))
}
