//! The control plane's face: its own listener, apart from the gateway's. People will sign in here; programs find the
//! REST API here. This version answers with what is running and where; accounts, members and keys are managed by the
//! `keyward` commands.

mod denial;
pub mod host;
mod manage;
mod page;
pub mod router;
pub mod welcome;

pub use router::{Face, router};
