//! `[api.NAME]`: an API that the operator offers: how it is called, where it really is, what it costs.

use std::{collections::BTreeMap, ops::RangeInclusive, path::Path, time::Duration};

use domain::{
    api::{Api, Dialect, Protocol},
    name::{ApiName, NetworkName, PlanName, Title},
    price::PriceList,
};
use gateway::settings::{ApiSettings, Cors, FailedWhen, RefundRule, UnknownMethods};
use http::HeaderName;

use super::{
    reader::{Field, Section},
    url::{self, PUBLIC, SOCKET, UPSTREAM},
};
use key_place::KeyPlace;
use route::Fit;
use upstream::{Access, Credential, Upstreams};

pub mod key_place;
pub mod price;
pub mod route;
pub mod socket;
pub mod upstream;

/// The most APIs of one file.
pub const MAX_APIS: usize = 256;
/// The most networks of one API.
pub const MAX_NETWORKS: usize = 256;
/// The largest `body_limit` of a JSON-RPC API: its bodies are held in memory while they are decided on.
pub const MAX_JSON_RPC_BODY: u64 = 64 << 20;
/// The largest `body_limit` of a REST API: its bodies are streamed, and counted.
pub const MAX_REST_BODY: u64 = 16 << 30;
/// The longest `example`, in bytes.
pub const MAX_EXAMPLE: usize = 256;
/// The largest `batch_limit`.
pub const MAX_BATCH: u64 = 10_000;

/// Bounds of `answer_time_out`.
const ANSWER: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3_600);
const USUAL_ANSWER: Duration = ApiSettings::ANSWER_TIME_OUT;

/// An API with all that the gateway needs to serve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiConfig {
    /// What the store, the log and the pages know of it.
    pub api: Api,
    /// Where callers reach it, `{key}` and `{network}` standing for themselves.
    pub paths: Vec<String>,
    /// Where callers reach its WebSocket; empty: it has none.
    pub socket_paths: Vec<String>,
    /// Hosts under which alone it is reached; empty: all.
    pub hosts: Vec<String>,
    /// Where values of keys may stand.
    pub key_in: Vec<KeyPlace>,
    /// The longest body of a call, in bytes.
    pub body_limit: u64,
    /// The most calls of a JSON-RPC batch.
    pub batch_limit: usize,
    /// Which failures give the charge back.
    pub refund: RefundRule,
    /// By what answers of a REST API say that their call failed, besides their status.
    pub failed_when: Option<FailedWhen>,
    /// Where calls of each network go; the key is none for an API without networks.
    pub upstreams: BTreeMap<Option<NetworkName>, Upstreams>,
    /// What Keyward shows the upstreams, if they want anything.
    pub credential: Option<Credential>,
    /// How long an upstream may take to begin its answer.
    pub answer_time_out: Duration,
    /// Whether a GET or HEAD is sent once more after its connection broke without an answer.
    pub retry_idempotent: bool,
    /// Which web pages may read answers.
    pub cors: Cors,
    /// Whether methods pass a list of contracts of which it is not known what they touch.
    pub unknown_methods: UnknownMethods,
    /// Headers to remove from answers beside those that always go.
    pub remove_answer_headers: Vec<HeaderName>,
    /// A path below the API, or a method, that pages offer as a first call.
    pub example: String,
}

/// Reads one API. References to plans are checked later, when all are read.
pub fn read(name: ApiName, field: &Field<'_>, folder: &Path) -> Option<ApiConfig> {
    let mut section = field.section("a table of the API's settings")?;
    let protocol = section.require("protocol", "\"rest\" or \"json-rpc\"");
    let protocol = protocol.and_then(|field| field.parsed::<Protocol>("\"rest\" or \"json-rpc\""));
    // With the protocol unknown, the rest would be measured by the wrong rules.
    let protocol = protocol?;
    let title = section.take("title").and_then(|field| field.parsed::<Title>("a name"));
    let upstreams = read_upstreams(&mut section, folder);
    let key_in =
        section.take("key_in").map(|field| key_place::read(&field)).unwrap_or_else(|| default_key_in(protocol));
    let networks = upstreams.keys().flatten().cloned().collect::<Vec<_>>();
    let fit = Fit { protocol, networks: networks.len(), key_in: &key_in };
    let paths = section.take("paths").map(|field| route::read_paths(&field, &fit));
    let socket_paths = socket::read_paths(&mut section, &name, &fit, &upstreams);
    let config = ApiConfig {
        socket_paths,
        paths: paths.unwrap_or_else(|| route::default_paths(&name, &fit)),
        hosts: section.take("hosts").map(|field| route::read_hosts(&field)).unwrap_or_default(),
        body_limit: body_limit(&mut section, protocol),
        batch_limit: batch_limit(&mut section, protocol),
        refund: section.take("refund").map(|field| refund(&field, protocol)).unwrap_or_default(),
        failed_when: failed_when(&mut section, protocol),
        answer_time_out: section
            .take("answer_time_out")
            .and_then(|field| field.duration(ANSWER))
            .unwrap_or(USUAL_ANSWER),
        retry_idempotent: section.take("retry_idempotent").and_then(|field| field.truth()).unwrap_or(false),
        cors: section.take("cors").map(|field| cors(&field)).unwrap_or_default(),
        unknown_methods: unknown_methods(&mut section, protocol),
        credential: section.take("credential").and_then(|field| upstream::read_credential(&field, folder)),
        remove_answer_headers: section.take("remove_answer_headers").map(|field| headers(&field)).unwrap_or_default(),
        example: example(&mut section, protocol),
        api: Api {
            title: title.unwrap_or_else(|| name.as_str().parse().expect("an API's name is a title")),
            dialect: dialect(&mut section, protocol),
            networks,
            prices: prices(&mut section, protocol),
            default_plan: section.take("default_plan").and_then(|field| field.parsed::<PlanName>("the name of a plan")),
            name,
            protocol,
        },
        key_in,
        upstreams,
    };
    section.finish();
    Some(config)
}

