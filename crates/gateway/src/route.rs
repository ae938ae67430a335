//! Route: which API and network a path belongs to, and where in it the caller's value stands.
//!
//! Built once at the start. A look-up hashes the first segment and compares the few routes that begin with it, the most
//! specific first: so the longest match wins.

use std::{collections::HashMap, ops::Range, sync::Arc};

use domain::{api::Protocol, name::NetworkName};
use thiserror::Error;

#[cfg(test)]
mod tests;

/// Under each route: how much is used and left. Answered here, and never forwarded.
pub(crate) const USAGE: &str = "/.keyward/usage";

/// Why a route template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateFault {
    /// No request can have such a path.
    #[error("no request has such a path: {0}")]
    Path(domain::path::PathFault),
    /// Braces in another form than the two known ones.
    #[error("`{0}` is none of: a word, {{network}}, {{key}}; each is a whole segment")]
    Segment(String),
    /// The same placeholder twice.
    #[error("`{0}` stands in it twice")]
    Twice(&'static str),
    /// A network in the path of an API that has none.
    #[error("it has {{network}}, but the API declares no networks")]
    NoNetworks,
    /// No network in the path of an API that has several.
    #[error("it lacks {{network}}, and the API declares more than one")]
    WhichNetwork,
    /// Two routes for the same paths.
    #[error("another route has the same template and host")]
    Taken,
}

/// One template, ready for matching.
#[derive(Debug)]
pub(crate) struct Route {
    /// The API's place in the settings.
    pub api: usize,
    /// As written, without a slash at its end: what paths are logged as.
    pub template: Box<str>,
    /// Whether paths may go on after it.
    pub is_prefix: bool,
    /// Whether a WebSocket is served there, and nothing else.
    pub is_socket: bool,
    parts: Box<[Part]>,
    networks: Arc<[NetworkName]>,
}

/// Where in a path a route matched. All ranges are bytes of the path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found<'r> {
    /// The route's API.
    pub api: usize,
    /// The route's template.
    pub template: &'r str,
    /// Whether a WebSocket is served there, and nothing else.
    pub is_socket: bool,
    /// The network's place in the API's list; None: the API has none, or the path names none of them.
    pub network: Option<usize>,
    /// Where the network's name stands.
    pub network_at: Option<Range<usize>>,
    /// Where the caller's value stands.
    pub key_at: Option<Range<usize>>,
    /// Where the upstream's own path begins.
    pub rest_at: usize,
    /// Whether the API has something there: its network is known, and nothing follows a route that is a whole path.
    pub path_found: bool,
}

/// All routes.
#[derive(Debug, Default)]
pub(crate) struct RouteTable {
    by_host: HashMap<Box<str>, Routes>,
    any_host: Routes,
}

#[derive(Debug, Default)]
struct Routes {
    by_first: HashMap<Box<str>, Vec<Route>>,
    other: Vec<Route>,
}

#[derive(Debug, PartialEq, Eq, Clone)]
enum Part {
    Literal(Box<str>),
    Network,
    Key,
}

impl RouteTable {
    /// Adds a template of the API at `api`, for these hosts or for all.
    pub fn add(
        &mut self,
        api: usize,
        protocol: Protocol,
        networks: &Arc<[NetworkName]>,
        template: &str,
        hosts: &[String],
    ) -> Result<(), TemplateFault> {
        let is_prefix = protocol == Protocol::Rest;
        self.add_as(api, (is_prefix, false), networks, template, hosts)
    }

    /// Adds a template where the WebSocket of the API at `api` is served.
    pub fn add_socket(
        &mut self,
        api: usize,
        networks: &Arc<[NetworkName]>,
        template: &str,
        hosts: &[String],
    ) -> Result<(), TemplateFault> {
        self.add_as(api, (false, true), networks, template, hosts)
    }

    fn add_as(
        &mut self,
        api: usize,
        (is_prefix, is_socket): (bool, bool),
        networks: &Arc<[NetworkName]>,
        template: &str,
        hosts: &[String],
    ) -> Result<(), TemplateFault> {
        let parts = parts(template, networks)?;
        let route = || Route {
            api,
            template: template.trim_end_matches('/').into(),
            is_prefix,
            is_socket,
            parts: parts.clone().into(),
            networks: Arc::clone(networks),
        };
        if hosts.is_empty() {
            return self.any_host.add(route());
        }
        hosts.iter().try_for_each(|host| {
            let host = host.to_ascii_lowercase().into_boxed_str();
            self.by_host.entry(host).or_default().add(route())
        })
    }

    /// The most specific route for the path (without its query), on this host before all hosts.
    pub fn find(&self, host: &str, path: &str) -> Option<Found<'_>> {
        self.routes_of(host).and_then(|routes| routes.find(path)).or_else(|| self.any_host.find(path))
    }

    fn routes_of(&self, host: &str) -> Option<&Routes> {
        if self.by_host.is_empty() {
            return None;
        }
        let name = without_port(host);
        self.by_host.get(name).or_else(|| self.by_host.get(name.to_ascii_lowercase().as_str()))
    }
}

