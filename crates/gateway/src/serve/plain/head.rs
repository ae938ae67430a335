//! The head of a plain request. It is looked at once; whatever is not plain is left as it came.

use std::mem::MaybeUninit;

use bytes::{Buf, BytesMut};
use http::{Method, Version};

use crate::{
    caller_body::CallerBody,
    credential::Target,
    handle::CallerRequest,
    heads::{Headers, plain_number, take_part},
};

/// The most lines of a plain head.
const MAX_LINES: usize = 48;
/// The longest body of a plain request, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// What the bytes begin with.
#[expect(clippy::large_enum_variant, reason = "it is looked at once, where it was made")]
pub(super) enum Read {
    /// A plain request, which was taken from them.
    Plain(CallerRequest),
    /// The beginning of a head that may become plain.
    Partial,
    /// Something else. Nothing was taken.
    Odd,
}

/// Takes the first request from the bytes, if it is plain and whole.
pub(super) fn take(bytes: &mut BytesMut, max_head: usize, max_lines: usize) -> Read {
    // An empty line before a request is allowed, and not plain.
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return Read::Odd;
    }
    let mut lines = [const { MaybeUninit::uninit() }; MAX_LINES];
    let mut parsed = httparse::Request::new(&mut []);
    let length = match parsed.parse_with_uninit_headers(bytes, &mut lines) {
        Ok(httparse::Status::Complete(length)) if length <= max_head => length,
        Ok(httparse::Status::Partial) if bytes.len() < max_head => return Read::Partial,
        _ => return Read::Odd,
    };
    let (Some(method), Some(target), true) = (parsed.method.and_then(method), parsed.path, parsed.version == Some(1))
    else {
        return Read::Odd;
    };
    let Some(body_length) = framing(parsed.headers).filter(|_| parsed.headers.len() <= max_lines) else {
        return Read::Odd;
    };
    if !is_plain_target(target) || bytes.len() < length + body_length {
        return Read::Odd;
    }
    let version = Version::HTTP_11;
    let headers = Headers::parsed(&bytes[..length], parsed.headers);
    let target = Target::plain(target);
    bytes.advance(length);
    let body = CallerBody::Whole(take_part(bytes, body_length));
    Read::Plain(CallerRequest { method, target, version, headers, body })
}

fn method(text: &str) -> Option<Method> {
    match text {
        "GET" => Some(Method::GET),
        "POST" => Some(Method::POST),
        "PUT" => Some(Method::PUT),
        "PATCH" => Some(Method::PATCH),
        "DELETE" => Some(Method::DELETE),
        _ => None,
    }
}

/// The length of the body, where all lines leave the message plain.
fn framing(lines: &[httparse::Header<'_>]) -> Option<usize> {
    let (mut hosts, mut length) = (0, None);
    for line in lines {
        let is = |name: &str| line.name.eq_ignore_ascii_case(name);
        match line.name.len() {
            2 if is("te") => return None,
            4 if is("host") => hosts += 1,
            6 if is("expect") => return None,
            7 if is("upgrade") || is("trailer") => return None,
            10 if is("connection") && !line.value.eq_ignore_ascii_case(b"keep-alive") => return None,
            10 if is("keep-alive") => return None,
            14 if is("content-length") && length.is_some() => return None,
            14 if is("content-length") => length = Some(plain_number(line.value, 6)? as usize),
            14 if is("http2-settings") => return None,
            16 if is("proxy-connection") => return None,
            17 if is("transfer-encoding") => return None,
            _ => {}
        }
    }
    let length = length.unwrap_or(0);
    (hosts == 1 && length <= MAX_BODY).then_some(length)
}

/// Whether every reader takes the target for a path and a query: what else may stand there is for hyper to judge.
fn is_plain_target(target: &str) -> bool {
    let is_plain = |byte: &u8| PLAIN_IN_TARGET[usize::from(*byte)];
    target.starts_with('/') && target.as_bytes().iter().all(is_plain)
}

/// Letters, digits and signs that a path or query may have (RFC 3986, 3.3 and 3.4).
const PLAIN_IN_TARGET: [bool; 256] = {
    let mut plain = [false; 256];
    let signs = b"-._~!$&'()*+,;=:@/?%";
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut place = 0;
    while place < signs.len() {
        plain[signs[place] as usize] = true;
        place += 1;
    }
    plain
};
