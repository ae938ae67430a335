//! Random bits as letters and digits: what values and tokens are written with.

/// The digits, in the order of their bytes.
pub(crate) const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// So many digits of the number that `entropy` is. What is beyond 62^`DIGITS` folds back in.
pub(crate) fn digits<const BYTES: usize, const DIGITS: usize>(entropy: [u8; BYTES]) -> [u8; DIGITS] {
    let mut digits = [0; DIGITS];
    let mut number = entropy;
    for digit in digits.iter_mut().rev() {
        let mut rest = 0u32;
        for byte in number.iter_mut() {
            let part = rest << 8 | u32::from(*byte);
            *byte = (part / 62) as u8;
            rest = part % 62;
        }
        *digit = ALPHABET[rest as usize];
    }
    digits
}
