//! Good files, and what they mean.

use std::{net::SocketAddr, path::PathBuf};

use ::control::delivery::SmtpTls;
use domain::{
    api::{Dialect, Protocol},
    price::{MethodPrices, Price},
    quota::{Metric, Period, QuotaTerms, Scope, UNLIMITED},
    rate_limit::{Per, RateLimit},
};

use super::{
    super::api::{key_place::KeyPlace, upstream::UpstreamUrl},
    *,
};

fn good(text: &str) -> Config {
    parse(text).unwrap_or_else(|wrong| panic!("{wrong}\n---\n{text}"))
}

fn api(text: &str) -> ApiConfig {
    good(text).apis.remove(0)
}

#[test]
fn an_empty_file_is_all_defaults() {
    let config = good("");
    assert_eq!(config.data, PathBuf::from("etc/data"));
    assert_eq!(config.database, Database::Sqlite);
    assert_eq!(config.revocation_bound, Duration::from_secs(5));
    assert_eq!(config.gateway.listen, [SocketAddr::from(([127, 0, 0, 1], 8081)).into()]);
    assert_eq!(config.gateway.threads, 4);
    assert_eq!(config.gateway.journal, journal::Settings::default());
    assert_eq!(config.control.listen, [SocketAddr::from(([127, 0, 0, 1], 8080))]);
    assert!(config.apis.is_empty() && config.plans.is_empty());
}

#[test]
fn a_listener_is_an_address_or_a_table() {
    use ::gateway::settings::ClientAddress;
    let text = "[gateway]\nlisten = [\"127.0.0.1:1\", { address = \"[::]:2\", client_address = \"forwarded\", \
        trusted_proxies = [\"10.0.0.0/8\", \"::1\"] }, { address = \"0.0.0.0:443\", \
        tls = { certificate = \"chain.pem\", key = \"/k.pem\", check_every = \"1 min\" } }]\n";
    let [plain, behind, tls] = good(text).gateway.listen.try_into().expect("three");
    assert_eq!(plain, SocketAddr::from(([127, 0, 0, 1], 1)).into());
    let ClientAddress::Forwarded(trusted) = behind.client_address else { panic!("{behind:?}") };
    assert!(trusted.contains("10.1.2.3".parse().unwrap()) && !trusted.contains("11.1.2.3".parse().unwrap()));
    let tls = tls.tls.expect("it is set");
    assert_eq!((tls.certificate, tls.key), (PathBuf::from("etc/chain.pem"), PathBuf::from("/k.pem")));
    assert_eq!(tls.check_every.as_secs(), 60);
}

#[test]
fn registration_mail_and_http_are_as_said() {
    let config = good("");
    assert_eq!((config.control.registration, config.mail), (::control::Registration::Invitation, Default::default()));
    for (text, url) in [
        ("public_url = \"http://127.0.0.1:8080\"", "http://127.0.0.1:8080"),
        ("public_url = \"http://[::1]:8080/\"", "http://[::1]:8080"),
        ("public_url = \"http://localhost\"", "http://localhost"),
        ("public_url = \"http://keys.example.com\"\nallow_http = true", "http://keys.example.com"),
        ("public_url = \"https://keys.example.com\"\nregistration = \"open\"", "https://keys.example.com"),
    ] {
        assert_eq!(good(&format!("[control]\n{text}")).control.public_url.as_deref(), Some(url));
    }
    for (text, is_required) in
        [("", false), ("second_factor = \"optional\"", false), ("second_factor = \"required\"", true)]
    {
        assert_eq!(good(&format!("[control]\n{text}")).control.is_second_factor_required, is_required);
    }
    assert_eq!((config.control.contact, config.control.operator_sees_logs), (None, false));
    for contact in ["help@example.com", "https://example.com/help"] {
        let control = good(&format!("[control]\ncontact = \"{contact}\"\noperator_sees_logs = true")).control;
        assert_eq!((control.contact.as_deref(), control.operator_sees_logs), (Some(contact), true));
    }
    let from = "from = \"Keyward <keys@example.com>\"\n";
    for (server, rest, port, tls) in [
        ("mail.example.com", "", 587, SmtpTls::Starttls),
        ("mail.example.com:465", "", 465, SmtpTls::Tls),
        ("mail.example.com:25", "tls = \"none\"\n", 25, SmtpTls::None),
        ("127.0.0.1:2525", "tls = \"none\"\nusername = \"ada\"\npassword = { env = \"P\" }\n", 2_525, SmtpTls::None),
    ] {
        let mail = good(&format!("[mail]\nserver = \"smtp://{server}\"\n{from}{rest}")).mail.server.expect("it is set");
        assert_eq!((mail.host.as_str(), mail.port, mail.tls), (server.split(':').next().unwrap(), port, tls));
        assert_eq!(mail.credential.is_some(), rest.contains("username"));
    }
    let words = good("[mail]\ntemplates = \"letters\"").mail;
    assert_eq!((words.server, words.templates), (None, Some(PathBuf::from("etc/letters"))), "words need no server");
}