/// A path, or the name of a method: no sign in it that a shell or a program would take for its own.
fn example(section: &mut Section<'_>, protocol: Protocol) -> String {
    let (usual, expected) = match protocol {
        Protocol::Rest => ("/", "a path such as \"/leagues?season=2026\""),
        Protocol::JsonRpc => ("eth_blockNumber", "a method such as \"eth_blockNumber\""),
    };
    let Some(field) = section.take("example") else { return usual.to_owned() };
    let Some(text) = field.text(expected) else { return usual.to_owned() };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/?=&._~%,:-".contains(c);
    let fits = (protocol == Protocol::Rest) == text.starts_with('/');
    if fits && text.len() <= MAX_EXAMPLE && text.chars().all(plain) {
        return text.to_owned();
    }
    field.expected(expected);
    usual.to_owned()
}

fn default_key_in(protocol: Protocol) -> Vec<KeyPlace> {
    let header = KeyPlace::Header(HeaderName::from_static("x-api-key"));
    match protocol {
        Protocol::Rest => vec![header],
        Protocol::JsonRpc => vec![KeyPlace::Path, header],
    }
}

fn dialect(section: &mut Section<'_>, protocol: Protocol) -> Dialect {
    let usual = match protocol {
        Protocol::Rest => Dialect::Problem,
        Protocol::JsonRpc => Dialect::JsonRpc,
    };
    let Some(field) = section.take("dialect") else { return usual };
    let chosen = field.parsed::<Dialect>("\"problem\", \"json-rpc\", \"zan\" or \"api-sports\"").unwrap_or(usual);
    if chosen.fits(protocol) {
        return chosen;
    }
    let (why, hint) = match protocol {
        Protocol::Rest => ("a rest API has no JSON-RPC calls to answer", "\"problem\" or \"api-sports\""),
        Protocol::JsonRpc => ("the envelope of api-sports is for a rest API", "\"json-rpc\" or \"zan\""),
    };
    field.refuse(why, Some(format!("leave it out, or write {hint}")));
    usual
}

fn prices(section: &mut Section<'_>, protocol: Protocol) -> PriceList {
    section.take("price").and_then(|field| price::read(&field, protocol)).unwrap_or_default()
}

fn body_limit(section: &mut Section<'_>, protocol: Protocol) -> u64 {
    let (usual, max) = match protocol {
        Protocol::Rest => (ApiSettings::REST_BODY_LIMIT, MAX_REST_BODY),
        Protocol::JsonRpc => (ApiSettings::JSON_RPC_BODY_LIMIT, MAX_JSON_RPC_BODY),
    };
    section.take("body_limit").and_then(|field| field.size(0..=max)).unwrap_or(usual)
}

fn batch_limit(section: &mut Section<'_>, protocol: Protocol) -> usize {
    const USUAL: usize = ApiSettings::BATCH_LIMIT;
    let Some(field) = section.take("batch_limit") else { return USUAL };
    if protocol == Protocol::Rest {
        field.refuse("a rest API has no batches", Some("leave it out".to_owned()));
    }
    field.whole(1..=MAX_BATCH).map_or(USUAL, |limit| limit as usize)
}

fn refund(field: &Field<'_>, protocol: Protocol) -> RefundRule {
    const EXPECTED: &str = "\"unreachable\", \"timeout\", \"5xx\" or, for rest, \"failed_when\"";
    let mut rule = RefundRule { unreachable: false, time_out: false, server_error: false, failed_when: false };
    for item in field.items() {
        match item.text(EXPECTED) {
            Some("unreachable") => rule.unreachable = true,
            Some("timeout") => rule.time_out = true,
            Some("5xx") => rule.server_error = true,
            Some("failed_when") if protocol == Protocol::Rest => rule.failed_when = true,
            Some(_) => item.expected(EXPECTED),
            None => {}
        }
    }
    rule
}

