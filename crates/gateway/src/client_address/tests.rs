//! What callers and proxies write, and whose address comes out. 10.0.0.0/8 and fd00::/8 are trusted.

use super::*;

const PROXY: &str = "10.0.0.1";
const STRANGER: &str = "203.0.113.9";

fn check(make: fn(AddressSet) -> ClientAddress, name: HeaderName, cases: &[(&str, &[&str], &str)]) {
    let entries = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("an entry"));
    let client_address = make(AddressSet::of(&entries));
    for (peer, lines, expected) in cases {
        let mut headers = Headers::new();
        for line in *lines {
            headers.append(&name, line);
        }
        let address = client_address.of(peer.parse().expect("an address"), &headers);
        assert_eq!(address.to_string(), *expected, "{peer} {lines:?}");
    }
}

#[test]
fn x_forwarded_for() {
    check(
        ClientAddress::XForwardedFor,
        X_FORWARDED_FOR,
        &[
            (PROXY, &[], PROXY),
            (PROXY, &["198.51.100.7"], "198.51.100.7"),
            (PROXY, &["198.51.100.7, 10.9.9.9"], "198.51.100.7"),
            (PROXY, &["2001:db8::7"], "2001:db8::7"),
            (PROXY, &["[2001:db8::7]:443, fd00::1"], "2001:db8::7"),
            (PROXY, &["198.51.100.7:50000"], "198.51.100.7"),
            (PROXY, &["::ffff:198.51.100.7"], "198.51.100.7"),
            ("fd00::5", &["198.51.100.7"], "198.51.100.7"),
            // All are trusted: the farthest.
            (PROXY, &["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            // Several lines are one list.
            (PROXY, &["192.0.2.1", "198.51.100.7", "10.2.2.2"], "198.51.100.7"),
            // The caller's own words stand left of what the proxy appended.
            (PROXY, &["192.0.2.1, 198.51.100.7"], "198.51.100.7"),
            (PROXY, &["10.0.0.2, 198.51.100.7"], "198.51.100.7"),
            (PROXY, &["192.0.2.1", "junk", "198.51.100.7"], "198.51.100.7"),
            // Who is not trusted is not believed.
            (STRANGER, &["192.0.2.1"], STRANGER),
            (STRANGER, &["192.0.2.1, 10.0.0.1"], STRANGER),
            // What is no address ends the reading, and nothing left of it counts.
            (PROXY, &["192.0.2.1, unknown"], PROXY),
            (PROXY, &["192.0.2.1, unknown, 10.2.2.2"], "10.2.2.2"),
            (PROXY, &["192.0.2.1,"], PROXY),
            (PROXY, &["192.0.2.1, 198.51.100.700"], PROXY),
            (PROXY, &["192.0.2.1, 10.2.2.2.example"], PROXY),
            (PROXY, &["192.0.2.1, \u{e9}"], PROXY),
            (PROXY, &["192.0.2.1", ""], PROXY),
            (PROXY, &["[198.51.100.7]"], PROXY),
            (PROXY, &["0300.0.0.1"], PROXY),
        ],
    );
}

#[test]
fn forwarded() {
    check(
        ClientAddress::Forwarded,
        FORWARDED,
        &[
            (PROXY, &["for=198.51.100.7"], "198.51.100.7"),
            (PROXY, &["For=198.51.100.7;proto=https;by=10.0.0.1"], "198.51.100.7"),
            (PROXY, &["proto=https; for=\"[2001:db8::7]:4711\""], "2001:db8::7"),
            (PROXY, &["for=\"198.51.100.7:80\", for=10.2.2.2"], "198.51.100.7"),
            (PROXY, &["for=192.0.2.1", "for=198.51.100.7"], "198.51.100.7"),
            (PROXY, &["host=\"a,for=192.0.2.1\";for=198.51.100.7"], "198.51.100.7"),
            (PROXY, &["for=192.0.2.1, for=198.51.100.7"], "198.51.100.7"),
            (STRANGER, &["for=192.0.2.1"], STRANGER),
            (PROXY, &["for=192.0.2.1, for=unknown"], PROXY),
            (PROXY, &["for=192.0.2.1, for=_hidden, for=10.2.2.2"], "10.2.2.2"),
            (PROXY, &["for=192.0.2.1, proto=https"], PROXY),
            (PROXY, &["for=192.0.2.1;for=198.51.100.7"], PROXY),
            (PROXY, &["for=192.0.2.1,"], PROXY),
            (PROXY, &["for=\"192.0.2.\\1\""], PROXY),
            (PROXY, &["for"], PROXY),
            (PROXY, &["for=192.0.2.1=2"], PROXY),
            // An open quote of the caller's cannot swallow what the proxy wrote.
            (PROXY, &["for=\", for=198.51.100.7"], PROXY),
            (PROXY, &["for=198.51.100.7", "for=\""], PROXY),
            (PROXY, &["for=192.0.2.1;x=\", for=\"[2001:db8::7]\""], PROXY),
            (PROXY, &["for=192.0.2.1;x=\"a\\\", for=198.51.100.7"], PROXY),
        ],
    );
}

#[test]
fn other_headers_are_not_looked_at() {
    check(|_| ClientAddress::Socket, X_FORWARDED_FOR, &[(PROXY, &["192.0.2.1"], PROXY)]);
    check(ClientAddress::ProxyProtocol, X_FORWARDED_FOR, &[(PROXY, &["192.0.2.1"], PROXY)]);
    check(ClientAddress::Forwarded, X_FORWARDED_FOR, &[(PROXY, &["192.0.2.1"], PROXY)]);
    check(ClientAddress::XForwardedFor, FORWARDED, &[(PROXY, &["for=192.0.2.1"], PROXY)]);
}
