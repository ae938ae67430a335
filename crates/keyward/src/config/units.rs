//! Durations and sizes as people write them: `"5s"`, `"250 ms"`, `"8 MiB"`.

use std::time::Duration;

const DURATIONS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000)];
const SIZES: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// Reads a duration: a whole number and `ms`, `s`, `min` or `h`.
pub fn duration(text: &str) -> Option<Duration> {
    amount(text, &DURATIONS).map(Duration::from_millis)
}

/// Reads a size in bytes: a whole number and `B`, `KiB`, `MiB` or `GiB`.
pub fn size(text: &str) -> Option<u64> {
    amount(text, &SIZES)
}

/// Writes a duration in the largest unit that keeps it whole.
pub fn show_duration(duration: Duration) -> String {
    match u64::try_from(duration.as_millis()) {
        Ok(milliseconds) => show(milliseconds, &DURATIONS),
        Err(_) => format!("{} s", duration.as_secs()),
    }
}

/// Writes a size in the largest unit that keeps it whole.
pub fn show_size(bytes: u64) -> String {
    show(bytes, &SIZES)
}

fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = (&text[..digits], text[digits..].trim_start_matches(' '));
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn show(amount: u64, units: &[(&str, u64)]) -> String {
    let whole = units.iter().rev().find(|(_, factor)| amount >= *factor && amount.is_multiple_of(*factor));
    let (unit, factor) = whole.unwrap_or(&units[0]);
    format!("{} {unit}", amount / factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_shown_again() {
        for (text, milliseconds, shown) in
            [("5s", 5_000, "5 s"), ("250 ms", 250, "250 ms"), ("2min", 120_000, "2 min"), ("1 h", 3_600_000, "1 h")]
        {
            let read = duration(text).unwrap();
            assert_eq!((read.as_millis(), show_duration(read).as_str()), (milliseconds, shown), "{text}");
        }
        for (text, bytes, shown) in [("16 MiB", 16 << 20, "16 MiB"), ("1500B", 1_500, "1500 B"), ("0 B", 0, "0 B")] {
            assert_eq!((size(text), show_size(bytes).as_str()), (Some(bytes), shown), "{text}");
        }
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for text in ["", "5", "s", "5 S", "-5s", "1.5s", "5 seconds", "99999999999999999999s", "18446744073709551615h"]
        {
            assert_eq!(duration(text), None, "{text}");
        }
        for text in ["8 MB", "8M", "8", "8 mib", "18446744073709551615 GiB"] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
