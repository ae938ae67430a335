//! Gate: what one thread of the gateway has at hand for each request. What threads share is behind an `Arc`; the rest is its own.

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use domain::{
    id::ValueId,
    time::{Clock, SECOND},
};

use crate::{
    api::{ApiRuntime, Compiled},
    asked::{Came, filter::Filters},
    counts::Counts,
    keyring::Keyring,
    meter::Meter,
    metrics::Metrics,
    record::Recorder,
    request_id::RequestIds,
    route::RouteTable,
    serve::{places::Places, spare::Spare},
    settings::{ConnectionLimits, DenialLimits, Settings},
    status::credit_detail::CreditDetail,
    tickets::Tickets,
    too_many_denials::TooManyDenials,
    upstream::{Picked, pool::Pool},
    watch::Watch,
};

/// Free answers for one value within [`STATUS_WINDOW`], by each thread.
pub const STATUS_CALLS: u32 = 60;
/// A minute, in microseconds.
pub const STATUS_WINDOW: i64 = 60 * SECOND;

/// What all threads share.
pub(crate) struct Shared {
    /// The APIs, in the order of the settings.
    pub apis: Vec<ApiRuntime>,
    /// All routes.
    pub routes: RouteTable,
    /// Values and their policies.
    pub keyring: Arc<Keyring>,
    /// Quotas and rate limits.
    pub meter: Arc<Meter>,
    /// The clocks.
    pub clock: Clock,
    /// How much connections hold.
    pub limits: ConnectionLimits,
    /// Whether plain requests are read here and not by hyper.
    pub fast_path: bool,
    /// How often somebody may be denied.
    pub denials: DenialLimits,
    /// Public address of the dashboard.
    pub receipts_url: Option<String>,
    /// Where the credits of an account are told as ZAN does; none: no API speaks its dialect.
    pub credit_detail: Option<CreditDetail>,
    /// What takes tickets; none: nothing does.
    pub tickets: Option<Tickets>,
    /// Filters that keys with lists of contracts may ask for.
    pub filters: Filters,
}

/// One thread's own.
pub(crate) struct Gate {
    /// What all threads share.
    pub shared: Arc<Shared>,
    /// This thread's journal.
    pub recorder: Rc<Recorder>,
    /// Its deadlines.
    pub watch: Watch,
    /// Its request ids.
    pub ids: RequestIds,
    /// Who was denied too often.
    pub too_many_denials: TooManyDenials,
    /// Who asked how often for what is left.
    pub status_calls: Counts<ValueId>,
    /// Its counts.
    pub metrics: Arc<Metrics>,
    /// Connections to upstreams, in the order of all upstreams.
    pub pools: Vec<Pool>,
    /// Buffers that nobody needs now.
    pub spare: Spare,
    /// Where the futures of calls lie.
    pub places: Places,
    /// Whether answers end their connections, because the gateway stops.
    pub is_stopping: Cell<bool>,
    /// Whether connections end as soon as they have no request.
    pub closes_idle: Cell<bool>,
    turn: Cell<usize>,
}

impl Gate {
    /// The gate of the thread with this number.
    pub fn new(
        shared: Arc<Shared>,
        compiled_pools: Vec<Pool>,
        recorder: Rc<Recorder>,
        watch: Watch,
        metrics: Arc<Metrics>,
        ids: RequestIds,
    ) -> Self {
        Gate {
            status_calls: Counts::new(STATUS_CALLS, STATUS_WINDOW, ids.salt()),
            too_many_denials: TooManyDenials::new(shared.denials, ids.salt()),
            shared,
            recorder,
            watch,
            ids,
            metrics,
            pools: compiled_pools,
            spare: Spare::default(),
            places: Places::default(),
            is_stopping: Cell::new(false),
            closes_idle: Cell::new(false),
            turn: Cell::new(0),
        }
    }

    /// The moment and the id of a request that comes now.
    pub fn came(&self) -> Came {
        let Clock { wall, steady } = self.shared.clock;
        let now = wall();
        Came { id: self.ids.draw(now), now, steady: steady() }
    }

    /// A place in flight to an upstream of the network: each in turn, those that could not be reached a moment ago last.
    /// None: all have as many calls in flight as they may.
    pub fn pick(&self, upstreams: &[usize], steady: i64) -> Option<Picked<'_>> {
        let start = if upstreams.len() > 1 { self.next_turn() } else { 0 };
        let in_turn = (0..upstreams.len()).map(|step| &self.pools[upstreams[(start + step) % upstreams.len()]]);
        let reserve = |pool: &'_ Pool| pool.upstream().reserve();
        let reachable = in_turn.clone().filter(|pool| !pool.upstream().is_passed_over(steady));
        let passed_over = in_turn.filter(|pool| pool.upstream().is_passed_over(steady));
        reachable.chain(passed_over).find_map(|pool| reserve(pool).map(|in_flight| Picked { pool, in_flight }))
    }

    /// The same for a call that another upstream did not take; none that failed a moment ago.
    pub fn pick_other(&self, upstreams: &[usize], tried: &Pool, steady: i64) -> Option<Picked<'_>> {
        let start = self.next_turn();
        let in_turn = (0..upstreams.len()).map(|step| &self.pools[upstreams[(start + step) % upstreams.len()]]);
        let is_other = |pool: &&Pool| !std::ptr::eq(*pool, tried) && !pool.upstream().is_passed_over(steady);
        let mut others = in_turn.filter(is_other);
        others.find_map(|pool| pool.upstream().reserve().map(|in_flight| Picked { pool, in_flight }))
    }

    /// Writes figures that are kept elsewhere to where they are read.
    pub fn publish_figures(&self) {
        let opened = self.pools.iter().map(Pool::opened).sum();
        self.metrics.upstream_connections.store(opened, Relaxed);
        let millionths = f64::from(self.recorder.fill()) * 1e6;
        self.metrics.journal_fill.store(millionths as u64, Relaxed);
        self.metrics.journal_records.store(self.recorder.last_seq(), Relaxed);
    }

    fn next_turn(&self) -> usize {
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        turn
    }
}

impl Shared {
    /// What the settings were compiled to, with what the binary hands in.
    pub fn new(settings: &Settings, compiled: Compiled, keyring: Arc<Keyring>, meter: Arc<Meter>) -> Self {
        Shared {
            credit_detail: CreditDetail::new(settings),
            apis: compiled.apis,
            routes: compiled.routes,
            keyring,
            meter,
            clock: settings.clock,
            limits: settings.limits,
            fast_path: settings.fast_path,
            denials: settings.denials,
            receipts_url: settings.receipts_url.clone(),
            tickets: settings.ticket_key.clone().map(Tickets::new),
            filters: Filters::default(),
        }
    }
}
