//! What no single table can tell: that names meet, that addresses and paths do not collide, that plans can serve.

use std::collections::HashSet;

use domain::plan::{Plan, rate_below_dearest};

use super::{ApiConfig, ControlConfig, GatewayConfig, OpsConfig, nearest::nearest, reader::Field};

/// That gateway and control listen on different addresses. `table` is one of theirs: the defaults differ.
pub fn listeners(gateway: &GatewayConfig, control: &ControlConfig, table: &Field<'_>) {
    let mut addresses = gateway.listen.iter().map(|listener| listener.address);
    if let Some(both) = addresses.find(|address| address.port() != 0 && control.listen.contains(address)) {
        let message = format!("gateway and control both listen on {both}");
        table.inner("listen").refuse(message, Some("give one of them another port".to_owned()));
    }
}

/// That figures are asked for on a listener of their own.
pub fn ops(ops: &OpsConfig, gateway: &GatewayConfig, control: &ControlConfig, table: &Field<'_>) {
    let others = gateway.listen.iter().map(|listener| listener.address).chain(control.listen.iter().copied());
    let both = others.filter(|address| address.port() != 0).find(|address| ops.listen.contains(address));
    if let Some(both) = both {
        let hint = "give [ops] a port of its own: who calls must not reach it".to_owned();
        table.inner("listen").refuse(format!("{both} is the gateway's or the dashboard's"), Some(hint));
    }
}

/// That each default plan is declared, and can serve the dearest call of its API.
pub fn default_plans(apis: &[(ApiConfig, Field<'_>)], plans: &[Plan]) {
    for (config, table) in apis {
        let Some(name) = &config.api.default_plan else { continue };
        let field = table.inner("default_plan");
        let Some(plan) = plans.iter().find(|plan| plan.name == *name) else {
            let hint = match nearest(name.as_str(), plans.iter().map(|plan| plan.name.as_str())) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("add a table [plan.{name}]"),
            };
            field.refuse(format!("there is no plan \"{name}\""), Some(hint));
            continue;
        };
        if let Some((rate, dearest)) = rate_below_dearest(plan, &config.api.prices) {
            let message = format!(
                "plan {name} allows {} credits per {}, but the dearest call costs {dearest}: it could never be served",
                rate.limit, rate.per
            );
            field.refuse(message, Some("raise the rate, or lower the price".to_owned()));
        }
    }
}

/// That no two APIs are reached at the same place.
pub fn routes(apis: &[(ApiConfig, Field<'_>)]) {
    const ANY_HOST: &str = "";
    let mut taken = HashSet::new();
    for (config, table) in apis {
        let hosts = config.hosts.iter().map(String::as_str).collect::<Vec<_>>();
        let hosts = if hosts.is_empty() { vec![ANY_HOST] } else { hosts };
        for path in config.paths.iter().chain(&config.socket_paths) {
            if let Some(host) = hosts.iter().find(|host| !taken.insert((**host, path.as_str()))) {
                let hint = "give the API other `paths` or `hosts`".to_owned();
                table.inner("paths").refuse(format!("{host}{path} is taken already"), Some(hint));
            }
        }
    }
}
