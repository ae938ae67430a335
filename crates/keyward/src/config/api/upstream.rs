//! Upstreams: where an API really is, and with which credential Keyward calls it.

use std::path::{Path, PathBuf};

use gateway::settings::{self, UpstreamSettings};
use http::{HeaderName, header::AUTHORIZATION};

use super::key_place::header_name;
use crate::config::{
    reader::{Field, Section},
    secret::{self, SecretMissing, SecretPlace},
    url::{self, UrlRule},
};

/// The most upstreams of one network.
pub const MAX_UPSTREAMS: usize = 32;

/// The largest `max_in_flight` and `max_connections`.
pub const MAX_AT_ONCE: u64 = 1_000_000;

/// The largest `pass_over_after`.
pub const MAX_FAILURES: u64 = 1_000;

/// The URL of one upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamUrl {
    /// Written in the file.
    Written(settings::UpstreamUrl),
    /// Kept elsewhere, because a credential is part of it.
    Kept(SecretPlace),
}

/// Where calls of one network go, or all calls of an API without networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstreams {
    /// One or more, used in turn.
    pub urls: Vec<UpstreamUrl>,
    /// Those of its WebSocket, used in turn; empty: it has none.
    pub socket_urls: Vec<UpstreamUrl>,
    /// How they are spoken to.
    pub access: Access,
}

/// How the upstreams of a network are spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Certificates to trust beside the system's own, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Calls in flight to each of them; more are refused as overloaded.
    pub max_in_flight: usize,
    /// Open connections to each of them.
    pub max_connections: usize,
    /// Failures in a row after which each of them is passed over for a while.
    pub pass_over_after: u32,
}

impl Default for Access {
    fn default() -> Self {
        Access {
            ca_file: None,
            max_in_flight: UpstreamSettings::MAX_IN_FLIGHT,
            max_connections: UpstreamSettings::MAX_CONNECTIONS,
            pass_over_after: UpstreamSettings::PASS_OVER_AFTER,
        }
    }
}

/// What Keyward shows an upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The header that carries it.
    pub header: HeaderName,
    /// Whether `Bearer ` stands before it.
    pub bearer: bool,
    /// Where it is kept.
    pub place: SecretPlace,
}

/// Why an upstream's URL is not known.
#[derive(Debug, thiserror::Error)]
pub enum NoUrl {
    /// It is kept where nothing is.
    #[error(transparent)]
    Missing(#[from] SecretMissing),
    /// What is kept there is not a URL.
    #[error("{place}: {fault}")]
    NotOne {
        /// Where it is kept.
        place: SecretPlace,
        /// What is wrong with it.
        fault: settings::UpstreamUrlFault,
    },
}

impl UpstreamUrl {
    /// The URL, fetched if it is kept elsewhere.
    pub fn fetch(&self) -> Result<settings::UpstreamUrl, NoUrl> {
        match self {
            UpstreamUrl::Written(url) => Ok(url.clone()),
            UpstreamUrl::Kept(place) => {
                let text = place.fetch()?;
                text.reveal().parse().map_err(|fault| NoUrl::NotOne { place: place.clone(), fault })
            }
        }
    }
}

impl Access {
    /// Reads these settings of a table; what is missing there is as in `outer`.
    pub fn read(section: &mut Section<'_>, folder: &Path, outer: &Access) -> Access {
        let ca_file = section.take("ca_file").and_then(|field| secret::read_path(&field, folder));
        let in_flight = section.take("max_in_flight").and_then(|field| field.whole(1..=MAX_AT_ONCE));
        let max_in_flight = in_flight.map_or(outer.max_in_flight, |most| most as usize);
        let connections = section.take("max_connections");
        let max_connections = connections.and_then(|field| field.whole(max_in_flight as u64..=MAX_AT_ONCE));
        let max_connections = max_connections.map_or(outer.max_connections.max(max_in_flight), |most| most as usize);
        let failures = section.take("pass_over_after").and_then(|field| field.whole(1..=MAX_FAILURES));
        let pass_over_after = failures.map_or(outer.pass_over_after, |failures| failures as u32);
        let ca_file = ca_file.or_else(|| outer.ca_file.clone());
        Access { ca_file, max_in_flight, max_connections, pass_over_after }
    }
}

/// Reads one upstream or a list, whose URLs are of this sort.
pub fn read_urls(field: &Field<'_>, rule: UrlRule, folder: &Path) -> Vec<UpstreamUrl> {
    let items = field.items();
    if items.is_empty() || items.len() > MAX_UPSTREAMS {
        field.refuse(format!("expected 1 to {MAX_UPSTREAMS} upstreams"), None);
    }
    items.iter().filter_map(|item| read_url(item, rule, folder)).collect()
}

fn read_url(item: &Field<'_>, rule: UrlRule, folder: &Path) -> Option<UpstreamUrl> {
    if !item.is_table() {
        let url = url::read(item, rule)?.parse::<settings::UpstreamUrl>();
        return url.map_err(|fault| item.refuse(fault.to_string(), None)).ok().map(UpstreamUrl::Written);
    }
    let mut section = item.section("{ env = \"NAME\" }")?;
    let place = SecretPlace::read(&mut section, folder);
    section.finish();
    place.map(UpstreamUrl::Kept)
}

/// Reads `credential`.
pub fn read_credential(field: &Field<'_>, folder: &Path) -> Option<Credential> {
    if !field.is_table() {
        secret::refuse_text(
            field,
            "write credential = { header = \"x-api-key\", env = \"NAME\" } or { bearer = true, file = \"PATH\" }",
        );
        return None;
    }
    let mut section = field.section("a table")?;
    let place = SecretPlace::read(&mut section, folder);
    let header = match (section.take("header"), section.take("bearer")) {
        (Some(header), None) => read_header(&header).map(|name| (name, false)),
        (None, Some(bearer)) => match bearer.truth() {
            Some(true) => Some((AUTHORIZATION, true)),
            Some(false) => {
                bearer.refuse("bearer = false says nothing", Some("write header = \"NAME\" instead".to_owned()));
                None
            }
            None => None,
        },
        (Some(_), Some(bearer)) => {
            bearer.refuse("`header` and `bearer` exclude each other", Some("keep one of them".to_owned()));
            None
        }
        (None, None) => {
            let hint = "add header = \"x-api-key\", or bearer = true for Authorization: Bearer".to_owned();
            section.refuse("where the credential goes is missing", Some(hint));
            None
        }
    };
    section.finish();
    let (header, bearer) = header?;
    Some(Credential { header, bearer, place: place? })
}

fn read_header(field: &Field<'_>) -> Option<HeaderName> {
    const EXPECTED: &str = "the name of a header that can carry a credential, such as \"x-api-key\"";
    let name = header_name(field.text(EXPECTED)?);
    if name.is_none() {
        field.expected(EXPECTED);
    }
    name
}
