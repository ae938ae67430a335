//! Both ends of a proxied WebSocket: a caller, and an upstream of a few lines that does as a test tells it.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::Value;
use socket2::SockRef;
use websocket::{
    close::Close,
    frame::{self, Opcode},
    handshake::accept_of,
    reader::{Event, Peer, Reader},
};

use crate::{caller::Answer, world::World};

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const MASK: [u8; 4] = [7, 77, 177, 17];
const LIMIT: Duration = Duration::from_secs(20);

/// One end of a connection that carries frames.
pub struct Frames {
    stream: TcpStream,
    reader: Reader,
    peer: Peer,
    unread: VecDeque<u8>,
}

impl Frames {
    fn new(stream: TcpStream, peer: Peer, unread: &[u8]) -> Frames {
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(LIMIT)).expect("a socket");
        Frames { stream, reader: Reader::new(peer, 64 << 20), peer, unread: unread.to_vec().into() }
    }

    /// The next event; None: the other end closed the connection.
    pub fn next(&mut self) -> Option<Event> {
        let mut memory = vec![0; 65_536];
        loop {
            let bytes: Vec<u8> = self.unread.drain(..).collect();
            let mut left = &bytes[..];
            let event = self.reader.read(&mut left).expect("sound frames");
            self.unread.extend(left);
            if event.is_some() {
                return event;
            }
            match self.stream.read(&mut memory) {
                Ok(length @ 1..) => self.unread.extend(&memory[..length]),
                Ok(0) => return None,
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("nothing came: {error}"),
            }
        }
    }

    /// The next text.
    pub fn text(&mut self) -> String {
        match self.next() {
            Some(Event::Text(text)) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    /// The next text as JSON.
    pub fn json(&mut self) -> Value {
        serde_json::from_str(&self.text()).expect("JSON")
    }

    /// How the other end closed, after messages that nobody waits for.
    pub fn close(&mut self) -> Option<(u16, String)> {
        loop {
            match self.next() {
                Some(Event::Close(close)) => return close.map(|close| (close.code, close.reason)),
                Some(_) => {}
                None => panic!("closed without a word"),
            }
        }
    }

    /// Sends a frame.
    pub fn frame(&mut self, opcode: Opcode, payload: &[u8]) {
        let mut bytes = Vec::new();
        frame::write(&mut bytes, opcode, payload, (self.peer == Peer::Server).then_some(MASK));
        self.raw(&bytes);
    }

    /// Sends a text.
    pub fn say(&mut self, text: &str) {
        self.frame(Opcode::Text, text.as_bytes());
    }

    /// Sends a close.
    pub fn say_close(&mut self, code: u16, reason: &str) {
        self.frame(Opcode::Close, &Close::new(code, reason).payload());
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the gateway reads");
    }

    /// The connection itself.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }
}

/// Connects to the world's WebSocket, with more header lines.
pub fn connect_with(world: &World, headers: &str) -> Result<Frames, Answer> {
    connect_to(world.address(), &format!("/eth/ws/v1/mainnet/{}", world.value), headers).map(|(frames, _)| frames)
}

/// Connects to the world's WebSocket.
pub fn connect(world: &World) -> Frames {
    connect_with(world, "").expect("a WebSocket")
}

/// Connects to this path; with the head of the answer.
pub fn connect_to(address: SocketAddr, path: &str, headers: &str) -> Result<(Frames, Answer), Answer> {
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: gate\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: {KEY}\r\n{headers}\r\n"
    );
    let mut caller = crate::caller::Caller::connect(address);
    caller.send(head);
    let answer = caller.answer().expect("an answer");
    if answer.status != 101 {
        return Err(answer);
    }
    assert_eq!(answer.header("sec-websocket-accept"), Some(accept_of(KEY.as_bytes()).as_str()));
    let (stream, unread) = caller.into_parts();
    Ok((Frames::new(stream, Peer::Server, &unread), answer))
}

/// What the upstream does with a text.
type Act = dyn Fn(&str) -> Vec<Deed> + Send + Sync;

/// What an upstream does.
pub enum Deed {
    /// Sends a text.
    Say(String),
    /// Sends a close.
    Close(u16, &'static str),
    /// Sends bytes as they are.
    Raw(Vec<u8>),
    /// Resets the connection.
    Die,
    /// Does nothing for so long.
    Wait(Duration),
}

/// A server of WebSockets on a port of its own.
pub struct SocketUpstream {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heads: Mutex<Vec<String>>,
    events: Mutex<Vec<Event>>,
    streams: Mutex<Vec<TcpStream>>,
}

impl SocketUpstream {
    /// Serves with `act`.
    pub fn start(act: impl Fn(&str) -> Vec<Deed> + Send + Sync + 'static) -> SocketUpstream {
        Self::shaking("", act)
    }

