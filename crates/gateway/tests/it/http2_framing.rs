//! Requests of HTTP/2 that would be read in two ways once they are HTTP/1.1 again, and connections that only make work.

use crate::{
    frames::{CONTINUATION, DATA, END_HEADERS, END_STREAM, Frames, GO_AWAY, HEADERS, RST_STREAM, block},
    http2_caller::Certificate,
    upstream::Upstream,
    world::{Plan, World},
};

const NO_ANSWER: u16 = 0;

/// What it is, the fields of its head, its body, and the status of the answer.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a str, u16);

fn start(upstream: &Upstream) -> (World, Certificate) {
    let certificate = Certificate::new();
    let world = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) }.start();
    (world, certificate)
}

#[test]
fn smuggling_is_refused() {
    let upstream = Upstream::saying("x");
    let (world, certificate) = start(&upstream);
    let value = world.value.clone();
    let path = (":path", "/football/a");
    let get = |path, more: &[(&'static str, &'static str)]| {
        [&[(":method", "GET"), (":scheme", "https"), (":authority", "gate"), path][..], more].concat()
    };
    let post = |more: &[(&'static str, &'static str)]| {
        [&[(":method", "POST"), (":scheme", "https"), (":authority", "gate"), path][..], more].concat()
    };
    let cases: Vec<Case> = vec![
        ("as it should be", get(path, &[]), "", 200),
        ("the same host twice over", get(path, &[("host", "gate")]), "", 200),
        ("trailers can be taken", get(path, &[("te", "trailers")]), "", 200),
        ("a body of its length", post(&[("content-length", "3")]), "abc", 200),
        ("a body without a length", post(&[]), "abc", 200),
        ("less body than told", post(&[("content-length", "5")]), "abc", NO_ANSWER),
        ("more body than told", post(&[("content-length", "1")]), "abc", NO_ANSWER),
        ("two lengths", post(&[("content-length", "3"), ("content-length", "3")]), "abc", 400),
        ("two other lengths", post(&[("content-length", "3"), ("content-length", "4")]), "abc", NO_ANSWER),
        ("a length that is none", post(&[("content-length", "+3")]), "abc", NO_ANSWER),
        ("a coding", post(&[("transfer-encoding", "chunked")]), "0\r\n\r\n", NO_ANSWER),
        ("a connection's header", get(path, &[("connection", "close")]), "", NO_ANSWER),
        ("keep-alive", get(path, &[("keep-alive", "1")]), "", NO_ANSWER),
        ("proxy-connection", get(path, &[("proxy-connection", "close")]), "", NO_ANSWER),
        ("an upgrade", get(path, &[("upgrade", "websocket")]), "", NO_ANSWER),
        ("te for more than trailers", get(path, &[("te", "gzip")]), "", NO_ANSWER),
        ("another host", get(path, &[("host", "other")]), "", 400),
        ("two hosts", get(path, &[("host", "gate"), ("host", "other")]), "", 400),
        ("a name in upper case", get(path, &[("X-Other", "1")]), "", NO_ANSWER),
        ("a name with a space", get(path, &[("x other", "1")]), "", NO_ANSWER),
        ("a name with a colon", get(path, &[("x:other", "1")]), "", NO_ANSWER),
        ("a line break in a value", get(path, &[("x-other", "1\r\nhost: b")]), "", NO_ANSWER),
        ("NUL in a value", get(path, &[("x-other", "1\0")]), "", NO_ANSWER),
        ("a late pseudo header", get(path, &[("x-other", "1"), (":path", "/other")]), "", NO_ANSWER),
        ("two paths", get(path, &[(":path", "/other")]), "", NO_ANSWER),
        ("an unknown pseudo header", get(path, &[(":other", "1")]), "", NO_ANSWER),
        ("a path of two lines", get((":path", "/football/a HTTP/1.1\r\nhost: b"), &[]), "", NO_ANSWER),
        ("a path with a space", get((":path", "/football/a b"), &[]), "", NO_ANSWER),
        ("a path with dots", get((":path", "/football/../a"), &[]), "", 400),
        ("an empty path", get((":path", ""), &[]), "", NO_ANSWER),
        ("no scheme", vec![(":method", "GET"), (":authority", "gate"), path], "", NO_ANSWER),
        ("no method", vec![(":scheme", "https"), (":authority", "gate"), path], "", NO_ANSWER),
        ("no host", vec![(":method", "GET"), (":scheme", "https"), path], "", 400),
        (
            "a name before the host",
            vec![(":method", "GET"), (":scheme", "https"), (":authority", "a@gate"), path],
            "",
            400,
        ),
        ("CONNECT", vec![(":method", "CONNECT"), (":authority", "gate:443")], "", 400),
        (
            "a method of two words",
            vec![(":method", "GET /x"), (":scheme", "https"), (":authority", "gate"), path],
            "",
            NO_ANSWER,
        ),
    ];
    let mut served = 0;
    for (what, mut fields, body, expected) in cases {
        fields.push(("x-api-key", &value));
        let mut frames = Frames::connect(world.address(), certificate.client(&[b"h2"]));
        let end = if body.is_empty() { END_STREAM } else { 0 };
        frames.send(HEADERS, END_HEADERS | end, 1, &block(&fields));
        if !body.is_empty() {
            frames.send(DATA, END_STREAM, 1, body.as_bytes());
        }
        assert_eq!(frames.status(1), expected, "{what}");
        served += usize::from(expected == 200);
    }
    let whole: Vec<_> = upstream.seen().into_iter().map(|seen| (seen.line.clone(), seen.body.len())).collect();
    assert_eq!(whole.len(), served, "{whole:?}");
    assert!(whole.iter().all(|(line, length)| line.ends_with(" /v3/a HTTP/1.1") && [0, 3].contains(length)));
}

