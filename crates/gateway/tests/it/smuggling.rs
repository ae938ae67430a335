//! The smuggling table of HTTP/1.1: raw bytes in, what reached the upstream out. What two servers could read in two ways is
//! refused, or goes on in the one way in which it was read here; never as it came.

use crate::{
    upstream::Upstream,
    world::{Plan, World},
};

/// What reached the upstream.
#[derive(Debug, PartialEq, Eq)]
enum Out {
    /// Nothing, and nothing that followed on the connection.
    Nothing,
    /// One request with this method, body and trailers.
    One(&'static str, &'static str, usize),
}

use Out::{Nothing, One};

/// What it is; the bytes, in which `{K}` stands for the line with the value; what comes out.
const CASES: &[(&str, &str, Out)] = &[
    ("plain", "GET /football/a HTTP/1.1\r\nhost: g\r\n{K}\r\n", One("GET", "", 0)),
    ("a length", "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 3\r\n\r\nabc", One("POST", "abc", 0)),
    (
        "chunks",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        One("POST", "abc", 0),
    ),
    (
        "chunks in capitals",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        One("POST", "abc", 0),
    ),
    (
        "an extension of a chunk",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n",
        One("POST", "abc", 0),
    ),
    (
        "trailers",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\ntrailer: x-t\r\n\r\n3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n",
        One("POST", "abc", 1),
    ),
    (
        "length, then chunks",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "chunks, then length",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "two lengths",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 3\r\ncontent-length: 3\r\n\r\nabc",
        Nothing,
    ),
    (
        "two other lengths",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 0\r\ncontent-length: 3\r\n\r\nabc",
        Nothing,
    ),
    ("a list of lengths", "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 3, 3\r\n\r\nabc", Nothing),
    ("a length with a sign", "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: +3\r\n\r\nabc", Nothing),
    ("a length below zero", "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: -3\r\n\r\nabc", Nothing),
    ("a length in hex", "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 0x3\r\n\r\nabc", Nothing),
    (
        "a length beyond counting",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}content-length: 99999999999999999999\r\n\r\nabc",
        Nothing,
    ),
    (
        "a space before the colon",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "another coding",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "chunks not last",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "chunks twice",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "chunks in two lines",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "a coding, then chunks",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "an odd space in a coding",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "a quoted coding",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "chunks of HTTP/1.0",
        "POST /football/a HTTP/1.0\r\nhost: g\r\n{K}transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "a chunk below zero",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "a chunk beyond counting",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n",
        Nothing,
    ),
    (
        "a chunk of another length",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        Nothing,
    ),
    ("a folded line", "GET /football/a HTTP/1.1\r\nhost: g\r\nx-a: 1\r\n  2\r\n{K}\r\n", Nothing),
    (
        "a folded coding",
        "POST /football/a HTTP/1.1\r\nhost: g\r\n{K}transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        Nothing,
    ),
    ("a line that begins with a space", "GET /football/a HTTP/1.1\r\n host: g\r\n{K}\r\n", Nothing),
    ("a line without a colon", "GET /football/a HTTP/1.1\r\nhost: g\r\nxyz\r\n{K}\r\n", Nothing),
    ("NUL in a name", "GET /football/a HTTP/1.1\r\nhost: g\r\nx\0a: 1\r\n{K}\r\n", Nothing),
    ("NUL in a value", "GET /football/a HTTP/1.1\r\nhost: g\r\nx-a: 1\x002\r\n{K}\r\n", Nothing),
    ("CR alone in a value", "GET /football/a HTTP/1.1\r\nhost: g\r\nx-a: 1\rx-b: 2\r\n{K}\r\n", Nothing),
    ("NUL in the target", "GET /football/a\0b HTTP/1.1\r\nhost: g\r\n{K}\r\n", Nothing),
    ("a space in the target", "GET /football/a b HTTP/1.1\r\nhost: g\r\n{K}\r\n", Nothing),
    ("a part in the target, which is cut off", "GET /football/a#b HTTP/1.1\r\nhost: g\r\n{K}\r\n", One("GET", "", 0)),
    ("no version", "GET /football/a\r\n\r\n", Nothing),
    ("another version", "GET /football/a HTTP/1.2\r\nhost: g\r\n{K}\r\n", Nothing),
    ("a version of two digits", "GET /football/a HTTP/1.10\r\nhost: g\r\n{K}\r\n", Nothing),
    ("HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", Nothing),
    ("a method of two words", "GE T /football/a HTTP/1.1\r\nhost: g\r\n{K}\r\n", Nothing),
    ("CONNECT", "CONNECT g:443 HTTP/1.1\r\nhost: g:443\r\n{K}\r\n", Nothing),
    ("no host", "GET /football/a HTTP/1.1\r\n{K}\r\n", Nothing),
    ("two hosts", "GET /football/a HTTP/1.1\r\nhost: g\r\nhost: h\r\n{K}\r\n", Nothing),
    ("the same host twice", "GET /football/a HTTP/1.1\r\nhost: g\r\nhost: g\r\n{K}\r\n", Nothing),
    ("another host in the target", "GET http://h/football/a HTTP/1.1\r\nhost: g\r\n{K}\r\n", Nothing),
    ("a name before the host", "GET http://g@h/football/a HTTP/1.1\r\nhost: h\r\n{K}\r\n", Nothing),
    ("the same host in the target", "GET http://g/football/a HTTP/1.1\r\nhost: g\r\n{K}\r\n", One("GET", "", 0)),
    (
        "an upgrade",
        "GET /football/a HTTP/1.1\r\nhost: g\r\nconnection: upgrade\r\nupgrade: websocket\r\n{K}\r\n",
        Nothing,
    ),
    (
        "an upgrade to HTTP/2",
        "GET /football/a HTTP/1.1\r\nhost: g\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAAA\r\n{K}\r\n",
        Nothing,
    ),
    (
        "a length named in Connection",
        "POST /football/a HTTP/1.1\r\nhost: g\r\nconnection: content-length, transfer-encoding\r\n{K}content-length: 3\r\n\r\nabc",
        One("POST", "abc", 0),
    ),
    (
        "the host named in Connection",
        "GET /football/a HTTP/1.1\r\nhost: g\r\nconnection: host\r\n{K}\r\n",
        One("GET", "", 0),
    ),
    (
        "another method in a header",
        "GET /football/a HTTP/1.1\r\nhost: g\r\nx-http-method-override: DELETE\r\n{K}\r\n",
        One("GET", "", 0),
    ),
    (
        "another path in a header",
        "GET /football/a HTTP/1.1\r\nhost: g\r\nx-original-url: /admin\r\nx-rewrite-url: /admin\r\n{K}\r\n",
        One("GET", "", 0),
    ),
    (
        "lines that end in LF alone",
        "POST /football/a HTTP/1.1\nhost: g\n{K}content-length: 3\n\nabc",
        One("POST", "abc", 0),
    ),
    ("empty lines before", "\r\n\r\nGET /football/a HTTP/1.1\r\nhost: g\r\n{K}\r\n", One("GET", "", 0)),
    ("dots in the path", "GET /football/../football/a HTTP/1.1\r\nhost: g\r\n{K}\r\n", Nothing),
    ("a backslash in the path", "GET /football\\a HTTP/1.1\r\nhost: g\r\n{K}\r\n", Nothing),
];

