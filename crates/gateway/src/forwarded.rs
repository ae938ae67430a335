//! Forwarded: a call that went up, until its outcome is written. Dropped before, it is recorded as abandoned.

use std::{rc::Rc, sync::Arc};

use domain::{
    call::Charge,
    decision::Denial,
    request_log::{Ending, Outcome},
};

use crate::{
    meter::{Permit, Running},
    metrics::{Metrics, bump},
    settings::RefundRule,
    upstream::request_body::Flow,
    watch::Slot,
};

/// What is known of an exchange with the upstream, for the rows of its calls.
#[derive(Clone)]
pub(crate) struct Exchange {
    /// Microseconds on the steady clock.
    pub steady: fn() -> i64,
    /// When the request came.
    pub came_at: i64,
    /// When it was admitted, and so could be forwarded.
    pub forwarded_at: i64,
    /// When the answer's head came.
    pub head_at: Option<i64>,
    /// Which API, by its place.
    pub api: usize,
    /// Which upstream.
    pub upstream: u16,
    /// How often it was sent.
    pub attempts: u8,
    /// Bytes of request body that were read whole before.
    pub bytes_in: u64,
    /// The body that goes up as it comes.
    pub flow: Option<Rc<Flow>>,
    /// When the charge is given back.
    pub refund: RefundRule,
    /// Where outcomes are counted.
    pub metrics: Arc<Metrics>,
    /// The caller's connection.
    pub slot: Slot,
}

/// A call that was forwarded.
pub(crate) struct Forwarded {
    running: Option<Running>,
    /// The exchange it is part of.
    pub exchange: Exchange,
}

/// What lets an upstream be spoken to: a call that was admitted, and whether it still may go up.
pub(crate) struct Permitted<'c> {
    call: &'c Forwarded,
    still: &'c dyn Fn() -> Result<(), Denial>,
}

impl<'c> Permitted<'c> {
    /// `call` is the one of the request, or the first of its batch. `still` decides on all of them by what holds now.
    pub fn new(call: &'c Forwarded, still: &'c dyn Fn() -> Result<(), Denial>) -> Self {
        Permitted { call, still }
    }

    /// Whether nothing has changed against the request while its connection was opened.
    pub fn is_still(&self) -> Result<(), Denial> {
        debug_assert!(self.call.running.is_some(), "it is admitted until its outcome is written");
        (self.still)()
    }
}

/// How a call ended, as far as the answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallResult {
    /// In a word.
    pub outcome: Outcome,
    /// The denial that became its answer.
    pub denial: Option<Denial>,
    /// The HTTP status that was sent; 0 where none was.
    pub status: u16,
    /// The HTTP status that the upstream sent, if it did.
    pub upstream_status: Option<u16>,
    /// `error.code` of a JSON-RPC answer.
    pub rpc_error: Option<i64>,
    /// Whether the body said that the call failed, by the API's own rule.
    pub says_failed: bool,
    /// Bytes of answer body.
    pub bytes_out: u64,
}

impl CallResult {
    /// The upstream answered with this status; from 400 on the call failed.
    pub fn answered(status: u16) -> Self {
        let outcome = if status < 400 { Outcome::Answered } else { Outcome::Failed };
        CallResult {
            outcome,
            denial: None,
            status,
            upstream_status: Some(status),
            rpc_error: None,
            says_failed: false,
            bytes_out: 0,
        }
    }

    /// The same, where the body says that the call failed.
    pub fn saying_that_it_failed(self) -> Self {
        CallResult { outcome: Outcome::Failed, says_failed: true, ..self }
    }

    /// The upstream did not answer, and the caller got this denial with this status.
    pub fn failed(denial: Denial, status: u16) -> Self {
        let outcome = Outcome::Failed;
        CallResult {
            outcome,
            denial: Some(denial),
            status,
            upstream_status: None,
            rpc_error: None,
            says_failed: false,
            bytes_out: 0,
        }
    }

    /// Nothing of it went up after all, and the caller got this denial with this status.
    pub fn denied(denial: Denial, status: u16) -> Self {
        CallResult { outcome: Outcome::Denied, ..CallResult::failed(denial, status) }
    }

    /// The caller left, or was too slow.
    pub fn abandoned() -> Self {
        let outcome = Outcome::Abandoned;
        CallResult {
            outcome,
            denial: None,
            status: 0,
            upstream_status: None,
            rpc_error: None,
            says_failed: false,
            bytes_out: 0,
        }
    }
}

impl Forwarded {
    /// A call that goes up now. Only with one of these in hand an upstream is spoken to: see [`crate::upstream::exchange`].
    pub fn new(permit: Permit, exchange: Exchange) -> Self {
        exchange.slot.begin_call();
        Forwarded { running: Some(permit.start(exchange.forwarded_at)), exchange }
    }

    /// What was charged.
    pub fn charge(&self) -> Charge {
        self.running.as_ref().map_or(Charge::NOTHING, Running::charge)
    }

