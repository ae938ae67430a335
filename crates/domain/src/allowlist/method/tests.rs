//! What entries are read as, and which calls a list of them allows.

use super::*;

fn set(entries: &[&str]) -> MethodSet {
    let entries: Vec<MethodEntry> = entries.iter().map(|entry| entry.parse().expect("a method")).collect();
    MethodSet::of(&entries)
}

#[test]
fn methods_are_kept_in_one_form() {
    for (written, kept) in [
        ("eth_call", "eth_call"),
        (" eth_call ", "eth_call"),
        ("Eth_Call", "Eth_Call"),
        ("eth_*", "eth_*"),
        ("*", "*"),
        ("tools/call", "tools/call"),
        ("rpc.discover", "rpc.discover"),
        ("GET /fixtures/**", "GET /fixtures/**"),
        ("GET    /fixtures/*/events", "GET /fixtures/*/events"),
        ("* /status", "/status"),
        ("/status", "/status"),
        ("/", "/"),
        ("/**", "/**"),
        ("GET /%66ixtures/", "GET /fixtures/"),
        ("/a%20b%3fc%23d", "/a%20b%3Fc%23d"),
        ("/%2a/%25", "/%2A/%25"),
        ("/caf%c3%a9", "/caf%C3%A9"),
    ] {
        let entry: MethodEntry = written.parse().unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(entry.to_string(), kept);
        assert_eq!(kept.parse(), Ok(entry), "what is kept is read as the same");
    }
}

#[test]
fn what_is_no_method_says_how_to_write_one() {
    for (wrong, said) in [
        ("", "`` is not a method such as"),
        ("eth_*Call", "`eth_*Call` is not a method such as"),
        ("**", "`**` is not a method such as"),
        ("eth_\u{7f}call", "`eth_call` is not a method such as"),
        ("étage", "`étage` is not a method such as"),
        ("get /a", "\"get\" is no verb"),
        ("GET a", "\"a\" can match no path"),
        ("GET /a?b", "leave out \"?\""),
        ("GET /**/a", "only be the last segment"),
        ("/a/../b", "\"/a/../b\" can match no path"),
        ("eth_call eth_getLogs", "\"eth_call\" is no verb"),
    ] {
        let error = wrong.parse::<MethodEntry>().expect_err(wrong).to_string();
        assert!(error.contains(said), "{wrong}: {error}");
    }
    assert!("e".repeat(MAX_METHOD).parse::<MethodEntry>().is_ok());
    assert!(matches!("e".repeat(MAX_METHOD + 1).parse::<MethodEntry>(), Err(NotAMethod::TooLong(_))));
}

#[test]
fn a_set_allows_names_and_what_begins_with_a_prefix() {
    let methods = set(&["eth_call", "eth_get*", "eth_getB*", "net_*", "netx*", "web3_sha3", "n", "GET /eth_chainId"]);
    for (name, is_allowed) in [
        ("eth_call", true),
        ("eth_callMany", false),
        ("eth_cal", false),
        ("eth_Call", false),
        ("ETH_CALL", false),
        ("eth_get", true),
        ("eth_getBalance", true),
        ("eth_getLogs", true),
        ("eth_getzzz", true),
        ("eth_ge", false),
        ("eth_geu", false),
        ("net_version", true),
        ("net_", true),
        ("net", false),
        ("netx", true),
        ("netxyz", true),
        ("nety", false),
        ("n", true),
        ("web3_sha3", true),
        ("web3_clientVersion", false),
        ("eth_chainId", false),
        ("GET /eth_chainId", false),
        ("", false),
        ("*", false),
    ] {
        assert_eq!(methods.allows_rpc(name), is_allowed, "{name}");
    }
    assert!(set(&["*"]).allows_rpc("anything") && set(&["*"]).allows_rpc("") && !set(&["*"]).allows_rest("GET", "/"));
    assert!(!set(&[]).allows_rpc("eth_call") && !set(&[]).allows_rest("GET", "/"));
}

#[test]
fn a_set_allows_verbs_and_paths() {
    let methods = set(&["GET /fixtures/**", "POST /orders", "/status", "GET /leagues/*/teams", "eth_call"]);
    for (verb, target, is_allowed) in [
        ("GET", "/fixtures", true),
        ("GET", "/fixtures?live=all", true),
        ("GET", "/fixtures/1/events", true),
        ("GET", "/%66ixtures/1", true),
        ("POST", "/fixtures", false),
        ("HEAD", "/fixtures", false),
        ("GET", "/Fixtures", false),
        ("GET", "/fixturesx", false),
        ("GET", "/?/fixtures", false),
        ("POST", "/orders", true),
        ("POST", "/orders/", false),
        ("post", "/orders", false),
        ("DELETE", "/status", true),
        ("GET", "/leagues/39/teams", true),
        ("GET", "/leagues//teams", false),
        ("GET", "/leagues/39/teams/1", false),
        ("GET", "/eth_call", false),
    ] {
        assert_eq!(methods.allows_rest(verb, target), is_allowed, "{verb} {target}");
    }
}

#[test]
fn a_thousand_entries_allow_what_each_of_them_says() {
    let entries: Vec<MethodEntry> = (0..1_000)
        .map(|number| match number % 3 {
            0 => format!("call_{number:04}"),
            1 => format!("read_{number:04}_*"),
            _ => format!("GET /{number:04}/*"),
        })
        .map(|entry| entry.parse().expect("a method"))
        .collect();
    let methods = MethodSet::of(&entries);
    for number in 0..1_000 {
        let (call, read) = (format!("call_{number:04}"), format!("read_{number:04}_logs"));
        assert_eq!(methods.allows_rpc(&call), number % 3 == 0, "{call}");
        assert_eq!(methods.allows_rpc(&read), number % 3 == 1, "{read}");
        assert_eq!(methods.allows_rest("GET", &format!("/{number:04}/x")), number % 3 == 2, "{number}");
    }
}
