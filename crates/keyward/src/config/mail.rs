//! `[mail]`: the mail server that letters are handed to, and the operator's own templates of letters. Without a server letters stay
//! in the operator's outbox, in those words too.

use std::path::{Path, PathBuf};

use control::{
    delivery::{SmtpSettings, SmtpTls},
    mail::{Letters, WrongTemplate},
};
use domain::person::Email;

use super::{
    Config,
    control::is_loopback,
    reader::{Field, Section},
    secret::{self, SecretMissing, SecretPlace},
    url::{self, UrlRule},
};

/// The port on which servers take mail of their own people (RFC 6409).
const SUBMISSION: u16 = 587;
/// The port on which they do so over TLS from the first byte on (RFC 8314).
const SUBMISSIONS: u16 = 465;
/// Where a mail server is.
const SERVER: UrlRule = UrlRule {
    example: "smtp://mail.example.com:587",
    schemes: &["smtp"],
    instead: "write username = \"…\" and password = { env = \"NAME\" } or { file = \"PATH\" }",
};

/// What `[mail]` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailConfig {
    /// The mail server; none: letters stay in the operator's outbox.
    pub server: Option<MailServer>,
    /// The folder with the operator's own templates of letters.
    pub templates: Option<PathBuf>,
}

/// A mail server, and how Keyward hands letters to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// With which name Keyward signs in there, and where the password is kept.
    pub credential: Option<(String, SecretPlace)>,
    /// Who writes: `Keyward <keys@example.com>`.
    pub from: String,
}

impl MailServer {
    /// What delivery needs, with the password fetched.
    ///
    /// Errors: the password is not where it should be.
    pub fn settings(&self) -> Result<SmtpSettings, SecretMissing> {
        let credentials = match &self.credential {
            Some((name, place)) => Some((name.clone(), place.fetch()?.reveal().to_owned())),
            None => None,
        };
        Ok(SmtpSettings {
            host: self.host.clone(),
            port: self.port,
            tls: self.tls,
            credentials,
            from: self.from.clone(),
        })
    }
}

impl Config {
    /// Letters with links to `public_url`, in the words of the file's templates where it names some.
    ///
    /// Errors: the template that is wrong.
    pub fn letters(&self, public_url: &str) -> Result<Letters, WrongTemplate> {
        let letters = Letters::new(public_url, self.control.contact.clone());
        match &self.mail.templates {
            Some(folder) => letters.with_folder(folder),
            None => Ok(letters),
        }
    }
}

/// Reads `[mail]`: a server, or nothing but templates.
pub fn read(field: &Field<'_>, folder: &Path) -> Option<MailConfig> {
    let mut section = field.section("a table [mail]")?;
    let templates = section.take("templates");
    let has_server = templates.is_none() || !section.take_others().is_empty();
    let server = if has_server { Some(read_whole(section, folder)?) } else { None };
    Some(MailConfig { server, templates: templates.and_then(|field| secret::read_path(&field, folder)) })
}

/// All of the section but `templates`.
fn read_whole(mut section: Section<'_>, folder: &Path) -> Option<MailServer> {
    let server = section.require("server", "\"smtp://mail.example.com:587\"").and_then(|field| read_server(&field));
    let tls = section.take("tls");
    let from = section.require("from", "\"Keyward <keys@example.com>\"").and_then(|field| read_from(&field));
    let credential = read_credential(&mut section, folder);
    let (host, port) = server?;
    let tls_read = match &tls {
        Some(field) => read_tls(field)?,
        None if port == SUBMISSIONS => SmtpTls::Tls,
        None => SmtpTls::Starttls,
    };
    if let (SmtpTls::None, Some(field), Some(_), false) = (tls_read, &tls, &credential, is_loopback(&host)) {
        let hint = "use tls = \"starttls\" or \"tls\", or a server that wants no password".to_owned();
        field.refuse("without TLS the password could be read on the way", Some(hint));
    }
    section.finish();
    Some(MailServer { host, port, tls: tls_read, credential, from: from? })
}

fn read_server(field: &Field<'_>) -> Option<(String, u16)> {
    let url = url::read(field, SERVER)?;
    let authority = url.strip_prefix("smtp://")?;
    if authority.contains('/') {
        field.expected("a URL such as \"smtp://mail.example.com:587\", without a path");
        return None;
    }
    let (host, port) = url::host_and_port(authority).ok()?;
    Some((host.to_owned(), port.unwrap_or(SUBMISSION)))
}

fn read_tls(field: &Field<'_>) -> Option<SmtpTls> {
    const EXPECTED: &str = "\"starttls\", \"tls\" or \"none\"";
    match field.text(EXPECTED)? {
        "starttls" => Some(SmtpTls::Starttls),
        "tls" => Some(SmtpTls::Tls),
        "none" => Some(SmtpTls::None),
        _ => {
            field.expected(EXPECTED);
            None
        }
    }
}

/// `address`, or `Name <address>`.
fn read_from(field: &Field<'_>) -> Option<String> {
    const EXPECTED: &str = "a sender such as \"Keyward <keys@example.com>\"";
    let text = field.text(EXPECTED)?;
    let address = match text.split_once('<') {
        Some((name, rest)) if !name.contains(|c: char| c.is_control() || "\"@,;:>".contains(c)) => {
            rest.strip_suffix('>')
        }
        Some(_) => None,
        None => Some(text),
    };
    if address.is_none_or(|address| address.parse::<Email>().is_err()) {
        field.expected(EXPECTED);
        return None;
    }
    Some(text.to_owned())
}

fn read_credential(section: &mut Section<'_>, folder: &Path) -> Option<(String, SecretPlace)> {
    let (username, password) = (section.take("username"), section.take("password"));
    match (username, password) {
        (None, None) => None,
        (Some(username), Some(password)) => {
            let name = username.text("the name with which Keyward signs in at the server");
            Some((name?.to_owned(), read_password(&password, folder)?))
        }
        (Some(alone), None) => {
            alone.refuse("`username` needs a `password`", Some("add password = { env = \"NAME\" }".to_owned()));
            None
        }
        (None, Some(alone)) => {
            alone.refuse("`password` needs a `username`", Some("add username = \"NAME\"".to_owned()));
            None
        }
    }
}

fn read_password(field: &Field<'_>, folder: &Path) -> Option<SecretPlace> {
    if !field.is_table() {
        secret::refuse_text(field, "write password = { env = \"NAME\" } or { file = \"PATH\" }");
        return None;
    }
    let mut inner = field.section("{ env = \"NAME\" }")?;
    let place = SecretPlace::read(&mut inner, folder);
    inner.finish();
    place
}
