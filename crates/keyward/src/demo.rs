//! `keyward demo`: a node on SQLite with example upstreams, a seeded account and some history, ready to be called.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    activation::Inherited,
    config::Config,
    node::{Mode, Node},
    serve::{until_told_to_stop, write_ready_file},
};

mod folder;
mod history;
mod ready;
mod seed;
mod upstream;

/// How to run the demo.
#[derive(Debug, clap::Args)]
pub struct DemoArguments {
    /// Where to keep everything; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// Where people reach the dashboard; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    control: Option<SocketAddr>,
    /// Where callers reach the gateway; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    gateway: Option<SocketAddr>,
    /// Write what was made into this file, as JSON, once the demo listens. It holds key values and passwords.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Put another upstream behind an API, in place of the example; may be given for each API.
    #[arg(long = "upstream", value_name = "API=URL")]
    upstreams: Vec<upstream::Override>,
    /// Set the account's daily request quota, for each API.
    #[arg(long, value_name = "REQUESTS")]
    quota: Option<u64>,
}

/// Runs the demo until SIGTERM or SIGINT.
///
/// Errors: in words for people, with their causes.
pub async fn run(arguments: DemoArguments) -> anyhow::Result<()> {
    let config = prepare(&arguments).await?;
    // Held by another demo: say so before anything is drawn anew.
    drop(journal::DataDir::lock(&config.data)?);
    let seeded = seed::run(&config, arguments.quota).await?;
    let settings = upstream::settings(&config, &arguments.upstreams)?;
    let node = Node::start_with(&config, settings, Mode::Demo, Inherited::default()).await?;
    // Somebody who brings an upstream or a quota counts calls, and wants none but their own.
    if seeded.is_new && arguments.upstreams.is_empty() && arguments.quota.is_none() {
        history::call(node.gateway_address(), &seeded).await.context("the demo's first calls")?;
    }
    let ready = ready::Ready::new(&config, &node, seeded);
    print!("{}", ready.for_people());
    if let Some(file) = &arguments.ready_file {
        write_ready_file(file, &ready)?;
    }
    until_told_to_stop().await?;
    node.stop().await
}

/// Makes the folder, starts the example upstreams where its file says they are, and reads the file.
async fn prepare(arguments: &DemoArguments) -> anyhow::Result<Config> {
    let replaced: Vec<_> = arguments.upstreams.iter().map(|one| one.api.as_str()).collect();
    let file = folder::make(&arguments.data)?;
    let mut config = Config::load(&file)?;
    config.gateway.listen = arguments.gateway.map_or(config.gateway.listen, |address| vec![address.into()]);
    config.control.listen = arguments.control.map_or(config.control.listen, |address| vec![address]);
    for api in [folder::FOOTBALL, folder::NODE].into_iter().filter(|api| !replaced.contains(api)) {
        start_example(&config, api, &arguments.data).await?;
    }
    Ok(config)
}

async fn start_example(config: &Config, api: &str, data: &Path) -> anyhow::Result<()> {
    let Some(address) = upstream::address_of(config, api)? else { return Ok(()) };
    let started = match api {
        folder::FOOTBALL => crate::example::football::start_football(address, &folder::credential(data)?).await,
        _ => crate::example::node::start_node(address).await,
    };
    let file = config.file.display();
    started.with_context(|| format!("the example server of `{api}` cannot listen on {address}, which {file} names"))?;
    Ok(())
}
