//! Two ways, one meaning: whatever a caller sends, a gateway that reads plain requests itself and one that leaves all of them to
//! hyper send the same upstream, answer the same, and write the same rows.

use std::time::Duration;

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngSeed, TestRunner},
};

use crate::{
    upstream::{Action, Seen, Upstream, ok, say},
    world::{Plan, World},
};

/// Connections that are tried; `PROPTEST_CASES` sets another number.
const CASES: u32 = 200;
/// For how long an answer is waited for where none may come.
const SILENCE: Duration = Duration::from_millis(300);

/// Requests that connections are made of. `KEY` stands for the line with the value.
const REQUESTS: [&str; 22] = [
    "GET /football/a HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football/a?b=c HTTP/1.1\r\nHost: gate\r\nKEYaccept: */*\r\nuser-agent: t\r\n\r\n",
    "GET /football/teams/1 HTTP/1.1\r\nhost: gate\r\nKEYConnection: keep-alive\r\n\r\n",
    "GET /football/empty HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football/chunked HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football/missing HTTP/1.1\r\nhost: gate\r\nKEYorigin: https://page.example\r\n\r\n",
    "GET /football/long HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football/closing HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football/cookies HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "POST /football/a HTTP/1.1\r\nhost: gate\r\nKEYcontent-length: 5\r\n\r\nhello",
    "PUT /football/a HTTP/1.1\r\nhost: gate\r\nKEYcontent-length: 0\r\n\r\n",
    "POST /football/a HTTP/1.1\r\nhost: gate\r\nKEYtransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "DELETE /football/a HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "HEAD /football/a HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "OPTIONS /football/a HTTP/1.1\r\nhost: gate\r\norigin: https://page.example\r\naccess-control-request-method: GET\r\n\r\n",
    "GET /football/a HTTP/1.1\r\nhost: gate\r\n\r\n",
    "GET /nowhere HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football//a HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
    "GET /football/a HTTP/1.0\r\nhost: gate\r\nKEY\r\n",
    "GET /football/a HTTP/1.1\r\nhost: gate\r\nhost: other\r\nKEY\r\n",
    "POST /football/a HTTP/1.1\r\nhost: gate\r\nKEYcontent-length: 3\r\ncontent-length: 3\r\n\r\nabc",
    "GET http://gate/football/a HTTP/1.1\r\nhost: gate\r\nKEY\r\n",
];

/// What is put into a connection's bytes somewhere, or takes the place of what is there.
const TOKENS: [&str; 18] = [
    "\r\n",
    "\n",
    " ",
    "\t",
    ":",
    "\0",
    "x",
    "content-length: 1\r\n",
    "transfer-encoding: chunked\r\n",
    "Connection: close\r\n",
    "connection: te\r\nte: trailers\r\n",
    "expect: 100-continue\r\n",
    "upgrade: websocket\r\n",
    "x-forwarded-for: 10.0.0.1\r\n",
    "x-many: a\r\nx-many: b\r\n",
    "é",
    "HTTP/1.1",
    "/../",
];

/// A change to the bytes: where, how many are taken out, and which token is put in.
type Edit = (prop::sample::Index, usize, Option<usize>);

/// A connection: its requests, what is changed in them, and where the bytes are cut into pieces.
fn connections() -> impl Strategy<Value = (Vec<usize>, Vec<Edit>, Vec<prop::sample::Index>)> {
    let edit = (any::<prop::sample::Index>(), 0usize..3, prop::option::of(0..TOKENS.len()));
    (
        prop::collection::vec(0..REQUESTS.len(), 1..4),
        prop_oneof![3 => Just(Vec::new()), 2 => prop::collection::vec(edit, 1..3)],
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(any::<prop::sample::Index>(), 1..4)],
    )
}

