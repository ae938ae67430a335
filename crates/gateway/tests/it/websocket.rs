//! A JSON-RPC API over WebSocket, frame by frame, with an upstream that does as it is told.

mod calls;
mod ends;
mod failover;
mod flow;
mod handshakes;
mod lists;
mod peers;
mod pushes;

use crate::world::{Plan, World};
use peers::SocketUpstream;

/// A world whose JSON-RPC API has this upstream behind its WebSocket.
fn plan(upstream: &SocketUpstream) -> Plan {
    Plan { sockets: vec![upstream.url()], ..Plan::open("http://127.0.0.1:9".to_owned()) }
}

fn world(upstream: &SocketUpstream) -> World {
    plan(upstream).start()
}

fn call(id: &str, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}"}}"#)
}

fn result(id: &str, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":"{method}"}}"#)
}
