//! Which upstream is behind each API of the demo: the example server, or the one that the command line names.

use std::{net::SocketAddr, str::FromStr};

use anyhow::{Context, bail};
use gateway::settings::{Settings, UpstreamUrl};

use crate::{clock, config::Config};

/// `API=URL`.
#[derive(Clone, Debug)]
pub struct Override {
    /// The API's name.
    pub api: String,
    url: UpstreamUrl,
}

impl FromStr for Override {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (api, url) = text.split_once('=').ok_or("expected API=URL, such as node=http://127.0.0.1:8545")?;
        let url = url.parse::<UpstreamUrl>().map_err(|fault| fault.to_string())?;
        Ok(Override { api: api.to_owned(), url })
    }
}

/// What the gateway is told, with the overrides in place.
///
/// Errors: an override of an API that is not there; a secret that cannot be read.
pub fn settings(config: &Config, overrides: &[Override]) -> anyhow::Result<Settings> {
    let mut settings = config.gateway_settings(clock::clock(), clock::entropy_of_id())?;
    for Override { api: name, url } in overrides {
        let Some(api) = settings.apis.iter_mut().find(|api| api.api.name.as_str() == name) else {
            let known: Vec<_> = config.apis.iter().map(|api| api.api.name.as_str()).collect();
            bail!("there is no API `{name}` to put an upstream behind; there are {}", known.join(", "));
        };
        api.upstreams.iter_mut().for_each(|upstream| upstream.url = url.clone());
    }
    Ok(settings)
}

/// Where the file says that an example server is; none when it names another sort of place.
///
/// Errors: a URL that cannot be read.
pub fn address_of(config: &Config, api: &str) -> anyhow::Result<Option<SocketAddr>> {
    let Some(api) = config.apis.iter().find(|declared| declared.api.name.as_str() == api) else { return Ok(None) };
    let Some(url) = api.upstreams.values().flat_map(|upstreams| &upstreams.urls).next() else { return Ok(None) };
    let url = url.fetch().with_context(|| format!("the upstream of `{}`", api.api.name))?;
    Ok(url.authority.parse::<SocketAddr>().ok().filter(|address| address.ip().is_loopback() && !url.tls))
}
