//! Serve: binds, starts the threads, and stops them.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use journal::Writer;
use thiserror::Error;
use tokio::sync::{oneshot, watch};

use crate::{
    api::compile,
    cut::Cutter,
    gate::Shared,
    keyring::Keyring,
    meter::Meter,
    metrics::{Figures, Metrics},
    record::DenialBudget,
    settings::{self, Settings, SettingsError},
};
use door::Door;

mod caller_io;
mod certificates;
mod connection;
mod door;
mod head_scan;
mod listen;
pub(crate) mod places;
mod plain;
pub(crate) mod spare;
mod streams;
mod thread;

/// A gateway that serves. Dropped, it stops accepting and ends what is in flight without waiting for it here.
pub struct Gateway {
    addresses: Vec<SocketAddr>,
    figures: Figures,
    cutter: Cutter,
    stop: watch::Sender<bool>,
    threads: Vec<(JoinHandle<io::Result<()>>, oneshot::Receiver<()>)>,
    /// Dropped, it ends the thread that looks at certificates.
    _certificates: mpsc::Sender<()>,
}

/// Why a gateway does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {error}; is it taken, or not of this machine?")]
    Listen {
        /// As configured.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The system gives no thread.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

impl Gateway {
    /// Binds all addresses, then starts one thread for each journal. From its return on, connections are taken. What the
    /// keyring does not know is refused; calls are admitted once it is fresh.
    ///
    /// `keyring` must have been made with the names of `settings.apis` in their order, and with `meter`.
    ///
    /// # Errors
    /// The settings cannot work, or the system refuses an address or a thread. Nothing is left running.
    pub fn start(
        settings: Settings,
        keyring: Arc<Keyring>,
        meter: Arc<Meter>,
        writers: Vec<Writer>,
    ) -> Result<Gateway, StartError> {
        settings::check(&settings)?;
        if writers.is_empty() {
            return Err(SettingsError::NoThread.into());
        }
        let mut compiled = compile(&settings, writers.len())?;
        let upstreams = std::mem::take(&mut compiled.upstreams);
        let doors = settings
            .listen
            .iter()
            .enumerate()
            .map(|(place, listener)| Door::new(listener, &settings.time_outs, place < settings.inherited.len()));
        let doors = doors.collect::<Result<Vec<_>, _>>()?;
        let listen::Bound { of_threads, addresses } =
            listen::bind(&settings.listen, &settings.inherited, writers.len())
                .map_err(|(address, error)| StartError::Listen { address, error })?;
        let shared = Arc::new(Shared::new(&settings, compiled, keyring, meter));
        let (stop, stopped) = watch::channel(false);
        let budget = Arc::new(DenialBudget::default());
        let (cutter, orders) = Cutter::new(writers.len());
        let _certificates = keep_certificates(&doors).map_err(StartError::Thread)?;
        let metrics: Vec<_> = writers.iter().map(|_| Arc::new(Metrics::new(settings.apis.len()))).collect();
        let figures = Figures::new(&settings, metrics.clone(), Arc::clone(&budget), upstreams.clone());
        let mut gateway = Gateway { addresses, figures, cutter, stop, threads: Vec::new(), _certificates };
        let each = writers.into_iter().zip(of_threads).zip(orders).zip(metrics);
        for (number, (((writer, listeners), orders), metrics)) in each.enumerate() {
            let thread = thread::Thread {
                number,
                listeners,
                doors: doors.clone(),
                writer,
                orders,
                shared: Arc::clone(&shared),
                upstreams: upstreams.clone(),
                budget: Arc::clone(&budget),
                metrics,
                seed: settings.seed,
                time_outs: settings.time_outs,
                stop: stopped.clone(),
            };
            gateway.threads.push(spawn(thread).map_err(StartError::Thread)?);
        }
        Ok(gateway)
    }

    /// Where it listens, with the ports that were chosen for port 0.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What ends calls of values that the keyring no longer allows.
    pub fn cutter(&self) -> Cutter {
        self.cutter.clone()
    }

    /// What can be asked of it while it serves.
    pub fn figures(&self) -> Figures {
        self.figures.clone()
    }

    /// Stops: takes no new connection, ends kept ones with their next answer, waits for calls in flight as long as the settings
    /// say, cuts the rest. When it returns, all that will ever be in the journals of this gateway is in them.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for (thread, ended) in self.threads.drain(..) {
            // The sender is dropped at the thread's end, however it ends.
            _ = ended.await;
            match thread.join() {
                // What went wrong was said when it did.
                Ok(_) => {}
                Err(_) => tracing::error!("a thread of the gateway panicked"),
            }
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Has the certificates of all listeners looked at for as long as what it returns lives.
fn keep_certificates(doors: &[Arc<Door>]) -> io::Result<mpsc::Sender<()>> {
    let (stop, stopped) = mpsc::channel();
    let certificates: Vec<_> = doors.iter().filter_map(|door| door.certificates.clone()).collect();
    if !certificates.is_empty() {
        let look = move || certificates::keep_up(&certificates, &stopped);
        std::thread::Builder::new().name("certificates".to_owned()).spawn(look)?;
    }
    Ok(stop)
}

fn spawn(thread: thread::Thread) -> io::Result<(JoinHandle<io::Result<()>>, oneshot::Receiver<()>)> {
    let (ended, end) = oneshot::channel::<()>();
    let name = format!("gateway-{}", thread.number);
    let run = move || {
        let _ended = ended;
        let ran = thread.run();
        if let Err(error) = &ran {
            tracing::error!(%error, "a thread of the gateway cannot serve");
        }
        ran
    };
    Ok((std::thread::Builder::new().name(name).spawn(run)?, end))
}
