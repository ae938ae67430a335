//! Settings: everything the gateway is told at its start, as plain values. Reading files, environment and clocks is the
//! binary's business; what cannot work is refused here, before a port is opened.

use std::{net::TcpListener, sync::Arc, time::Duration};

use domain::{ticket::TicketKey, time::Clock};

mod api;
mod check;
mod failed_when;
mod listener;
#[cfg(test)]
mod tests;

pub use api::{
    ApiSettings, Cors, CredentialSettings, KeyPlace, RefundRule, RouteSettings, UnknownMethods, UpstreamSettings,
    UpstreamUrl, UpstreamUrlFault,
};
pub use check::SettingsError;
pub(crate) use check::check;
pub use failed_when::{FailedWhen, NotACondition};
pub use listener::{ClientAddress, ListenerSettings, TlsSettings};

/// What a gateway serves, and how.
#[derive(Clone)]
pub struct Settings {
    /// Where it listens, and how.
    pub listen: Vec<ListenerSettings>,
    /// Sockets that listen already, in the order of `listen`: those beyond them are bound here.
    pub inherited: Vec<Arc<TcpListener>>,
    /// The clocks of the process.
    pub clock: Clock,
    /// Random bits of this start; the ids of requests are drawn from them.
    pub seed: u128,
    /// The APIs on offer.
    pub apis: Vec<ApiSettings>,
    /// How long each wait may take.
    pub time_outs: TimeOuts,
    /// How much each connection may hold.
    pub limits: ConnectionLimits,
    /// Whether plain requests are read by the gateway's own code and not by hyper; see `serve::plain`.
    pub fast_path: bool,
    /// How often somebody may be denied before nothing more is looked at.
    pub denials: DenialLimits,
    /// Public address of the dashboard without a trailing slash, for the links in receipts; none: receipts have no links.
    pub receipts_url: Option<String>,
    /// What tickets of the dashboard's tester are signed with; none: no ticket is taken.
    pub ticket_key: Option<TicketKey>,
}

/// The longest each wait may take. They are looked at four times a second, so each may last 250 ms more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    /// From the first byte of a request to the end of its head.
    pub head: Duration,
    /// Between two requests of a kept connection.
    pub idle: Duration,
    /// Without a byte of a body moving, in either direction.
    pub progress: Duration,
    /// For opening a connection to an upstream, its TLS handshake included.
    pub connect: Duration,
    /// How long an unused connection to an upstream is kept: below what upstreams allow, so that they do not close first.
    pub pool: Duration,
    /// How long the addresses of an upstream's name hold.
    pub name: Duration,
    /// From the wish to stop until calls in flight are cut.
    pub stop: Duration,
    /// Without a byte from either side of a WebSocket, after which that side is asked whether it is there.
    pub ping: Duration,
    /// How long it may take to answer that.
    pub pong: Duration,
    /// How long a denied caller's remaining bytes are taken after the answer, so that it can read the answer.
    pub linger: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        TimeOuts {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            progress: Duration::from_secs(30),
            connect: Duration::from_secs(5),
            pool: Duration::from_secs(25),
            name: Duration::from_secs(30),
            stop: Duration::from_secs(10),
            ping: Duration::from_secs(30),
            pong: Duration::from_secs(10),
            linger: Duration::from_secs(2),
        }
    }
}

/// How much the gateway holds for its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections of callers for each thread; more wait in the kernel's queue.
    pub connections: usize,
    /// Header lines of a request.
    pub headers: usize,
    /// Bytes of a request's head; at least 8 KiB.
    pub head_bytes: usize,
    /// Bytes of a denied request's body that are read before the answer, so that the connection can be kept.
    pub drain: u64,
    /// Bytes of an upstream's answer to a batch that are held to be put together again.
    pub batch_answer: usize,
    /// Calls of one WebSocket that may wait for their answers.
    pub socket_calls: usize,
    /// Subscriptions that one WebSocket may have.
    pub socket_subscriptions: usize,
    /// Bytes of one message from an upstream of a WebSocket.
    pub socket_message: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        ConnectionLimits {
            connections: 16_384,
            headers: 100,
            head_bytes: 32 * 1024,
            drain: 64 * 1024,
            batch_answer: 32 * 1024 * 1024,
            socket_calls: 256,
            socket_subscriptions: 256,
            socket_message: 32 * 1024 * 1024,
        }
    }
}

/// How often somebody may be denied, for each thread. Generous by default: nobody who is refused by mistake reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DenialLimits {
    /// Denials of one value at one address, for its secret, addresses, domains or plan.
    pub per_value: u32,
    /// Requests of one address whose value nobody knows.
    pub per_address: u32,
    /// Within which time; and for how long, at most, nothing more is looked at then.
    pub window: Duration,
}

impl Default for DenialLimits {
    fn default() -> Self {
        DenialLimits { per_value: 1_000, per_address: 1_000, window: Duration::from_secs(10) }
    }
}
