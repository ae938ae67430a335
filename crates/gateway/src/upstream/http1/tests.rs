//! What is read of an answer, whatever the pieces it comes in; what is sent; and that hyper's client reads the same.

use std::time::Duration;

use hyper::body::Body;
use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::LocalSet,
    time::timeout,
};

use super::*;
use crate::{heads::Headers, upstream::line::Line, wire::Wire};

/// No test waits longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was read of an answer.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Told {
    status: u16,
    body: String,
    trailers: usize,
    is_kept: bool,
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, async { timeout(PATIENCE, test).await.expect("it does not hang") })
}

/// Both ends of a connection.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let ours = TcpStream::connect(listener.local_addr().expect("bound")).await.expect("it listens");
    ours.set_nodelay(true).expect("a socket");
    let (theirs, _) = listener.accept().await.expect("it came");
    theirs.set_nodelay(true).expect("a socket");
    (ours, theirs)
}

fn connection(stream: TcpStream) -> Connection {
    Connection::new(Transport::new(Wire::Plain(stream), Line::default()))
}

fn request(method: Method) -> Request<RequestBody> {
    let mut headers = Headers::new();
    headers.append("host", "h");
    Request { method, target: "/x".to_owned(), headers, body: RequestBody::Empty }
}

/// Plays an upstream that reads the head of a request and answers in these pieces, then closes or waits.
async fn play(mut theirs: TcpStream, pieces: Vec<Vec<u8>>, closes: bool) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        theirs.read_exact(&mut byte).await.expect("a head");
        head.push(byte[0]);
    }
    for piece in pieces {
        // The other side may have had enough.
        _ = theirs.write_all(&piece).await;
        tokio::task::yield_now().await;
    }
    if !closes {
        _ = theirs.read(&mut byte).await;
    }
}

async fn read(connection: &mut Connection, method: Method) -> Result<Told, String> {
    let head = match connection.send(&mut request(method)).await {
        Ok(head) => head,
        Err(Unanswered::Unwritten(_)) => return Err("unwritten".to_owned()),
        Err(Unanswered::Broken(broken)) => return Err(broken.to_string()),
    };
    let (mut body, mut trailers) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|cx| connection.poll_body(cx)).await {
        match frame.map_err(|broken| broken.to_string())?.into_data() {
            Ok(data) => body.extend_from_slice(&data),
            Err(frame) => trailers += frame.into_trailers().map_or(0, |trailers| trailers.len()),
        }
    }
    assert!(connection.is_over());
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Told { status: head.status.as_u16(), body, trailers, is_kept: connection.make_ready() })
}

fn answered(method: Method, pieces: Vec<Vec<u8>>, closes: bool) -> Result<Told, String> {
    run(async move {
        let (ours, theirs) = pair().await;
        let upstream = tokio::task::spawn_local(play(theirs, pieces, closes));
        let mut connection = connection(ours);
        let told = read(&mut connection, method).await;
        drop(connection);
        upstream.await.expect("it ends");
        told
    })
}

/// The same by hyper's client, which tells nothing of keeping.
fn answered_by_hyper(method: Method, bytes: &[u8], closes: bool) -> Result<(u16, String), String> {
    let pieces = vec![bytes.to_vec()];
    run(async move {
        let (ours, theirs) = pair().await;
        let upstream = tokio::task::spawn_local(play(theirs, pieces, closes));
        let io = hyper_io::Io(ours);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.expect("no round trip");
        let driving = tokio::task::spawn_local(connection);
        let request = http::Request::builder().method(method).uri("/x").header("host", "h");
        let request = request.body(Nothing).expect("a request");
        let told = async {
            let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
            let status = answer.status().as_u16();
            let mut incoming = answer.into_body();
            let mut body = Vec::new();
            while let Some(frame) = poll_fn(|cx| std::pin::Pin::new(&mut incoming).poll_frame(cx)).await {
                if let Ok(data) = frame.map_err(|error| error.to_string())?.into_data() {
                    body.extend_from_slice(&data);
                }
            }
            Ok((status, String::from_utf8_lossy(&body).into_owned()))
        }
        .await;
        drop(sender);
        driving.abort();
        upstream.abort();
        told
    })
}

/// No body, for hyper.
struct Nothing;

