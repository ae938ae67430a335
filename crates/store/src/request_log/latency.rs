//! How long calls took: percentiles of the newest ones.

use super::filter::Filter;
use crate::{Store, StoreError, sql};

/// How many rows are measured: the newest of those that were forwarded.
pub const SAMPLE: usize = 10_000;

/// Percentiles in microseconds, by nearest rank; all 0 where no row was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Rows measured, at most [`SAMPLE`].
    pub rows: u64,
    /// Half of them took no longer, from the decision to the last byte.
    pub p50: u64,
    /// 95 of a hundred took no longer.
    pub p95: u64,
    /// Half of them waited no longer for the upstream's head.
    pub upstream_p50: u64,
    /// 95 of a hundred waited no longer.
    pub upstream_p95: u64,
}

/// The latency of the newest rows that the filter means, whatever its limit; denied calls and running ones are left
/// out. It reads no more than the filter's span of time.
pub async fn latency(store: &Store, filter: &Filter) -> Result<Latency, StoreError> {
    let (condition, values) = filter.condition();
    let text = format!(
        "SELECT latency, upstream_latency FROM request_log WHERE {condition} AND attempts > 0 AND outcome IS NOT NULL
         ORDER BY time DESC, node DESC, epoch DESC, ring DESC, seq DESC LIMIT {SAMPLE}"
    );
    let rows = sql::rows(store.log_reader(), &text, values).await?;
    let column = |place| {
        let mut figures: Vec<u64> = rows.iter().map(|row| row.count(place, "latency")).collect::<Result<_, _>>()?;
        figures.sort_unstable();
        Ok::<_, StoreError>(figures)
    };
    let (whole, upstream) = (column(0)?, column(1)?);
    Ok(Latency {
        rows: whole.len() as u64,
        p50: percentile(&whole, 50),
        p95: percentile(&whole, 95),
        upstream_p50: percentile(&upstream, 50),
        upstream_p95: percentile(&upstream, 95),
    })
}

/// The smallest figure that so many of a hundred do not exceed; 0 of none.
fn percentile(sorted: &[u64], of_a_hundred: usize) -> u64 {
    let rank = (sorted.len() * of_a_hundred).div_ceil(100);
    rank.checked_sub(1).map_or(0, |place| sorted[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_figures_of_the_list() {
        let hundred: Vec<u64> = (1..=100).collect();
        let cases: [(&[u64], usize, u64); 7] = [
            (&[], 50, 0),
            (&[7], 50, 7),
            (&[7], 95, 7),
            (&[1, 2], 50, 1),
            (&[1, 2, 3], 50, 2),
            (&[1, 2, 3], 95, 3),
            (&hundred, 95, 95),
        ];
        for (sorted, of_a_hundred, expected) in cases {
            assert_eq!(percentile(sorted, of_a_hundred), expected, "{of_a_hundred} of {sorted:?}");
        }
    }
}
