//! What `keyward check` says it understood: a few lines that show at once what would be served, and what is missing.

use std::fmt::{self, Write};

use domain::{plan::Plan, quota::UNLIMITED};
use gateway::settings::{ClientAddress, ListenerSettings};

use super::{ApiConfig, Config, units};

impl Config {
    /// The summary, without a line break at its end.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        self.write_summary(&mut text).expect("a string takes all that is written");
        text.truncate(text.trim_end().len());
        text
    }

    fn write_summary(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "{}: good", self.file.display())?;
        writeln!(out, "  store     {}", self.database.describe(&self.data))?;
        let threads = self.gateway.threads;
        let plural = if threads == 1 { "" } else { "s" };
        let listeners: Vec<String> = self.gateway.listen.iter().map(describe_listener).collect();
        writeln!(out, "  gateway   {}, {threads} thread{plural}", listed(&listeners))?;
        writeln!(out, "  control   {}", listed(&self.control.listen))?;
        if let Some(ops) = &self.ops {
            writeln!(out, "  ops       {}", listed(&ops.listen))?;
        }
        match &self.mail.server {
            Some(server) => writeln!(out, "  mail      {}:{}, from {}", server.host, server.port, server.from)?,
            None => writeln!(out, "  mail      none: letters stay in the operator's outbox")?,
        }
        if let Some(folder) = &self.mail.templates {
            writeln!(out, "  templates {}", folder.display())?;
        }
        writeln!(out, "  revoking  holds everywhere within {}", units::show_duration(self.revocation_bound))?;
        for api in &self.apis {
            writeln!(out, "  api       {}", describe_api(api))?;
        }
        for plan in &self.plans {
            writeln!(out, "  plan      {}", describe_plan(plan))?;
        }
        if self.apis.is_empty() {
            writeln!(out, "note: no API is declared, so there is nothing to serve")?;
        }
        self.missing_secrets().iter().try_for_each(|missing| writeln!(out, "note: {missing}"))
    }
}

fn describe_listener(listener: &ListenerSettings) -> String {
    let tls = if listener.tls.is_some() { " (TLS)" } else { "" };
    let behind = match listener.client_address {
        ClientAddress::Socket => "",
        ClientAddress::XForwardedFor(_) => " behind proxies (x-forwarded-for)",
        ClientAddress::Forwarded(_) => " behind proxies (forwarded)",
        ClientAddress::ProxyProtocol(_) => " behind proxies (PROXY protocol)",
    };
    format!("{}{tls}{behind}", listener.address)
}

fn describe_api(config: &ApiConfig) -> String {
    let networks = match config.api.networks.len() {
        0 => String::new(),
        _ => format!(" · networks {}", listed(&config.api.networks)),
    };
    let plan = config.api.default_plan.as_ref();
    let plan = plan.map_or(" · no default plan".to_owned(), |plan| format!(" · default plan {plan}"));
    let (name, protocol, paths, keys) =
        (&config.api.name, config.api.protocol, listed(&config.paths), listed(&config.key_in));
    let socket = if config.socket_paths.is_empty() {
        String::new()
    } else {
        format!(" · WebSocket at {}", listed(&config.socket_paths))
    };
    format!("{name} ({protocol}) at {paths}{socket} · key in {keys}{networks}{plan}")
}

fn describe_plan(plan: &Plan) -> String {
    let beyond = |overage: Option<u64>| match overage {
        None => String::new(),
        Some(UNLIMITED) => " and any number beyond".to_owned(),
        Some(units) => format!(" and {units} beyond"),
    };
    let quotas = plan
        .quotas
        .iter()
        .map(|quota| format!("{} {} per {}{}", quota.limit, quota.metric, quota.period, beyond(quota.overage)));
    let rates = plan.rates.iter().map(|rate| format!("{} {} per {}", rate.limit, rate.metric, rate.per));
    let keys = plan.max_keys.map(|max| format!("{max} keys"));
    let members = plan.max_members.map(|max| format!("{max} members"));
    let limits = quotas.chain(rates).chain(keys).chain(members).collect::<Vec<_>>();
    let limits = if limits.is_empty() { "no limits".to_owned() } else { limits.join(" · ") };
    format!("{}: {limits}", plan.name)
}

fn listed(items: &[impl fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
