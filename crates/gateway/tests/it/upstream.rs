//! An upstream of a few lines, which notes what it gets and answers as a test tells it to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use socket2::{Domain, SockRef, Socket, Type};

/// A request as the upstream got it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The request line.
    pub line: String,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without chunks.
    pub body: Vec<u8>,
    /// Trailers after a chunked body.
    pub trailers: Vec<String>,
}

/// What the upstream does.
pub enum Action {
    /// Answers with these bytes and keeps the connection.
    Say(Vec<u8>),
    /// Sends these bytes, then resets the connection.
    Break(Vec<u8>),
    /// Sends these bytes and nothing more for this long.
    Stall(Vec<u8>, Duration),
    /// Reads nothing more and says nothing for this long.
    Wait(Duration),
}

type Act = dyn Fn(&Seen) -> Action + Send + Sync;

/// A server on a port of its own.
pub struct Upstream {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

impl Seen {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The target of the request line.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).expect("a target")
    }
}

/// An answer with a length.
pub fn ok(body: &str) -> Action {
    say(&format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

/// Bytes as they are.
pub fn say(answer: &str) -> Action {
    Action::Say(answer.as_bytes().to_vec())
}

/// An upstream that lets nobody in yet.
pub struct Queue {
    listener: TcpListener,
    _first: TcpStream,
}

impl Upstream {
    /// Serves with `act`.
    pub fn start(act: impl Fn(&Seen) -> Action + Send + Sync + 'static) -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").expect("a port"), act)
    }

    /// One to which no connection can be opened, and none is refused, before [`Queue::serve`].
    pub fn queue() -> Queue {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
        socket.listen(0).expect("a listener");
        let listener = TcpListener::from(socket);
        // The one place that there is. Who comes now is asked to wait, and tries again after a second.
        let first = TcpStream::connect(listener.local_addr().expect("an address")).expect("a place");
        Queue { listener, _first: first }
    }

    fn serve(listener: TcpListener, act: impl Fn(&Seen) -> Action + Send + Sync + 'static) -> Self {
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let act: Arc<Act> = Arc::new(act);
        let (notes, count) = (Arc::clone(&seen), Arc::clone(&connections));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                count.fetch_add(1, Ordering::Relaxed);
                let (notes, act) = (Arc::clone(&notes), Arc::clone(&act));
                std::thread::spawn(move || serve(stream, &notes, &*act));
            }
        });
        Upstream { address, seen, connections }
    }

    /// Answers every request with the same body.
    pub fn saying(body: &'static str) -> Self {
        Self::start(move |_| ok(body))
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it got so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics in here").clone()
    }

    /// Connections it accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Queue {
    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().expect("an address"))
    }

    /// From now on it answers every request with the same body.
    pub fn serve(self, body: &'static str) -> Upstream {
        Upstream::serve(self.listener, move |_| ok(body))
    }
}

fn serve(stream: TcpStream, notes: &Mutex<Vec<Seen>>, act: &Act) {
    stream.set_nodelay(true).expect("a socket");
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    let mut stream = stream;
    while let Some(seen) = read(&mut reader, &mut stream) {
        let action = act(&seen);
        notes.lock().expect("no test panics in here").push(seen);
        let written = match action {
            Action::Say(bytes) => stream.write_all(&bytes),
            Action::Break(bytes) => {
                stream.write_all(&bytes).expect("the gateway reads");
                // What was sent is to arrive before the reset does.
                std::thread::sleep(Duration::from_millis(100));
                SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("a socket");
                return;
            }
            Action::Stall(bytes, span) => {
                stream.write_all(&bytes).expect("the gateway reads");
                std::thread::sleep(span);
                return;
            }
            Action::Wait(span) => {
                std::thread::sleep(span);
                return;
            }
        };
        if written.is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>, stream: &mut TcpStream) -> Option<Seen> {
    let mut seen = Seen { line: line(reader)?, ..Seen::default() };
    while let Some(text) = line(reader).filter(|text| !text.is_empty()) {
        let (name, value) = text.split_once(':').expect("a header");
        seen.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    if seen.header("expect").is_some() {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").expect("the gateway reads");
    }
    if seen.header("transfer-encoding").is_some() {
        loop {
            let length = usize::from_str_radix(&line(reader)?, 16).expect("a chunk's length");
            let start = seen.body.len();
            seen.body.resize(start + length, 0);
            reader.read_exact(&mut seen.body[start..]).ok()?;
            if length == 0 {
                break;
            }
            line(reader)?;
        }
        while let Some(trailer) = line(reader).filter(|text| !text.is_empty()) {
            seen.trailers.push(trailer);
        }
    } else if let Some(length) = seen.header("content-length") {
        seen.body.resize(length.parse().expect("a length"), 0);
        reader.read_exact(&mut seen.body).ok()?;
    }
    Some(seen)
}

fn line(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    let length = reader.read_line(&mut text).ok()?;
    (length > 0).then(|| text.trim_end().to_owned())
}