#[test]
fn paths_follow_protocol_networks_and_places_of_the_key() {
    let rest = "[api.a]\nprotocol = \"rest\"\n";
    let rpc = "[api.a]\nprotocol = \"json-rpc\"\n";
    let one = "upstream = \"http://127.0.0.1:1\"\n";
    let two = "network.\"eth/mainnet\".upstream = \"http://127.0.0.1:1\"\nnetwork.sepolia.upstream = \"http://127.0.0.1:2\"\n";
    let cases: &[(&[&str], &[&str])] = &[
        (&[rest, one], &["/a"]),
        (&[rest, "key_in = [\"path\"]\n", one], &["/a/{key}"]),
        (&[rest, "key_in = [\"path\", \"bearer\"]\n", two], &["/a/{network}/{key}", "/a/{network}"]),
        (&[rpc, one], &["/a/v1/{key}", "/a/v1"]),
        (&[rpc, two], &["/a/v1/{network}/{key}", "/a/v1/{network}"]),
        (&[rpc, "key_in = \"path\"\n", two], &["/a/v1/{network}/{key}"]),
        (&[rpc, "key_in = [\"bearer\", \"query:apikey\"]\n", two], &["/a/v1/{network}"]),
        (&[rest, "paths = [\"/v3/\", \"/\"]\n", one], &["/v3", "/"]),
        (&[rpc, "paths = \"/node/{network}/{key}\"\n", two], &["/node/{network}/{key}"]),
    ];
    for (parts, paths) in cases {
        let text = parts.concat();
        assert_eq!(api(&text).paths, *paths, "{text}");
    }
}

#[test]
fn a_websocket_is_there_where_it_has_an_upstream() {
    let rpc = "[api.a]\nprotocol = \"json-rpc\"\n";
    let one = "upstream = \"http://127.0.0.1:1\"\n";
    let socket = "ws_upstream = [\"ws://127.0.0.1:2\", \"wss://node.example/ws\"]\n";
    let network = "network.main = { upstream = \"http://127.0.0.1:1\", ws_upstream = \"ws://127.0.0.1:2\" }\n";
    let cases: &[(&[&str], &[&str])] = &[
        (&[rpc, one], &[]),
        (&[rpc, one, socket], &["/a/ws/v1/{key}", "/a/ws/v1"]),
        (&[rpc, "key_in = \"path\"\n", network], &["/a/ws/v1/{network}/{key}"]),
        (&[rpc, "ws_paths = \"/a/ws/{key}\"\n", one, socket], &["/a/ws/{key}"]),
    ];
    for (parts, paths) in cases {
        let text = parts.concat();
        let api = api(&text);
        assert_eq!(api.socket_paths, *paths, "{text}");
        assert!(paths.is_empty() || api.upstreams.values().all(|upstreams| !upstreams.socket_urls.is_empty()));
    }
}

#[test]
fn an_api_takes_what_its_protocol_means() {
    let rest = api(API);
    assert_eq!((rest.api.protocol, rest.api.dialect), (Protocol::Rest, Dialect::Problem));
    assert_eq!((rest.body_limit, rest.batch_limit), (1 << 30, 100));
    assert_eq!(rest.key_in, [KeyPlace::Header("x-api-key".parse().unwrap())]);
    let rpc = api(
        &API.replace("\"rest\"", "\"json-rpc\"\nbody_limit = \"1 MiB\"\nbatch_limit = 7\nanswer_time_out = \"2s\"")
    );
    assert_eq!((rpc.api.protocol, rpc.api.dialect), (Protocol::JsonRpc, Dialect::JsonRpc));
    assert_eq!((rpc.body_limit, rpc.batch_limit, rpc.answer_time_out.as_secs()), (1 << 20, 7, 2));
}

#[test]
fn prices_of_the_file_come_before_those_of_a_list() {
    let text = "[api.eth]\nprotocol = \"json-rpc\"\nupstream = \"http://127.0.0.1:1\"\n\
        price = { list = \"evm-2023\", default = 3, eth_call = 41, \"debug_*\" = 500, eth_chainId = \"free\" }\n";
    let prices = MethodPrices::new(&api(text).api.prices);
    let cases = [
        ("eth_call", Price::Credits(41)),
        ("eth_getLogs", Price::Credits(75)),
        ("debug_traceCall", Price::Credits(500)),
        ("eth_chainId", Price::Free),
        ("eth_other", Price::Credits(3)),
    ];
    for (method, price) in cases {
        assert_eq!(prices.price(method), price, "{method}");
    }
}

