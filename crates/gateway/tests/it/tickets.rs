//! Tickets: each is good for the one call that it was signed for, once; everything else that comes with one is unknown.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{
    allowlist::Lists,
    id::ValueId,
    key::secret::{ENTROPY, SecretText},
    policy::SecretPolicy,
    request_log::Via,
    ticket::{KEY_BYTES, LIFETIME, Ticket, TicketKey, hash_body},
    time::{SECOND, Timestamp},
};

use crate::{
    upstream::Upstream,
    world::{Plan, World},
};

const KEY: [u8; KEY_BYTES] = [5; KEY_BYTES];
const CALL: &str = r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#;

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Timestamp::from_micros(since.as_micros() as i64)
}

fn world(upstream: &Upstream) -> World {
    Plan { ticket_key: Some(TicketKey::new(KEY)), ..Plan::open(upstream.url()) }.start()
}

/// A ticket for `POST /leagues?a=b` with a body.
fn rest() -> Ticket {
    Ticket {
        value: ValueId::from_u128(3),
        api: "football".parse().expect("a name"),
        network: None,
        method: "POST".to_owned(),
        target: "/leagues?a=b".to_owned(),
        body: hash_body(b"body"),
        address: Some("203.0.113.7".parse().expect("an address")),
        expires_at: now().plus(LIFETIME - SECOND),
        nonce: 1,
    }
}

/// A ticket for [`CALL`] to mainnet.
fn json_rpc() -> Ticket {
    Ticket {
        api: "eth".parse().expect("a name"),
        network: Some("mainnet".parse().expect("a name")),
        target: String::new(),
        body: hash_body(CALL.as_bytes()),
        ..rest()
    }
}

fn request(line: &str, ticket: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{line} HTTP/1.1\r\nhost: gate\r\nx-keyward-ticket: {ticket}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

fn sign(ticket: &Ticket) -> String {
    ticket.sign(&TicketKey::new(KEY))
}

#[test]
fn a_ticket_stands_in_place_of_the_value_for_the_call_it_is_for() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#);
    let world = world(&upstream);
    let mut caller = world.caller();
    let line = "POST /football/leagues?a=b";
    assert_eq!(caller.ask(request(line, &sign(&rest()), "", "body")).status, 200);
    let ticket = Ticket { nonce: 2, ..json_rpc() };
    assert_eq!(caller.ask(request("POST /eth/v1/mainnet", &sign(&ticket), "", CALL)).status, 200);
    let empty = Ticket { method: "GET".to_owned(), body: hash_body(b""), nonce: 3, address: None, ..rest() };
    assert_eq!(caller.ask(request("GET /football/leagues?a=b", &sign(&empty), "", "")).status, 200);
    let seen = upstream.seen();
    let bodies: Vec<_> = seen.iter().map(|seen| (seen.target(), String::from_utf8_lossy(&seen.body))).collect();
    assert_eq!(bodies, [("/v3/leagues?a=b", "body".into()), ("/", CALL.into()), ("/v3/leagues?a=b", "".into())]);
    assert!(seen.iter().all(|seen| seen.header("x-keyward-ticket").is_none()));
    let rows = world.rows();
    let told: Vec<_> = rows.iter().map(|row| (row.via, row.address.map(|it| it.to_string()), row.value)).collect();
    let of = |address: &str| (Via::Tester, Some(address.to_owned()), ValueId::from_u128(3));
    assert_eq!(told, [of("203.0.113.7"), of("203.0.113.7"), of("127.0.0.1")]);
    assert_eq!(rows[0].ending.as_ref().map(|ending| ending.bytes_in), Some(4));
}

