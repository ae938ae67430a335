//! What is known of a call when it is decided, borrowed from the request that carries it.

use std::net::IpAddr;

use domain::{
    allowlist::{ContractAddress, ListKinds},
    decision::Denial,
    id::{AccountId, KeyId, MemberId, RequestId, ValueId},
    request_log::{Via, Wire},
};

/// A call before its end is known. Texts that are too long for a row are cut when they are written.
#[derive(Clone, Copy, Debug)]
pub struct CallRecord<'a> {
    /// The id that the answer carries.
    pub request: RequestId,
    /// Whose subscription.
    pub account: AccountId,
    /// Whose value; none: the account's own.
    pub member: Option<MemberId>,
    /// Which key.
    pub key: KeyId,
    /// Which value.
    pub value: ValueId,
    /// Which API.
    pub api: &'a str,
    /// Which network, where the API has them.
    pub network: Option<&'a str>,
    /// What it came over.
    pub wire: Wire,
    /// How it was made.
    pub via: Via,
    /// JSON-RPC method, or verb and path pattern.
    pub method: &'a str,
    /// The path, with `{key}` where the value stood; without the query.
    pub path: &'a str,
    /// The version of the key's policy that decided.
    pub policy_version: u64,
    /// The request whose batch this call stands in, and its place there from 0.
    pub batch: Option<(RequestId, u32)>,
    /// The caller's address.
    pub address: Option<IpAddr>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `User-Agent` header.
    pub agent: Option<&'a str>,
    /// The lists that would have denied it if they were enforced.
    pub observed: ListKinds,
    /// What it touches, where a list of contracts is on; empty where it touches none. All of them; a row keeps the first.
    pub contracts: &'a [ContractAddress],
}

/// How a call was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Why.
    pub denial: Denial,
    /// HTTP status sent to the caller.
    pub status: u16,
    /// `error.code` of the JSON-RPC answer.
    pub rpc_error: Option<i64>,
    /// Microseconds from the request to the answer.
    pub latency: u64,
    /// Bytes of request body.
    pub bytes_in: u64,
    /// Bytes of answer body.
    pub bytes_out: u64,
}
