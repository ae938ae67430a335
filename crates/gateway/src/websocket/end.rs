//! End: why a WebSocket ends, and what each side and each call that still runs is told of it. `docs/websocket.md` has the table.

use domain::decision::{Denial, NotReady};
use websocket::{
    close::{self, Close},
    reader::Violation,
};

use super::side::Unreadable;
use crate::forwarded::CallResult;

/// Why it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The caller has said so.
    ByCaller(Option<Close>),
    /// The caller is not there any more, or takes nothing.
    CallerGone,
    /// The caller did what it may not.
    CallerBroke(Violation),
    /// The caller sent bytes that are no text, as JSON-RPC is.
    NoText,
    /// The upstream has said so.
    ByUpstream(Option<Close>),
    /// The upstream went, did what it may not, or is not there any more.
    UpstreamGone(Denial),
    /// The value is stopped, or the handshake would be denied now.
    Denied(Denial),
    /// What the upstream sends by itself cannot be paid for.
    NotDelivered(Denial),
    /// The gateway stops.
    Stopping,
}

/// What a side is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Farewell {
    /// Nothing: it would not hear it.
    None,
    /// A close frame.
    Close(Option<Close>),
}

impl End {
    /// The end that follows from what came of reading the caller.
    pub fn of_caller(unreadable: Unreadable) -> End {
        match unreadable {
            Unreadable::Gone => End::CallerGone,
            Unreadable::Broke(violation) => End::CallerBroke(violation),
        }
    }

    /// What the caller is told.
    pub fn to_caller(&self) -> Farewell {
        let close = |code, reason: &str| Farewell::Close(Some(Close::new(code, reason)));
        match self {
            End::ByCaller(said) | End::ByUpstream(said) => Farewell::Close(said.clone()),
            End::CallerGone => Farewell::None,
            End::CallerBroke(violation) => close(violation.code(), &violation.to_string()),
            End::NoText => close(close::UNSUPPORTED, "JSON-RPC is text in UTF-8"),
            End::UpstreamGone(denial) => close(close::INTERNAL, denial.code()),
            End::Denied(denial) => close(close::POLICY, denial.code()),
            End::NotDelivered(denial) => close(close::TRY_LATER, denial.code()),
            End::Stopping => close(close::GOING_AWAY, ""),
        }
    }

    /// What the upstream is told.
    pub fn to_upstream(&self) -> Farewell {
        match self {
            End::ByCaller(said) | End::ByUpstream(said) => Farewell::Close(said.clone()),
            End::UpstreamGone(_) | End::Denied(_) => Farewell::None,
            End::CallerGone | End::CallerBroke(_) | End::NoText | End::NotDelivered(_) | End::Stopping => {
                Farewell::Close(Some(Close::new(close::GOING_AWAY, "")))
            }
        }
    }

    /// What becomes of calls that have no answer yet.
    pub fn result(&self) -> CallResult {
        match self {
            End::ByCaller(_) | End::CallerGone | End::CallerBroke(_) | End::NoText => CallResult::abandoned(),
            End::ByUpstream(_) => CallResult::failed(Denial::UpstreamIncomplete, 0),
            End::UpstreamGone(denial) | End::Denied(denial) | End::NotDelivered(denial) => {
                CallResult::failed(*denial, 0)
            }
            End::Stopping => CallResult::failed(Denial::NotReady(NotReady::Draining), 0),
        }
    }
}
