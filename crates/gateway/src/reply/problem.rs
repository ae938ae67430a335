//! The dialect `problem`: RFC 9457 problem details, with the receipt's members beside the standard ones.

use http::HeaderValue;

use super::receipt::{Receipt, write_text};

/// The media type of RFC 9457, 3.
pub(crate) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The body: one JSON object.
pub(crate) fn body(receipt: &Receipt<'_>) -> Vec<u8> {
    let docs = receipt.docs();
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(br#"{"type":"#);
    // "about:blank" says that there is no page, and the members say all (RFC 9457, 4.2.1).
    write_text(&mut out, docs.as_deref().unwrap_or("about:blank"));
    out.extend_from_slice(br#","title":"#);
    write_text(&mut out, &title(receipt.denial.code()));
    out.extend_from_slice(br#","status":"#);
    out.extend_from_slice(itoa::Buffer::new().format(receipt.denial.status()).as_bytes());
    out.extend_from_slice(br#","detail":"#);
    write_text(&mut out, receipt.detail());
    out.push(b',');
    receipt.write_members(&mut out);
    out.push(b'}');
    out
}

/// `quota_exhausted` as people write it: `Quota exhausted`.
fn title(code: &str) -> String {
    let mut title = code.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}
