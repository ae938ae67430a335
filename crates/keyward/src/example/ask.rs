//! Asks the example upstreams over real HTTP, for their tests.

use std::{io, net::SocketAddr, time::Duration};

use serde_json::Value;
use testbed::http;

const LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

pub async fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    let url = format!("http://{address}{path}");
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    aside(move || {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        http::get(&url, &headers, LIMIT)
    })
    .await
}

pub async fn post(address: SocketAddr, body: &str) -> Answer {
    let (url, body) = (format!("http://{address}"), body.to_owned());
    aside(move || http::post(&url, &[], body.as_bytes(), LIMIT)).await
}

/// The client blocks, and the server under test runs on this thread.
async fn aside(ask: impl FnOnce() -> io::Result<http::Answer> + Send + 'static) -> Answer {
    let answer = tokio::task::spawn_blocking(ask).await.expect("asking does not panic").expect("the server answers");
    Answer { status: answer.status, body: answer.body }
}
