//! The key's secret: found, and taken out of what goes on, whether or not the key asks for one.
//!
//! Its places are the same for every API: the header `x-api-secret`, and HTTP Basic with an empty name, as
//! `curl -u :secret` and WebSocket clients send it. A Basic header with a name is not ours, and stays.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use domain::key::secret::{SecretHash, hash};
use http::{HeaderName, header::AUTHORIZATION};

use crate::heads::{Headers, Value};

const SECRET: HeaderName = HeaderName::from_static("x-api-secret");

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The hash of what was presented as the secret, after all of its places are emptied. The header of its own speaks first;
/// a place that is empty is passed over.
pub(crate) fn take_secret(headers: &mut Headers) -> Option<SecretHash> {
    let own = headers.take(SECRET).filter(|text| !text.is_empty());
    let basic = take_nameless_basic(headers).filter(|secret| !secret.is_empty());
    own.map(|text| hash(&text)).or_else(|| basic.map(|secret| hash(&secret)))
}

/// The first password that stands in `Authorization` without a name, after all such lines are removed.
fn take_nameless_basic(headers: &mut Headers) -> Option<Vec<u8>> {
    let first = headers.get_all(AUTHORIZATION).find_map(nameless_basic)?;
    headers.remove_each(|name, line| name == AUTHORIZATION.as_str().as_bytes() && nameless_basic(line).is_some());
    Some(first)
}

/// The password of `Basic base64(":" password)` (RFC 7617); the scheme in any case.
fn nameless_basic(line: Value<'_>) -> Option<Vec<u8>> {
    let (scheme, token) = line.as_bytes().split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let mut pair = BASE64.decode(token.trim_ascii()).ok()?;
    if pair.first() != Some(&b':') {
        return None;
    }
    pair.remove(0);
    Some(pair)
}

#[cfg(test)]
mod tests;