#[test]
fn a_body_without_a_length_goes_on_in_chunks() {
    let upstream = Upstream::saying("x");
    let (world, certificate) = start(&upstream);
    for (stream, method) in [(1, "GET"), (3, "POST"), (5, "DELETE")] {
        let mut frames = Frames::connect(world.address(), certificate.client(&[b"h2"]));
        let fields = [
            (":method", method),
            (":scheme", "https"),
            (":authority", "gate"),
            (":path", "/football/a"),
            ("x-api-key", &world.value),
        ];
        frames.send(HEADERS, END_HEADERS, stream, &block(&fields));
        frames.send(DATA, END_STREAM, stream, b"whole body");
        assert_eq!(frames.status(stream), 200);
        let seen = upstream.seen().pop().expect("it came");
        assert_eq!((seen.body.as_slice(), seen.header("transfer-encoding")), (&b"whole body"[..], Some("chunked")));
    }
}

/// Whether the connection is told to end.
fn ends(frames: &mut Frames) -> bool {
    while let Some(frame) = frames.next() {
        if frame.kind == GO_AWAY {
            return true;
        }
    }
    true
}

#[test]
fn who_opens_and_resets_without_end_is_sent_away() {
    let upstream = Upstream::saying("x");
    let (world, certificate) = start(&upstream);
    let fields = [(":method", "GET"), (":scheme", "https"), (":authority", "gate"), (":path", "/football/a")];
    let mut frames = Frames::connect(world.address(), certificate.client(&[b"h2"]));
    let block = block(&fields);
    for stream in (0..2_000).map(|number| 2 * number + 1) {
        frames.send(HEADERS, END_HEADERS | END_STREAM, stream, &block);
        frames.send(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
    }
    assert!(ends(&mut frames));
}

#[test]
fn a_head_without_end_is_not_kept() {
    let upstream = Upstream::saying("x");
    let (world, certificate) = start(&upstream);
    let mut frames = Frames::connect(world.address(), certificate.client(&[b"h2"]));
    let fields = [(":method", "GET"), (":scheme", "https"), (":authority", "gate"), (":path", "/football/a")];
    frames.send(HEADERS, END_STREAM, 1, &block(&fields));
    let long = "x".repeat(100);
    let more = block(&[("x-more", long.as_str()); 100]);
    for _ in 0..100 {
        frames.send(CONTINUATION, 0, 1, &more);
    }
    assert!(ends(&mut frames));
    // As many as may be, but too long: told.
    let mut frames = Frames::connect(world.address(), certificate.client(&[b"h2"]));
    frames.send(HEADERS, END_STREAM, 1, &block(&fields));
    for _ in 0..3 {
        frames.send(CONTINUATION, 0, 1, &more);
    }
    frames.send(CONTINUATION, END_HEADERS, 1, &more);
    assert_ne!(frames.status(1), 200);
    assert!(upstream.seen().is_empty() && world.rows().is_empty());
}
