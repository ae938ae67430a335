//! Domains: the web pages that may call. Browsers say which page it is, programs say what they like: a list of domains stops
//! the former only.

use std::{collections::BTreeMap, fmt, str::FromStr};

use super::told;

/// The longest host name, in bytes (RFC 1035, 2.3.4).
const MAX_HOST: usize = 253;
/// The schemes of pages, with their default ports.
const SCHEMES: [(&str, u16); 2] = [("http", 80), ("https", 443)];

/// A domain whose pages may call: `example.com`, or `*.example.com` for any below it but not itself. With a scheme or a port in
/// front or behind, these must be the page's too: `https://example.com:8443`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DomainEntry {
    scheme: Option<&'static str>,
    is_wildcard: bool,
    host: Box<str>,
    port: Option<u16>,
}

/// Why a text is not a domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a domain such as example.com, *.example.com or https://example.com:8443; letters beyond a–z are written \
     as browsers send them, xn--…"
)]
pub struct NotADomain(String);

/// The domains that a list allows. A look-up takes one step for each label of the page's host.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DomainSet {
    exact: BTreeMap<Box<str>, Vec<Terms>>,
    below: BTreeMap<Box<str>, Vec<Terms>>,
}

/// The page that a call comes from, as `Origin` or `Referer` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    scheme: &'static str,
    host: String,
    port: u16,
}

/// What besides the host an entry asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Terms {
    scheme: Option<&'static str>,
    port: Option<u16>,
}

impl Page {
    /// Reads an `Origin` or a `Referer`. None: it names no page, as `null` does.
    pub fn read(text: &str) -> Option<Page> {
        let (scheme, rest) = text.split_once("://")?;
        let (scheme, default_port) = known_scheme(scheme)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        // A name and password stand before the last `@`, in a `Referer` of a careless page.
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let (host, port) = host_and_port(authority)?;
        let host = host.to_ascii_lowercase();
        is_host(&host).then(|| Page { scheme, host, port: port.unwrap_or(default_port) })
    }

    /// Its host, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl FromStr for DomainEntry {
    type Err = NotADomain;

    fn from_str(text: &str) -> Result<Self, NotADomain> {
        read(&text.trim().to_ascii_lowercase()).ok_or_else(|| NotADomain(told(text)))
    }
}

impl fmt::Display for DomainEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = self.scheme {
            write!(f, "{scheme}://")?;
        }
        write!(f, "{}{}", if self.is_wildcard { "*." } else { "" }, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl DomainSet {
    /// The set of these entries.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a DomainEntry>) -> Self {
        let mut set = DomainSet::default();
        for entry in entries {
            let places = if entry.is_wildcard { &mut set.below } else { &mut set.exact };
            let terms = Terms { scheme: entry.scheme, port: entry.port };
            places.entry(entry.host.clone()).or_default().push(terms);
        }
        set
    }

    /// Whether a call may come from there; `page` is the text of `Origin`, else of `Referer`. What names no page may not.
    pub fn allows(&self, page: Option<&str>) -> bool {
        let Some(page) = page.and_then(Page::read) else { return false };
        let meets = |terms: &Vec<Terms>| terms.iter().any(|terms| terms.meets(&page));
        let parents = page.host.match_indices('.').map(|(dot, _)| &page.host[dot + 1..]);
        self.exact.get(page.host.as_str()).is_some_and(meets)
            || parents.filter_map(|parent| self.below.get(parent)).any(meets)
    }
}

impl Terms {
    fn meets(&self, page: &Page) -> bool {
        self.scheme.is_none_or(|scheme| scheme == page.scheme) && self.port.is_none_or(|port| port == page.port)
    }
}

fn read(text: &str) -> Option<DomainEntry> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(known_scheme(scheme)?.0), rest),
        None => (None, text),
    };
    // An origin is often copied with the slash that browsers show behind it.
    let rest = if scheme.is_some() { rest.strip_suffix('/').unwrap_or(rest) } else { rest };
    let (is_wildcard, rest) = rest.strip_prefix("*.").map_or((false, rest), |rest| (true, rest));
    let (host, port) = host_and_port(rest)?;
    let may_have_parts_below = !host.starts_with('[') && host.parse::<std::net::Ipv4Addr>().is_err();
    let is_good = is_host(host) && (!is_wildcard || may_have_parts_below);
    is_good.then(|| DomainEntry { scheme, is_wildcard, host: host.into(), port })
}

fn known_scheme(text: &str) -> Option<(&'static str, u16)> {
    SCHEMES.into_iter().find(|(scheme, _)| scheme.eq_ignore_ascii_case(text))
}

/// Splits the port off; an IPv6 address keeps its brackets.
fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_address = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority[after_address..].find(':') {
        None => Some((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at(after_address + colon);
            let digits = &port[1..];
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            Some((host, Some(digits.parse().ok().filter(|_| is_number)?)))
        }
    }
}

/// A host name in lower case, or an address as it stands in a URL.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    };
    host.len() <= MAX_HOST && host.split('.').all(is_label)
}
