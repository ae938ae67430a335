//! Some history for a new demo: real calls through the real gateway, each with a key of the demo.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, client::conn::http1};
use tokio::net::TcpStream;

use super::{ready::KeyReady, seed::Seeded};

/// How often each key makes its round.
const ROUNDS: usize = 6;
/// What callers of the REST API ask for.
const PATHS: [&str; 7] = [
    "/leagues",
    "/teams?league=1",
    "/fixtures?league=1&season=2026",
    "/standings?league=1&season=2026",
    "/status",
    "/nothing",
    "/teams/../x",
];
/// What callers of the node ask for, with their parameters.
const METHODS: [(&str, &str); 6] = [
    ("eth_blockNumber", "[]"),
    ("eth_chainId", "[]"),
    ("eth_gasPrice", "[]"),
    ("eth_getBlockByNumber", r#"["latest",false]"#),
    ("eth_getLogs", r#"[{"fromBlock":"0x1","toBlock":"0x8"}]"#),
    ("eth_noSuchMethod", "[]"),
];

/// Calls each API with each key.
///
/// Errors: when the gateway does not answer at all.
pub async fn call(gateway: SocketAddr, seeded: &Seeded) -> anyhow::Result<()> {
    let stream = TcpStream::connect(gateway).await?;
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) = http1::handshake::<_, Full<Bytes>>(io).await?;
    let connection = tokio::spawn(connection);
    for round in 0..ROUNDS {
        for (place, key) in seeded.keys.iter().enumerate() {
            for request in requests(gateway, key, round + place)? {
                sender.ready().await?;
                let answer = sender.send_request(request).await?;
                answer.into_body().collect().await?;
            }
        }
    }
    drop(sender);
    connection.await??;
    Ok(())
}

/// A few requests of one key; which, changes from round to round.
fn requests(gateway: SocketAddr, key: &KeyReady, turn: usize) -> anyhow::Result<Vec<Request<Full<Bytes>>>> {
    let request = |path: String| {
        let builder = Request::builder().uri(path).header("host", gateway.to_string());
        builder.header("user-agent", "keyward-demo/1").header("x-api-key", &key.value)
    };
    let mut requests = Vec::new();
    for path in PATHS.iter().cycle().skip(turn).take(3) {
        requests.push(request(format!("/football{path}")).body(Full::default())?);
    }
    let calls: Vec<_> = METHODS
        .iter()
        .cycle()
        .skip(turn)
        .take(3)
        .enumerate()
        .map(|(id, (method, parameters))| {
            format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{parameters}}}"#)
        })
        .collect();
    let batch = format!("[{}]", calls.join(","));
    for body in [calls[0].clone(), batch] {
        let post = request("/node/v1/eth/example".to_owned()).method("POST").header("content-type", "application/json");
        requests.push(post.body(Full::from(body))?);
    }
    Ok(requests)
}
