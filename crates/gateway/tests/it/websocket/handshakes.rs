//! Handshakes: decided on like requests, and passed on cleaned.

use domain::{
    decision::Denial,
    request_log::{Outcome, Wire},
};

use super::{call, peers::*, plan, world};
use crate::world::{SECRET, ending};

#[test]
fn the_upstream_sees_our_handshake_and_not_the_callers() {
    let upstream = SocketUpstream::shaking("sec-websocket-protocol: rpc.2\r\n", |text| {
        answers(text).into_iter().map(Deed::Say).collect()
    });
    let world = world(&upstream);
    let lines = "sec-websocket-extensions: permessage-deflate\r\nsec-websocket-protocol: rpc.1, rpc.2\r\n\
                 origin: https://page.example\r\nx-forwarded-for: 192.0.2.1\r\nuser-agent: tests\r\n";
    let path = format!("/eth/ws/v1/mainnet/{}?page=1", world.value);
    let (mut caller, answer) = connect_to(world.address(), &path, lines).expect("a WebSocket");
    assert_eq!(answer.header("sec-websocket-protocol"), Some("rpc.2"));
    assert_eq!((answer.header("sec-websocket-extensions"), answer.header("connection")), (None, Some("Upgrade")));
    assert!(answer.header("x-request-id").is_some());
    caller.say(&call("1", "eth_chainId"));
    caller.text();
    let heads = upstream.heads();
    let head = heads[0].to_ascii_lowercase();
    assert!(head.starts_with("get /node?page=1 http/1.1\r\n"), "{head}");
    for line in [format!("authorization: bearer {SECRET}"), "sec-websocket-protocol: rpc.1, rpc.2".to_owned()] {
        assert!(head.contains(&line), "{line} is not in {head}");
    }
    for gone in ["extensions", "origin", "192.0.2.1", "dghlihnhbxbszsbub25jzq", &world.value.to_ascii_lowercase()] {
        assert!(!head.contains(gone), "{gone} is in {head}");
    }
    drop(caller);
    let rows = world.rows();
    assert_eq!(rows.len(), 1, "the handshake has no row: {rows:?}");
    let row = &rows[0];
    assert_eq!(
        (row.wire, row.method.as_str(), row.path.as_str()),
        (Wire::WebSocket, "eth_chainId", "/eth/ws/v1/mainnet/{key}")
    );
    assert_eq!((row.origin.as_deref(), row.agent.as_deref()), (Some("https://page.example"), Some("tests")));
}

#[test]
fn what_may_not_be_opened_is_answered_as_http() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let value = world.value.clone();
    let with_header = format!("x-api-key: {value}\r\n");
    let unknown = "kw_0000000000000000000000000000000000000000";
    let cases = [
        (format!("/eth/ws/v1/mainnet/{value}"), "", 101),
        ("/eth/ws/v1/sepolia".to_owned(), with_header.as_str(), 101),
        (format!("/eth/ws/v1/mainnet/{unknown}"), "", 401),
        ("/eth/ws/v1/mainnet".to_owned(), "", 401),
        (format!("/eth/ws/v1/nowhere/{value}"), "", 404),
        (format!("/eth/v1/mainnet/{value}"), "", 415),
        ("/football/x".to_owned(), with_header.as_str(), 400),
        (format!("/eth/ws/v1/mainnet/{value}"), "sec-websocket-version: 12\r\n", 400),
        (format!("/eth/ws/v1/mainnet/{value}"), "upgrade: h2c\r\n", 101),
    ];
    for (path, headers, status) in cases {
        let got = connect_to(world.address(), &path, headers).map_or_else(|answer| answer.status, |_| 101);
        assert_eq!(got, status, "{path} {headers}");
    }
    let with_body = format!(
        "GET /eth/ws/v1/mainnet/{value} HTTP/1.1\r\nhost: gate\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncontent-length: 3\r\n\r\nabc"
    );
    assert_eq!(world.caller().ask(with_body).status, 400);
    let mut plain = world.caller();
    let answer = plain.ask(format!("GET /eth/ws/v1/mainnet/{value} HTTP/1.1\r\nhost: gate\r\n\r\n"));
    assert_eq!((answer.status, answer.header("sec-websocket-version")), (400, Some("13")));
    assert_eq!(answer.json()["error"]["data"]["code"], "malformed");
    world.disable_key(true);
    let denied = connect_with(&world, "").err().expect("a denial");
    assert_eq!((denied.status, denied.json()["error"]["data"]["code"].as_str()), (403, Some("key_disabled")));
}

#[test]
fn an_upstream_that_does_not_shake_hands_is_a_failure_with_a_row() {
    let cases = [
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", Denial::UpstreamIncomplete, 502),
        ("sec-websocket-extensions: permessage-deflate\r\n", Denial::UpstreamIncomplete, 502),
        ("sec-websocket-protocol: unasked\r\n", Denial::UpstreamIncomplete, 502),
        (
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
            Denial::UpstreamIncomplete,
            502,
        ),
        ("", Denial::UpstreamUnreachable, 502),
    ];
    for (lines, denial, status) in cases {
        let upstream = SocketUpstream::shaking(lines, |_| Vec::new());
        let mut plan = plan(&upstream);
        if denial == Denial::UpstreamUnreachable {
            plan.sockets = vec!["ws://127.0.0.1:9".to_owned()];
        }
        let world = plan.start();
        let answer = connect_with(&world, "").err().expect("a failure");
        assert_eq!(
            (answer.status, answer.json()["error"]["data"]["code"].as_str()),
            (status, Some(denial.code())),
            "{lines}"
        );
        let rows = world.rows();
        assert_eq!(rows.len(), 1, "{lines}");
        let end = ending(&rows[0]);
        assert_eq!((end.outcome, end.denial, end.status), (Outcome::Failed, Some(denial), status), "{lines}");
        assert_eq!((rows[0].wire, rows[0].charge.requests), (Wire::WebSocket, 0));
    }
}
