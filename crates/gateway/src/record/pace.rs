//! Pace: while the journal fills faster than the store takes its rows, calls wait a little before they are admitted, so that they come
//! as fast as their rows can be stored. Otherwise a node that is given more than it can store would soon refuse nearly all of it.

use std::time::Duration;

/// Up to this fill of the journal nothing waits.
pub const UNPACED_UP_TO: f32 = 0.5;
/// How long a call waits where the journal is full.
pub const LONGEST_WAIT: Duration = Duration::from_millis(250);

/// How long a call waits at this fill: the square of the way from [`UNPACED_UP_TO`], so that a few callers are slowed by little and
/// many, who each wait on their own, by enough.
pub(super) fn wait_at(fill: f32) -> Option<Duration> {
    let way = (fill - UNPACED_UP_TO) / (1.0 - UNPACED_UP_TO);
    (way > 0.0).then(|| LONGEST_WAIT.mul_f32(way.min(1.0).powi(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuller_the_longer() {
        let cases = [(0.0, None), (0.5, None), (0.55, Some(2_500)), (0.75, Some(62_500)), (1.0, Some(250_000))];
        for (fill, micros) in cases {
            let told = wait_at(fill).map(|wait| (wait.as_micros() as f32 / 100.0).round() as u64 * 100);
            assert_eq!(told, micros, "{fill}");
        }
    }
}
