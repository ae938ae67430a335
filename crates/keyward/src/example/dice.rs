//! Numbers that look random and are the same at each start.

/// A figure for each place that asks: `topic` keeps the askers apart, `index` is the asker's own count.
/// The mixing steps are those of SplitMix64 (Steele, Lea, Flood 2014).
pub fn roll(topic: u64, index: u64) -> u64 {
    let mut mixed = topic.wrapping_mul(0xD1B5_4A32_D192_ED03) ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for _ in 0..2 {
        mixed = mixed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
    }
    mixed
}

/// A figure below `sides`.
pub fn below(topic: u64, index: u64, sides: u64) -> u64 {
    roll(topic, index) % sides.max(1)
}

/// One of the words.
pub fn pick<'a>(topic: u64, index: u64, words: &[&'a str]) -> &'a str {
    words[below(topic, index, words.len() as u64) as usize]
}

/// Bytes in the place of a hash.
pub fn bytes<const N: usize>(topic: u64, index: u64) -> [u8; N] {
    let mut bytes = [0; N];
    for (place, part) in bytes.chunks_mut(8).enumerate() {
        let figure = roll(topic.wrapping_mul(31).wrapping_add(place as u64), index).to_be_bytes();
        part.copy_from_slice(&figure[..part.len()]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_question_has_the_same_answer_and_others_have_others() {
        assert_eq!(bytes::<20>(1, 2), bytes::<20>(1, 2));
        let all: HashSet<[u8; 32]> = (0..20).flat_map(|topic| (0..50).map(move |index| bytes(topic, index))).collect();
        assert_eq!(all.len(), 1_000);
    }

    #[test]
    fn each_side_of_the_dice_comes_up() {
        let sides: HashSet<u64> = (0..200).map(|index| below(3, index, 6)).collect();
        assert_eq!(sides.len(), 6);
    }
}
