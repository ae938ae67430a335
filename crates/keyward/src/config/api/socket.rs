//! `ws_paths` and `ws_upstream`: where callers reach the WebSocket of a JSON-RPC API, and where it really is.

use std::collections::BTreeMap;

use domain::{
    api::Protocol,
    name::{ApiName, NetworkName},
};

use super::{
    route::{self, Fit},
    upstream::Upstreams,
};
use crate::config::reader::Section;

/// The templates of an API's WebSocket; none: it has none. A WebSocket is there for every network or for none.
pub fn read_paths(
    section: &mut Section<'_>,
    name: &ApiName,
    fit: &Fit<'_>,
    upstreams: &BTreeMap<Option<NetworkName>, Upstreams>,
) -> Vec<String> {
    let field = section.take("ws_paths");
    let paths = field.as_ref().map(|field| route::read_paths(field, fit));
    let has = |upstreams: &Upstreams| !upstreams.socket_urls.is_empty();
    let (is_any, is_all) = (upstreams.values().any(has), upstreams.values().all(has));
    if fit.protocol == Protocol::Rest {
        let hint = Some("leave out ws_upstream and ws_paths".to_owned());
        match field {
            Some(field) => field.refuse("a rest API has no WebSocket", hint),
            None if is_any => section.refuse("a rest API has no WebSocket", hint),
            None => {}
        }
        return Vec::new();
    }
    if !is_any {
        if let Some(field) = field {
            field.refuse("the WebSocket has no upstream", Some("add ws_upstream = \"wss://…\"".to_owned()));
        }
        return Vec::new();
    }
    if !is_all {
        for network in
            upstreams.iter().filter(|(_, upstreams)| !has(upstreams)).filter_map(|(network, _)| network.as_ref())
        {
            let hint = "add ws_upstream to it, or leave it out of all networks".to_owned();
            section.refuse(format!("the network {network} has no `ws_upstream`, and another has one"), Some(hint));
        }
    }
    paths.unwrap_or_else(|| route::default_socket_paths(name, fit))
}
