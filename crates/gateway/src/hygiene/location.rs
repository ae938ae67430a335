//! Location: where an upstream sends a caller on. Its own addresses become the gateway's; what cannot is removed.

/// What a call's path was made of.
pub(crate) struct Way<'a> {
    /// `scheme://host[:port]` of the upstream, without a default port.
    pub origin: &'a str,
    /// Its base path: empty, or `/…` without a slash at its end.
    pub base_path: &'a str,
    /// The gateway's path before the upstream's own; None if the caller's value stands in it.
    pub before: Option<&'a str>,
    /// The upstream's own path of this call.
    pub rest: &'a str,
}

/// What becomes of a header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rewritten {
    /// It leads elsewhere, or is relative and works as it is.
    Kept,
    /// This instead.
    To(String),
    /// The gateway has no such address.
    Removed,
}

/// Reads a `Location` of the upstream. Where the value stands in the path, the new one is relative to the call's own
/// address, and so names the value nowhere.
pub(crate) fn rewritten(location: &str, way: &Way<'_>) -> Rewritten {
    let Some(path) = path_at_upstream(location, way) else {
        return Rewritten::Kept;
    };
    let Some(own) = path.strip_prefix(way.base_path).filter(|own| own.is_empty() || own.starts_with(['/', '?', '#']))
    else {
        return Rewritten::Removed;
    };
    match way.before {
        Some(before) if before.is_empty() && !own.starts_with('/') => Rewritten::To(format!("/{own}")),
        Some(before) => Rewritten::To(format!("{before}{own}")),
        None => relative(own, way.rest).map_or(Rewritten::Removed, Rewritten::To),
    }
}

/// The path, query and fragment, if the upstream itself is meant. None: another host, or a relative path.
fn path_at_upstream<'l>(location: &'l str, way: &Way<'_>) -> Option<&'l str> {
    let (scheme, authority) = way.origin.split_once("://")?;
    let after_scheme = match location.split_once("://") {
        Some((word, after)) if word.eq_ignore_ascii_case(scheme) => after,
        // An upstream behind a proxy of its own may not know that it is spoken to in TLS.
        Some((word, after)) if word.eq_ignore_ascii_case("http") => after,
        Some(_) => return None,
        None if location.starts_with("//") => &location[2..],
        None if location.starts_with('/') => return Some(location),
        None => return None,
    };
    let end = after_scheme.find(['/', '?', '#']).unwrap_or(after_scheme.len());
    let (host, path) = after_scheme.split_at(end);
    let host = host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(host);
    host.eq_ignore_ascii_case(authority).then_some(path)
}

/// From the call's own address to another one of the same upstream: as many `..` as the call's path is deep.
fn relative(own: &str, rest: &str) -> Option<String> {
    // Without a path of its own the call's last segment is the value itself, which a relative address would replace.
    let depth = rest.matches('/').count().checked_sub(1)?;
    let target = own.strip_prefix('/').unwrap_or(own);
    let up = "../".repeat(depth);
    Some(if up.is_empty() { format!("./{target}") } else { format!("{up}{target}") })
}

#[cfg(test)]
mod tests {
    //! A table of addresses.

    use super::*;

    #[test]
    fn addresses_of_the_upstream_become_the_gateways() {
        let to = |text: &str| Rewritten::To(text.to_owned());
        let open = Way { origin: "https://api.example", base_path: "/v3", before: Some("/football"), rest: "/a/b" };
        let bare = Way { origin: "http://10.0.0.1:8080", base_path: "", before: Some(""), rest: "/a" };
        let keyed = Way { before: None, ..open };
        let shallow = Way { before: None, rest: "", ..open };
        let cases: &[(&Way<'_>, &str, Rewritten)] = &[
            (&open, "https://api.example/v3/teams?id=1#x", to("/football/teams?id=1#x")),
            (&open, "HTTPS://API.example:443/v3", to("/football")),
            (&open, "http://api.example/v3/teams", to("/football/teams")),
            (&open, "//api.example/v3/teams", to("/football/teams")),
            (&open, "/v3/teams", to("/football/teams")),
            (&open, "/v3?x", to("/football?x")),
            (&open, "/v30/teams", Rewritten::Removed),
            (&open, "/login", Rewritten::Removed),
            (&open, "https://api.example/login", Rewritten::Removed),
            (&open, "https://other.example/v3/x", Rewritten::Kept),
            (&open, "https://api.example.evil.example/v3/x", Rewritten::Kept),
            (&open, "teams", Rewritten::Kept),
            (&open, "../teams", Rewritten::Kept),
            (&bare, "http://10.0.0.1:8080/x", to("/x")),
            (&bare, "http://10.0.0.1:8080", to("/")),
            (&bare, "http://10.0.0.1:9090/x", Rewritten::Kept),
            (&bare, "/x", to("/x")),
            (&keyed, "/v3/teams", to("../teams")),
            (&keyed, "https://api.example/v3", to("../")),
            (&shallow, "/v3/teams", Rewritten::Removed),
        ];
        for (way, location, expected) in cases {
            assert_eq!(rewritten(location, way), *expected, "{location}");
        }
    }

    #[test]
    fn a_relative_address_leads_where_it_should() {
        assert_eq!(relative("/c", "/a").as_deref(), Some("./c"));
        assert_eq!(relative("/c/d", "/a/b/x").as_deref(), Some("../../c/d"));
    }
}