fn act(seen: &Seen) -> Action {
    let path = seen.target();
    if path.ends_with("/empty") {
        return say("HTTP/1.1 204 No Content\r\n\r\n");
    }
    if path.ends_with("/chunked") {
        return say(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 1\r\n\r\n",
        );
    }
    if path.ends_with("/missing") {
        return say("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\ndate: now\r\n\r\nno");
    }
    if path.ends_with("/long") {
        return ok(&"l".repeat(300_000));
    }
    if path.ends_with("/closing") {
        return say("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
    }
    if path.ends_with("/cookies") {
        return say(
            "HTTP/1.1 299 \r\nset-cookie: a=b\r\nx-ratelimit-left: 1\r\nlocation: /v3/x\r\ncontent-length: 2\r\n\r\nok",
        );
    }
    ok(&format!("{} {}", seen.target(), seen.body.len()))
}

/// One of the two ways.
struct Way {
    upstream: Upstream,
    world: World,
}

impl Way {
    fn open(fast_path: bool) -> Way {
        let upstream = Upstream::start(act);
        let world = Plan { fast_path, ..Plan::open(upstream.url()) }.start();
        Way { upstream, world }
    }

    /// Sends the pieces over one connection, and reads all answers.
    fn answers(&self, pieces: &[Vec<u8>]) -> Vec<String> {
        use std::io::{Read, Write};
        let mut caller = self.world.caller();
        for piece in pieces {
            // The gateway may have had enough.
            if caller.stream().write_all(piece).is_err() {
                break;
            }
            if pieces.len() > 1 {
                std::thread::sleep(Duration::from_millis(3));
            }
        }
        caller.stream().set_read_timeout(Some(SILENCE)).expect("a socket");
        let mut bytes = Vec::new();
        // An error is the end too: some connections end by a reset.
        _ = caller.stream().read_to_end(&mut bytes);
        without_what_differs(&String::from_utf8_lossy(&bytes))
    }
}

/// Answers as text, without what differs from one to the next. The lines of each head are in order.
fn without_what_differs(text: &str) -> Vec<String> {
    let differs = ["x-request-id:", "date:", "ratelimit:", "ratelimit-policy:"];
    let mut told = Vec::new();
    let mut head: Vec<String> = Vec::new();
    // No body has a status line in it.
    for line in text.replace("HTTP/1.", "\r\nHTTP/1.").split("\r\n") {
        if line.starts_with("HTTP/1.") || !head.is_empty() && !line.is_empty() {
            if head.is_empty() {
                // Where a status has no usual phrase, hyper says so.
                head.push(line.replace("<none>", ""));
            } else if !differs.iter().any(|name| line.starts_with(name)) {
                head.push(line.to_owned());
            }
            continue;
        }
        head.sort_unstable();
        told.append(&mut head);
        told.push(without_ids(line));
    }
    told.append(&mut head);
    told
}

/// A denial has its request's id in its body.
fn without_ids(line: &str) -> String {
    let mut parts = line.split("req_");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|one: char| one.is_ascii_alphanumeric()))
}

fn pieces(value: &str, requests: &[usize], edits: &[Edit], cuts: &[prop::sample::Index]) -> Vec<Vec<u8>> {
    let key = format!("x-api-key: {value}\r\n");
    let mut bytes = Vec::new();
    for place in requests {
        bytes.extend_from_slice(REQUESTS[*place].replace("KEY", &key).as_bytes());
    }
    for (at, taken, token) in edits {
        let at = at.index(bytes.len());
        let end = (at + taken).min(bytes.len());
        bytes.splice(at..end, token.map_or("", |token| TOKENS[token]).bytes());
    }
    bytes.extend_from_slice(
        format!("GET /football/end HTTP/1.1\r\nhost: gate\r\n{key}connection: close\r\n\r\n").as_bytes(),
    );
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|ends| bytes[ends[0]..ends[1]].to_vec()).filter(|piece| !piece.is_empty()).collect()
}

/// Whether a request behind the first says its length twice. On its way to hyper that is noticed as soon as the bytes come, and
/// those before it are refused with it; here they are served first. Either is safe.
fn is_doubtful_later(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase().replace("\r\n", "\n");
    let lengths = |head: &str| head.matches("content-length").count() + head.matches("transfer-encoding").count();
    let is_oddly_coded =
        |head: &str| head.contains("transfer-encoding") && !head.contains("\ntransfer-encoding: chunked\n");
    text.split("\n\n").skip(1).any(|head| lengths(head) > 1 || is_oddly_coded(&format!("{head}\n")))
}

fn got(seen: &Seen) -> String {
    let mut headers = seen.headers.clone();
    headers.retain(|(name, _)| name != "host");
    headers.sort_unstable();
    format!("{} {headers:?} {:?}", seen.line, String::from_utf8_lossy(&seen.body))
}

#[test]
fn both_ways_read_decide_answer_and_record_the_same() {
    let (fast, by_hyper) = (Way::open(true), Way::open(false));
    assert_eq!(fast.world.value, by_hyper.world.value);
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(42), ..Config::default() });
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let mut seen = 0;
    for _ in 0..cases {
        let (requests, edits, cuts) = connections().new_tree(&mut runner).expect("a connection").current();
        let pieces = pieces(&fast.world.value, &requests, &edits, &cuts);
        if is_doubtful_later(&pieces.concat()) {
            continue;
        }
        let (answers, expected) = (fast.answers(&pieces), by_hyper.answers(&pieces));
        let sent: Vec<_> = pieces.iter().map(|piece| String::from_utf8_lossy(piece)).collect();
        assert_eq!(answers, expected, "{sent:#?}");
        let (of_fast, of_hyper) = (fast.upstream.seen(), by_hyper.upstream.seen());
        let after = |all: &[Seen]| all[seen.min(all.len())..].iter().map(got).collect::<Vec<_>>();
        assert_eq!(after(&of_fast), after(&of_hyper), "{sent:#?}");
        seen = of_fast.len();
    }
    let rows = |way: Way| -> Vec<_> {
        let told = |row: domain::request_log::Row| {
            let ending = row.ending.expect("an end");
            (
                row.method,
                row.path,
                row.denial,
                row.count,
                ending.status,
                ending.outcome,
                ending.bytes_in,
                ending.bytes_out,
            )
        };
        way.world.rows().into_iter().map(told).collect()
    };
    let (of_fast, of_hyper) = (rows(fast), rows(by_hyper));
    assert!(of_fast.len() > cases as usize, "{} rows", of_fast.len());
    assert_eq!(of_fast, of_hyper);
}
