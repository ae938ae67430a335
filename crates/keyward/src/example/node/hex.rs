//! The two ways in which Ethereum's JSON-RPC writes bytes: quantities without leading zeros, data with all of them.

/// A number: `0x0`, `0x1f`.
pub fn quantity(number: impl Into<u128>) -> String {
    format!("{:#x}", number.into())
}

/// Bytes: two digits each.
pub fn data(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    std::iter::once("0x".to_owned()).chain(digits).collect()
}

/// A number as a quantity writes it.
pub fn read_quantity(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u64::from_str_radix(digits, 16).ok()
}

/// Bytes of any length.
pub fn read_data(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// Bytes of the length wanted.
pub fn read_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    read_data(text)?.try_into().ok()
}

fn digit(letter: u8) -> Option<u8> {
    (letter as char).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!((quantity(0u64), quantity(31u64)), ("0x0".to_owned(), "0x1f".to_owned()));
        assert_eq!(read_quantity("0x1f"), Some(31));
        assert_eq!(data(&[0, 255]), "0x00ff");
        assert_eq!(read_array("0x00ff"), Some([0, 255]));
    }

    #[test]
    fn what_is_not_hexadecimal_is_nothing() {
        for text in ["", "1f", "0x", "0xg", "0x+1", "0x10000000000000000"] {
            assert_eq!(read_quantity(text), None, "{text}");
        }
        for text in ["00", "0x0", "0xzz", "0x0000ff", "0xé"] {
            assert_eq!(read_array::<2>(text), None, "{text}");
        }
    }
}
