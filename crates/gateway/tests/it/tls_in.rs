//! TLS from callers: what is spoken in it, and certificates that change while the gateway serves.

use std::{io::Read, time::Duration};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    http2_caller::{Certificate, connect, run},
    upstream::Upstream,
    world::Plan,
};

#[test]
fn http_1_is_spoken_with_whom_offers_nothing_else() {
    let upstream = Upstream::saying("hello");
    let certificate = Certificate::new();
    let world = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) }.start();
    for protocols in [&[][..], &[&b"http/1.1"[..]]] {
        let request = world.request("GET /football/a", "connection: close\r\n", "");
        let answer = run(async {
            let mut stream = connect(world.address(), certificate.client(protocols)).await.expect("a handshake");
            stream.write_all(request.as_bytes()).await.expect("the gateway reads");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer and its end");
            answer
        });
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello"), "{answer}");
    }
    assert_eq!(world.rows().len(), 2);
}

#[test]
fn who_does_not_shake_hands_is_let_go() {
    let upstream = Upstream::saying("x");
    let certificate = Certificate::new();
    let mut plan = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) };
    plan.time_outs.head = Duration::from_millis(300);
    let world = plan.start();
    let (mut silent, mut plain) = (world.caller(), world.caller());
    plain.send(world.request("GET /football/a", "", ""));
    assert!(silent.is_closed());
    let mut said = Vec::new();
    _ = plain.stream().read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP"), "at most an alert of TLS");
    assert!(upstream.seen().is_empty() && world.rows().is_empty());
}

#[test]
fn a_new_certificate_is_used_and_a_broken_one_is_not() {
    let upstream = Upstream::saying("x");
    let mut certificate = Certificate::new();
    let world = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) }.start();
    let shakes =
        |certificate: &Certificate| run(async { connect(world.address(), certificate.client(&[])).await.is_ok() });
    assert!(shakes(&certificate));
    for file in ["key.pem", "chain.pem"] {
        certificate.spoil(file);
        std::thread::sleep(Duration::from_millis(200));
        assert!(shakes(&certificate), "the old one stays while {file} is broken");
    }
    certificate.lose("chain.pem");
    std::thread::sleep(Duration::from_millis(200));
    assert!(shakes(&certificate), "the old one stays while there is no file");
    let old = certificate.client(&[]);
    certificate.renew();
    let began = std::time::Instant::now();
    while !shakes(&certificate) {
        assert!(began.elapsed() < Duration::from_secs(10), "the new one is used soon");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(run(async { connect(world.address(), old).await.is_err() }), "and the old one no more");
}
