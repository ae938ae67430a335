//! The dialect `json-rpc`: error objects with codes after EIP-1474, the receipt as `error.data`.

use http::HeaderValue;
use rpc::{answer::error_object, request::RawId};

use super::receipt::{Receipt, write_text};

/// What JSON-RPC over HTTP is sent as.
pub(crate) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json");

/// One error object, for a whole request or in the place of a call.
pub(crate) fn body(receipt: &Receipt<'_>, id: Option<RawId<'_>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write(&mut out, receipt, receipt.denial.json_rpc_code(), id);
    out
}

/// Appends one error object with this code: -32700 tells bytes that are no JSON from a request that is none.
pub(crate) fn write(out: &mut Vec<u8>, receipt: &Receipt<'_>, code: i64, id: Option<RawId<'_>>) {
    error_object(out, id, code, receipt.detail(), Some(&data(receipt)));
}

fn data(receipt: &Receipt<'_>) -> Vec<u8> {
    let mut data = Vec::with_capacity(256);
    data.push(b'{');
    receipt.write_members(&mut data);
    if let Some(docs) = receipt.docs() {
        data.extend_from_slice(br#","docs":"#);
        write_text(&mut data, &docs);
    }
    data.push(b'}');
    data
}
