//! Ops: what those who run Keyward ask of it: figures, whether it lives, whether it can serve. On a listener of its own,
//! never on the gateway's or the dashboard's, and without a word about keys, members or accounts.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Json},
    routing::get,
};
use domain::time::Clock;
use gateway::{keyring::Keyring, meter::Meter, metrics::Figures};
use journal::Ring;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::config::OpsConfig;

mod exposition;
mod figures;
mod readiness;

/// How the text of figures is called (Prometheus, text format 0.0.4).
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is looked at when somebody asks.
pub struct Seen {
    /// The clocks.
    pub clock: Clock,
    /// When the node started, on the wall clock, in seconds since 1970.
    pub started_at: f64,
    /// The gateway's figures.
    pub figures: Figures,
    /// What holds leases.
    pub meter: Arc<Meter>,
    /// The policies at hand.
    pub keyring: Arc<Keyring>,
    /// The journals of this life, one for each gateway thread in its order.
    pub journals: Vec<Ring>,
    /// True from the wish to stop on.
    pub draining: watch::Receiver<bool>,
}

/// The running listener.
pub struct Ops {
    address: SocketAddr,
    listener: JoinHandle<()>,
}

impl Ops {
    /// Binds, or takes a socket that listens already.
    ///
    /// Errors: the address cannot be listened on.
    pub async fn listen(config: &OpsConfig, inherited: Option<std::net::TcpListener>) -> anyhow::Result<TcpListener> {
        if let Some(inherited) = inherited {
            return Ok(TcpListener::from_std(inherited)?);
        }
        let bound = TcpListener::bind(config.listen.as_slice()).await;
        bound.with_context(|| format!("cannot listen on {} for figures and health", config.listen[0]))
    }

    /// Answers from now on.
    ///
    /// Errors: the listener is gone.
    pub fn start(listener: TcpListener, seen: Seen) -> anyhow::Result<Ops> {
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/health", get(|| async { "alive\n" }))
            .route("/ready", get(ready))
            .with_state(Arc::new(seen));
        let listener = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the listener of figures and health ended");
            }
        });
        Ok(Ops { address, listener })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers no more.
    pub fn stop(self) {
        self.listener.abort();
    }
}

async fn metrics(State(seen): State<Arc<Seen>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, EXPOSITION)], figures::text(&seen))
}

/// Whether callers should be sent here.
async fn ready(State(seen): State<Arc<Seen>>) -> impl IntoResponse {
    let readiness = readiness::look(&seen);
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}
