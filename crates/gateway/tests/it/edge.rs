//! Callers behind proxies: whose address counts on which listener, and that what anybody may write is believed of nobody.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use domain::{
    allowlist::{AddressEntry, AddressSet, Lists},
    decision::Denial,
};
use gateway::settings::{ClientAddress, ListenerSettings};

use crate::{
    allowlists::only,
    upstream::Upstream,
    world::{Plan, World},
};

const CALLER: &str = "203.0.113.7";

/// A world whose listener trusts these proxies. Its key may be used from [`CALLER`] alone.
fn behind(way: fn(AddressSet) -> ClientAddress, trusted: &str, upstream: &Upstream) -> World {
    let trusted: AddressEntry = trusted.parse().expect("an entry");
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener =
        ListenerSettings { client_address: way(AddressSet::of(&[trusted])), ..ListenerSettings::from(address) };
    let mut plan = Plan { listener, ..Plan::open(upstream.url()) };
    plan.change_key = |key| {
        key.lists = Some(Arc::new(Lists { addresses: only(CALLER), ..Lists::default() }));
    };
    plan.start()
}

#[test]
fn the_address_that_a_trusted_proxy_names_is_the_callers() {
    let upstream = Upstream::saying("x");
    let world = behind(ClientAddress::XForwardedFor, "127.0.0.1", &upstream);
    let cases = [
        ("x-forwarded-for: 203.0.113.7\r\n", 200, CALLER),
        ("x-forwarded-for: 198.51.100.1, 203.0.113.7\r\nx-real-ip: 198.51.100.1\r\n", 200, CALLER),
        ("x-forwarded-for: 203.0.113.7, 198.51.100.1\r\n", 403, "198.51.100.1"),
        ("x-forwarded-for: 203.0.113.7, unknown\r\n", 403, "127.0.0.1"),
        ("forwarded: for=203.0.113.7\r\n", 403, "127.0.0.1"),
        ("x-real-ip: 203.0.113.7\r\n", 403, "127.0.0.1"),
        ("", 403, "127.0.0.1"),
    ];
    for (headers, status, seen) in cases {
        let answer = world.caller().ask(world.request("GET /football/a", headers, ""));
        assert_eq!(answer.status, status, "{headers}");
        if status == 403 {
            assert_eq!(answer.json()["seen"], seen, "{headers}");
        }
    }
    for seen in upstream.seen() {
        let told = ["x-forwarded-for", "forwarded", "x-real-ip"].map(|name| seen.header(name));
        assert_eq!(told, [None; 3], "nobody's word about the caller goes on");
    }
    let rows = world.rows();
    let addresses: Vec<IpAddr> = rows.iter().filter_map(|row| row.address).collect();
    assert_eq!(addresses, cases.map(|(_, _, seen)| seen.parse::<IpAddr>().expect("an address")));
}

#[test]
fn who_is_no_trusted_proxy_is_not_believed() {
    let upstream = Upstream::saying("x");
    for way in [ClientAddress::XForwardedFor, ClientAddress::Forwarded] {
        let world = behind(way, "10.0.0.0/8", &upstream);
        let headers = "x-forwarded-for: 203.0.113.7\r\nforwarded: for=203.0.113.7\r\n";
        assert_eq!(world.caller().ask(world.request("GET /football/a", headers, "")).status, 403);
        assert_eq!(world.rows()[0].denial, Some(Denial::AddressNotAllowed));
    }
    let world = behind(ClientAddress::ProxyProtocol, "10.0.0.0/8", &upstream);
    let mut caller = world.caller();
    caller.send("PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n");
    let answer = caller.ask(world.request("GET /football/a", "", ""));
    assert_eq!(answer.status, 400, "its line is no request");
    assert!(upstream.seen().is_empty() && world.rows().is_empty());
}

#[test]
fn the_proxy_protocol_names_the_caller_before_the_first_byte() {
    let upstream = Upstream::saying("x");
    let world = behind(ClientAddress::ProxyProtocol, "127.0.0.1", &upstream);
    let binary_of = |command: u8, behind: u16| {
        let addresses = [203, 0, 113, 7, 127, 0, 0, 1, 0, 1, 0, 2];
        let more = vec![0; usize::from(behind) - addresses.len()];
        [b"\r\n\r\n\0\r\nQUIT\n", &[command, 0x11][..], &behind.to_be_bytes(), &addresses, &more].concat()
    };
    let binary = |command: u8| binary_of(command, 12);
    let cases: [(Vec<u8>, u16); 5] = [
        (b"PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n".to_vec(), 200),
        (b"PROXY TCP4 203.0.113.8 127.0.0.1 1 2\r\n".to_vec(), 403),
        (b"PROXY UNKNOWN\r\n".to_vec(), 403),
        (binary(0x21), 200),
        (binary(0x20), 403),
    ];
    for (header, status) in &cases {
        let request = world.request("GET /football/a", "x-forwarded-for: 203.0.113.7\r\n", "");
        let mut together = world.caller();
        assert_eq!(together.ask([&header[..], request.as_bytes()].concat()).status, *status, "{header:?}");
        assert_eq!(together.ask(&request).status, *status, "the connection's address is known once");
        let mut apart = world.caller();
        for byte in header {
            apart.send([*byte]);
        }
        assert_eq!(apart.ask(&request).status, *status, "byte by byte: {header:?}");
    }
    let (mut longest, mut too_long) = (world.caller(), world.caller());
    longest.send(binary_of(0x21, 4_096));
    assert_eq!(longest.ask(world.request("GET /football/a", "", "")).status, 200);
    too_long.send([&binary_of(0x21, 4_097)[..], world.request("GET /football/a", "", "").as_bytes()].concat());
    assert!(too_long.is_closed(), "more is not read");
    for header in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"PROXY TCP4 nobody\r\n", &[0x16; 200], &binary(0x31)] {
        let mut caller = world.caller();
        caller.send(header);
        assert!(caller.is_closed(), "{header:?}");
    }
    assert_eq!(world.rows().len(), cases.len() * 3 + 1);
}
