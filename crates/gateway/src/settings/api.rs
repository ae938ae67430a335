//! What the gateway is told about one API: where it is served, where callers put their value, what is behind it.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use domain::{api::Api, name::NetworkName};
use http::{HeaderName, HeaderValue};
use thiserror::Error;

use super::FailedWhen;

/// One API.
#[derive(Clone)]
pub struct ApiSettings {
    /// Name, protocol, dialect, networks and prices.
    pub api: Api,
    /// Where it is served; at least one.
    pub routes: Vec<RouteSettings>,
    /// Where its WebSocket is served; empty: nowhere. Only for JSON-RPC.
    pub socket_routes: Vec<RouteSettings>,
    /// What is behind the WebSocket: at least one for each network if there is a route.
    pub socket_upstreams: Vec<UpstreamSettings>,
    /// Where callers may put their value, besides `{key}` in a route. All are removed before forwarding.
    pub key_places: Vec<KeyPlace>,
    /// What is behind it: at least one for each network, taken in turn.
    pub upstreams: Vec<UpstreamSettings>,
    /// What the upstream knows the operator by.
    pub credential: Option<CredentialSettings>,
    /// The longest request body, in bytes.
    pub body_limit: u64,
    /// The most calls in a JSON-RPC batch.
    pub batch_limit: usize,
    /// How long the upstream may take to begin its answer.
    pub answer_time_out: Duration,
    /// Whether a GET or HEAD without a body is sent once more after its connection broke before the first byte of an answer.
    pub retry_idempotent: bool,
    /// When a charge is given back.
    pub refund: RefundRule,
    /// By what answers say that their call failed, besides their status; REST only.
    pub failed_when: Option<FailedWhen>,
    /// Headers of the upstream's answers that callers do not get, besides `Set-Cookie` and rate-limit headers.
    pub hidden_headers: Vec<HeaderName>,
    /// Which web pages may read answers.
    pub cors: Cors,
    /// What becomes of JSON-RPC methods of which it is not known which contracts they touch, where a list of contracts is on.
    pub unknown_methods: UnknownMethods,
}

impl ApiSettings {
    /// The default longest body of a REST request: 1 GiB.
    pub const REST_BODY_LIMIT: u64 = 1 << 30;
    /// The default longest body of a JSON-RPC request, which is read whole: 8 MiB.
    pub const JSON_RPC_BODY_LIMIT: u64 = 8 << 20;
    /// The default longest batch.
    pub const BATCH_LIMIT: usize = 100;
    /// The default longest wait for the beginning of an answer.
    pub const ANSWER_TIME_OUT: Duration = Duration::from_secs(30);
}

/// A place where an API is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteSettings {
    /// Segments, of which `{network}` stands for the name of a network and `{key}` for the caller's value:
    /// `/eth/v1/{network}/{key}`. REST: a prefix, and what follows it is the upstream's path. JSON-RPC: the whole path.
    pub template: String,
    /// Host names it is served on, without ports; empty: all.
    pub hosts: Vec<String>,
}

/// A place where a caller may put their value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// A header that holds the value alone.
    Header(HeaderName),
    /// `Authorization: Bearer`.
    Bearer,
    /// A query parameter.
    Query(String),
}

/// One server behind an API.
#[derive(Clone, Debug)]
pub struct UpstreamSettings {
    /// The network it serves; none for an API without networks.
    pub network: Option<NetworkName>,
    /// Where it is.
    pub url: UpstreamUrl,
    /// Certificate authorities in PEM that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Calls in flight over all threads; more are refused as `overloaded`.
    pub max_in_flight: usize,
    /// Open connections over all threads. What is above `max_in_flight` may be kept unused.
    pub max_connections: usize,
    /// After so many failures in a row it is passed over for a while, if another serves its network: no answer, none in time, or
    /// 502, 503, 504. At least 1.
    pub pass_over_after: u32,
}

impl UpstreamSettings {
    /// The default most calls in flight.
    pub const MAX_IN_FLIGHT: usize = 1_024;
    /// The default most connections.
    pub const MAX_CONNECTIONS: usize = 2_048;
    /// The default number of failures in a row.
    pub const PASS_OVER_AFTER: u32 = 5;
}

/// The header by which the upstream knows the operator. The value is marked sensitive and never printed.
#[derive(Clone)]
pub struct CredentialSettings {
    /// The header it goes into.
    pub header: HeaderName,
    /// The header's value.
    pub value: HeaderValue,
    /// The part that must not leave: the whole value, or what follows `Bearer `.
    pub secret: String,
}

