//! A running node: store, journals, gateway, control listener and what carries values between them. `serve` and `demo`
//! run one.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use control::{
    delivery::{Delivery, Smtp},
    effect::{Effect, MAX_WAITING},
};
use domain::{lease::Fence, time::Clock};
use gateway::{keyring::Keyring, meter::Meter, serve::Gateway, settings::Settings};
use journal::{DataDir, RingId, Writer};
use store::Store;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    activation::Inherited,
    allocator, clock,
    config::Config,
    control_plane::{self, ControlPlane},
    master_key,
    ops::{Ops, Seen},
    sync::{lease, policy, recover, request_log},
};

/// How long the store may take to be closed.
const CLOSE: Duration = Duration::from_secs(10);

/// What a node runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For its operator's people: mails are sent as the file says.
    Serve,
    /// To be looked at: mails are printed, so that whoever looks can follow their links.
    Demo,
}

/// A node that serves.
pub struct Node {
    store: Store,
    data: DataDir,
    fence: Fence,
    clock: Clock,
    gateway: Gateway,
    control: ControlPlane,
    ops: Option<Ops>,
    drain: watch::Sender<bool>,
    stop_sync: watch::Sender<bool>,
    policies: JoinHandle<()>,
    leases: JoinHandle<()>,
    log: oneshot::Receiver<Vec<request_log::Shipper>>,
}

impl Node {
    /// Starts a node: recovers what an earlier life left, loads policies, listens, where no socket is inherited.
    ///
    /// Errors: in words for people, with their causes.
    pub async fn start(config: &Config, inherited: Inherited) -> anyhow::Result<Node> {
        let settings = config.gateway_settings(clock::clock(), clock::entropy_of_id())?;
        Node::start_with(config, settings, Mode::Serve, inherited).await
    }

    /// The same with settings of the gateway that are not quite what the file says.
    ///
    /// Errors: as [`Node::start`].
    pub async fn start_with(
        config: &Config,
        settings: Settings,
        mode: Mode,
        inherited: Inherited,
    ) -> anyhow::Result<Node> {
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
        allocator::give_back();
        keyring.set_fresh_until((clock.steady)().saturating_add(micros(config.revocation_bound)));

        let (stop_sync, stopped) = watch::channel(false);
        let leases = tokio::spawn(lease::run(store.clone(), Arc::clone(&meter), fence, clock, stopped.clone()));

        let writers = writers(&data, config, fence)?;
        let journals = writers.iter().map(|writer| writer.ring().clone()).collect();
        let shipper = |writer: &Writer| request_log::Shipper::open(writer.ring().clone(), fence.node.0);
        let shippers = writers.iter().map(shipper).collect::<Result<Vec<_>, _>>()?;

        let listener = ControlPlane::listen(config, inherited.control).await?;
        let ops_listener = match &config.ops {
            Some(ops) => Some(Ops::listen(ops, inherited.ops).await?),
            None => None,
        };
        let master = master_key::load(&config.data)?;
        let settings = Settings {
            ticket_key: Some(control_plane::ticket_key(&master)),
            inherited: inherited.gateway.into_iter().map(Arc::new).collect(),
            ..settings
        };
        let gateway = Gateway::start(settings, Arc::clone(&keyring), Arc::clone(&meter), writers)?;
        let (drain, draining) = watch::channel(false);
        let started_at = now.micros() as f64 / 1e6;
        let (figures, known) = (gateway.figures(), Arc::clone(&keyring));
        let seen = Seen { clock, started_at, figures, meter, keyring: known, journals, draining };
        let ops = ops_listener.map(|listener| Ops::start(listener, seen)).transpose()?;
        let (requests, asked) = mpsc::channel(MAX_WAITING);
        let (cutter, bound) = (gateway.cutter(), config.revocation_bound);
        let follower = policy::Follower { store: store.clone(), keyring, cutter, version, bound, clock };
        let policies = tokio::spawn(policy::follow(follower, asked, stopped.clone()));
        let effect = Effect::new(requests, bound, clock);
        let gateway_address = gateway.addresses()[0];
        let around = control_plane::Around {
            config,
            store: store.clone(),
            clock,
            effect,
            master,
            gateway: gateway_address,
            delivery: mode.delivery(config)?,
            is_demo: mode == Mode::Demo,
        };
        let control = ControlPlane::start(listener, around)?;
        let log = request_log::start(shippers, store.clone(), clock, stopped)?;
        Ok(Node { store, data, fence, clock, gateway, control, ops, drain, stop_sync, policies, leases, log })
    }

    /// Where people reach the dashboard, on this machine.
    pub fn control_address(&self) -> SocketAddr {
        self.control.address()
    }

    /// The control plane.
    pub fn control(&self) -> &ControlPlane {
        &self.control
    }

    /// Where callers reach the gateway, on this machine.
    pub fn gateway_address(&self) -> SocketAddr {
        self.gateway.addresses()[0]
    }

    /// Where figures, health and readiness are asked for, on this machine.
    pub fn ops_address(&self) -> Option<SocketAddr> {
        self.ops.as_ref().map(Ops::address)
    }

    /// Stops in good order: no new calls, calls in flight to their end, the log to the last row, every unit back.
    ///
    /// Errors: what could not be done; the next start does it.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.drain.send_replace(true);
        self.control.stop().await?;
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
        if let Some(ops) = self.ops {
            ops.stop();
        }
        tokio::time::timeout(CLOSE, self.store.close()).await??;
        Ok(())
    }
}

impl Mode {
    /// What becomes of mails. Without a mail server they wait in the outbox, where the operator reads them.
    fn delivery(self, config: &Config) -> anyhow::Result<Delivery> {
        match (self, &config.mail.server) {
            (Mode::Demo, _) => Ok(Delivery::Printed(|page| print!("{page}"))),
            (Mode::Serve, None) => Ok(Delivery::Kept),
            (Mode::Serve, Some(server)) => Ok(Delivery::Smtp(Box::new(Smtp::new(server.settings()?)?))),
        }
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

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
