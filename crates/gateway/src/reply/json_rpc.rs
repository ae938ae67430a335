//! Error objects of JSON-RPC, the receipt as `error.data`: the dialect `json-rpc`, with codes after EIP-1474, and `zan`, whose
//! codes and messages are in a file of their own.

use http::HeaderValue;
use rpc::{answer::error_object, request::RawId};

use super::receipt::Receipt;

/// What JSON-RPC over HTTP is sent as.
pub(crate) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json");

/// One error object, for a whole request or in the place of a call.
pub(crate) fn body(receipt: &Receipt<'_>, id: Option<RawId<'_>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write(&mut out, receipt, receipt.json_rpc_code(), id);
    out
}

/// Appends one error object with this code: -32700 tells bytes that are no JSON from a request that is none.
pub(crate) fn write(out: &mut Vec<u8>, receipt: &Receipt<'_>, code: i64, id: Option<RawId<'_>>) {
    let mut data = Vec::with_capacity(256);
    receipt.write_object(&mut data);
    error_object(out, id, code, &receipt.message(), Some(&data));
}