    /// The head of the answer came, after so many attempts.
    pub fn has_head(&mut self, attempts: u8) {
        self.exchange.head_at = Some((self.exchange.steady)());
        self.exchange.attempts = attempts;
    }

    /// Writes the outcome, and gives back of the charge what the API's rule says; tells what remains of it.
    pub fn end(mut self, result: CallResult) -> Charge {
        self.write(result, None)
    }

    /// The same for an answer that came whole with its head: it was over when that came.
    pub fn end_with_head(mut self, result: CallResult) -> Charge {
        let head_at = self.exchange.head_at;
        self.write(result, head_at)
    }

    /// `over_at`: when the call was over, if that is not now.
    fn write(&mut self, result: CallResult, over_at: Option<i64>) -> Charge {
        let Some(running) = self.running.take() else { return Charge::NOTHING };
        let exchange = &self.exchange;
        exchange.slot.end_call();
        let charge = running.charge();
        let is_refunded = is_refunded(&result, exchange.refund);
        let (refund, remaining) = if is_refunded { (charge, Charge::NOTHING) } else { (Charge::NOTHING, charge) };
        exchange.metrics.count_outcome(exchange.api, result.outcome);
        bump(&exchange.metrics.retries, u64::from(exchange.attempts > 1));
        if let Some(denial) = result.denial {
            exchange.metrics.count_denial(denial);
        }
        let since = |from: i64, to: i64| to.saturating_sub(from).max(0).unsigned_abs();
        let streamed_in = exchange.flow.as_ref().map_or(0, |flow| flow.bytes.get());
        let latency = since(exchange.came_at, over_at.unwrap_or_else(exchange.steady));
        exchange.metrics.latency(exchange.api).observe(latency);
        let upstream_latency = exchange.head_at.map_or(0, |head_at| since(exchange.forwarded_at, head_at));
        if exchange.head_at.is_some() {
            exchange.metrics.upstream_latency(exchange.api).observe(upstream_latency);
        }
        running.end(Ending {
            outcome: result.outcome,
            denial: result.denial,
            status: result.status,
            rpc_error: result.rpc_error,
            refund,
            latency,
            upstream_latency,
            attempts: exchange.attempts,
            upstream: Some(exchange.upstream),
            bytes_in: exchange.bytes_in + streamed_in,
            bytes_out: result.bytes_out,
        });
        remaining
    }
}

impl Exchange {
    /// How a call ends that is given up: by the caller, who left, or by us, because its value was stopped.
    pub fn left(&self) -> CallResult {
        let left = CallResult::abandoned();
        match self.slot.stopped() {
            Some(denial) => CallResult { outcome: Outcome::Failed, denial: Some(denial), ..left },
            None => left,
        }
    }
}

impl Drop for Forwarded {
    fn drop(&mut self) {
        self.write(self.exchange.left(), None);
    }
}

fn is_refunded(result: &CallResult, rule: RefundRule) -> bool {
    match result.denial {
        Some(_) if result.outcome == Outcome::Denied => true,
        Some(Denial::UpstreamUnreachable) => rule.unreachable,
        Some(Denial::UpstreamTimeout) => rule.time_out,
        // It was served until it was stopped.
        Some(denial) if denial.is_stop() => false,
        Some(_) => rule.server_error && has_server_error(result),
        None if result.says_failed => rule.failed_when || (rule.server_error && has_server_error(result)),
        None => rule.server_error && has_server_error(result),
    }
}

fn has_server_error(result: &CallResult) -> bool {
    result.upstream_status.is_some_and(|status| status >= 500)
}

#[cfg(test)]
mod tests {
    //! When a charge is given back.

    use super::*;

    #[test]
    fn the_rule_decides_on_refunds() {
        let all = RefundRule { unreachable: true, time_out: true, server_error: true, failed_when: true };
        let none = RefundRule { unreachable: false, time_out: false, server_error: false, failed_when: false };
        let cases = [
            (CallResult::failed(Denial::UpstreamUnreachable, 502), true),
            (CallResult::failed(Denial::UpstreamTimeout, 504), true),
            (CallResult::failed(Denial::UpstreamIncomplete, 502), false),
            (CallResult::answered(500), true),
            (CallResult { denial: Some(Denial::MemberSuspended), ..CallResult::answered(500) }, false),
            (CallResult::answered(499), false),
            (CallResult::answered(200), false),
            (CallResult::answered(200).saying_that_it_failed(), true),
            (CallResult::abandoned(), false),
        ];
        for (result, refunded_by_all) in cases {
            assert_eq!(is_refunded(&result, all), refunded_by_all, "{result:?}");
            assert!(!is_refunded(&result, none), "{result:?}");
        }
        for denial in [Denial::MemberSuspended, Denial::MethodNotAllowed] {
            assert!(is_refunded(&CallResult::denied(denial, 403), none), "what did not go up costs nothing");
        }
    }
}
