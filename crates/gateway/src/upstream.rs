//! Upstream: the servers behind the APIs, and the way a call goes to one of them.
//!
//! An [`Upstream`] is shared by all threads and holds what must be one figure: calls in flight, and whether it was last
//! found unreachable. Each thread has a [`pool::Pool`] of its own connections to it, so that no call takes a lock.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use domain::decision::Denial;
use http::{HeaderValue, StatusCode};

use crate::{
    asked::Asked,
    forwarded::Permitted,
    heads::{Request, Response},
    settings::{SettingsError, UpstreamSettings, UpstreamUrl},
    upstream::{
        attempts::MAX_ATTEMPTS,
        health::Health,
        http1::{Broken, Unanswered},
        pool::Pool,
        request_body::RequestBody,
        tls::Tls,
    },
};

pub(crate) mod answer_body;
mod attempts;
mod connect;
mod health;
pub(crate) mod http1;
pub(crate) mod line;
mod names;
pub(crate) mod pool;
pub(crate) mod request_body;
pub(crate) mod tls;
pub(crate) mod transport;

pub(crate) use attempts::{Picked, forward};

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
    health: Health,
}

/// A place among the calls in flight; free again when dropped.
pub(crate) struct InFlight(Arc<Upstream>);

/// The beginning of an upstream's answer.
pub(crate) struct Answer {
    /// The head.
    pub head: Response<()>,
    /// The connection that the body comes over.
    pub lent: pool::Lent,
    /// How often the call was sent.
    pub attempts: u8,
}

/// Why there is no answer.
pub(crate) struct Failure {
    /// As callers are told: unreachable (no byte was written), timeout, incomplete, or what stopped the value.
    pub denial: Denial,
    /// How often the call was sent.
    pub attempts: u8,
    /// Whether the request may be sent once more.
    again: bool,
}

impl Failure {
    /// One after which nothing is tried any more.
    pub fn last(denial: Denial, attempts: u8) -> Self {
        Failure { denial, attempts, again: false }
    }

    /// One of a request that may not go up any more.
    fn denied(denial: Denial) -> Self {
        Failure::last(denial, 0)
    }

    /// Whether nothing was sent because nothing may be.
    pub fn is_denied(&self) -> bool {
        self.attempts == 0 && self.denial != Denial::UpstreamUnreachable
    }
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
            health: Health::new(settings.pass_over_after),
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

    /// Whether it failed a moment ago.
    pub fn is_passed_over(&self, steady: i64) -> bool {
        self.health.is_passed_over(steady)
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
        self.health.failures()
    }

    /// No connection to it could be opened: it is passed over for a while.
    pub fn could_not_be_reached(&self, steady: i64) {
        self.health.could_not_be_reached(steady);
    }

    /// A request was sent to it, and no answer came, or none in time: too often in a row, and it is passed over.
    pub fn has_not_answered(&self, steady: i64) {
        self.health.has_not_answered(steady);
    }

    /// It answered with this status, which may say that what is behind it does not answer.
    pub fn has_answered(&self, status: u16, steady: impl Fn() -> i64) {
        self.health.has_answered(status, steady);
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

/// Sends the request to one upstream and waits for the beginning of the answer.
///
/// A connection that the upstream closed while it was unused may only be noticed now; the request is unwritten then, and goes
/// over a new one. `is_repeated`: it may be sent again although it was written.
async fn exchange(
    pool: &Pool,
    asked: &Asked<'_>,
    request: &mut Request<RequestBody>,
    is_repeated: bool,
    permitted: &Permitted<'_>,
) -> Result<Answer, Failure> {
    let (slot, steady, health) = (asked.slot, asked.gate.shared.clock.steady, &pool.upstream().health);
    let mut attempts = 0;
    let mut unused = pool.take();
    // Calls of a batch may have been stopped after they were admitted and before the last of them was. From here on, the
    // connection ends as soon as they are.
    if let Some(denial) = slot.stopped() {
        return Err(Failure::denied(denial));
    }
    loop {
        let (lent, is_new) = match unused.take() {
            Some(lent) => (Ok(lent), false),
            // Boxed, like all that is large and rare below: what waits for a call to end is as large as the largest part of it, and
            // is moved several times on its way to where it waits.
            None => (Box::pin(pool.connect()).await, true),
        };
        let mut lent = match lent {
            // Policies may have changed while it was opened.
            Ok(lent) if is_new => match permitted.is_still() {
                Ok(()) => lent,
                Err(denial) => return Err(Failure::denied(denial)),
            },
            Ok(lent) => lent,
            Err(fault) => {
                tracing::debug!(upstream = %pool.upstream().url, %fault, "cannot connect");
                health.could_not_be_reached(steady());
                return Err(Failure { denial: Denial::UpstreamUnreachable, attempts, again: true });
            }
        };
        slot.use_line(lent.lease());
        attempts += 1;
        let sent = {
            let sending = pin!(lent.send(request));
            slot.answer_within(asked.api.answer_ticks, sending).await
        };
        match sent {
            // Nobody asked for another protocol, so what would follow is no answer.
            Ok(Ok(head)) if head.status == StatusCode::SWITCHING_PROTOCOLS => {
                return Err(Failure::last(Denial::UpstreamIncomplete, attempts));
            }
            Ok(Ok(head)) => {
                health.has_answered(head.status.as_u16(), steady);
                return Ok(Answer { head, lent, attempts });
            }
            Ok(Err(Unanswered::Unwritten(body))) if attempts < MAX_ATTEMPTS => request.body = body,
            Ok(Err(Unanswered::Unwritten(body))) => {
                request.body = body;
                return Err(Failure { denial: Denial::UpstreamUnreachable, attempts, again: true });
            }
            Ok(Err(Unanswered::Broken(broken))) => {
                tracing::debug!(upstream = %pool.upstream().url, %broken, "no answer");
                let is_upstreams = !matches!(broken, Broken::Upload) && slot.stopped().is_none();
                if is_upstreams {
                    health.has_not_answered(steady());
                }
                let is_silent = matches!(broken, Broken::Io(_) | Broken::Closed) && !lent.has_begun_to_answer();
                let again = is_repeated && is_upstreams && is_silent;
                return Err(Failure { denial: Denial::UpstreamIncomplete, attempts, again });
            }
            Err(_timed_out) => {
                health.has_not_answered(steady());
                return Err(Failure::last(Denial::UpstreamTimeout, attempts));
            }
        }
    }
}
