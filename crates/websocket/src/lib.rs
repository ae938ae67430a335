//! WebSocket (RFC 6455): bytes → messages, and messages → bytes. Pure: no sockets, no clock, no async.
//!
//! Reading order: [`frame`] (what one frame is), [`reader`] (frames put together to messages), [`close`] (how an end is told),
//! [`handshake`] (the two header values of an opening). Extensions are not spoken: a message is what was sent.
#![forbid(unsafe_code)]

pub mod close;
pub mod frame;
pub mod handshake;
pub mod reader;