#[test]
fn the_lists_and_states_of_the_key_hold_for_tickets() {
    let upstream = Upstream::saying("x");
    let change_key: fn(&mut domain::policy::KeyPolicy) = |key| {
        let lists = Lists { addresses: crate::allowlists::only("203.0.113.0/24"), ..Lists::default() };
        key.lists = Some(std::sync::Arc::new(lists));
    };
    let world = Plan { ticket_key: Some(TicketKey::new(KEY)), change_key, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let line = "POST /football/leagues?a=b";
    assert_eq!(caller.ask(request(line, &sign(&rest()), "", "body")).status, 200, "from an address on the list");
    let address = Some("198.51.100.1".parse().expect("an address"));
    let elsewhere = Ticket { address, nonce: 2, ..rest() };
    let answer = caller.ask(request(line, &sign(&elsewhere), "", "body"));
    assert_eq!((answer.status, &answer.json()["code"]), (403, &"address_not_allowed".into()));
    world.disable_key(true);
    let answer = caller.ask(request(line, &sign(&Ticket { nonce: 3, ..rest() }), "", "body"));
    assert_eq!((answer.status, &answer.json()["code"]), (403, &"key_disabled".into()));
}

#[test]
fn a_ticket_stands_in_place_of_the_secret_too_and_a_value_does_not() {
    let upstream = Upstream::saying("x");
    let change_key: fn(&mut domain::policy::KeyPolicy) = |key| {
        let secret = SecretPolicy { hash: SecretText::draw([7; ENTROPY]).hash(), former: None };
        key.secret = Some(std::sync::Arc::new(secret));
    };
    let world = Plan { ticket_key: Some(TicketKey::new(KEY)), change_key, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let line = "POST /football/leagues?a=b";
    assert_eq!(caller.ask(request(line, &sign(&rest()), "", "body")).status, 200);
    let answer = caller.ask(world.request(line, "", "body"));
    assert_eq!((answer.status, &answer.json()["code"]), (401, &"secret_missing".into()));
    assert_eq!(upstream.seen().len(), 1);
}

#[test]
fn every_other_use_of_a_ticket_is_unknown() {
    let upstream = Upstream::saying("x");
    let world = world(&upstream);
    let good = sign(&rest());
    let (line, body) = ("POST /football/leagues?a=b", "body");
    let foreign = rest().sign(&TicketKey::new([6; KEY_BYTES]));
    let old = sign(&Ticket { expires_at: now().plus(-1), ..rest() });
    let far = sign(&Ticket { expires_at: now().plus(LIFETIME + 5 * SECOND), ..rest() });
    let nobodys = sign(&Ticket { value: ValueId::from_u128(99), nonce: 2, ..rest() });
    let rpc = sign(&json_rpc());
    let wrong: &[(&str, &str, &str, &str)] = &[
        ("another path", "POST /football/fixtures?a=b", &good, body),
        ("another query", "POST /football/leagues?a=c", &good, body),
        ("no query", "POST /football/leagues", &good, body),
        ("a query more", "POST /football/leagues?a=b&c=d", &good, body),
        ("another verb", "PUT /football/leagues?a=b", &good, body),
        ("another body", line, &good, "Body"),
        ("a longer body", line, &good, "body "),
        ("no body", line, &good, ""),
        ("another API", "POST /eth/v1/mainnet?a=b", &good, body),
        ("another network", "POST /eth/v1/sepolia", &rpc, CALL),
        ("a network that is none", "POST /eth/v1/goerli", &rpc, CALL),
        ("another call", "POST /eth/v1/mainnet", &rpc, r#"{"jsonrpc":"2.0","id":1,"method":"eth_x"}"#),
        ("another key", line, &foreign, body),
        ("too old", line, &old, body),
        ("too far ahead", line, &far, body),
        ("a value nobody knows", line, &nobodys, body),
        ("no ticket", line, "", body),
        ("junk", line, "00ff", body),
    ];
    for (what, line, ticket, body) in wrong {
        let answer = world.caller().ask(request(line, ticket, "", body));
        let code = answer.json()["code"].clone();
        let code = if code.is_null() { answer.json()["error"]["data"]["code"].clone() } else { code };
        assert_eq!((answer.status, code), (401, "unknown_key".into()), "{what}");
    }
    assert!(upstream.seen().is_empty());
    // None of this has used the ticket up; a call does.
    assert_eq!(world.caller().ask(request(line, &good, "", body)).status, 200);
    assert_eq!(world.caller().ask(request(line, &good, "", body)).status, 401, "once is all");
    assert_eq!(upstream.seen().len(), 1);
    assert_eq!(world.rows().len(), 1, "what nobody may do is nobody's call");
}

#[test]
fn one_ticket_that_is_used_by_many_at_once_makes_one_call() {
    let upstream = Upstream::saying("x");
    let plan = Plan { ticket_key: Some(TicketKey::new(KEY)), threads: 2, ..Plan::open(upstream.url()) };
    let world = plan.start();
    let request = request("POST /football/leagues?a=b", &sign(&rest()), "", "body");
    let served = std::thread::scope(|scope| {
        let ask = || world.caller().ask(&request).status;
        let callers: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller")).filter(|status| *status == 200).count()
    });
    assert_eq!((served, upstream.seen().len()), (1, 1));
}

#[test]
fn a_body_beyond_the_limit_is_not_read() {
    let upstream = Upstream::saying("x");
    let world = world(&upstream);
    let body = "x".repeat((1 << 20) + 1);
    let ticket = Ticket { body: hash_body(body.as_bytes()), ..rest() };
    let answer = world.caller().ask(request("POST /football/leagues?a=b", &sign(&ticket), "", &body));
    assert_eq!(answer.status, 401);
}

#[test]
fn without_a_key_a_ticket_is_nothing_and_it_never_goes_up() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let line = "POST /football/leagues?a=b";
    assert_eq!(world.caller().ask(request(line, &sign(&rest()), "", "body")).status, 401);
    // Beside a value it is not looked at, and it is removed all the same, twice and under any other name of ours.
    let headers = format!("x-api-key: {}\r\nX-Keyward-Ticket: two\r\nx-keyward-other: three\r\n", world.value);
    assert_eq!(world.caller().ask(request(line, "one", &headers, "body")).status, 200);
    let seen = upstream.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].headers.iter().all(|(name, _)| !name.starts_with("x-keyward-")), "{:?}", seen[0].headers);
    assert_eq!(world.rows()[0].via, Via::Direct);
}
