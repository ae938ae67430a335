//! App: what every handler has at hand.

use std::net::SocketAddr;

use domain::{
    id::{Id, Noun},
    ticket::TicketKey,
    time::{Clock, Timestamp},
    token::Token,
};
use store::Store;
use tokio::sync::Notify;

use crate::{dashboard::Assets, effect::Effect, limit::Limits, mail::Letters, password::Passwords, seal::Seal};

/// Who may become a person by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Everybody, with an account of their own on the default plans.
    Open,
    /// Who is invited.
    Invitation,
    /// Nobody: not even an invitation makes a new person.
    Closed,
}

/// An API as the dashboard shows it.
#[derive(Clone, Debug)]
pub struct ApiFace {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// `rest` or `json-rpc`.
    pub protocol: &'static str,
    /// Its networks.
    pub networks: Vec<String>,
    /// Where callers point: one for each network, or one. `{key}` stands where the value goes, if it goes into the path.
    pub base_urls: Vec<String>,
    /// The host that callers name, if the API has one of its own.
    pub host: Option<String>,
    /// The header that takes the value, if one does.
    pub key_header: Option<String>,
    /// A path below the base, or a method, that is worth a try.
    pub example: String,
}

/// What the operator settled.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach this listener, without a slash at the end. Every link is made from it.
    pub public_url: String,
    /// Where programs reach the gateway, without a slash at the end.
    pub gateway_url: String,
    /// Where the gateway listens on this machine: the tester calls it there.
    pub gateway_address: SocketAddr,
    /// The APIs.
    pub apis: Vec<ApiFace>,
    /// Who may register.
    pub registration: Registration,
    /// Whether everybody needs a second factor.
    pub is_second_factor_required: bool,
    /// Whether operators see the rows of accounts' logs; otherwise totals only.
    pub operator_sees_logs: bool,
    /// Where people turn to who runs this installation: an address or a page. None: nothing is told.
    pub contact: Option<String>,
    /// Whether mails are sent; otherwise the operator reads them in the outbox.
    pub has_mail: bool,
    /// Whether this is the demo.
    pub is_demo: bool,
    /// The version of the program.
    pub version: &'static str,
}

/// What every handler has at hand.
pub struct App {
    /// The store.
    pub store: Store,
    /// The clocks.
    pub clock: Clock,
    /// Random bytes from the operating system.
    pub entropy: fn() -> [u8; 32],
    /// What the operator settled.
    pub settings: Settings,
    /// How a change is brought into force.
    pub effect: Effect,
    /// What must be read back is sealed with it.
    pub seal: Seal,
    /// Signs what the tester sends.
    pub ticket_key: TicketKey,
    /// Hashes passwords, so many at a time.
    pub passwords: Passwords,
    /// How often things may be tried.
    pub limits: Limits,
    /// Writes mails.
    pub letters: Letters,
    /// Rung when a mail was put into the outbox.
    pub mail_waits: Notify,
    /// The dashboard's files.
    pub assets: Assets,
}

impl App {
    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.clock.wall)()
    }

    /// A new identifier.
    pub fn id<N: Noun>(&self, now: Timestamp) -> Id<N> {
        Id::new(now, self.random())
    }

    /// A new token.
    pub fn token(&self) -> Token {
        Token::draw((self.entropy)())
    }

    /// Random bits for an identifier.
    pub fn random(&self) -> u128 {
        let bytes = (self.entropy)();
        u128::from_le_bytes(*bytes.first_chunk().expect("32 bytes are more than 16"))
    }

    /// Whether people reach this over https.
    pub fn is_https(&self) -> bool {
        self.settings.public_url.starts_with("https://")
    }
}
