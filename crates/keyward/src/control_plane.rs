//! The control plane of a node: its listener, what its handlers have at hand, and the outbox.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use control::{
    ApiFace, App, Settings,
    delivery::{self, Delivery},
    effect::Effect,
    limit::Limits,
    password::Passwords,
    seal::{MasterKey, Seal},
};
use domain::{api::Protocol, ticket::TicketKey, time::Clock};
use store::Store;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    clock,
    config::{ApiConfig, Config, api::key_place::KeyPlace},
    dashboard,
};

/// What the tester's tickets are signed with, of an installation with this master key.
pub fn ticket_key(master: &MasterKey) -> TicketKey {
    TicketKey::new(master.derive("sign tickets"))
}

/// What the control plane needs of the node around it.
pub struct Around<'a> {
    /// What the file says.
    pub config: &'a Config,
    /// The store.
    pub store: Store,
    /// The clocks.
    pub clock: Clock,
    /// How a change is brought into force.
    pub effect: Effect,
    /// The installation's key.
    pub master: MasterKey,
    /// Where the gateway listens.
    pub gateway: SocketAddr,
    /// What becomes of mails.
    pub delivery: Delivery,
    /// Whether this is the demo.
    pub is_demo: bool,
}

/// The running control plane.
pub struct ControlPlane {
    address: SocketAddr,
    app: Arc<App>,
    listener: JoinHandle<()>,
    outbox: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl ControlPlane {
    /// Binds before the gateway does, so that a port that is taken is told before a call is served; or takes a socket that
    /// listens already.
    ///
    /// Errors: the address cannot be listened on.
    pub async fn listen(config: &Config, inherited: Option<std::net::TcpListener>) -> anyhow::Result<TcpListener> {
        if let Some(inherited) = inherited {
            return Ok(TcpListener::from_std(inherited)?);
        }
        let bound = TcpListener::bind(config.control.listen.as_slice()).await;
        bound.with_context(|| format!("cannot listen on {} for the dashboard", config.control.listen[0]))
    }

    /// Serves people, and sends what waits in the outbox.
    ///
    /// Errors: the listener is gone.
    pub fn start(listener: TcpListener, around: Around<'_>) -> anyhow::Result<ControlPlane> {
        let address = listener.local_addr()?;
        let settings = settings(&around, address);
        let letters = around.config.letters(&settings.public_url)?;
        let app = Arc::new(App {
            store: around.store,
            clock: around.clock,
            entropy: clock::entropy::<32>,
            settings,
            effect: around.effect,
            seal: Seal::new(&around.master),
            ticket_key: ticket_key(&around.master),
            passwords: Passwords::default(),
            limits: Limits::new(around.clock),
            letters,
            mail_waits: Default::default(),
            assets: dashboard::asset,
        });
        let router = control::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the control listener ended");
            }
        });
        let (stop, stopped) = watch::channel(false);
        let outbox = tokio::spawn(delivery::run(Arc::clone(&app), around.delivery, stopped));
        Ok(ControlPlane { address, app, listener, outbox, stop })
    }

    /// Where people reach it, on this machine.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// At the first start, where there is no operator yet: the link that makes one.
    ///
    /// Errors: those of the store.
    pub async fn operator_link(&self) -> anyhow::Result<Option<String>> {
        Ok(control::operator::first_link(&self.app).await?)
    }

    /// No new requests; the mail that is on its way to its end.
    ///
    /// Errors: the outbox failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.listener.abort();
        self.stop.send_replace(true);
        Ok(self.outbox.await?)
    }
}

fn settings(around: &Around<'_>, control: SocketAddr) -> Settings {
    let config = around.config;
    let or_address = |url: &Option<String>, address| url.clone().unwrap_or_else(|| format!("http://{address}"));
    let gateway_url = or_address(&config.gateway.public_url, around.gateway);
    Settings {
        public_url: or_address(&config.control.public_url, control),
        apis: config.apis.iter().map(|api| face(api, &gateway_url)).collect(),
        gateway_url,
        gateway_address: around.gateway,
        registration: config.control.registration,
        is_second_factor_required: config.control.is_second_factor_required,
        operator_sees_logs: config.control.operator_sees_logs,
        contact: config.control.contact.clone(),
        has_mail: matches!(around.delivery, Delivery::Smtp(_)),
        is_demo: around.is_demo,
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// An API as the dashboard shows it. Clients of JSON-RPC take a URL and nothing else, so the value goes into the path there if it
/// may; elsewhere into a header.
fn face(config: &ApiConfig, gateway_url: &str) -> ApiFace {
    let is_rest = config.api.protocol == Protocol::Rest;
    let header = config.key_in.iter().find_map(|place| match place {
        KeyPlace::Header(name) => Some(name.to_string()),
        _ => None,
    });
    let with_key = config.paths.iter().find(|path| path.contains("{key}"));
    let without = config.paths.iter().find(|path| !path.contains("{key}"));
    let path = if is_rest && header.is_some() { without.or(with_key) } else { with_key.or(without) };
    let path = path.map_or("", String::as_str);
    let networks: Vec<String> = config.api.networks.iter().map(ToString::to_string).collect();
    let base = |network: &str| format!("{gateway_url}{}", path.replace("{network}", network));
    let base_urls = match networks.as_slice() {
        [] => vec![base("")],
        networks => networks.iter().map(|network| base(network)).collect(),
    };
    ApiFace {
        name: config.api.name.to_string(),
        title: config.api.title.to_string(),
        protocol: config.api.protocol.as_str(),
        networks,
        base_urls,
        host: config.hosts.first().cloned(),
        key_header: header,
        example: config.example.clone(),
    }
}
