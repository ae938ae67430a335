//! The control plane, on a listener of its own: the REST API that people and their dashboard use, and the dashboard's files.
//!
//! Read `router` first: it lists every route. A handler is a sentence: may, load, decide, save, answer.
//!
//! | part | is |
//! |---|---|
//! | [`app`] | what every handler has at hand |
//! | `actor`, `change` | who asks, what they may, and the transaction in which it is done |
//! | `host`, `origin`, `cookie`, `bearer`, `headers`, `limit` | what proves who asks, and what stands between other sites and a session |
//! | a file per noun | its routes, and how it is shown |
//! | [`mail`] | what is written to people, and how it is sent |
//! | [`effect`] | how a change is brought into force before it is answered |
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests may look at the clock"))]

pub mod app;
pub mod dashboard;
pub mod delivery;
pub mod effect;
pub mod ending;
pub mod limit;
pub mod mail;
pub mod operator;
pub mod password;
pub mod router;
pub mod seal;

mod access_token;
mod account;
mod actor;
mod address_change;
mod allowlist;
mod audit;
mod bearer;
mod body;
mod change;
mod cookie;
mod denial;
mod error;
mod founding;
mod grant;
mod headers;
mod host;
mod idempotency;
mod instance;
mod invitation;
mod key;
mod leak;
mod link;
mod list;
mod member;
mod origin;
mod outbox;
mod ownership;
mod page;
mod person;
mod registration;
mod request_log;
mod reset;
mod role;
mod second_factor;
mod session;
mod stats;
mod sweep;
mod tester;
mod usage;
mod value;
mod version;
mod view;

pub use app::{ApiFace, App, Registration, Settings};
pub use invitation::Offer;
pub use link::Page;
pub use router::{description, router};