impl Body for Nothing {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

mod hyper_io;

/// An answer, whether the upstream closes behind it, and what is read of it: status, body, trailers, and whether the connection is
/// kept; none: it is no answer.
type Case = (&'static str, bool, Option<(u16, &'static str, usize, bool)>);

const CASES: [Case; 34] = [
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", false, Some((200, "hello", 0, true))),
    ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false, Some((200, "", 0, true))),
    ("HTTP/1.1 204 No Content\r\n\r\n", false, Some((204, "", 0, true))),
    ("HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", false, Some((304, "", 0, true))),
    ("HTTP/1.1 404 \r\ncontent-length: 1\r\n\r\nx", false, Some((404, "x", 0, true))),
    ("HTTP/1.1 200\r\ncontent-length: 1\r\n\r\nx", false, Some((200, "x", 0, true))),
    // Kept or not.
    ("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx", false, Some((200, "x", 0, false))),
    ("HTTP/1.1 200 OK\r\nConnection: te, CLOSE\r\ncontent-length: 1\r\n\r\nx", false, Some((200, "x", 0, false))),
    ("HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx", false, Some((200, "x", 0, false))),
    ("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 1\r\n\r\nx", false, Some((200, "x", 0, true))),
    ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxy", false, Some((200, "x", 0, false))),
    // Until the end of the connection.
    ("HTTP/1.1 200 OK\r\n\r\nall of it", true, Some((200, "all of it", 0, false))),
    ("HTTP/1.0 200 OK\r\n\r\n", true, Some((200, "", 0, false))),
    // Chunks.
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        false,
        Some((200, "hello", 0, true)),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nx: 1\r\ny: 2\r\n\r\n",
        false,
        Some((200, "hello", 2, true)),
    ),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", false, Some((200, "", 0, true))),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        false,
        Some((200, "x", 0, false)),
    ),
    // Interim answers.
    (
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx",
        false,
        Some((200, "x", 0, true)),
    ),
    // Equal lengths are one.
    ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\nx", false, Some((200, "x", 0, true))),
    // No answers.
    ("", true, None),
    ("HTTP/1.1 200 OK\r\ncontent-le", true, None),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", true, None),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!", true, None),
    ("HTTP/1.1 200 OK\r\ncontent-length: +5\r\n\r\nhello", true, None),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5 5\r\n\r\nhello", true, None),
    ("HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\n", true, None),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", true, None),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n", true, None),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n", true, None),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", true, None),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", true, None),
    ("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", true, None),
    ("HTTP/2 200 OK\r\n\r\n", true, None),
    ("not HTTP at all\r\n\r\n", true, None),
];

#[test]
fn answers_are_read_as_they_are_framed() {
    for (bytes, closes, expected) in CASES {
        let told = answered(Method::GET, vec![bytes.into()], closes);
        let expected =
            expected.map(|(status, body, trailers, is_kept)| Told { status, body: body.to_owned(), trailers, is_kept });
        assert_eq!(told.clone().ok(), expected, "{bytes:?}: {told:?}");
    }
}

#[test]
fn an_answer_to_head_has_no_body_whatever_its_length() {
    let told = answered(Method::HEAD, vec![b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n".to_vec()], false);
    assert_eq!(told, Ok(Told { status: 200, body: String::new(), trailers: 0, is_kept: true }));
}

#[test]
fn what_hyper_reads_of_an_answer_is_the_same_or_it_is_refused_here() {
    for (bytes, closes, expected) in CASES {
        let by_hyper = answered_by_hyper(Method::GET, bytes.as_bytes(), closes);
        if let Some((status, body, ..)) = expected {
            assert_eq!(by_hyper, Ok((status, body.to_owned())), "{bytes:?}");
        }
    }
}

#[test]
fn heads_have_limits() {
    let line = format!("x: {}\r\n", "y".repeat(1_000));
    for (lines, is_read) in [(60, true), (70, false)] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{}content-length: 0\r\n\r\n", line.repeat(lines));
        assert_eq!(answered(Method::GET, vec![bytes.into_bytes()], true).is_ok(), is_read, "{lines} lines");
    }
    for (lines, is_read) in [(MAX_LINES - 1, true), (MAX_LINES, false)] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{}content-length: 0\r\n\r\n", "x: y\r\n".repeat(lines));
        assert_eq!(answered(Method::GET, vec![bytes.into_bytes()], true).is_ok(), is_read, "{lines} lines");
    }
    let endless = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;{}", "x".repeat(8_000));
    assert!(answered(Method::GET, vec![endless.into_bytes()], false).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_answer_is_the_same_in_whatever_pieces_it_comes(
        case in 0..CASES.len(),
        cuts in proptest::collection::vec(0usize..160, 0..12),
    ) {
        let (bytes, closes, _) = CASES[case];
        let whole = answered(Method::GET, vec![bytes.into()], closes);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|ends| bytes.as_bytes()[ends[0]..ends[1]].to_vec()).collect();
        let pieced = answered(Method::GET, pieces, closes);
        // Bytes behind an answer may come after it was read; the connection is then found to be over when it is next used.
        let same = |told: &Told| (told.status, told.body.clone(), told.trailers);
        prop_assert_eq!(pieced.as_ref().map(same).ok(), whole.as_ref().map(same).ok());
    }
}

