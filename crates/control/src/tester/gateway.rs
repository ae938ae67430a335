//! The way to the gateway's own listener on this machine.

use std::{net::SocketAddr, time::Duration};

use axum::http::{self, HeaderName, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::Problem;

/// The header that carries the ticket.
const TICKET: HeaderName = HeaderName::from_static("x-keyward-ticket");
/// The header that names the call in the log.
const REQUEST_ID: &str = "x-request-id";
/// How much of an answer is shown, in bytes.
const MAX_ANSWER: usize = 2 << 20;
/// How long a call may take as a whole.
const WHOLE: Duration = Duration::from_secs(60);

/// A call over the wire.
pub struct Request<'a> {
    /// The HTTP verb.
    pub verb: &'a str,
    /// Path and query at the gateway.
    pub target: &'a str,
    /// The host to name, if the API has one of its own.
    pub host: Option<&'a str>,
    /// The signed ticket.
    pub ticket: &'a str,
    /// What the body is.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: String,
}

/// What came back.
pub struct Answer {
    /// The id under which the call is in the log.
    pub request_id: Option<String>,
    /// HTTP status.
    pub status: u16,
    /// All headers that are text.
    pub headers: Vec<(String, String)>,
    /// As much of the body as is shown, as text.
    pub body: String,
    /// Whether there was more.
    pub is_truncated: bool,
}

/// Sends it.
///
/// Errors: 503 where the gateway cannot be reached or does not answer in time.
pub async fn send(gateway: SocketAddr, request: Request<'_>) -> Result<Answer, Problem> {
    match tokio::time::timeout(WHOLE, exchange(gateway, request)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(away(&error)),
        Err(_) => Err(away(&"it took longer than a minute")),
    }
}

async fn exchange(
    gateway: SocketAddr,
    request: Request<'_>,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(reachable(gateway)).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let host = request.host.map_or_else(|| gateway.to_string(), str::to_owned);
    let mut built = http::Request::builder().method(request.verb).uri(request.target);
    built = built.header(header::HOST, host).header(TICKET, request.ticket).header(header::ACCEPT_ENCODING, "identity");
    if let Some(kind) = request.content_type {
        built = built.header(header::CONTENT_TYPE, kind);
    }
    let answer = sender.send_request(built.body(Full::<Bytes>::from(request.body))?).await?;
    let (head, mut body) = answer.into_parts();
    let mut bytes = Vec::new();
    let mut is_truncated = false;
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        let Some(data) = frame.data_ref() else { continue };
        let room = MAX_ANSWER - bytes.len();
        bytes.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            is_truncated = true;
            break;
        }
    }
    driver.abort();
    let text = |value: &http::HeaderValue| value.to_str().ok().map(str::to_owned);
    Ok(Answer {
        request_id: head.headers.get(REQUEST_ID).and_then(text),
        status: head.status.as_u16(),
        headers: head.headers.iter().filter_map(|(name, value)| Some((name.to_string(), text(value)?))).collect(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
        is_truncated,
    })
}

/// A listener on all addresses is reached on loopback.
fn reachable(gateway: SocketAddr) -> SocketAddr {
    match gateway {
        SocketAddr::V4(address) if address.ip().is_unspecified() => ([127, 0, 0, 1], address.port()).into(),
        SocketAddr::V6(address) if address.ip().is_unspecified() => {
            (std::net::Ipv6Addr::LOCALHOST, address.port()).into()
        }
        address => address,
    }
}

fn away(error: &dyn std::fmt::Display) -> Problem {
    tracing::warn!(%error, "the tester's call did not come back");
    let detail = "The gateway did not answer. The call may have been made: the log tells.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
}
