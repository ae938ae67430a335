//! The API behind the proxies: answers every request with the same body, as cheaply as a process can over epoll, so that
//! the proxy in front is what is measured.
//!
//! `upstream [BODY_FILE]` listens on a free port of 127.0.0.1 and prints the address as its only line. Without a file the
//! body is about 1 KB of JSON.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use bench::answer;
use bench::epoll::Epoll;
use bench::request_reader::RequestReader;

const LISTENER: usize = usize::MAX;
/// Tokens are indices; a slot is used again after its connection closed.
const MAX_CONNECTIONS: usize = 16_384;
const READ_BYTES: usize = 64 * 1024;

struct Connection {
    stream: TcpStream,
    reader: RequestReader,
}

fn main() -> io::Result<()> {
    let body = std::env::args_os().nth(1).map_or_else(|| Ok(answer::body()), std::fs::read)?;
    let answer = answer::message(&body);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    println!("{}", listener.local_addr()?);
    io::stdout().flush()?;

    let mut epoll = Epoll::new()?;
    epoll.watch(&listener, LISTENER)?;
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut ready = Vec::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        epoll.wait(-1, &mut ready)?;
        for &token in &ready {
            if token == LISTENER {
                accept_all(&listener, &epoll, &mut connections)?;
            } else if let Some(connection) = &mut connections[token]
                && let Err(reason) = serve(connection, &mut buffer, &answer)
            {
                if let Some(reason) = reason {
                    eprintln!("upstream: closed a connection: {reason}");
                }
                connections[token] = None;
            }
        }
    }
}

/// Accepts whatever waits; a connection beyond the limit is closed at once.
fn accept_all(listener: &TcpListener, epoll: &Epoll, connections: &mut Vec<Option<Connection>>) -> io::Result<()> {
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => return Err(error),
        };
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let slot = match connections.iter().position(Option::is_none) {
            Some(free) => free,
            None if connections.len() < MAX_CONNECTIONS => {
                connections.push(None);
                connections.len() - 1
            }
            None => continue,
        };
        epoll.watch(&stream, slot)?;
        connections[slot] = Some(Connection { stream, reader: RequestReader::default() });
    }
}

/// Reads once and answers what is whole. An error ends the connection: without a reason when the client simply left.
fn serve(connection: &mut Connection, buffer: &mut [u8], answer: &[u8]) -> Result<(), Option<String>> {
    let length = match connection.stream.read(buffer) {
        Ok(0) => return Err(None),
        Ok(length) => length,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Err(None),
        Err(error) => return Err(Some(error.to_string())),
    };
    let requests = connection.reader.read(&buffer[..length]).map_err(|refused| Some(format!("{refused:?}")))?;
    for _ in 0..requests {
        // A client that leaves so many answers unread that one does not fit is none of ours: give up on it.
        connection.stream.write_all(answer).map_err(|error| Some(error.to_string()))?;
    }
    Ok(())
}