#[test]
fn a_kept_connection_is_over_once_the_upstream_closes_it_or_says_something() {
    for (then, is_alive) in [(None, true), (Some(&b""[..]), false), (Some(b"HTTP/1.1 408 late\r\n\r\n"), false)] {
        run(async move {
            let (ours, mut theirs) = pair().await;
            let mut connection = connection(ours);
            assert!(connection.is_alive());
            match then {
                None => {}
                Some(b"") => drop(theirs),
                Some(bytes) => theirs.write_all(bytes).await.expect("written"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert_eq!(connection.is_alive(), is_alive, "{then:?}");
        });
    }
}

/// What an upstream reads of a request.
fn sent(mut request: Request<RequestBody>) -> String {
    run(async move {
        let (ours, mut theirs) = pair().await;
        let mut connection = connection(ours);
        let upstream = tokio::task::spawn_local(async move {
            let mut all = Vec::new();
            let mut part = [0; 65_536];
            while let Ok(Ok(length)) = timeout(Duration::from_millis(100), theirs.read(&mut part)).await {
                if length == 0 {
                    break;
                }
                all.extend_from_slice(&part[..length]);
            }
            _ = theirs.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            String::from_utf8(all).expect("text")
        });
        connection.send(&mut request).await.ok().expect("an answer");
        upstream.await.expect("it ends")
    })
}

#[test]
fn requests_are_written_with_the_length_that_they_have() {
    let with = |method: &str, header: Option<(&str, &str)>, body| {
        let mut headers = request(Method::GET).headers;
        header.iter().for_each(|(name, value)| headers.append(name, value));
        Request { method: method.parse().expect("a verb"), target: "/p?q=1".to_owned(), headers, body }
    };
    let whole = |text: &'static str| RequestBody::Whole(Bytes::from_static(text.as_bytes()));
    let cases = [
        (with("GET", None, RequestBody::Empty), "GET /p?q=1 HTTP/1.1\r\nhost: h\r\n\r\n".to_owned()),
        (
            with("POST", Some(("content-length", "0")), RequestBody::Empty),
            "POST /p?q=1 HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n".to_owned(),
        ),
        (
            with("POST", Some(("content-length", "99")), whole("abc")),
            "POST /p?q=1 HTTP/1.1\r\nhost: h\r\ncontent-length: 3\r\n\r\nabc".to_owned(),
        ),
    ];
    for (request, expected) in cases {
        assert_eq!(sent(request), expected);
    }
    let long = "z".repeat(300_000);
    let text = sent(with("POST", None, RequestBody::Whole(Bytes::from(long.clone()))));
    assert_eq!(text, format!("POST /p?q=1 HTTP/1.1\r\nhost: h\r\ncontent-length: 300000\r\n\r\n{long}"));
}

#[test]
fn a_request_that_was_not_written_comes_back() {
    run(async {
        let (ours, theirs) = pair().await;
        let line = Line::default();
        let mut connection = Connection::new(Transport::new(Wire::Plain(ours), line.clone()));
        line.lease().sever();
        let mut request = request(Method::GET);
        let Err(Unanswered::Unwritten(RequestBody::Empty)) = connection.send(&mut request).await else {
            panic!("not one byte may go over a severed line")
        };
        assert_eq!(request.target, "/x");
        drop(theirs);
    });
}