fn failed_when(section: &mut Section<'_>, protocol: Protocol) -> Option<FailedWhen> {
    let field = section.take("failed_when")?;
    if protocol == Protocol::JsonRpc {
        field.refuse("errors of a json-rpc API are known as they are", Some("leave it out".to_owned()));
        return None;
    }
    field.parsed::<FailedWhen>("a condition such as \"/errors non-empty\"")
}

fn cors(field: &Field<'_>) -> Cors {
    const EXPECTED: &str = "\"any\", or origins such as \"https://app.example.com\"";
    if field.as_text() == Some("any") {
        return Cors::Any;
    }
    let mut origins = Vec::new();
    for item in field.items() {
        match item.text(EXPECTED).map(|text| url::check(text, PUBLIC)) {
            Some(Ok(origin)) if origin.matches('/').count() == 2 => origins.push(origin),
            Some(_) => item.expected(EXPECTED),
            None => {}
        }
    }
    Cors::Origins(origins)
}

fn unknown_methods(section: &mut Section<'_>, protocol: Protocol) -> UnknownMethods {
    const EXPECTED: &str = "\"deny\" or \"allow\"";
    let Some(field) = section.take("unknown_methods") else { return UnknownMethods::default() };
    if protocol == Protocol::Rest {
        field.refuse("a rest API has no contracts", Some("leave it out".to_owned()));
    }
    match field.text(EXPECTED) {
        Some("allow") => return UnknownMethods::Allow,
        Some("deny") | None => {}
        Some(_) => field.expected(EXPECTED),
    }
    UnknownMethods::Deny
}

fn headers(field: &Field<'_>) -> Vec<HeaderName> {
    const EXPECTED: &str = "the name of a header";
    let mut names = Vec::new();
    for item in field.items() {
        match item.text(EXPECTED).map(HeaderName::try_from) {
            Some(Ok(name)) => names.push(name),
            Some(Err(_)) => item.expected(EXPECTED),
            None => {}
        }
    }
    names
}

/// `upstream` for an API without networks, or `[api.NAME.network."eth/mainnet"]` for each network. What an API says of
/// `ca_file`, `max_in_flight`, `max_connections` and `pass_over_after` holds for its networks, unless they say otherwise.
fn read_upstreams(section: &mut Section<'_>, folder: &Path) -> BTreeMap<Option<NetworkName>, Upstreams> {
    let access = Access::read(section, folder, &Access::default());
    let (upstream, networks, socket) = (section.take("upstream"), section.take("network"), section.take("ws_upstream"));
    if let (Some(socket), Some(_)) = (&socket, &networks) {
        let hint = "move it into the table of a network".to_owned();
        socket.refuse("an API with networks has its upstreams in them", Some(hint));
    }
    match (upstream, networks) {
        (Some(upstream), None) => {
            let urls = upstream::read_urls(&upstream, UPSTREAM, folder);
            let socket_urls = socket.map(|field| upstream::read_urls(&field, SOCKET, folder)).unwrap_or_default();
            BTreeMap::from([(None, Upstreams { urls, socket_urls, access })])
        }
        (None, Some(networks)) => read_networks(&networks, folder, &access),
        (Some(upstream), Some(networks)) => {
            let hint = "move it into the table of a network".to_owned();
            upstream.refuse("an API with networks has its upstreams in them", Some(hint));
            read_networks(&networks, folder, &access)
        }
        (None, None) => {
            let hint =
                "add upstream = \"https://…\", or a table [api.NAME.network.\"eth/mainnet\"] with one".to_owned();
            section.refuse("`upstream` is missing", Some(hint));
            BTreeMap::new()
        }
    }
}

fn read_networks(field: &Field<'_>, folder: &Path, outer: &Access) -> BTreeMap<Option<NetworkName>, Upstreams> {
    let mut upstreams = BTreeMap::new();
    let Some(mut section) = field.section("tables [api.NAME.network.\"eth/mainnet\"]") else { return upstreams };
    let networks = section.take_others();
    if networks.is_empty() || networks.len() > MAX_NETWORKS {
        field.refuse(format!("expected 1 to {MAX_NETWORKS} networks"), None);
    }
    for (name, _, field) in networks.into_iter().take(MAX_NETWORKS) {
        let name = name.parse::<NetworkName>().map_err(|refusal| field.refuse(refusal.to_string(), None));
        let Some(mut section) = field.section("a table with `upstream`") else { continue };
        let access = Access::read(&mut section, folder, outer);
        let urls =
            section.require("upstream", "\"https://…\"").map(|field| upstream::read_urls(&field, UPSTREAM, folder));
        let socket = section.take("ws_upstream");
        let socket_urls = socket.map(|field| upstream::read_urls(&field, SOCKET, folder)).unwrap_or_default();
        section.finish();
        if let (Ok(name), Some(urls)) = (name, urls) {
            upstreams.insert(Some(name), Upstreams { urls, socket_urls, access });
        }
    }
    upstreams
}