impl CredentialSettings {
    /// A credential that is a header's whole value. None if the text cannot stand in a header.
    pub fn header(header: HeaderName, secret: String) -> Option<Self> {
        Self::with_value(header, secret.clone(), secret)
    }

    /// A bearer token. None if the text cannot stand in a header.
    pub fn bearer(secret: String) -> Option<Self> {
        Self::with_value(http::header::AUTHORIZATION, format!("Bearer {secret}"), secret)
    }

    fn with_value(header: HeaderName, value: String, secret: String) -> Option<Self> {
        let mut value = HeaderValue::try_from(value).ok()?;
        value.set_sensitive(true);
        Some(CredentialSettings { header, value, secret })
    }
}

/// When a charge is given back. What each costs the operator: `docs/decisions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundRule {
    /// No byte of the call was written to the upstream.
    pub unreachable: bool,
    /// The upstream did not answer in time.
    pub time_out: bool,
    /// The upstream answered with a status of 500 or above.
    pub server_error: bool,
    /// The upstream's answer said that the call failed, by [`ApiSettings::failed_when`].
    pub failed_when: bool,
}

impl Default for RefundRule {
    fn default() -> Self {
        RefundRule { unreachable: true, time_out: false, server_error: false, failed_when: false }
    }
}

/// Which web pages may read answers (Cross-Origin Resource Sharing).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Cors {
    /// All: the key decides, not the page.
    #[default]
    Any,
    /// Pages of these origins: `https://example.com`.
    Origins(Vec<String>),
}

/// What a list of contracts says to a method that is in none of our tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum UnknownMethods {
    /// It may touch any contract.
    #[default]
    Deny,
    /// The operator knows that the methods of this API touch none.
    Allow,
}

/// An upstream's address: `http` or `https`, `ws` or `wss` for a WebSocket, host, port, and a base path that goes before each call's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamUrl {
    /// Whether TLS is spoken.
    pub tls: bool,
    /// Whether a WebSocket is there.
    pub is_socket: bool,
    /// Name or address, as it stands in the certificate; an IPv6 address without its brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Host and port as the `Host` header says them.
    pub authority: String,
    /// Empty, or `/` and more without a `/` at its end.
    pub base_path: String,
}

/// Why a text is no address of an upstream.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UpstreamUrlFault {
    /// Not a URL, or of another scheme.
    #[error(
        "an upstream is written `http://host[:port][/path]` or `https://…`; that of a WebSocket `ws://…` or `wss://…`"
    )]
    Form,
    /// A name and password before the host.
    #[error("a name and password in an upstream's URL would show up in logs; use `credential` instead")]
    Credentials,
    /// A query or fragment.
    #[error("an upstream's URL has no query; put a secret into `credential` instead")]
    Query,
    /// A base path that two servers could read in two ways.
    #[error("an upstream's path: {0}")]
    Path(domain::path::PathFault),
}

impl FromStr for UpstreamUrl {
    type Err = UpstreamUrlFault;

    fn from_str(text: &str) -> Result<Self, UpstreamUrlFault> {
        let (tls, is_socket, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, false, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, false, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ws") => (false, true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("wss") => (true, true, rest),
            _ => return Err(UpstreamUrlFault::Form),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(UpstreamUrlFault::Credentials);
        }
        if path.contains(['?', '#']) {
            return Err(UpstreamUrlFault::Query);
        }
        if !path.is_empty() {
            domain::path::check_path(path).map_err(UpstreamUrlFault::Path)?;
        }
        let parsed = authority.parse::<http::uri::Authority>().map_err(|_| UpstreamUrlFault::Form)?;
        let host = parsed.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        // `http` takes `host:` and `host:99999` for a host without a port.
        let has_port_text = authority[parsed.host().len()..].starts_with(':');
        if host.is_empty() || has_port_text != parsed.port_u16().is_some() {
            return Err(UpstreamUrlFault::Form);
        }
        let port = parsed.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let base_path = path.trim_end_matches('/').to_owned();
        Ok(UpstreamUrl { tls, is_socket, host, port, authority: authority.to_ascii_lowercase(), base_path })
    }
}

impl fmt::Display for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match (self.is_socket, self.tls) {
            (false, false) => "http",
            (false, true) => "https",
            (true, false) => "ws",
            (true, true) => "wss",
        };
        write!(f, "{scheme}://{}{}", self.authority, self.base_path)
    }
}
