//! The closed loop.

use std::io;
use std::time::{Duration, Instant};

use super::connection::{Connection, Received};
use super::latency::Histogram;
use super::options::Options;
use crate::epoll::Epoll;

/// How long answers may still come when no new requests are sent; those missing then are errors.
const MAX_DRAIN: Duration = Duration::from_secs(3);
const WAIT_MS: i32 = 50;

/// What a run came to.
#[derive(Default)]
pub struct Summary {
    /// Requests sent: what a log behind the proxy must show.
    pub sent: u64,
    /// Answers received whole: right, wrong or denied.
    pub answered: u64,
    /// Answers received whole that were not the upstream's.
    pub wrong: u64,
    /// Answers that refused the caller, where these are counted apart.
    pub denied: u64,
    /// Requests without a whole answer.
    pub errors: u64,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// From a request's sending to its whole answer, by the clock of this process.
    pub latency: Histogram,
    /// The first thing that went wrong, in words.
    pub first_trouble: Option<String>,
}

impl Summary {
    /// One line of JSON: counts, seconds, microseconds.
    pub fn to_json(&self) -> String {
        format!(
            concat!(
                r#"{{"sent":{},"requests":{},"errors":{},"bad":{},"denied":{},"seconds":{:.6},"#,
                r#""p50":{:.3},"p90":{:.3},"p99":{:.3},"max":{:.3}}}"#
            ),
            self.sent,
            self.answered,
            self.errors,
            self.wrong,
            self.denied,
            self.elapsed.as_secs_f64(),
            self.latency.quantile_us(0.50),
            self.latency.quantile_us(0.90),
            self.latency.quantile_us(0.99),
            self.latency.longest_us()
        )
    }

    fn trouble(&mut self, what: String) {
        self.first_trouble.get_or_insert(what);
    }
}

/// Sends `requests` in turn over all connections until the time is over, then waits for the answers under way.
pub fn run(options: &Options, requests: &[Vec<u8>]) -> io::Result<Summary> {
    let mut load = Load::open(options, requests)?;
    let started = Instant::now();
    let send_until = started + Duration::from_secs_f64(options.seconds);
    for token in 0..load.connections.len() {
        load.send_next(token, started);
    }
    let mut ready = Vec::new();
    while load.under_way > 0 {
        load.epoll.wait(WAIT_MS, &mut ready)?;
        for &token in &ready {
            load.receive(token, send_until)?;
        }
        if ready.is_empty() && Instant::now() > send_until + MAX_DRAIN {
            load.summary.errors += load.under_way;
            load.summary.trouble(format!("{} answers never came", load.under_way));
            break;
        }
    }
    load.summary.elapsed = started.elapsed();
    Ok(load.summary)
}

struct Load<'a> {
    options: &'a Options,
    requests: &'a [Vec<u8>],
    next_request: usize,
    epoll: Epoll,
    connections: Vec<Option<Connection>>,
    under_way: u64,
    summary: Summary,
}

impl<'a> Load<'a> {
    fn open(options: &'a Options, requests: &'a [Vec<u8>]) -> io::Result<Self> {
        let epoll = Epoll::new()?;
        let open = |token| {
            let connection = Connection::open(options.address)?;
            epoll.watch(&connection.stream, token)?;
            Ok(Some(connection))
        };
        let connections = (0..options.connections).map(open).collect::<io::Result<_>>()?;
        Ok(Self { options, requests, next_request: 0, epoll, connections, under_way: 0, summary: Summary::default() })
    }

    fn send_next(&mut self, token: usize, now: Instant) {
        let Some(connection) = &mut self.connections[token] else { return };
        let request = &self.requests[self.next_request];
        self.next_request = (self.next_request + 1) % self.requests.len();
        self.summary.sent += 1;
        match connection.send(request, now) {
            Ok(()) => self.under_way += 1,
            Err(error) => self.lose(token, error.to_string()),
        }
    }

    fn receive(&mut self, token: usize, send_until: Instant) -> io::Result<()> {
        let Some(connection) = &mut self.connections[token] else { return Ok(()) };
        match connection.receive(&self.options.expected_body) {
            Received::Part => return Ok(()),
            Received::Right => {}
            Received::Denied(_) if self.options.denials_are_counted => self.summary.denied += 1,
            Received::Wrong(beginning) | Received::Denied(beginning) => {
                self.summary.wrong += 1;
                self.summary.trouble(format!("a wrong answer: {beginning}"));
            }
            Received::Lost(reason) => {
                self.under_way -= 1;
                self.lose(token, reason);
                if self.options.lost_are_reopened && Instant::now() < send_until {
                    self.reopen(token)?;
                }
                return Ok(());
            }
        }
        let now = Instant::now();
        self.summary.latency.record(now - connection.sent_at);
        self.summary.answered += 1;
        self.under_way -= 1;
        if now < send_until {
            self.send_next(token, now);
        } else {
            // Done with it: a peer that closes it now is not an error.
            self.connections[token] = None;
        }
        Ok(())
    }

    /// A new connection in the place of a lost one, with its first request. Where nobody listens any more the run ends.
    fn reopen(&mut self, token: usize) -> io::Result<()> {
        let connection = Connection::open(self.options.address)?;
        self.epoll.watch(&connection.stream, token)?;
        self.connections[token] = Some(connection);
        self.send_next(token, Instant::now());
        Ok(())
    }

    /// A lost connection is an error. Unless told otherwise it stays lost: one is enough to void a run.
    fn lose(&mut self, token: usize, reason: String) {
        self.summary.errors += 1;
        self.summary.trouble(reason);
        self.connections[token] = None;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
    const DENIAL: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}";
    const RIGHT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    /// Runs one connection against a server that drops the first connection, and on later ones denies the first request.
    fn run_against_trouble(words: &str) -> Summary {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let line = format!("--address {address} --connections 1 --seconds 0.2 {words}");
        let mut options = Options::parse(line.split_whitespace().map(str::to_owned)).expect("valid");
        options.expected_body = b"hi".to_vec();
        let server = thread::spawn(move || {
            let mut buffer = [0; REQUEST.len()];
            let (mut first, _) = listener.accept().expect("the load connects");
            first.read_exact(&mut buffer).expect("a request");
            drop(first);
            listener.set_nonblocking(true).expect("a listener can be");
            thread::sleep(Duration::from_millis(50));
            let Ok((mut second, _)) = listener.accept() else { return };
            second.set_nonblocking(false).expect("a stream can be");
            let mut answer = DENIAL;
            while second.read_exact(&mut buffer).is_ok() && second.write_all(answer).is_ok() {
                answer = RIGHT;
            }
        });
        let summary = run(&options, &[REQUEST.to_vec()]).expect("the run takes place");
        server.join().expect("the server does not panic");
        summary
    }

    #[test]
    fn a_lost_connection_stays_lost_unless_told_otherwise() {
        let summary = run_against_trouble("");
        assert_eq!((summary.sent, summary.answered, summary.errors), (1, 0, 1));
    }

    #[test]
    fn a_soak_opens_it_again_and_counts_denials_apart() {
        let summary = run_against_trouble("--lost reopened --denials counted");
        assert_eq!((summary.errors, summary.denied, summary.wrong), (1, 1, 0));
        assert!(summary.answered > 2, "{} answers", summary.answered);
        assert_eq!(summary.sent, summary.answered + summary.errors);
    }

    #[test]
    fn a_denial_is_a_wrong_answer_where_none_is_expected() {
        let summary = run_against_trouble("--lost reopened");
        assert_eq!((summary.errors, summary.denied, summary.wrong), (1, 0, 1));
    }
}
