//! The APIs as the gateway's threads use them: compiled from the settings once, then shared and never changed.

use std::sync::Arc;

use domain::path::{PatternSet, VerbPattern, first_segment_template};
use domain::{
    api::{Api, Protocol},
    name::NetworkName,
    price::{MethodPrices, Price},
};

use crate::{
    credential::Places,
    hygiene::Hygiene,
    route::{Found, RouteTable},
    settings::{ApiSettings, FailedWhen, RefundRule, Settings, SettingsError, UnknownMethods, UpstreamSettings},
    upstream::{Upstream, tls::SystemRoots},
    watch::ticks,
};

/// An API.
pub(crate) struct ApiRuntime {
    /// Its place among all.
    pub index: usize,
    /// As the operator declared it.
    pub api: Api,
    /// Its networks in the order of their declaration; an API without networks has one without a name.
    pub networks: Vec<Network>,
    /// Where callers put their value.
    pub places: Places,
    /// What headers are cleaned of.
    pub hygiene: Hygiene,
    /// What calls cost.
    pub prices: Prices,
    /// The longest request body, in bytes.
    pub body_limit: u64,
    /// How much of a JSON-RPC request is read.
    pub request_limits: rpc::request::Limits,
    /// How long the upstream may take to begin its answer, in ticks of the watch.
    pub answer_ticks: u32,
    /// Whether a GET or HEAD is sent once more after its connection broke without an answer.
    pub retry_idempotent: bool,
    /// When a charge is given back.
    pub refund: RefundRule,
    /// By what answers say that their call failed.
    pub failed_when: Option<FailedWhen>,
    /// What becomes of methods that no list of contracts can judge.
    pub unknown_methods: UnknownMethods,
}

/// A network, and what serves it.
pub(crate) struct Network {
    /// None: the API has no networks.
    pub name: Option<NetworkName>,
    /// Places of its upstreams in the list of all.
    pub upstreams: Vec<usize>,
    /// Places of those of its WebSocket.
    pub socket_upstreams: Vec<usize>,
}

/// What calls cost, and what they are called.
pub(crate) enum Prices {
    /// By verb and path; each pattern with its text.
    Rest(PatternSet<(Box<str>, Price)>, Price),
    /// By method name.
    JsonRpc(MethodPrices),
}

/// Everything that is compiled.
pub(crate) struct Compiled {
    /// The APIs, in the order of the settings.
    pub apis: Vec<ApiRuntime>,
    /// All routes.
    pub routes: RouteTable,
    /// All upstreams.
    pub upstreams: Vec<Arc<Upstream>>,
}

/// Compiles settings that [`crate::settings`] has checked; reads certificate authorities.
pub(crate) fn compile(settings: &Settings, threads: usize) -> Result<Compiled, SettingsError> {
    let mut compiled = Compiled { apis: Vec::new(), routes: RouteTable::default(), upstreams: Vec::new() };
    let mut roots = SystemRoots::default();
    for (index, api) in settings.apis.iter().enumerate() {
        let networks: Arc<[NetworkName]> = api.api.networks.iter().cloned().collect();
        for route in &api.routes {
            compiled.routes.add(index, api.api.protocol, &networks, &route.template, &route.hosts).map_err(
                |fault| SettingsError::Route { api: api.api.name.clone(), template: route.template.clone(), fault },
            )?;
        }
        for route in &api.socket_routes {
            compiled.routes.add_socket(index, &networks, &route.template, &route.hosts).map_err(|fault| {
                SettingsError::Route { api: api.api.name.clone(), template: route.template.clone(), fault }
            })?;
        }
        let first = compiled.upstreams.len();
        for upstream in api.upstreams.iter().chain(&api.socket_upstreams) {
            let number = u16::try_from(compiled.upstreams.len()).unwrap_or(u16::MAX);
            let tls = roots.tls_of(upstream)?;
            compiled.upstreams.push(Arc::new(Upstream::new(number, upstream, threads, tls)?));
        }
        compiled.apis.push(api_runtime(index, api, first)?);
    }
    Ok(compiled)
}

