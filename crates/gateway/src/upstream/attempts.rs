//! Attempts: a call goes to one upstream after another as long as nothing of it can have been done.
//!
//! A request of which no byte was written goes to another upstream of its network, if one is to be had. Where the API says
//! so (`retry_idempotent`), a GET or HEAD without a body goes once more after its connection broke before the first byte of
//! an answer, which a server may have done the work for. Whatever happens, it is one call: one charge, one row.

use http::Method;

use super::{Answer, Failure, InFlight, exchange, pool::Pool, request_body::RequestBody};
use crate::{asked::Asked, forwarded::Permitted, heads::Request};

/// Upstreams that one call is tried on; each may take as long as a connection may.
const MAX_UPSTREAMS: u32 = 3;
/// A message is sent at most twice.
pub(super) const MAX_ATTEMPTS: u8 = 2;

/// The upstream that a call goes to, and the place that it takes there.
pub(crate) struct Picked<'g> {
    /// This thread's connections to it.
    pub pool: &'g Pool,
    /// The place.
    pub in_flight: InFlight,
}

/// Sends the request until an answer begins, or no further attempt is to be made. `picked` is the last upstream then.
pub(crate) async fn forward<'g>(
    asked: &Asked<'g>,
    picked: &mut Picked<'g>,
    request: &mut Request<RequestBody>,
    permitted: &Permitted<'_>,
) -> Result<Answer, Failure> {
    let is_repeated = asked.api.retry_idempotent
        && matches!(request.method, Method::GET | Method::HEAD)
        && matches!(request.body, RequestBody::Empty);
    let (mut attempts, mut upstreams) = (0, 1);
    loop {
        match exchange(picked.pool, asked, request, is_repeated, permitted).await {
            Ok(answer) => return Ok(Answer { attempts: attempts + answer.attempts, ..answer }),
            Err(failure) => {
                attempts += failure.attempts;
                let is_over = attempts >= MAX_ATTEMPTS || upstreams >= MAX_UPSTREAMS;
                if is_over || !failure.again {
                    return Err(Failure::last(failure.denial, attempts));
                }
                upstreams += 1;
                if !has_moved(asked, picked, request) && failure.attempts == 0 {
                    return Err(Failure::last(failure.denial, attempts));
                }
            }
        }
    }
}

/// Points the request at another upstream of its network that has a place and did not fail a moment ago.
fn has_moved<'g>(asked: &Asked<'g>, picked: &mut Picked<'g>, request: &mut Request<RequestBody>) -> bool {
    let upstreams = asked.network.map_or(&[][..], |network| &network.upstreams);
    let steady = (asked.gate.shared.clock.steady)();
    let Some(other) = asked.gate.pick_other(upstreams, picked.pool, steady) else { return false };
    let upstream = other.pool.upstream();
    request.target = asked.target.upstream(&upstream.url.base_path);
    request.headers.insert(http::header::HOST, &upstream.host);
    *picked = other;
    true
}
