//! Bearer: how a program proves who it acts for (RFC 6750), in `Authorization` and nowhere else: queries end up in logs.

use axum::http::{HeaderMap, header};

/// Whether the request brings an access token, be it a good one or not.
pub fn is_there(headers: &HeaderMap) -> bool {
    read(headers).is_some()
}

/// What the request brings as its access token. Other schemes than `Bearer` are for somebody else, such as a proxy before this
/// listener. Two are a text that is none.
pub fn read(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::AUTHORIZATION).into_iter().map(|line| line.to_str().unwrap_or("Bearer ?"));
    let mut texts = lines.filter_map(|line| {
        let (scheme, text) = line.trim().split_once(' ').unwrap_or((line, ""));
        scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
    });
    let first = texts.next()?;
    if texts.next().is_some() { Some("") } else { Some(first) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read() {
        for (lines, read_as) in [
            (&[] as &[&str], None),
            (&["Bearer kwt_x"], Some("kwt_x")),
            (&["bearer  kwt_x "], Some("kwt_x")),
            (&["Bearer"], Some("")),
            (&["Basic YWRhOng="], None),
            (&["Basic YWRhOng=", "Bearer kwt_x"], Some("kwt_x")),
            (&["Bearer kwt_x", "Bearer kwt_y"], Some("")),
            (&["Bearerkwt_x"], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::AUTHORIZATION, line.parse().expect("ASCII"));
            }
            assert_eq!(read(&headers), read_as, "{lines:?}");
        }
    }
}
