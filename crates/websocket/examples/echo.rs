//! Both ends of an echo over this crate's frames and nothing else: what the Autobahn cases are run against, as the gateway
//! itself speaks JSON-RPC only. `echo server HOST:PORT`, or `echo client HOST:PORT` towards a fuzzing server.

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::ExitCode,
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

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let ended = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", address] => serve(address),
        ["client", address] => run_cases(address),
        _ => Err(io::Error::other("usage: echo server|client HOST:PORT")),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(address: &str) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("Listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        // A case that breaks the connection off is no fault of this side.
        thread::spawn(move || accept(stream));
    }
    Ok(())
}

fn accept(stream: TcpStream) -> io::Result<()> {
    let (lines, unread) = read_head(&stream)?;
    let key = lines.iter().find_map(|line| value_of(line, "sec-websocket-key")).unwrap_or("");
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        accept_of(key.as_bytes())
    );
    (&stream).write_all(answer.as_bytes())?;
    echo(&stream, Peer::Client, &unread, true).map(drop)
}

/// Asks how many cases there are, plays each, and has the report written.
fn run_cases(address: &str) -> io::Result<()> {
    let told = talk(address, "/getCaseCount", false)?;
    let count: u32 = told.and_then(|text| text.parse().ok()).ok_or_else(|| io::Error::other("no count of cases"))?;
    for case in 1..=count {
        // What a case does to the connection is its own business.
        _ = talk(address, &format!("/runCase?case={case}&agent=keyward"), true);
    }
    talk(address, "/updateReports?agent=keyward", false).map(drop)
}

/// Listens to the end, and echoes what it hears if that is wished for; tells the last text.
fn talk(address: &str, target: &str, echoes: bool) -> io::Result<Option<String>> {
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
    echo(&stream, Peer::Server, &unread, echoes)
}

fn echo(stream: &TcpStream, peer: Peer, unread: &[u8], echoes: bool) -> io::Result<Option<String>> {
    let mut reader = Reader::new(peer, LONGEST);
    let mask = (peer == Peer::Server).then_some(MASK);
    let (mut last, mut memory) = (None, vec![0; 65_536]);
    let mut bytes = unread.to_vec();
    loop {
        let mut left = &bytes[..];
        loop {
            let mut out = Vec::new();
            let is_over = match reader.read(&mut left) {
                Ok(None) => break,
                Ok(Some(Event::Text(text))) if !echoes => {
                    last = Some(text);
                    false
                }
                Ok(Some(Event::Text(text))) => {
                    frame::write(&mut out, Opcode::Text, text.as_bytes(), mask);
                    last = Some(text);
                    false
                }
                Ok(Some(Event::Binary(bytes))) => {
                    frame::write(&mut out, Opcode::Binary, &bytes, mask);
                    false
                }
                Ok(Some(Event::Ping(payload))) => {
                    frame::write(&mut out, Opcode::Pong, &payload, mask);
                    false
                }
                Ok(Some(Event::Pong(_))) => false,
                Ok(Some(Event::Close(said))) => {
                    let close = said.map_or(Close::new(NORMAL, ""), |close| Close::new(close.code, ""));
                    frame::write(&mut out, Opcode::Close, &close.payload(), mask);
                    true
                }
                Err(violation) => {
                    let close = Close::new(violation.code(), &violation.to_string());
                    frame::write(&mut out, Opcode::Close, &close.payload(), mask);
                    true
                }
            };
            let mut stream = stream;
            stream.write_all(&out)?;
            if is_over {
                end(stream, peer)?;
                return Ok(last);
            }
        }
        let length = { stream }.read(&mut memory)?;
        if length == 0 {
            return Ok(last);
        }
        bytes = memory[..length].to_vec();
    }
}

/// A server closes first; a client waits for that. What still comes is taken, so that closing resets nothing.
fn end(mut stream: &TcpStream, peer: Peer) -> io::Result<()> {
    if peer == Peer::Client {
        stream.shutdown(std::net::Shutdown::Write)?;
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
