//! Tables: templates that are taken or refused, and where paths end up.

use super::*;

fn networks(names: &[&str]) -> Arc<[NetworkName]> {
    names.iter().map(|name| name.parse().expect("a network's name")).collect()
}

fn table() -> RouteTable {
    let none = networks(&[]);
    let chains = networks(&["mainnet", "eth/mainnet", "eth/sepolia", "eth"]);
    let one = networks(&["main"]);
    let mut table = RouteTable::default();
    let mut add = |api, protocol, networks: &Arc<[NetworkName]>, template, hosts: &[&str]| {
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        table.add(api, protocol, networks, template, &hosts).expect(template);
    };
    add(0, Protocol::Rest, &none, "/football", &[]);
    add(1, Protocol::Rest, &none, "/football/v4", &[]);
    add(2, Protocol::JsonRpc, &chains, "/eth/v1/{network}/{key}", &[]);
    add(2, Protocol::JsonRpc, &chains, "/eth/v1/{network}", &[]);
    add(3, Protocol::JsonRpc, &one, "/only", &[]);
    add(4, Protocol::Rest, &none, "/", &["sports.example"]);
    add(5, Protocol::Rest, &none, "/k/{key}/", &[]);
    add(6, Protocol::JsonRpc, &one, "/{key}", &["node.example"]);
    table
}

/// API, network, network's text, key's text, rest; `None` where nothing is served.
type Expected = Option<(usize, Option<usize>, Option<&'static str>, Option<&'static str>, &'static str, bool)>;

#[test]
fn the_longest_match_wins() {
    let table = table();
    let cases: &[(&str, &str, Expected)] = &[
        ("a", "/football", Some((0, None, None, None, "", true))),
        ("a", "/football/", Some((0, None, None, None, "/", true))),
        ("a", "/football/leagues/39", Some((0, None, None, None, "/leagues/39", true))),
        ("a", "/football/v4", Some((1, None, None, None, "", true))),
        ("a", "/football/v4/x", Some((1, None, None, None, "/x", true))),
        ("a", "/football/v40", Some((0, None, None, None, "/v40", true))),
        ("a", "/footballs", None),
        ("a", "/", None),
        ("a", "", None),
        ("a", "*", None),
        ("a", "/eth/v1/eth/mainnet/K", Some((2, Some(1), Some("eth/mainnet"), Some("K"), "", true))),
        ("a", "/eth/v1/eth/mainnet/K/", Some((2, Some(1), Some("eth/mainnet"), Some("K"), "/", true))),
        ("a", "/eth/v1/mainnet/K", Some((2, Some(0), Some("mainnet"), Some("K"), "", true))),
        ("a", "/eth/v1/eth/K", Some((2, Some(3), Some("eth"), Some("K"), "", true))),
        ("a", "/eth/v1/mainnet", Some((2, Some(0), Some("mainnet"), None, "", true))),
        ("a", "/eth/v1/eth/other/K", Some((2, None, Some("eth/other"), Some("K"), "", false))),
        ("a", "/eth/v1/other/K", Some((2, None, Some("other"), Some("K"), "", false))),
        ("a", "/eth/v1/mainnet/K/more", Some((2, None, Some("mainnet/K"), Some("more"), "", false))),
        ("a", "/only", Some((3, Some(0), None, None, "", true))),
        ("a", "/only/x", None),
        ("a", "/only/.keyward/usage", Some((3, Some(0), None, None, "/.keyward/usage", true))),
        (
            "a",
            "/eth/v1/mainnet/K/.keyward/usage",
            Some((2, Some(0), Some("mainnet"), Some("K"), "/.keyward/usage", true)),
        ),
        ("a", "/eth/v1/mainnet/.keyward/usage", Some((2, Some(0), Some("mainnet"), None, "/.keyward/usage", true))),
        ("a", "/only/.keyward/usage/x", None),
        ("Sports.Example:8080", "/leagues", Some((4, None, None, None, "/leagues", true))),
        ("sports.example", "/football/x", Some((4, None, None, None, "/football/x", true))),
        ("a", "/k/V/teams", Some((5, None, None, Some("V"), "/teams", true))),
        ("a", "/k/V", Some((5, None, None, Some("V"), "", true))),
        ("a", "/k/", None),
        ("node.example", "/V", Some((6, Some(0), None, Some("V"), "", true))),
        ("node.example", "/football/x", Some((0, None, None, None, "/x", true))),
    ];
    for (host, path, expected) in cases {
        let found = table.find(host, path).map(|found| {
            let text = |range: Option<Range<usize>>| range.map(|range| &path[range]);
            let (network_at, key_at) = (text(found.network_at), text(found.key_at));
            (found.api, found.network, network_at, key_at, &path[found.rest_at..], found.path_found)
        });
        assert_eq!(found, *expected, "{host} {path}");
    }
}

#[test]
fn templates_that_cannot_work_are_refused() {
    use TemplateFault::*;
    let (none, two) = (networks(&[]), networks(&["a", "b"]));
    let cases: &[(&str, &Arc<[NetworkName]>, TemplateFault)] = &[
        ("football", &none, Path(domain::path::PathFault::NotAbsolute)),
        ("/a//b", &none, Path(domain::path::PathFault::EmptySegment { at: 3 })),
        ("/a/{who}", &none, Segment("{who}".to_owned())),
        ("/a/v{key}", &none, Segment("v{key}".to_owned())),
        ("/a?b", &none, Segment("/a?b".to_owned())),
        ("/{key}/{key}", &none, Twice("{key}")),
        ("/{network}/{network}", &two, Twice("{network}")),
        ("/{network}", &none, NoNetworks),
        ("/a", &two, WhichNetwork),
    ];
    for (template, networks, fault) in cases {
        let refused = RouteTable::default().add(0, Protocol::Rest, networks, template, &[]);
        assert_eq!(refused.as_ref(), Err(fault), "{template}");
    }
    let mut table = RouteTable::default();
    assert_eq!(table.add(0, Protocol::Rest, &none, "/a/{key}", &[]), Ok(()));
    assert_eq!(table.add(1, Protocol::Rest, &none, "/a/{key}/", &[]), Err(Taken));
}

#[test]
fn half_a_network_is_no_value() {
    let chains = networks(&["eth/mainnet"]);
    let mut table = RouteTable::default();
    for template in ["/eth/v1/{network}/{key}", "/eth/v1/{network}"] {
        table.add(0, Protocol::JsonRpc, &chains, template, &[]).expect(template);
    }
    let found = table.find("a", "/eth/v1/eth/mainnet").expect("a route");
    assert_eq!((found.network, found.key_at, found.path_found), (Some(0), None, true));
    let found = table.find("a", "/eth/v1/eth/sepolia").expect("a route");
    assert!(!found.path_found, "an unknown network");
}
