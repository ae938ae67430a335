//! Frames of HTTP/2 (RFC 9113) as bytes, for what no library would send.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

/// Kinds of frames.
pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const GO_AWAY: u8 = 7;
pub const CONTINUATION: u8 = 9;
/// Flags of HEADERS and DATA.
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// A frame.
#[derive(Debug)]
pub struct Frame {
    pub kind: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

/// A connection that has shaken hands and sent its preface.
pub struct Frames(StreamOwned<ClientConnection, TcpStream>);

impl Frames {
    pub fn connect(address: SocketAddr, client: Arc<ClientConfig>) -> Self {
        let stream = TcpStream::connect(address).expect("the gateway accepts");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket");
        let name = ServerName::try_from("gate").expect("a name");
        let session = ClientConnection::new(client, name).expect("a session");
        let mut frames = Frames(StreamOwned::new(session, stream));
        frames.0.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").expect("the gateway reads");
        frames.send(SETTINGS, 0, 0, &[]);
        frames
    }

    /// Sends a frame. A connection that is closed by now shows when it is read.
    pub fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = payload.len() as u32;
        let head = [&length.to_be_bytes()[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        _ = self.0.write_all(&[&head, payload].concat());
    }

    /// The next frame; none at the end.
    pub fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).ok()?;
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        Some(Frame { kind: head[3], stream, payload })
    }

    /// How a stream's request ends: the status of its answer, or 0 for a reset of the stream or of the connection.
    pub fn status(&mut self, stream: u32) -> u16 {
        while let Some(frame) = self.next() {
            match frame.kind {
                HEADERS if frame.stream == stream => return status(&frame.payload),
                RST_STREAM if frame.stream == stream => return 0,
                GO_AWAY => return 0,
                _ => {}
            }
        }
        0
    }
}

/// The first field of an answer's head is its status (RFC 7541, appendix A).
fn status(block: &[u8]) -> u16 {
    match block[0] {
        0x88 => 200,
        0x8c => 400,
        0x8d => 404,
        // A literal value with the name of `:status`: the gateway's others.
        _ => 499,
    }
}

/// Fields as literals that no table remembers (RFC 7541, 6.2.2), without Huffman's code.
pub fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            assert!(text.len() < 127, "one byte of length");
            block.push(text.len() as u8);
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}
