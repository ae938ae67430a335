//! Upstream: the servers behind the APIs, and the way a call goes to one of them.
//!
//! An [`Upstream`] is shared by all threads and holds what must be one figure: calls in flight, and whether it was last
//! found unreachable. Each thread has a [`pool::Pool`] of its own connections to it, so that no call takes a lock.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed},
};

use domain::{decision::Denial, time::SECOND};
use http::{HeaderValue, Request, Response, StatusCode};

use crate::{
    forwarded::Forwarded,
    settings::{SettingsError, UpstreamSettings, UpstreamUrl},
    upstream::{http1::Unanswered, pool::Pool, request_body::RequestBody, tls::Tls},
    watch::Slot,
};

pub(crate) mod answer_body;
mod connect;
pub(crate) mod http1;
pub(crate) mod line;
mod names;
pub(crate) mod pool;
pub(crate) mod request_body;
pub(crate) mod tls;
pub(crate) mod transport;

/// For how long an upstream that could not be reached is passed over while another serves its network, in microseconds.
const PASSED_OVER: i64 = 5 * SECOND;
/// A message is sent again at most once, and only if no byte of it was written.
const MAX_ATTEMPTS: u8 = 2;

/// A server behind an API, as all threads share it.
pub(crate) struct Upstream {
    /// Its place in the configuration, over all APIs: the request log names it so.
    pub index: u16,
    /// Where it is.
    pub url: UpstreamUrl,
    /// What it expects in `Host`.
    pub host: HeaderValue,
    /// `scheme://host[:port]` without a default port, as it may stand in a `Location`.
    pub origin: String,
    tls: Option<Tls>,
    /// Unused connections that one thread keeps; those of all threads and `max_in_flight` make `max_connections`.
    idle_for_each_thread: usize,
    max_in_flight: usize,
    in_flight: AtomicUsize,
    unreachable_until: AtomicI64,
    /// Attempts that got no answer.
    failures: AtomicU64,
}

/// A place among the calls in flight; free again when dropped.
pub(crate) struct InFlight(Arc<Upstream>);

/// The beginning of an upstream's answer.
pub(crate) struct Answer {
    /// The head.
    pub response: Response<()>,
    /// The connection that the body comes over.
    pub lent: pool::Lent,
    /// How often the call was sent.
    pub attempts: u8,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// As callers are told: unreachable (no byte was written), timeout, incomplete, or what stopped the value.
    pub denial: Denial,
    /// How often the call was sent.
    pub attempts: u8,
}

impl Upstream {
    /// Prepares for connecting; reads the certificate authorities.
    pub fn new(
        index: u16,
        settings: &UpstreamSettings,
        threads: usize,
        tls: Option<Tls>,
    ) -> Result<Self, SettingsError> {
        let host = HeaderValue::try_from(settings.url.authority.as_str())
            .map_err(|_| SettingsError::CertificateName(settings.url.to_string()))?;
        Ok(Upstream {
            index,
            origin: origin(&settings.url),
            url: settings.url.clone(),
            host,
            tls,
            idle_for_each_thread: (settings.max_connections - settings.max_in_flight) / threads.max(1),
            max_in_flight: settings.max_in_flight,
            in_flight: AtomicUsize::new(0),
            unreachable_until: AtomicI64::new(i64::MIN),
            failures: AtomicU64::new(0),
        })
    }

    /// Takes a place among the calls in flight. None: there are as many as may be.
    pub fn reserve(self: &Arc<Self>) -> Option<InFlight> {
        if self.in_flight.fetch_add(1, Relaxed) < self.max_in_flight {
            return Some(InFlight(Arc::clone(self)));
        }
        self.in_flight.fetch_sub(1, Relaxed);
        None
    }

    /// Whether it could not be reached a moment ago.
    pub fn is_passed_over(&self, steady: i64) -> bool {
        steady < self.unreachable_until.load(Relaxed)
    }

    /// Calls in flight over all threads.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Relaxed)
    }

    /// The most that may be.
    pub fn max_in_flight(&self) -> usize {
        self.max_in_flight
    }

    /// Attempts that got no answer.
    pub fn failures(&self) -> u64 {
        self.failures.load(Relaxed)
    }

    /// Passes it over for a while.
    pub fn pass_over(&self, steady: i64) {
        self.unreachable_until.store(steady.saturating_add(PASSED_OVER), Relaxed);
    }
}

fn origin(url: &UpstreamUrl) -> String {
    let (scheme, default_port) = if url.tls { ("https", ":443") } else { ("http", ":80") };
    let authority = url.authority.strip_suffix(default_port).unwrap_or(&url.authority);
    format!("{scheme}://{authority}")
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

/// Sends the request and waits for the beginning of the answer.
///
/// A connection that the upstream closed while it was unused may only be noticed now; the request comes back
/// unwritten then, and goes over a new one. `_permitted` is what shows that the call, or the first of a batch, was admitted.
pub(crate) async fn exchange(
    pool: &Pool,
    slot: &Slot,
    answer_ticks: u32,
    mut request: Request<RequestBody>,
    _permitted: &Forwarded,
    steady: fn() -> i64,
) -> Result<Answer, Failure> {
    let mut attempts = 0;
    let mut unused = pool.take();
    // Calls of a batch may have been stopped after they were admitted and before the last of them was. From here on, the
    // connection ends as soon as they are.
    if let Some(denial) = slot.stopped() {
        return Err(Failure { denial, attempts });
    }
    loop {
        let mut lent = match unused.take() {
            Some(lent) => lent,
            None => pool.connect().await.map_err(|fault| {
                tracing::debug!(upstream = %pool.upstream().url, %fault, "cannot connect");
                pool.upstream().pass_over(steady());
                Failure { denial: Denial::UpstreamUnreachable, attempts }
            })?,
        };
        slot.use_line(lent.lease());
        attempts += 1;
        let sent = lent.send(request);
        match slot.answer_within(answer_ticks, sent).await {
            // Nobody asked for another protocol, so what would follow is no answer.
            Ok(Ok(response)) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
                return Err(Failure { denial: Denial::UpstreamIncomplete, attempts });
            }
            Ok(Ok(response)) => return Ok(Answer { response, lent, attempts }),
            Ok(Err(Unanswered::Unwritten(unwritten))) if attempts < MAX_ATTEMPTS => request = *unwritten,
            Ok(Err(Unanswered::Unwritten(_))) => {
                return Err(Failure { denial: Denial::UpstreamUnreachable, attempts });
            }
            Ok(Err(Unanswered::Broken(broken))) => {
                tracing::debug!(upstream = %pool.upstream().url, %broken, "no answer");
                return Err(Failure { denial: Denial::UpstreamIncomplete, attempts });
            }
            Err(_timed_out) => return Err(Failure { denial: Denial::UpstreamTimeout, attempts }),
        }
    }
}
