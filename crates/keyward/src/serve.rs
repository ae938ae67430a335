//! `keyward serve`: runs a node until it is told to stop.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    activation::{Inherited, notify},
    config::Config,
    node::Node,
};

/// How to serve.
#[derive(Debug, clap::Args)]
pub struct ServeArguments {
    /// Write where the node listens into this file, as JSON, once it does.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Ready {
    control_url: String,
    gateway_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ops_url: Option<String>,
}

/// Serves until SIGTERM or SIGINT, then stops in good order.
///
/// Errors: in words for people, with their causes.
pub async fn run(config: &Config, arguments: ServeArguments) -> anyhow::Result<()> {
    let node = Node::start(config, Inherited::take()?).await?;
    let ready = Ready {
        control_url: format!("http://{}", node.control_address()),
        gateway_url: format!("http://{}", node.gateway_address()),
        ops_url: node.ops_address().map(|address| format!("http://{address}")),
    };
    tracing::info!(control = ready.control_url, gateway = ready.gateway_url, "keyward serves");
    if let Some(link) = node.control().operator_link().await? {
        println!("{}", first_words(&link));
    }
    if let Some(file) = &arguments.ready_file {
        write_ready_file(file, &ready)?;
    }
    notify("READY=1");
    until_told_to_stop().await?;
    notify("STOPPING=1");
    tracing::info!("stopping: calls in flight end, the log is stored, units go back");
    node.stop().await
}

/// What whoever starts an installation for the first time is told. It goes to the terminal and not into the log.
fn first_words(link: &str) -> String {
    format!(
        "\nNobody runs this installation yet. Follow this link within 24 hours to become its operator,\n\
         with the first account; it works once, and another start prints another:\n\n  {link}\n"
    )
}

/// Waits for SIGTERM or SIGINT.
///
/// Errors: when signals cannot be waited for.
pub async fn until_told_to_stop() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Writes the file whole or not at all, for the eyes of its owner: whoever waits for it never reads half of it.
///
/// Errors: when it cannot be written.
pub fn write_ready_file(file: &Path, content: &impl Serialize) -> anyhow::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let unfinished = file.with_extension("unfinished");
    let write = || -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        let mut open = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        open.write_all(&serde_json::to_vec_pretty(content)?)?;
        open.write_all(b"\n")?;
        std::fs::rename(&unfinished, file)
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}
