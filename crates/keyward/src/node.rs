//! A running node: store, journals, gateway, control listener and what carries values between them. `serve` and `demo`
//! run one.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use domain::{lease::Fence, time::Clock};
use gateway::{keyring::Keyring, meter::Meter, serve::Gateway, settings::Settings};
use journal::{DataDir, RingId, Writer};
use store::Store;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    clock,
    config::Config,
    sync::{lease, policy, recover, request_log},
};

/// How long the store may take to be closed.
const CLOSE: Duration = Duration::from_secs(10);

/// A node that serves.
pub struct Node {
    store: Store,
    data: DataDir,
    fence: Fence,
    clock: Clock,
    gateway: Gateway,
    control: Control,
    stop_sync: watch::Sender<bool>,
    policies: JoinHandle<()>,
    leases: JoinHandle<()>,
    log: JoinHandle<Vec<request_log::Shipper>>,
}

/// The control listener.
struct Control {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Node {
    /// Starts a node: recovers what an earlier life left, loads policies, listens.
    ///
    /// Errors: in words for people, with their causes.
    pub async fn start(config: &Config) -> anyhow::Result<Node> {
        Node::start_with(config, config.gateway_settings(clock::clock(), clock::entropy_of_id())?).await
    }

    /// The same with settings of the gateway that are not quite what the file says.
    ///
    /// Errors: as [`Node::start`].
    pub async fn start_with(config: &Config, settings: Settings) -> anyhow::Result<Node> {
        let clock = settings.clock;
        let now = (clock.wall)();
        let data = DataDir::lock(&config.data)?;
        let store = Store::open(&config.database.location(&config.data)?).await?;
        publish(&store, config, clock).await?;
        let durability = config.gateway.journal.durability;
        let fence = recover::begin(&store, &data, durability, now, clock::entropy_of_id()).await?;

        let meter = Arc::new(Meter::new(clock));
        let names = config.apis.iter().map(|api| api.api.name.clone()).collect();
        let keyring = Arc::new(Keyring::new(Arc::clone(&meter), names));
        let version = policy::load(&store, &keyring).await?;
        keyring.set_fresh_until((clock.steady)().saturating_add(micros(config.revocation_bound)));

        let (stop_sync, stopped) = watch::channel(false);
        let follow = policy::follow(
            store.clone(),
            Arc::clone(&keyring),
            version,
            config.revocation_bound,
            clock,
            stopped.clone(),
        );
        let policies = tokio::spawn(follow);
        let leases = tokio::spawn(lease::run(store.clone(), Arc::clone(&meter), fence, clock, stopped.clone()));

        let writers = writers(&data, config, fence)?;
        let shipper = |writer: &Writer| request_log::Shipper::open(writer.ring().clone(), fence.node.0);
        let shippers = writers.iter().map(shipper).collect::<Result<Vec<_>, _>>()?;
        let log = tokio::spawn(request_log::run(shippers, store.clone(), clock, stopped));

        let listener = Control::listen(config).await?;
        let gateway = Gateway::start(settings, keyring, meter, writers)?;
        let control = Control::serve(listener, config, gateway.addresses()[0])?;
        Ok(Node { store, data, fence, clock, gateway, control, stop_sync, policies, leases, log })
    }

    /// Where people reach the dashboard, on this machine.
    pub fn control_address(&self) -> SocketAddr {
        self.control.address
    }

    /// Where callers reach the gateway, on this machine.
    pub fn gateway_address(&self) -> SocketAddr {
        self.gateway.addresses()[0]
    }

    /// Stops in good order: no new calls, calls in flight to their end, the log to the last row, every unit back.
    ///
    /// Errors: what could not be done; the next start does it.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.control.task.abort();
        self.gateway.stop().await;
        self.stop_sync.send_replace(true);
        self.policies.await?;
        self.leases.await?;
        drop(self.log.await?);
        let rings = self.data.rings()?;
        let now = (self.clock.wall)();
        recover::settle(&self.store, &self.data, &rings, self.fence, self.fence.epoch, now).await?;
        for ring in rings {
            self.data.open(ring)?.remove()?;
        }
        tokio::time::timeout(CLOSE, self.store.close()).await??;
        Ok(())
    }
}

impl Control {
    /// Binds before the gateway does, so that a port that is taken is told before a call is served.
    async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
        let bound = TcpListener::bind(config.control.listen.as_slice()).await;
        bound.with_context(|| format!("cannot listen on {} for the dashboard", config.control.listen[0]))
    }

    fn serve(listener: TcpListener, config: &Config, gateway: SocketAddr) -> anyhow::Result<Control> {
        let address = listener.local_addr()?;
        let router = control::router(face(config, address, gateway));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the control listener ended");
            }
        });
        Ok(Control { address, task })
    }
}

async fn publish(store: &Store, config: &Config, clock: Clock) -> anyhow::Result<()> {
    let (apis, plans) = config.catalogue();
    let tx = store.begin().await?;
    let mut entropy = clock::entropy_of_id;
    store::publication::publish(&tx, &apis, &plans, (clock.wall)(), &mut entropy).await?;
    tx.commit().await?;
    Ok(())
}

fn writers(data: &DataDir, config: &Config, fence: Fence) -> anyhow::Result<Vec<Writer>> {
    let writer = |ring| {
        let id = RingId { epoch: fence.epoch, ring, uuid: clock::entropy() };
        Writer::create(data, id, &config.gateway.journal)
    };
    Ok((0..config.gateway.threads as u16).map(writer).collect::<Result<_, _>>()?)
}

fn face(config: &Config, control: SocketAddr, gateway: SocketAddr) -> control::Face {
    let or_address = |url: &Option<String>, address| url.clone().unwrap_or_else(|| format!("http://{address}"));
    control::Face {
        public_url: or_address(&config.control.public_url, control),
        gateway_url: or_address(&config.gateway.public_url, gateway),
        apis: config.apis.iter().map(|api| (api.api.name.to_string(), api.api.title.to_string())).collect(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