#[test]
fn what_goes_on_is_what_was_decided_on() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    for (what, bytes, expected) in CASES {
        let before = upstream.seen().len();
        let mut caller = world.caller();
        caller.send(bytes.replace("{K}", &format!("x-api-key: {}\r\n", world.value)));
        // What follows must not be taken for the end of what came before, nor the other way round.
        _ = std::io::Write::write_all(caller.stream(), follower(&world).as_bytes());
        let statuses = statuses(caller);
        let seen = &upstream.seen()[before..];
        let hidden = seen.iter().filter(|seen| seen.target() != "/v3/follows").collect::<Vec<_>>();
        match expected {
            Nothing => {
                assert!(hidden.is_empty(), "{what}: {hidden:?}");
                assert!(statuses.first().is_none_or(|status| (400..=404).contains(status)), "{what}: {statuses:?}");
            }
            One(method, body, trailers) => {
                assert_eq!((hidden.len(), statuses.first()), (1, Some(&200)), "{what}: {hidden:?} {statuses:?}");
                let one = hidden[0];
                assert_eq!(one.line, format!("{method} /v3/a HTTP/1.1"), "{what}");
                assert_eq!((one.body.as_slice(), one.trailers.len()), (body.as_bytes(), *trailers), "{what}");
                let framings = ["content-length", "transfer-encoding"]
                    .map(|name| one.headers.iter().filter(|(known, _)| known == name).count());
                assert!(framings.iter().sum::<usize>() <= 1, "{what}: {:?}", one.headers);
                let spoofs = ["x-http-method-override", "x-original-url", "x-rewrite-url"];
                assert!(spoofs.iter().all(|name| one.header(name).is_none()), "{what}");
                assert!(one.header("host").is_some_and(|host| host.starts_with("127.0.0.1:")), "{what}");
            }
        }
    }
    drop(world);
}

/// A request of its own, which says that it is the last.
fn follower(world: &World) -> String {
    world.request("GET /football/follows", "connection: close\r\n", "")
}

/// The statuses of all answers that come before the end.
fn statuses(mut caller: crate::caller::Caller) -> Vec<u16> {
    let mut statuses = Vec::new();
    while let Ok(answer) = caller.answer() {
        statuses.push(answer.status);
    }
    statuses
}
