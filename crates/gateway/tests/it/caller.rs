//! A caller that sees bytes: what it sends is sent as it is, and answers are read by their framing.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A connection to the gateway.
pub struct Caller {
    reader: BufReader<TcpStream>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without chunks.
    pub body: Vec<u8>,
    /// Trailers.
    pub trailers: Vec<String>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Caller {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the gateway accepts");
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
        Caller { reader: BufReader::new(stream) }
    }

    /// The socket itself.
    pub fn stream(&mut self) -> &mut TcpStream {
        self.reader.get_mut()
    }

    /// The connection, and what was read of it beyond the last answer.
    pub fn into_parts(self) -> (TcpStream, Vec<u8>) {
        let unread = self.reader.buffer().to_vec();
        (self.reader.into_inner(), unread)
    }

    /// Sends bytes.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream().write_all(bytes.as_ref()).expect("the gateway reads");
    }

    /// Sends a request and reads its answer.
    pub fn ask(&mut self, bytes: impl AsRef<[u8]>) -> Answer {
        let is_head = bytes.as_ref().starts_with(b"HEAD");
        self.send(bytes);
        self.answer_to(is_head).expect("an answer")
    }

    /// Reads an answer with a body.
    pub fn answer(&mut self) -> io::Result<Answer> {
        self.answer_to(false)
    }

    /// Reads a line.
    pub fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Whether the gateway has closed the connection, once it has.
    pub fn is_closed(&mut self) -> bool {
        match self.reader.read(&mut [0; 64]) {
            Ok(length) => length == 0,
            // Nothing came for as long as a caller waits: it is open.
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }

    fn answer_to(&mut self, is_head: bool) -> io::Result<Answer> {
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        let mut answer = Answer { status, headers: Vec::new(), body: Vec::new(), trailers: Vec::new() };
        loop {
            let text = self.line()?;
            let Some((name, value)) = text.split_once(':') else { break };
            answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if is_head || status == 204 || status == 304 {
            return Ok(answer);
        }
        if answer.header("transfer-encoding").is_some() {
            self.read_chunks(&mut answer)?;
        } else if let Some(length) = answer.header("content-length") {
            answer.body.resize(length.parse().expect("a length"), 0);
            self.reader.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn read_chunks(&mut self, answer: &mut Answer) -> io::Result<()> {
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).expect("a chunk's length");
            let start = answer.body.len();
            answer.body.resize(start + length, 0);
            self.reader.read_exact(&mut answer.body[start..])?;
            if length == 0 {
                break;
            }
            self.line()?;
        }
        loop {
            let trailer = self.line()?;
            if trailer.is_empty() {
                return Ok(());
            }
            answer.trailers.push(trailer);
        }
    }
}
