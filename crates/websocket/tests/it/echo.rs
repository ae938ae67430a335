//! Both ends of an echo over this crate's frames and nothing else: what the Autobahn cases are played against, as the gateway
//! itself speaks JSON-RPC only.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use websocket::{
    close::{Close, NORMAL},
    frame::{self, Opcode},
    handshake::{VERSION, accept_of, key_of},
    reader::{Event, Peer, Reader},
};

/// The longest message of the cases is 16 MiB.
const LONGEST: usize = 17 << 20;
/// How long the other side may take to close after the last word.
const LINGER: Duration = Duration::from_secs(2);
const MASK: [u8; 4] = [0x5a, 0x17, 0xe3, 0x88];

/// Serves echoes until the listener breaks.
pub fn serve(listener: TcpListener) -> io::Result<()> {
    for stream in listener.incoming() {
        let stream = stream?;
        // A case that breaks the connection off is no fault of this side.
        thread::spawn(move || accept(stream));
    }
    Ok(())
}

/// Asks a fuzzing server how many cases there are, plays each, and says that this was all.
pub fn play(address: SocketAddr) -> io::Result<()> {
    let told = talk(address, "/getCaseCount", false)?;
    let count: u32 = told.and_then(|text| text.parse().ok()).ok_or_else(|| io::Error::other("no count of cases"))?;
    for case in 1..=count {
        // What a case does to the connection is its own business.
        _ = talk(address, &format!("/runCase?case={case}&agent=keyward"), true);
    }
    talk(address, "/updateReports?agent=keyward", false).map(drop)
}

fn accept(stream: TcpStream) -> io::Result<()> {
    let (lines, unread) = read_head(&stream)?;
    let key = lines.iter().find_map(|line| value_of(line, "sec-websocket-key")).unwrap_or("");
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        accept_of(key.as_bytes())
    );
    (&stream).write_all(answer.as_bytes())?;
    echo(&stream, Peer::Client, unread, true).map(drop)
}

/// Listens to the end, and echoes what it hears if that is wished for; tells the last text.
fn talk(address: SocketAddr, target: &str, echoes: bool) -> io::Result<Option<String>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let key = key_of(*b"sixteen bytes it");
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: {VERSION}\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    );
    (&stream).write_all(request.as_bytes())?;
    let (lines, unread) = read_head(&stream)?;
    let accept = lines.iter().find_map(|line| value_of(line, "sec-websocket-accept"));
    if accept != Some(accept_of(key.as_bytes()).as_str()) {
        return Err(io::Error::other("the server did not take the handshake"));
    }
    echo(&stream, Peer::Server, unread, echoes)
}

fn echo(mut stream: &TcpStream, peer: Peer, unread: Vec<u8>, echoes: bool) -> io::Result<Option<String>> {
    let mut reader = Reader::new(peer, LONGEST);
    let mask = (peer == Peer::Server).then_some(MASK);
    let (mut last, mut memory, mut bytes) = (None, vec![0; 65_536], unread);
    loop {
        let mut left = &bytes[..];
        while let Some(event) = reader.read(&mut left).transpose() {
            let (answer, is_over) = match event {
                Ok(event) => {
                    let text = if let Event::Text(text) = &event { Some(text.clone()) } else { None };
                    last = text.or(last);
                    answer_to(event, echoes)
                }
                Err(violation) => (Some((Opcode::Close, close(violation.code(), &violation.to_string()))), true),
            };
            if let Some((opcode, payload)) = answer {
                let mut out = Vec::new();
                frame::write(&mut out, opcode, &payload, mask);
                stream.write_all(&out)?;
            }
            if is_over {
                end(stream, peer)?;
                return Ok(last);
            }
        }
        let length = stream.read(&mut memory)?;
        if length == 0 {
            return Ok(last);
        }
        bytes = memory[..length].to_vec();
    }
}

/// What is answered, and whether it is the last word.
fn answer_to(event: Event, echoes: bool) -> (Option<(Opcode, Vec<u8>)>, bool) {
    match event {
        Event::Text(text) => (echoes.then(|| (Opcode::Text, text.into_bytes())), false),
        Event::Binary(bytes) => (Some((Opcode::Binary, bytes)), false),
        Event::Ping(payload) => (Some((Opcode::Pong, payload)), false),
        Event::Pong(_) => (None, false),
        Event::Close(said) => (Some((Opcode::Close, close(said.map_or(NORMAL, |close| close.code), ""))), true),
    }
}

fn close(code: u16, reason: &str) -> Vec<u8> {
    Close::new(code, reason).payload().to_vec()
}

/// A server closes first; a client waits for that. What still comes is taken, so that closing resets nothing.
fn end(mut stream: &TcpStream, peer: Peer) -> io::Result<()> {
    if peer == Peer::Client {
        stream.shutdown(Shutdown::Write)?;
    }
    stream.set_read_timeout(Some(LINGER))?;
    let mut memory = [0; 4_096];
    while matches!(stream.read(&mut memory), Ok(1..)) {}
    Ok(())
}

/// The lines of a head, and what came behind it.
fn read_head(stream: &TcpStream) -> io::Result<(Vec<String>, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.trim_end().is_empty() {
            return Ok((lines, reader.buffer().to_vec()));
        }
        lines.push(line.trim_end().to_owned());
    }
}

fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (found, value) = line.split_once(':')?;
    found.eq_ignore_ascii_case(name).then_some(value.trim())
}
