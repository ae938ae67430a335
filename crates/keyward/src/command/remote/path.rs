//! Paths of the REST API: what somebody typed becomes one segment or one value of the query, whatever is in it.

use std::fmt::Write;

/// Where the operator's part of the REST API begins.
pub const OPERATOR: &str = "/api/v1/operator";

/// A path below [`OPERATOR`], of segments that are escaped.
pub fn path(segments: &[&str]) -> String {
    segments.iter().fold(OPERATOR.to_owned(), |path, segment| format!("{path}/{}", escaped(segment)))
}

/// The same with a query of those values that are there.
pub fn with_query(segments: &[&str], query: &[(&str, Option<&str>)]) -> String {
    let mut path = path(segments);
    let mut mark = '?';
    for (name, value) in query {
        if let Some(value) = value {
            path.extend([mark.to_string().as_str(), name, "=", &escaped(value)]);
            mark = '&';
        }
    }
    path
}

/// All but letters, digits and `-._~` as `%XX` (RFC 3986, 2.3); dots alone too, which would name another folder.
fn escaped(text: &str) -> String {
    let is_dots = text.bytes().all(|byte| byte == b'.');
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if !is_dots && (byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("a string takes all that is written");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_where_it_belongs() {
        assert_eq!(path(&["accounts", "acc_1"]), "/api/v1/operator/accounts/acc_1");
        assert_eq!(path(&["accounts", "../../me?x#y"]), "/api/v1/operator/accounts/..%2F..%2Fme%3Fx%23y");
        assert_eq!(path(&["accounts", ".."]), "/api/v1/operator/accounts/%2E%2E");
        let query = [("search", Some("a&b=é")), ("before", None), ("limit", Some("5"))];
        assert_eq!(with_query(&["accounts"], &query), "/api/v1/operator/accounts?search=a%26b%3D%C3%A9&limit=5");
        assert_eq!(with_query(&["outbox"], &[("before", None)]), "/api/v1/operator/outbox");
    }
}