#[test]
fn a_plan_holds_its_limits() {
    let text = "[plan.pro]\ntitle = \"Pro\"\nmax_keys = 10\nquota = [{ requests = 7_500, per = \"day\", overage = 500 }, \
        { credits = 300_000_000, per = \"30 days\", overage = \"unlimited\" }]\nrate = { requests = 300, per = \"minute\" }\n";
    let plan = good(text).plans.remove(0);
    assert_eq!((plan.name.as_str(), plan.title.as_str()), ("pro", "Pro"));
    assert_eq!((plan.max_keys, plan.max_members), (Some(10), None));
    let quotas = [
        QuotaTerms { metric: Metric::Requests, period: Period::Day, limit: 7_500, overage: Some(500) },
        QuotaTerms { metric: Metric::Credits, period: Period::Days(30), limit: 300_000_000, overage: Some(UNLIMITED) },
    ];
    assert_eq!(plan.quotas, quotas);
    let rate = RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Minute, limit: 300 };
    assert_eq!(plan.rates, [rate]);
}

#[test]
fn networks_take_what_the_api_says_unless_they_say_otherwise() {
    let text = "[api.eth]\nprotocol = \"json-rpc\"\nca_file = \"ca.pem\"\nmax_in_flight = 8\n\
        [api.eth.network.\"eth/mainnet\"]\nupstream = [\"https://a.example.com/v3\", { env = \"MAINNET_URL\" }]\n\
        [api.eth.network.\"eth/sepolia\"]\nupstream = \"http://127.0.0.1:8545\"\nmax_in_flight = 5000\nca_file = \"/ca.pem\"\n";
    let api = api(text);
    assert_eq!(api.api.networks.iter().map(ToString::to_string).collect::<Vec<_>>(), ["eth/mainnet", "eth/sepolia"]);
    let upstreams = api.upstreams.values().collect::<Vec<_>>();
    let [UpstreamUrl::Written(url), UpstreamUrl::Kept(place)] = upstreams[0].urls.as_slice() else {
        panic!("{:?}", upstreams[0].urls);
    };
    assert_eq!(
        (url.to_string().as_str(), place.to_string().as_str()),
        ("https://a.example.com/v3", "environment variable MAINNET_URL")
    );
    let access = |index: usize| {
        let access = &upstreams[index].access;
        (access.ca_file.clone().unwrap(), access.max_in_flight, access.max_connections)
    };
    assert_eq!(access(0), (PathBuf::from("etc/ca.pem"), 8, 2_048));
    assert_eq!(access(1), (PathBuf::from("/ca.pem"), 5_000, 5_000));
}

#[test]
fn databases_and_where_they_are() {
    let cases = [
        ("", "SQLite in etc/data"),
        ("database = \"sqlite\"\ndata = \"/var/lib/keyward\"", "SQLite in /var/lib/keyward"),
        ("database = \"postgres://keyward@db/keyward?sslmode=require\"", "PostgreSQL at postgres://keyward@db/keyward"),
        ("database = { env = \"DB\" }", "PostgreSQL, its URL in environment variable DB"),
        ("database = { file = \"/run/db\" }", "PostgreSQL, its URL in file /run/db"),
    ];
    for (text, description) in cases {
        let config = good(text);
        assert_eq!(config.database.describe(&config.data), description, "{text}");
    }
}

#[test]
fn the_gateway_gets_what_the_file_says() {
    fn wall() -> domain::time::Timestamp {
        domain::time::Timestamp::default()
    }
    let text = format!(
        "[control]\nlisten = \"127.0.0.1:9\"\n[gateway.time_outs]\nhead = \"3s\"\n{API}key_in = [\"bearer\", \"path\"]\n"
    );
    let settings = good(&text).gateway_settings(domain::time::Clock { wall, steady: || 0 }, 7).unwrap();
    assert_eq!(settings.time_outs.head.as_secs(), 3);
    assert_eq!(settings.receipts_url.as_deref(), Some("http://127.0.0.1:9"));
    let api = &settings.apis[0];
    let templates = api.routes.iter().map(|route| route.template.as_str()).collect::<Vec<_>>();
    assert_eq!((templates.as_slice(), api.upstreams.len()), (&["/football/{key}", "/football"][..], 1));
    assert_eq!(api.key_places, [::gateway::settings::KeyPlace::Bearer]);
}

#[test]
fn a_secret_that_is_not_there_is_told_by_name() {
    let text = format!("{API}credential = {{ bearer = true, env = \"KEYWARD_TEST_NEVER_SET\" }}\n");
    let config = good(&text);
    let missing = config.missing_secrets();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].starts_with("api.football.credential: environment variable KEYWARD_TEST_NEVER_SET is not set"));
    assert!(config.summary().contains("note: api.football.credential"));
}
