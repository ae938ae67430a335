//! Tables of upstream addresses and of settings that cannot work.

use std::net::SocketAddr;

use super::*;

#[test]
fn upstream_addresses_are_read() {
    let read = |text: &str| text.parse::<UpstreamUrl>();
    let cases = [
        ("http://a", (false, "a", 80, "a", "")),
        ("https://Api.Example/v3/", (true, "api.example", 443, "api.example", "/v3")),
        ("http://127.0.0.1:8545/x/y", (false, "127.0.0.1", 8545, "127.0.0.1:8545", "/x/y")),
        ("https://[::1]:8443", (true, "::1", 8443, "[::1]:8443", "")),
        ("HTTP://a/", (false, "a", 80, "a", "")),
    ];
    for (text, (tls, host, port, authority, base_path)) in cases {
        let url = read(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let got = (url.tls, url.host.as_str(), url.port, url.authority.as_str(), url.base_path.as_str());
        assert_eq!(got, (tls, host, port, authority, base_path), "{text}");
    }
    let refused = [
        ("a.example", UpstreamUrlFault::Form),
        ("ftp://a", UpstreamUrlFault::Form),
        ("http://", UpstreamUrlFault::Form),
        ("http://a:", UpstreamUrlFault::Form),
        ("http://a:99999", UpstreamUrlFault::Form),
        ("http://a b", UpstreamUrlFault::Form),
        ("http://name:word@a", UpstreamUrlFault::Credentials),
        ("http://a/?key=1", UpstreamUrlFault::Query),
        ("http://a#x", UpstreamUrlFault::Query),
        ("http://a/x/../y", UpstreamUrlFault::Path(domain::path::PathFault::DotSegment { at: 3 })),
    ];
    for (text, fault) in refused {
        assert_eq!(read(text), Err(fault), "{text}");
    }
}

#[test]
fn a_credential_is_never_printed() {
    let credential = CredentialSettings::bearer("word-of-the-operator".to_owned()).expect("a header");
    assert_eq!(credential.value, "Bearer word-of-the-operator");
    assert!(!format!("{:?}", credential.value).contains("word"));
    assert!(CredentialSettings::bearer("a\nb".to_owned()).is_none());
}

/// Settings that work.
fn sound() -> Settings {
    use domain::{api::*, price::PriceList, time::Timestamp};
    let api = Api {
        name: "football".parse().expect("a name"),
        title: "Football".parse().expect("a title"),
        protocol: Protocol::Rest,
        dialect: Dialect::Problem,
        networks: Vec::new(),
        prices: PriceList::default(),
        default_plan: None,
    };
    let upstream = UpstreamSettings {
        network: None,
        url: "http://a".parse().expect("a URL"),
        ca_file: None,
        max_in_flight: 1,
        max_connections: 1,
        pass_over_after: UpstreamSettings::PASS_OVER_AFTER,
    };
    let api = ApiSettings {
        api,
        routes: vec![RouteSettings { template: "/football".to_owned(), hosts: Vec::new() }],
        socket_routes: Vec::new(),
        socket_upstreams: Vec::new(),
        key_places: vec![KeyPlace::Bearer],
        upstreams: vec![upstream],
        credential: None,
        body_limit: 1,
        batch_limit: 1,
        answer_time_out: ApiSettings::ANSWER_TIME_OUT,
        retry_idempotent: false,
        refund: RefundRule::default(),
        failed_when: None,
        hidden_headers: Vec::new(),
        cors: Cors::Any,
        unknown_methods: UnknownMethods::Deny,
    };
    Settings {
        listen: vec![SocketAddr::from(([127, 0, 0, 1], 0)).into()],
        inherited: Vec::new(),
        clock: Clock { wall: || Timestamp::from_micros(0), steady: || 0 },
        seed: 0,
        apis: vec![api],
        time_outs: TimeOuts::default(),
        limits: ConnectionLimits::default(),
        fast_path: true,
        denials: DenialLimits::default(),
        receipts_url: None,
        ticket_key: None,
    }
}

#[test]
fn settings_that_cannot_work_are_refused_with_the_way_out() {
    type Change = fn(&mut Settings);
    let cases: &[(Change, &str)] = &[
        (|_| {}, ""),
        (|all| all.listen.clear(), "`listen` is empty"),
        (|all| all.apis.clear(), "no API"),
        (|all| all.apis.push(all.apis[0].clone()), "declared twice"),
        (|all| all.apis[0].routes.clear(), "no route"),
        (|all| all.apis[0].key_places.clear(), "no place for the caller's value"),
        (|all| all.apis[0].upstreams.clear(), "no upstream for it"),
        (|all| all.apis[0].api.networks = vec!["main".parse().expect("a name")], "no upstream for its network `main`"),
        (|all| all.apis[0].upstreams[0].network = Some("main".parse().expect("a name")), "not declared"),
        (|all| all.apis[0].upstreams[0].max_in_flight = 2, "`max_connections` no less than"),
        (|all| all.apis[0].upstreams[0].max_in_flight = 0, "`max_in_flight` must be at least 1"),
        (|all| all.apis[0].answer_time_out = Duration::ZERO, "`answer_time_out`"),
        (|all| all.limits.head_bytes = 100, "`head_bytes`"),
    ];
    for (change, expected) in cases {
        let mut settings = sound();
        change(&mut settings);
        let said = check(&settings).map_or_else(|error| error.to_string(), |()| String::new());
        assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{expected}: {said}");
    }
}
