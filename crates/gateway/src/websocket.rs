//! WebSocket: JSON-RPC over a connection that stays open.
//!
//! ```text
//! caller ──frames──► side ──message──► up ──call──► side ──frames──► upstream
//! caller ◄──frames── side ◄──message── down ◄─answer or push── side ◄──frames── upstream
//! ```
//! The handshake is a request: decided on before anything is opened, free, and without a row if it goes well. Each message of
//! the caller takes the way of an HTTP body: `rpc::request::parse`, then each call is decided, charged and written to the
//! journal by itself before a byte of it goes up. Answers are known by their ids.
//!
//! One task serves both directions, and reads a direction only while there is room in the other: nothing is held for a side that
//! does not read, beyond a message on its way. While nothing is sent, no buffer is held at all.

mod calls;
mod deny;
mod down;
mod end;
pub(crate) mod handshake;
mod open;
mod outbox;
mod pushes;
mod session;
mod shake;
mod side;
mod up;

pub(crate) use open::{Opened, open};
pub(crate) use session::serve;

/// What is named in rows of calls over a WebSocket: each was answered, if only by an error in its place.
const ANSWERED: u16 = 200;
