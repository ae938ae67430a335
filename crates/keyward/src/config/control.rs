//! `[control]`: where the dashboard and its API listen, under which address people reach them, and who may register.

use std::net::{IpAddr, SocketAddr};

use control::Registration;
use domain::person::Email;

use super::{
    gateway::read_addresses,
    reader::Field,
    url::{self, PUBLIC},
};

/// What `[control]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlConfig {
    /// Where it listens.
    pub listen: Vec<SocketAddr>,
    /// Where people reach it; every link is made from this, never from what a request says. None only on loopback.
    pub public_url: Option<String>,
    /// Who may become a person by themselves.
    pub registration: Registration,
    /// Whether everybody who signs in needs a second factor.
    pub is_second_factor_required: bool,
    /// Where people turn to who runs this installation: a mail address or an https:// page.
    pub contact: Option<String>,
    /// Whether operators see the rows of accounts' logs; otherwise totals only.
    pub operator_sees_logs: bool,
}

/// Reads `[control]`.
pub fn read(field: Option<&Field<'_>>) -> ControlConfig {
    let listen = vec![SocketAddr::from(([127, 0, 0, 1], 8080))];
    let mut config = ControlConfig {
        listen,
        public_url: None,
        registration: Registration::Invitation,
        is_second_factor_required: false,
        contact: None,
        operator_sees_logs: false,
    };
    let Some(mut section) = field.and_then(|field| field.section("a table [control]")) else { return config };
    let listen = section.take("listen");
    if let Some(listen) = &listen {
        config.listen = read_addresses(listen, "127.0.0.1:8080");
    }
    let public_url = section.take("public_url");
    let allow_http = section.take("allow_http").and_then(|field| field.truth()).unwrap_or(false);
    let open = config.listen.iter().find(|address| !address.ip().is_loopback());
    match (public_url, open, listen) {
        (Some(field), _, _) => config.public_url = read_public_url(&field, allow_http),
        (None, Some(address), Some(listen)) => {
            let message = format!("{address} is not on loopback, so `public_url` is needed: links are made from it");
            listen.refuse(message, Some("add public_url = \"https://keys.example.com\" to [control]".to_owned()));
        }
        (None, _, _) => {}
    }
    if let Some(field) = section.take("registration") {
        config.registration = read_registration(&field).unwrap_or(config.registration);
    }
    if let Some(field) = section.take("second_factor") {
        config.is_second_factor_required = read_second_factor(&field).unwrap_or(false);
    }
    if let Some(field) = section.take("contact") {
        config.contact = read_contact(&field);
    }
    if let Some(field) = section.take("operator_sees_logs") {
        config.operator_sees_logs = field.truth().unwrap_or(false);
    }
    section.finish();
    config
}

/// Whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// The origin that a text names, in the form of `public_url`: scheme, host and perhaps a port; none for any other text.
pub fn public_origin(text: &str) -> Option<String> {
    let url = url::check(text, PUBLIC).ok()?;
    has_no_path(&url).then_some(url)
}

/// An origin, without a path: cookies, and the check of who sends a request, know nothing below it.
fn read_public_url(field: &Field<'_>, allow_http: bool) -> Option<String> {
    let url = url::read(field, PUBLIC)?;
    if !has_no_path(&url) {
        field.refuse("the dashboard needs a host of its own, without a path", None);
        return None;
    }
    let (scheme, authority) = url.split_once("://")?;
    let (host, _) = url::host_and_port(authority).ok()?;
    if scheme == "http" && !is_loopback(host) && !allow_http {
        let hint = "write https://, or add allow_http = true to [control]".to_owned();
        field.refuse("over http, passwords and sessions can be read on the way", Some(hint));
        return None;
    }
    Some(url)
}

fn has_no_path(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| !rest.contains('/'))
}

/// A mail address or a page: pages and letters make a link of it.
fn read_contact(field: &Field<'_>) -> Option<String> {
    const EXPECTED: &str = "a mail address, or the https:// address of a page";
    let text = field.text(EXPECTED)?;
    let is_page = text.starts_with("https://") && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_page || text.parse::<Email>().is_ok() {
        return Some(text.to_owned());
    }
    field.expected(EXPECTED);
    None
}

fn read_registration(field: &Field<'_>) -> Option<Registration> {
    const EXPECTED: &str = "\"open\", \"invitation\" or \"closed\"";
    match field.text(EXPECTED)? {
        "open" => Some(Registration::Open),
        "invitation" => Some(Registration::Invitation),
        "closed" => Some(Registration::Closed),
        _ => {
            field.expected(EXPECTED);
            None
        }
    }
}

fn read_second_factor(field: &Field<'_>) -> Option<bool> {
    const EXPECTED: &str = "\"optional\" or \"required\"";
    match field.text(EXPECTED)? {
        "optional" => Some(false),
        "required" => Some(true),
        _ => {
            field.expected(EXPECTED);
            None
        }
    }
}
