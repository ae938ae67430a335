//! From configuration to what the gateway is told: secrets are fetched, nothing else is decided.

use domain::time::Clock;
use gateway::settings::{ApiSettings, CredentialSettings, KeyPlace, RouteSettings, Settings, UpstreamSettings};

use super::{
    ApiConfig, Config,
    api::{
        key_place,
        upstream::{Credential, NoUrl, UpstreamUrl, Upstreams},
    },
    secret::SecretMissing,
};

/// Why the gateway cannot be told what it needs.
#[derive(Debug, thiserror::Error)]
pub enum NotReadable {
    /// The URL of an upstream is kept where nothing fit is.
    #[error("api.{api}.upstream: {source}")]
    Upstream {
        /// The API.
        api: String,
        /// What is missing.
        source: NoUrl,
    },
    /// The credential of an upstream is kept where nothing fit is.
    #[error("api.{api}.credential: {source}")]
    Credential {
        /// The API.
        api: String,
        /// What is missing.
        source: SecretMissing,
    },
}

impl Config {
    /// What the gateway is told at its start. `seed` are random bits of this start.
    ///
    /// Errors: the first secret that is not where the file says.
    pub fn gateway_settings(&self, clock: Clock, seed: u128) -> Result<Settings, NotReadable> {
        let apis = self.apis.iter().map(|config| config.settings()).collect::<Result<_, _>>()?;
        Ok(Settings {
            listen: self.gateway.listen.clone(),
            inherited: Vec::new(),
            clock,
            seed,
            apis,
            time_outs: self.gateway.time_outs,
            limits: self.gateway.limits,
            fast_path: self.gateway.fast_path,
            denials: self.gateway.denials,
            receipts_url: self.control_url(),
            ticket_key: None,
        })
    }

    /// Everything that `serve` would miss now, for `keyward check`.
    pub fn missing_secrets(&self) -> Vec<String> {
        let of_apis = self.apis.iter().flat_map(|config| {
            let urls =
                config.upstreams.values().flat_map(|upstreams| upstreams.urls.iter().chain(&upstreams.socket_urls));
            let urls = urls.filter_map(|url| url.fetch().err()).map(|source| config.no_upstream(source));
            let credential = config.credential.as_ref().and_then(|credential| credential.place.fetch().err());
            urls.chain(credential.map(|source| config.no_credential(source))).collect::<Vec<_>>()
        });
        let database = self.database.location(&self.data).err().map(|missing| missing.to_string());
        let mail = self.mail.server.as_ref().and_then(|server| server.settings().err());
        let mail = mail.map(|missing| format!("mail.password: {missing}"));
        database.into_iter().chain(mail).chain(of_apis.map(|missing| missing.to_string())).collect()
    }

    /// Where people reach the dashboard, if that is known before it listens.
    pub fn control_url(&self) -> Option<String> {
        let first = self.control.listen.first().filter(|address| address.port() != 0);
        self.control.public_url.clone().or_else(|| first.map(|address| format!("http://{address}")))
    }
}

impl ApiConfig {
    fn settings(&self) -> Result<ApiSettings, NotReadable> {
        let route = |template: &String| RouteSettings { template: template.clone(), hosts: self.hosts.clone() };
        let credential = self.credential.as_ref().map(|credential| self.credential_settings(credential));
        Ok(ApiSettings {
            api: self.api.clone(),
            routes: self.paths.iter().map(route).collect(),
            socket_routes: self.socket_paths.iter().map(route).collect(),
            key_places: self.key_in.iter().filter_map(outside_the_path).collect(),
            upstreams: self.upstream_settings(|upstreams| &upstreams.urls)?,
            socket_upstreams: self.upstream_settings(|upstreams| &upstreams.socket_urls)?,
            credential: credential.transpose()?,
            body_limit: self.body_limit,
            batch_limit: self.batch_limit,
            answer_time_out: self.answer_time_out,
            retry_idempotent: self.retry_idempotent,
            refund: self.refund,
            failed_when: self.failed_when.clone(),
            hidden_headers: self.remove_answer_headers.clone(),
            cors: self.cors.clone(),
            unknown_methods: self.unknown_methods,
        })
    }

    fn upstream_settings(
        &self,
        urls: fn(&Upstreams) -> &Vec<UpstreamUrl>,
    ) -> Result<Vec<UpstreamSettings>, NotReadable> {
        let each = self
            .upstreams
            .iter()
            .flat_map(|(network, upstreams)| urls(upstreams).iter().map(move |url| (network, url, &upstreams.access)));
        each.map(|(network, url, access)| {
            Ok(UpstreamSettings {
                network: network.clone(),
                url: url.fetch().map_err(|source| self.no_upstream(source))?,
                ca_file: access.ca_file.clone(),
                max_in_flight: access.max_in_flight,
                max_connections: access.max_connections,
                pass_over_after: access.pass_over_after,
            })
        })
        .collect()
    }

    fn credential_settings(&self, credential: &Credential) -> Result<CredentialSettings, NotReadable> {
        let secret = credential.place.fetch().map_err(|source| self.no_credential(source))?.reveal().to_owned();
        let settings = match credential.bearer {
            true => CredentialSettings::bearer(secret),
            false => CredentialSettings::header(credential.header.clone(), secret),
        };
        settings.ok_or_else(|| self.no_credential(SecretMissing::Unfit { place: credential.place.clone() }))
    }

    fn no_upstream(&self, source: NoUrl) -> NotReadable {
        NotReadable::Upstream { api: self.api.name.to_string(), source }
    }

    fn no_credential(&self, source: SecretMissing) -> NotReadable {
        NotReadable::Credential { api: self.api.name.to_string(), source }
    }
}

/// The gateway knows a place in the path from the route's template.
fn outside_the_path(place: &key_place::KeyPlace) -> Option<KeyPlace> {
    match place {
        key_place::KeyPlace::Header(name) => Some(KeyPlace::Header(name.clone())),
        key_place::KeyPlace::Bearer => Some(KeyPlace::Bearer),
        key_place::KeyPlace::Query(name) => Some(KeyPlace::Query(name.clone())),
        key_place::KeyPlace::Path => None,
    }
}
