//! One connection of the load: at most one request under way.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::answer::{Judgement, judge};

/// Far above the answer with any headers a proxy adds; what is longer is unreadable.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
const MAX_CONNECT_WAIT: Duration = Duration::from_secs(2);
/// The sockets block: epoll says when there is something to read, so only a peer that stops in mid-request is waited for.
const MAX_SOCKET_WAIT: Duration = Duration::from_secs(5);

/// What came of reading once.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// The answer is not whole yet.
    Part,
    /// The answer is whole and exactly the upstream's.
    Right,
    /// The answer is whole, and a gateway's refusal; its head for the report.
    Denied(String),
    /// The answer is whole, but not the upstream's; its head for the report.
    Wrong(String),
    /// The connection ended, or its answer cannot be read to an end.
    Lost(String),
}

/// A connection to the proxy and the answer it is receiving.
pub struct Connection {
    /// For epoll.
    pub stream: TcpStream,
    /// When the request under way was sent.
    pub sent_at: Instant,
    buffer: Vec<u8>,
    filled: usize,
}

impl Connection {
    /// Connects and sets the socket up.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, MAX_CONNECT_WAIT)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(MAX_SOCKET_WAIT))?;
        stream.set_write_timeout(Some(MAX_SOCKET_WAIT))?;
        Ok(Self { stream, sent_at: Instant::now(), buffer: vec![0; MAX_ANSWER_BYTES], filled: 0 })
    }

    /// Sends one whole request; the answer's clock starts at `now`.
    pub fn send(&mut self, request: &[u8], now: Instant) -> io::Result<()> {
        self.filled = 0;
        self.sent_at = now;
        self.stream.write_all(request)
    }

    /// Reads what is there and judges it.
    pub fn receive(&mut self, expected_body: &[u8]) -> Received {
        match self.stream.read(&mut self.buffer[self.filled..]) {
            Ok(0) if self.filled == self.buffer.len() => return Received::Lost("the answer is too long".to_owned()),
            Ok(0) => return Received::Lost("the peer closed the connection".to_owned()),
            Ok(length) => self.filled += length,
            Err(error) => return Received::Lost(error.to_string()),
        }
        match judge(&self.buffer[..self.filled], expected_body) {
            Judgement::Incomplete => Received::Part,
            Judgement::Right => Received::Right,
            Judgement::Denied => Received::Denied(self.beginning()),
            Judgement::Wrong => Received::Wrong(self.beginning()),
            Judgement::Unreadable => Received::Lost(format!("an answer without a length: {}", self.beginning())),
        }
    }

    /// Enough of an answer to see what went wrong.
    fn beginning(&self) -> String {
        String::from_utf8_lossy(&self.buffer[..self.filled.min(600)]).into_owned()
    }
}
