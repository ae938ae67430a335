//! Refuses settings that cannot work, each with the way out.

use std::path::PathBuf;

use domain::{api::Protocol, name::ApiName};
use thiserror::Error;

use super::{ApiSettings, Settings};
use crate::route::TemplateFault;

/// The least bytes of a request's head that must be allowed; hyper cannot hold fewer.
const LEAST_HEAD: usize = 8 * 1024;

/// Why a gateway cannot start with these settings.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// No address to listen on.
    #[error("`listen` is empty; name at least one address, such as 127.0.0.1:8080")]
    NoAddress,
    /// More sockets handed in than addresses.
    #[error("{0} sockets are handed to the gateway, more than `listen` has items")]
    InheritedTooMany(usize),
    /// No journal, and with it no thread.
    #[error("no journal was handed in; the gateway runs one thread for each")]
    NoThread,
    /// Heads that are shorter than what hyper reads at once.
    #[error("`head_bytes` is below {LEAST_HEAD}; requests of ordinary browsers would be refused")]
    HeadBytes,
    /// No API.
    #[error("no API is declared; the gateway would have nothing to serve")]
    NoApi,
    /// The same name twice.
    #[error("the API `{0}` is declared twice; give one of them another name")]
    ApiTwice(ApiName),
    /// A template that cannot be read.
    #[error("API `{api}`, route `{template}`: {fault}")]
    Route {
        /// The API.
        api: ApiName,
        /// As written.
        template: String,
        /// What is wrong with it.
        fault: TemplateFault,
    },
    /// An API without a route.
    #[error("API `{0}` has no route; give it a prefix such as /{0}")]
    NoRoute(ApiName),
    /// Callers could not say who they are.
    #[error("API `{0}` has no place for the caller's value; allow a header, bearer, or `{{key}}` in its routes")]
    NoKeyPlace(ApiName),
    /// A network without a server, or an API without any.
    #[error("API `{api}` has no upstream for {what}")]
    NoUpstream {
        /// The API.
        api: ApiName,
        /// The network, or all of it.
        what: String,
    },
    /// A server for a network that is not declared.
    #[error("API `{api}`: an upstream is for the network `{network}`, which is not declared")]
    UnknownNetwork {
        /// The API.
        api: ApiName,
        /// As written.
        network: String,
    },
    /// A limit that leaves nothing, or is at odds with another.
    #[error("API `{api}`: {why}")]
    Limit {
        /// The API.
        api: ApiName,
        /// Which one, and what would be right.
        why: &'static str,
    },
    /// A price pattern that matches nothing.
    #[error("API `{api}`, price of `{pattern}`: {fault}")]
    Price {
        /// The API.
        api: ApiName,
        /// As written.
        pattern: String,
        /// What is wrong with it.
        fault: String,
    },
    /// Certificate authorities that cannot be read.
    #[error("`ca_file` {path}: {why}")]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// A certificate of a listener, or its key, cannot be used.
    #[error("certificate {path}: {why}")]
    Certificate {
        /// The file of the certificate.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// The host of an upstream cannot be the name in a certificate.
    #[error("the upstream {0} has a host that no certificate can name")]
    CertificateName(String),
}

/// Checks what can be checked without opening anything.
pub(crate) fn check(settings: &Settings) -> Result<(), SettingsError> {
    if settings.listen.is_empty() {
        return Err(SettingsError::NoAddress);
    }
    if settings.inherited.len() > settings.listen.len() {
        return Err(SettingsError::InheritedTooMany(settings.inherited.len()));
    }
    if settings.limits.head_bytes < LEAST_HEAD {
        return Err(SettingsError::HeadBytes);
    }
    if settings.apis.is_empty() {
        return Err(SettingsError::NoApi);
    }
    for (index, api) in settings.apis.iter().enumerate() {
        if settings.apis[..index].iter().any(|other| other.api.name == api.api.name) {
            return Err(SettingsError::ApiTwice(api.api.name.clone()));
        }
        check_api(api)?;
    }
    Ok(())
}

fn check_api(settings: &ApiSettings) -> Result<(), SettingsError> {
    let api = settings.api.name.clone();
    if settings.routes.is_empty() {
        return Err(SettingsError::NoRoute(api));
    }
    let mut routes = settings.routes.iter().chain(&settings.socket_routes);
    let in_every_path = routes.all(|route| route.template.contains("{key}"));
    if settings.key_places.is_empty() && !in_every_path {
        return Err(SettingsError::NoKeyPlace(api));
    }
    for upstream in settings.upstreams.iter().chain(&settings.socket_upstreams) {
        if let Some(network) = upstream.network.as_ref().filter(|name| !settings.api.networks.contains(name)) {
            return Err(SettingsError::UnknownNetwork { api, network: network.to_string() });
        }
        if upstream.max_in_flight == 0 || upstream.max_connections < upstream.max_in_flight {
            let why = "`max_in_flight` must be at least 1, and `max_connections` no less than `max_in_flight`";
            return Err(SettingsError::Limit { api, why });
        }
    }
    let serves = |network| settings.upstreams.iter().any(|upstream| upstream.network.as_ref() == network);
    if settings.api.networks.is_empty() && !serves(None) {
        return Err(SettingsError::NoUpstream { api, what: "it".to_owned() });
    }
    if let Some(network) = settings.api.networks.iter().find(|network| !serves(Some(network))) {
        return Err(SettingsError::NoUpstream { api, what: format!("its network `{network}`") });
    }
    check_socket(settings)?;
    check_limits(settings)
}

fn check_socket(settings: &ApiSettings) -> Result<(), SettingsError> {
    let api = settings.api.name.clone();
    let refused = |why| Err(SettingsError::Limit { api: api.clone(), why });
    if settings.upstreams.iter().any(|upstream| upstream.url.is_socket) {
        return refused("an upstream is `http://…` or `https://…`; `ws://…` is for its WebSocket");
    }
    if settings.socket_upstreams.iter().any(|upstream| !upstream.url.is_socket) {
        return refused("an upstream of a WebSocket is `ws://…` or `wss://…`");
    }
    if settings.socket_routes.is_empty() {
        return Ok(());
    }
    if settings.api.protocol != Protocol::JsonRpc {
        return refused("only a JSON-RPC API can have a WebSocket");
    }
    let names: Vec<_> = settings.api.networks.iter().map(Some).collect();
    let serves =
        |network: &Option<_>| settings.socket_upstreams.iter().any(|upstream| upstream.network.as_ref() == *network);
    match if names.is_empty() { vec![None] } else { names }.iter().find(|network| !serves(network)) {
        Some(Some(network)) => {
            Err(SettingsError::NoUpstream { api, what: format!("the WebSocket of its network `{network}`") })
        }
        Some(None) => Err(SettingsError::NoUpstream { api, what: "its WebSocket".to_owned() }),
        None => Ok(()),
    }
}

fn check_limits(settings: &ApiSettings) -> Result<(), SettingsError> {
    let refused = |why| Err(SettingsError::Limit { api: settings.api.name.clone(), why });
    if settings.answer_time_out.is_zero() {
        return refused("`answer_time_out` must be above zero");
    }
    if settings.api.protocol == Protocol::JsonRpc {
        if settings.batch_limit == 0 {
            return refused("`batch_limit` must be at least 1");
        }
        if !(1..=1 << 30).contains(&settings.body_limit) {
            return refused("`body_limit` of a JSON-RPC API must be 1 byte to 1 GiB: bodies are read whole");
        }
    }
    Ok(())
}