    /// Serves with `act`, with these lines in the answer to each handshake.
    pub fn shaking(lines: &'static str, act: impl Fn(&str) -> Vec<Deed> + Send + Sync + 'static) -> SocketUpstream {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::<Shared>::default();
        let act: Arc<Act> = Arc::new(act);
        let noted = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (noted, act) = (Arc::clone(&noted), Arc::clone(&act));
                std::thread::spawn(move || serve(stream, lines, &noted, &*act));
            }
        });
        SocketUpstream { address, shared }
    }

    /// Answers each call with its own method, in one array if it was a batch.
    pub fn answering() -> SocketUpstream {
        Self::start(|text| answers(text).into_iter().map(Deed::Say).collect())
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("ws://{}/node", self.address)
    }

    /// The heads of handshakes it got.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().expect("no test panics in here").clone()
    }

    /// What it got over its WebSockets.
    pub fn events(&self) -> Vec<Event> {
        self.shared.events.lock().expect("no test panics in here").clone()
    }

    /// The texts it got.
    pub fn texts(&self) -> Vec<String> {
        let text = |event| if let Event::Text(text) = event { Some(text) } else { None };
        self.events().into_iter().filter_map(text).collect()
    }

    /// Sends a text over the newest WebSocket, by itself.
    pub fn push(&self, text: &str) {
        let mut bytes = Vec::new();
        frame::write(&mut bytes, Opcode::Text, text.as_bytes(), None);
        let streams = self.shared.streams.lock().expect("no test panics in here");
        let mut stream = streams.last().expect("a WebSocket");
        stream.write_all(&bytes).expect("the gateway reads");
    }

    /// Sends a text again and again until it is not taken for half a second; how often it went. At most `most` times.
    pub fn stalls_after(&self, text: &str, most: usize) -> usize {
        let mut bytes = Vec::new();
        frame::write(&mut bytes, Opcode::Text, text.as_bytes(), None);
        let streams = self.shared.streams.lock().expect("no test panics in here");
        let stream = streams.last().expect("a WebSocket").try_clone().expect("a socket");
        let a_while = Duration::from_millis(500);
        stream.set_write_timeout(Some(a_while)).expect("a socket");
        let (mut count, mut at) = (0, 0);
        while count < most {
            let Ok(written) = (&stream).write(&bytes[at..]) else { break };
            at += written;
            if at == bytes.len() {
                (count, at) = (count + 1, 0);
            }
        }
        stream.set_write_timeout(None).expect("a socket");
        if at > 0 {
            // The rest of the message that has begun, as soon as somebody reads again.
            let rest = bytes[at..].to_vec();
            std::thread::spawn(move || (&stream).write_all(&rest));
            count += 1;
        }
        count
    }
}

/// What an upstream answers: the method of each call, under its id.
pub fn answers(text: &str) -> Option<String> {
    let answer = |call: &Value| {
        let (id, method) = (call.get("id")?, &call["method"]);
        Some(format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{method}}}"#))
    };
    match serde_json::from_str(text).expect("JSON") {
        Value::Array(calls) => {
            let all: Vec<String> = calls.iter().filter_map(answer).collect();
            (!all.is_empty()).then(|| format!("[{}]", all.join(",")))
        }
        call => answer(&call),
    }
}

fn serve(stream: TcpStream, lines: &str, shared: &Shared, act: &Act) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let key =
        head.lines().find_map(|line| line.to_ascii_lowercase().starts_with("sec-websocket-key").then(|| &line[18..]));
    let accept = accept_of(key.expect("a key").trim().as_bytes());
    shared.heads.lock().expect("no test panics in here").push(head);
    let answer = if lines.starts_with("HTTP/") {
        lines.to_owned()
    } else {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
             sec-websocket-accept: {accept}\r\n{lines}\r\n"
        )
    };
    let mut writer = stream.try_clone().expect("a socket");
    writer.write_all(answer.as_bytes()).expect("the gateway reads");
    shared.streams.lock().expect("no test panics in here").push(stream.try_clone().expect("a socket"));
    let mut frames = Frames::new(stream, Peer::Client, reader.buffer());
    while let Some(event) = frames.next() {
        shared.events.lock().expect("no test panics in here").push(event.clone());
        match event {
            Event::Text(text) => {
                for deed in act(&text) {
                    match deed {
                        Deed::Say(text) => frames.say(&text),
                        Deed::Close(code, reason) => frames.say_close(code, reason),
                        Deed::Raw(bytes) => frames.raw(&bytes),
                        Deed::Wait(span) => std::thread::sleep(span),
                        Deed::Die => {
                            SockRef::from(frames.stream()).set_linger(Some(Duration::ZERO)).expect("a socket");
                            shared.streams.lock().expect("no test panics in here").clear();
                            return;
                        }
                    }
                }
            }
            Event::Ping(payload) => frames.frame(Opcode::Pong, &payload),
            Event::Close(_) => return,
            Event::Binary(_) | Event::Pong(_) => {}
        }
    }
}

/// Waits until it is so.
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