impl Routes {
    fn add(&mut self, route: Route) -> Result<(), TemplateFault> {
        let list = match route.parts.first() {
            Some(Part::Literal(first)) => self.by_first.entry(first.clone()).or_default(),
            _ => &mut self.other,
        };
        if list.iter().any(|other| other.parts == route.parts) {
            return Err(TemplateFault::Taken);
        }
        list.push(route);
        list.sort_by_key(|route| std::cmp::Reverse((route.literals(), route.parts.len())));
        Ok(())
    }

    fn find(&self, path: &str) -> Option<Found<'_>> {
        let first = segment(path, 0).map_or("", |range| &path[range]);
        let with_first = self.by_first.get(first).and_then(|routes| first_match(routes, path));
        with_first.or_else(|| first_match(&self.other, path))
    }
}

/// The first route whose network is known; else the first that fits at all: where one template ends in `{key}` and another
/// does not, the two halves of `eth/mainnet` could be taken for a network and a value.
fn first_match<'r>(routes: &'r [Route], path: &str) -> Option<Found<'r>> {
    let mut fits = None;
    for found in routes.iter().filter_map(|route| route.matches(path)) {
        if found.path_found {
            return Some(found);
        }
        fits.get_or_insert(found);
    }
    fits
}

impl Route {
    fn literals(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::Literal(_))).count()
    }

    /// A known network first; then any one or two segments, so that a mistyped network is told as such and not as a
    /// missing key.
    fn matches(&self, path: &str) -> Option<Found<'_>> {
        if !self.parts.contains(&Part::Network) {
            let only = (self.networks.len() == 1).then_some(0);
            return self.matches_with(path, only, 0);
        }
        let at = self.parts.iter().position(|part| *part == Part::Network)?;
        let start = (0..at).try_fold(0, |at, _| Some(segment(path, at)?.end))?;
        let tail = path.get(start + 1..)?;
        let named = |name: &NetworkName| {
            tail.strip_prefix(name.as_str()).is_some_and(|after| after.is_empty() || after.starts_with('/'))
        };
        let mut known: Vec<usize> = (0..self.networks.len()).filter(|index| named(&self.networks[*index])).collect();
        known.sort_by_key(|index| std::cmp::Reverse(self.networks[*index].as_str().len()));
        let by_name = known.into_iter().find_map(|index| {
            let segments = self.networks[index].as_str().split('/').count();
            self.matches_with(path, Some(index), segments)
        });
        by_name.or_else(|| self.matches_with(path, None, 2)).or_else(|| self.matches_with(path, None, 1))
    }

    fn matches_with(&self, path: &str, network: Option<usize>, network_segments: usize) -> Option<Found<'_>> {
        let (mut at, mut network_at, mut key_at) = (0, None, None);
        for part in &self.parts {
            let here = segment(path, at)?;
            at = match part {
                Part::Literal(literal) if path[here.clone()] == **literal => here.end,
                Part::Literal(_) => return None,
                Part::Key => key_at.insert(here).end,
                Part::Network => {
                    let end = (1..network_segments).try_fold(here.end, |at, _| Some(segment(path, at)?.end))?;
                    network_at.insert(here.start..end).end
                }
            };
        }
        let rest = &path[at..];
        let ends_well = match self.is_prefix {
            true => rest.is_empty() || rest.starts_with('/'),
            false => rest.len() < 2 || rest == USAGE,
        };
        if !ends_well {
            return None;
        }
        let path_found = network.is_some() || self.networks.is_empty();
        let Route { api, template, is_socket, .. } = self;
        let (api, is_socket) = (*api, *is_socket);
        Some(Found { api, template, is_socket, network, network_at, key_at, rest_at: at, path_found })
    }
}

/// The segment that begins with the slash at `at`, without the slash; None if there is no slash, or nothing after it.
fn segment(path: &str, at: usize) -> Option<Range<usize>> {
    let tail = path.get(at..)?.strip_prefix('/')?;
    let end = memchr::memchr(b'/', tail.as_bytes()).unwrap_or(tail.len());
    (end > 0).then_some(at + 1..at + 1 + end)
}

/// The name in a `Host` header; an IPv6 address keeps its brackets.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn parts(template: &str, networks: &[NetworkName]) -> Result<Vec<Part>, TemplateFault> {
    domain::path::check_path(template).map_err(TemplateFault::Path)?;
    if template.contains('?') {
        return Err(TemplateFault::Segment(template.to_owned()));
    }
    let mut parts = Vec::new();
    for word in template.split('/').filter(|word| !word.is_empty()) {
        let part = match word {
            "{network}" if networks.is_empty() => return Err(TemplateFault::NoNetworks),
            "{network}" if parts.contains(&Part::Network) => return Err(TemplateFault::Twice("{network}")),
            "{key}" if parts.contains(&Part::Key) => return Err(TemplateFault::Twice("{key}")),
            "{network}" => Part::Network,
            "{key}" => Part::Key,
            word if word.contains(['{', '}']) => return Err(TemplateFault::Segment(word.to_owned())),
            word => Part::Literal(word.into()),
        };
        parts.push(part);
    }
    if networks.len() > 1 && !parts.contains(&Part::Network) {
        return Err(TemplateFault::WhichNetwork);
    }
    Ok(parts)
}
