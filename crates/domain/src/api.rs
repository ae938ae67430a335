//! API: what the operator offers: a protocol, networks, prices.

use crate::{
    name::{ApiName, NetworkName, PlanName, Title},
    price::PriceList,
    word::words,
};

/// How calls are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// One HTTP request, one call; its method is verb and path.
    Rest,
    /// Calls in a POST body, single or in a batch.
    JsonRpc,
}

/// How denials are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// RFC 9457 problem details; the default for REST.
    Problem,
    /// JSON-RPC error objects with codes after EIP-1474; the default for JSON-RPC.
    JsonRpc,
    /// JSON-RPC error objects with the statuses, codes and messages of ZAN's nodes.
    Zan,
    /// The envelope of API-Sports, with its classes of errors.
    ApiSports,
}

words! { Protocol NotAProtocol "rest, json-rpc" Rest "rest" JsonRpc "json-rpc" }
words! {
    Dialect NotADialect "problem, json-rpc, zan, api-sports"
    Problem "problem" JsonRpc "json-rpc" Zan "zan" ApiSports "api-sports"
}

impl Dialect {
    /// Whether denials are JSON-RPC error objects.
    pub const fn is_json_rpc(self) -> bool {
        matches!(self, Dialect::JsonRpc | Dialect::Zan)
    }

    /// Whether calls that are framed so can be answered in this dialect.
    pub const fn fits(self, protocol: Protocol) -> bool {
        match self {
            Dialect::Problem => true,
            Dialect::JsonRpc | Dialect::Zan => matches!(protocol, Protocol::JsonRpc),
            Dialect::ApiSports => matches!(protocol, Protocol::Rest),
        }
    }
}

/// An API as the operator declared it, without upstreams and credentials: those stay with the gateway's own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// What configuration, log and paths call it.
    pub name: ApiName,
    /// What people call it.
    pub title: Title,
    /// How calls are framed.
    pub protocol: Protocol,
    /// How denials are written.
    pub dialect: Dialect,
    /// Its networks; a REST API without any has none.
    pub networks: Vec<NetworkName>,
    /// What calls cost.
    pub prices: PriceList,
    /// The plan that new accounts get; none: the operator assigns.
    pub default_plan: Option<PlanName>,
}
