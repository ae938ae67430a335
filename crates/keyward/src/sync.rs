//! The only place where the gateway and the store meet: plain values are carried between them.
//!
//! | file | carries |
//! |---|---|
//! | `policy` | the store's change feed → the gateway's keyring |
//! | `lease` | what the gateway asks for → the ledger → its answers |
//! | `request_log` | the gateway's journals → the request log |
//! | `recover` | what a killed process left: its journals are shipped, its leases settled |

pub mod lease;
pub mod policy;
pub mod recover;
pub mod request_log;
