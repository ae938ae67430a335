//! Metrics: what each thread counts, in plain atomics that only it writes and anyone may read. How they are shown is the
//! binary's business.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use domain::{decision::Denial, request_log::Outcome};

pub mod figures;
pub mod histogram;

pub use figures::{Figures, UpstreamFigures};
use histogram::Histogram;

/// One thread's counts since its start.
pub struct Metrics {
    /// Connections accepted.
    pub connections: AtomicU64,
    /// Connections open now.
    pub open_connections: AtomicU64,
    /// Requests that were read.
    pub requests: AtomicU64,
    /// CORS preflights, which are no calls.
    pub preflights: AtomicU64,
    /// Connections opened to upstreams.
    pub upstream_connections: AtomicU64,
    /// Calls that were sent a second time because no byte of the first attempt was written.
    pub retries: AtomicU64,
    /// How full its journal is, in millionths; looked at once a second.
    pub journal_fill: AtomicU64,
    /// The number of the newest record in its journal; looked at once a second.
    pub journal_records: AtomicU64,
    denials: Denials,
    apis: Box<[OfApi]>,
}

/// What is counted for each API.
#[derive(Default)]
struct OfApi {
    outcomes: [AtomicU64; OUTCOMES.len()],
    latency: Histogram,
    upstream_latency: Histogram,
}

/// A figure for each denial, by its place in [`Denial::ALL`].
struct Denials([AtomicU64; Denial::ALL.len()]);

/// The outcomes that are counted.
pub const OUTCOMES: [Outcome; 5] =
    [Outcome::Answered, Outcome::Failed, Outcome::Denied, Outcome::Abandoned, Outcome::Unknown];

impl Default for Denials {
    fn default() -> Self {
        Denials(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Metrics {
    /// Nothing counted yet, of so many APIs.
    pub fn new(apis: usize) -> Self {
        Metrics {
            connections: AtomicU64::default(),
            open_connections: AtomicU64::default(),
            requests: AtomicU64::default(),
            preflights: AtomicU64::default(),
            upstream_connections: AtomicU64::default(),
            retries: AtomicU64::default(),
            journal_fill: AtomicU64::default(),
            journal_records: AtomicU64::default(),
            denials: Denials::default(),
            apis: std::iter::repeat_with(OfApi::default).take(apis).collect(),
        }
    }

    /// Calls or requests that were answered with this denial.
    pub fn denials(&self, denial: Denial) -> u64 {
        self.denials.0[usize::from(denial.index())].load(Relaxed)
    }

    /// Calls to an API that ended so.
    pub fn outcomes_of(&self, api: usize, outcome: Outcome) -> u64 {
        self.apis[api].outcomes[place(outcome)].load(Relaxed)
    }

    /// How long its calls took that were forwarded.
    pub fn latency(&self, api: usize) -> &Histogram {
        &self.apis[api].latency
    }

    /// How long its upstreams took until their answers began.
    pub fn upstream_latency(&self, api: usize) -> &Histogram {
        &self.apis[api].upstream_latency
    }

    pub(crate) fn count_denial(&self, denial: Denial) {
        bump(&self.denials.0[usize::from(denial.index())], 1);
    }

    pub(crate) fn count_outcome(&self, api: usize, outcome: Outcome) {
        bump(&self.apis[api].outcomes[place(outcome)], 1);
    }
}

/// Adds to a figure that only this thread writes: no locked instruction.
pub(crate) fn bump(figure: &AtomicU64, by: u64) {
    figure.store(figure.load(Relaxed).wrapping_add(by), Relaxed);
}

fn place(outcome: Outcome) -> usize {
    OUTCOMES.iter().position(|known| *known == outcome).expect("all outcomes are listed")
}

#[cfg(test)]
mod tests {
    //! Every denial and outcome has a figure of its own.

    use super::*;

    #[test]
    fn figures_are_apart() {
        let metrics = Metrics::new(2);
        for denial in Denial::ALL {
            metrics.count_denial(denial);
        }
        for outcome in OUTCOMES {
            metrics.count_outcome(1, outcome);
        }
        assert!(Denial::ALL.into_iter().all(|denial| metrics.denials(denial) == 1));
        assert!(OUTCOMES.into_iter().all(|outcome| metrics.outcomes_of(1, outcome) == 1));
        assert!(OUTCOMES.into_iter().all(|outcome| metrics.outcomes_of(0, outcome) == 0));
    }
}
