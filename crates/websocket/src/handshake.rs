//! Handshake: the two header values by which an HTTP connection becomes a WebSocket (RFC 6455, 4).

use sha1::{Digest, Sha1};

/// The one version there is.
pub const VERSION: &str = "13";
/// What the server adds to the client's key (RFC 6455, 1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Sixteen bytes in base64.
const KEY_LENGTH: usize = 24;

/// A client's `Sec-WebSocket-Key` from sixteen bytes that nobody can guess.
pub fn key_of(random: [u8; 16]) -> String {
    base64(&random)
}

/// Whether this can be a client's `Sec-WebSocket-Key`: sixteen bytes in base64.
pub fn is_key(key: &[u8]) -> bool {
    let Some(digits) = key.strip_suffix(b"==") else { return false };
    key.len() == KEY_LENGTH && digits.iter().all(|byte| ALPHABET.contains(byte))
}

/// The server's `Sec-WebSocket-Accept` to a key.
pub fn accept_of(key: &[u8]) -> String {
    base64(&Sha1::new().chain_update(key).chain_update(GUID).finalize())
}

/// RFC 4648, 4.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let value = ALPHABET[(word >> (18 - 6 * digit) & 63) as usize];
            text.push(if digit > three.len() { '=' } else { char::from(value) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    //! The example of RFC 6455, 1.3, and what is no key.

    use super::*;

    #[test]
    fn the_rfcs_example() {
        assert_eq!(accept_of(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(key_of(*b"the sample nonce"), "dGhlIHNhbXBsZSBub25jZQ==");
    }

    #[test]
    fn a_key_is_sixteen_bytes() {
        let cases = [
            ("dGhlIHNhbXBsZSBub25jZQ==", true),
            ("dGhlIHNhbXBsZSBub25jZ===", false),
            ("dGhlIHNhbXBsZSBub25j", false),
            ("dGhlIHNhbXBsZSBub25jZQ== ", false),
            ("dGhlIHNhbXBsZSBu*25jZQ==", false),
            ("", false),
        ];
        for (key, is) in cases {
            assert_eq!(is_key(key.as_bytes()), is, "{key}");
        }
    }
}