fn api_runtime(index: usize, settings: &ApiSettings, first: usize) -> Result<ApiRuntime, SettingsError> {
    let names = settings.api.networks.iter().cloned().map(Some);
    let names: Vec<_> = if settings.api.networks.is_empty() { vec![None] } else { names.collect() };
    let serving = |upstreams: &[UpstreamSettings], first: usize, name: &Option<NetworkName>| {
        let places = upstreams.iter().enumerate().filter(|(_, upstream)| upstream.network == *name);
        places.map(|(place, _)| first + place).collect()
    };
    let network = |name: Option<NetworkName>| Network {
        upstreams: serving(&settings.upstreams, first, &name),
        socket_upstreams: serving(&settings.socket_upstreams, first + settings.upstreams.len(), &name),
        name,
    };
    Ok(ApiRuntime {
        index,
        networks: names.into_iter().map(network).collect(),
        places: Places::new(&settings.key_places),
        hygiene: Hygiene::new(settings),
        prices: Prices::new(settings)?,
        body_limit: settings.body_limit,
        request_limits: rpc::request::Limits { max_batch: settings.batch_limit, ..Default::default() },
        answer_ticks: ticks(settings.answer_time_out),
        retry_idempotent: settings.retry_idempotent,
        refund: settings.refund,
        failed_when: settings.failed_when.clone(),
        unknown_methods: settings.unknown_methods,
        api: settings.api.clone(),
    })
}

impl ApiRuntime {
    /// The network that a path names; for an API without networks, what serves it.
    pub fn network(&self, found: &Found<'_>) -> Option<&Network> {
        let place = if found.path_found { found.network.or(Some(0)) } else { None };
        place.and_then(|place| self.networks.get(place))
    }
}

impl Prices {
    fn new(settings: &ApiSettings) -> Result<Self, SettingsError> {
        let list = &settings.api.prices;
        if settings.api.protocol == Protocol::JsonRpc {
            return Ok(Prices::JsonRpc(MethodPrices::new(list)));
        }
        let mut patterns = PatternSet::new();
        for (written, price) in &list.patterns {
            let pattern = VerbPattern::parse(written).map_err(|fault| SettingsError::Price {
                api: settings.api.name.clone(),
                pattern: written.clone(),
                fault: fault.to_string(),
            })?;
            patterns.insert(pattern, (written.as_str().into(), *price));
        }
        Ok(Prices::Rest(patterns, list.default))
    }

    /// The price of a JSON-RPC method. A REST API has none by method: its calls are priced by [`Prices::of_path`].
    pub fn of_method(&self, method: &str) -> Price {
        match self {
            Prices::JsonRpc(prices) => prices.price(method),
            Prices::Rest(_, default) => *default,
        }
    }

    /// The price of news that an upstream sends over a socket: nothing, unless the list names their method.
    pub fn of_push(&self, method: &str) -> Price {
        match self {
            Prices::JsonRpc(prices) => prices.exception(method).unwrap_or(Price::Free),
            Prices::Rest(..) => Price::Free,
        }
    }

    /// The name and price of a REST call: verb and the best pattern for its path, or the path's first segment.
    pub fn of_path(&self, verb: &str, path: &str) -> (String, Price) {
        // The upstream reads an empty path as its root.
        let path = if path.is_empty() { "/" } else { path };
        match self {
            Prices::Rest(patterns, default) => match patterns.find(verb, path) {
                Some((pattern, price)) => (named(verb, pattern), *price),
                None => (first_segment_template(verb, path), *default),
            },
            Prices::JsonRpc(prices) => (first_segment_template(verb, path), prices.price(verb)),
        }
    }
}

/// A pattern may be for every verb; a call has one.
fn named(verb: &str, pattern: &str) -> String {
    let path = pattern.split_once(' ').map_or(pattern, |(_, path)| path.trim_start());
    format!("{verb} {path}")
}
