//! One item of `gateway.listen`: an address, or a table with an address and what is special about it.

use std::{net::SocketAddr, ops::RangeInclusive, path::Path, time::Duration};

use domain::allowlist::{AddressEntry, AddressSet};
use gateway::settings::{ClientAddress, ListenerSettings, TlsSettings};

use super::{gateway::MAX_LISTENERS, reader::Field, secret::read_path};

const EXPECTED: &str =
    "an address with a port, such as \"127.0.0.1:8081\" or \"[::1]:8081\", or a table { address = \"…\" }";
/// Bounds of `check_every`.
const CHECK: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(86_400);

/// Reads one item or a list; port 0 lets the system choose.
pub fn read_all(field: &Field<'_>, folder: &Path) -> Vec<ListenerSettings> {
    let items = field.items();
    if items.is_empty() || items.len() > MAX_LISTENERS {
        field.refuse(format!("expected 1 to {MAX_LISTENERS} addresses"), None);
    }
    let mut listeners = Vec::<ListenerSettings>::new();
    for item in items {
        let Some(listener) = read(&item, folder) else { continue };
        let address = listener.address;
        if address.port() != 0 && listeners.iter().any(|other| other.address == address) {
            item.refuse(format!("{address} stands here twice"), None);
        } else {
            listeners.push(listener);
        }
    }
    listeners
}

fn read(item: &Field<'_>, folder: &Path) -> Option<ListenerSettings> {
    if !item.is_table() {
        return read_address(item).map(ListenerSettings::from);
    }
    let mut section = item.section(EXPECTED)?;
    let address = section.require("address", "\"0.0.0.0:8081\"").and_then(|field| read_address(&field));
    let (way, proxies) = (section.take("client_address"), section.take("trusted_proxies"));
    let client_address = read_client_address(way.as_ref(), proxies.as_ref());
    let tls = section.take("tls").and_then(|field| read_tls(&field, folder));
    section.finish();
    Some(ListenerSettings { address: address?, client_address, tls })
}

fn read_address(field: &Field<'_>) -> Option<SocketAddr> {
    let address = field.as_text().and_then(|text| text.parse().ok());
    if address.is_none() {
        field.expected(EXPECTED);
    }
    address
}

/// A header that anybody may send says nothing without the proxies that are believed, so both stand together.
fn read_client_address(way: Option<&Field<'_>>, proxies: Option<&Field<'_>>) -> ClientAddress {
    const WAYS: &str = "\"socket\", \"x-forwarded-for\", \"forwarded\" or \"proxy-protocol\"";
    let from: fn(AddressSet) -> ClientAddress = match way.map(|way| (way, way.text(WAYS))) {
        None | Some((_, Some("socket"))) => {
            if let Some(proxies) = proxies {
                let hint = "add client_address = \"x-forwarded-for\", \"forwarded\" or \"proxy-protocol\"".to_owned();
                proxies.refuse("nothing is taken from these proxies", Some(hint));
            }
            return ClientAddress::Socket;
        }
        Some((_, Some("x-forwarded-for"))) => ClientAddress::XForwardedFor,
        Some((_, Some("forwarded"))) => ClientAddress::Forwarded,
        Some((_, Some("proxy-protocol"))) => ClientAddress::ProxyProtocol,
        Some((way, other)) => {
            if other.is_some() {
                way.expected(WAYS);
            }
            return ClientAddress::Socket;
        }
    };
    let items = proxies.map(Field::items).unwrap_or_default();
    let entries: Vec<AddressEntry> =
        items.iter().filter_map(|item| item.parsed("an address or a network, such as \"10.0.0.0/8\"")).collect();
    if let Some(way) = way.filter(|_| items.is_empty()) {
        let hint = "add trusted_proxies = [\"10.0.0.5\"]: only these are believed".to_owned();
        way.refuse("anybody could say where they come from without `trusted_proxies`", Some(hint));
    }
    from(AddressSet::of(&entries))
}

fn read_tls(field: &Field<'_>, folder: &Path) -> Option<TlsSettings> {
    let mut section = field.section("a table { certificate = \"…\", key = \"…\" }")?;
    let mut path = |name, example| section.require(name, example).and_then(|field| read_path(&field, folder));
    let (certificate, key) = (path("certificate", "\"tls/chain.pem\""), path("key", "\"tls/key.pem\""));
    let check_every = section.take("check_every").and_then(|field| field.duration(CHECK));
    section.finish();
    Some(TlsSettings {
        certificate: certificate?,
        key: key?,
        check_every: check_every.unwrap_or(TlsSettings::CHECK_EVERY),
    })
}
