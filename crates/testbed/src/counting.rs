//! An upstream that counts: the ground truth of how many calls reached it, and with which ids. It outlives a gateway that
//! is killed.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// A running upstream; its threads end with their connections.
pub struct Counting {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Counting {
    /// Listens on a free port. Each call is counted when its head is read, and answered after `pause`.
    pub fn start(pause: Duration) -> Counting {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&shared);
                thread::spawn(move || answer(stream, &seen, pause));
            }
        });
        Counting { address, seen }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Path and query of each call that arrived, in order.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("nothing panics while it holds this lock").clone()
    }
}

fn answer(stream: TcpStream, seen: &Mutex<Vec<String>>, pause: Duration) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let mut length = 0usize;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok()?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        seen.lock().expect("nothing panics while it holds this lock").push(target);
        reader.by_ref().take(length as u64).read_to_end(&mut Vec::with_capacity(length)).ok()?;
        thread::sleep(pause);
        writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok").ok()?;
    }
}
