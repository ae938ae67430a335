//! One thread of the gateway: a runtime of its own that accepts, serves, keeps time, and stops in an orderly way.

use std::{
    net::TcpListener,
    rc::Rc,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use domain::time::Clock;
use journal::Writer;
use tokio::{
    net::TcpStream,
    runtime::LocalOptions,
    sync::{Semaphore, watch},
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use super::{connection, door::Door};
use crate::{
    cut::{self, Orders},
    gate::{Gate, Shared},
    metrics::{Metrics, bump},
    record::{DenialBudget, Recorder},
    request_id::RequestIds,
    settings::TimeOuts,
    upstream::{Upstream, pool::Pool},
    watch::{TICK, Watch},
};

/// Pools are swept once in so many ticks.
const SWEEP_EVERY: u32 = 4;
/// After the wish to stop, kept connections may send requests for so long, and are told that the answer is the last.
/// Closing them at once could meet a request that is on its way.
const LAST_REQUESTS: Duration = Duration::from_millis(500);
/// How long to wait after accepting failed, as it does when the process has no more files to open.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// What a thread is given.
pub(super) struct Thread {
    pub number: usize,
    pub listeners: Vec<TcpListener>,
    /// The way in of each listener.
    pub doors: Vec<Arc<Door>>,
    pub writer: Writer,
    pub orders: Orders,
    pub shared: Arc<Shared>,
    pub upstreams: Vec<Arc<Upstream>>,
    pub budget: Arc<DenialBudget>,
    pub metrics: Arc<Metrics>,
    pub seed: u128,
    pub time_outs: TimeOuts,
    /// True from the wish to stop on.
    pub stop: watch::Receiver<bool>,
}

impl Thread {
    /// Runs until it is told to stop and all calls are over, or cut.
    pub fn run(self) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
        runtime.block_on(self.serve())
    }

    async fn serve(self) -> std::io::Result<()> {
        let watch = Watch::new(&self.time_outs);
        let pools = self.upstreams.iter().map(|upstream| Pool::new(Arc::clone(upstream), &watch, &self.time_outs));
        let recorder = Recorder::new(self.writer, self.shared.clock, self.budget);
        let ids = RequestIds::new(self.seed, self.number);
        let metrics = Arc::clone(&self.metrics);
        let places = Arc::new(Semaphore::new(self.shared.limits.connections));
        let clock = self.shared.clock;
        let gate = Rc::new(Gate::new(self.shared, pools.collect(), recorder, watch, metrics, ids));
        let cutting = tokio::task::spawn_local(cut_on_order(Rc::clone(&gate), self.orders));
        let keeping_time = tokio::task::spawn_local(keep_time(Rc::clone(&gate), clock));
        let mut accepting = Vec::new();
        for (listener, door) in self.listeners.into_iter().zip(self.doors) {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let accept = accept(Rc::clone(&gate), door, listener, Arc::clone(&places), self.stop.clone());
            accepting.push(tokio::task::spawn_local(accept));
        }
        let mut stop = self.stop;
        // An error means that the handle is gone: nobody could stop us later.
        _ = stop.wait_for(|wish| *wish).await;
        for task in accepting {
            _ = task.await;
        }
        finish(&gate, self.time_outs.stop).await;
        keeping_time.abort();
        cutting.abort();
        gate.recorder.flush();
        Ok(())
    }
}

/// Lets calls in flight end, idle connections close, and cuts what is left after `limit`.
async fn finish(gate: &Gate, limit: Duration) {
    gate.is_stopping.set(true);
    let all_closed = async {
        sleep(LAST_REQUESTS.min(limit)).await;
        gate.closes_idle.set(true);
        while gate.metrics.open_connections.load(Relaxed) > 0 {
            gate.watch.wake_all();
            sleep(Duration::from_millis(10)).await;
        }
    };
    if timeout(limit, all_closed).await.is_err() {
        let cut = gate.metrics.open_connections.load(Relaxed);
        tracing::warn!(connections = cut, "the time to stop is over; what is left is cut");
    }
}

/// Moves deadlines on, and does what is due now and then.
async fn keep_time(gate: Rc<Gate>, clock: Clock) {
    let mut ticks = interval(TICK);
    // After a pause of the process all waits begin anew rather than end at once.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        gate.watch.tick();
        gate.recorder.tick((clock.wall)());
        if gate.watch.now().is_multiple_of(SWEEP_EVERY) {
            gate.pools.iter().for_each(Pool::sweep);
            gate.publish_figures();
            // What ends by its time is told by nobody.
            cut::cut_stopped(&gate);
        }
    }
}

async fn cut_on_order(gate: Rc<Gate>, orders: Orders) {
    cut::follow(&gate, orders).await;
}

/// Accepts connections while there is a place for them; more wait in the kernel. After the wish to stop it takes what waits
/// there, so that no caller who got through to us is turned away; unless the socket outlives us.
async fn accept(
    gate: Rc<Gate>,
    door: Arc<Door>,
    listener: tokio::net::TcpListener,
    places: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let place = tokio::select! {
            biased;
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stop.wait_for(|wish| *wish) => return,
        };
        let Ok(place) = place else { return };
        if door.is_inherited && *stop.borrow() {
            return;
        }
        let accepted = tokio::select! {
            biased;
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|wish| *wish) => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (gate, door) = (Rc::clone(&gate), Arc::clone(&door));
                tokio::task::spawn_local(async move {
                    _ = stream.set_nodelay(true);
                    let _open = Open::new(&gate.metrics);
                    serve_one(&gate, door, stream, peer).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_AGAIN).await;
            }
        }
    }
}

async fn serve_one(gate: &Rc<Gate>, door: Arc<Door>, stream: TcpStream, peer: std::net::SocketAddr) {
    // An IPv4 caller of an IPv6 socket is the same caller.
    connection::serve(Rc::clone(gate), door, stream, peer.ip().to_canonical()).await;
}

/// Counts an open connection for as long as it is.
struct Open(Arc<Metrics>);

impl Open {
    fn new(metrics: &Arc<Metrics>) -> Self {
        bump(&metrics.connections, 1);
        bump(&metrics.open_connections, 1);
        Open(Arc::clone(metrics))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open_connections.fetch_sub(1, Relaxed);
    }
}
