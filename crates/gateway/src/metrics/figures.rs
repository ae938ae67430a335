//! Figures: what a gateway can be asked while it serves, without a lock and from anywhere.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use domain::{
    name::{ApiName, NetworkName},
    request_log::Outcome,
};

use super::{
    Metrics,
    histogram::{Histogram, Times},
};
use crate::{record::DenialBudget, settings::Settings, upstream::Upstream};

/// The figures of a gateway; clones show the same.
#[derive(Clone)]
pub struct Figures(Arc<Inner>);

struct Inner {
    threads: Vec<Arc<Metrics>>,
    budget: Arc<DenialBudget>,
    apis: Vec<ApiName>,
    upstreams: Vec<(ApiName, Option<NetworkName>, Arc<Upstream>)>,
}

/// One upstream now. It is named by its place: its URL may hold what is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamFigures<'a> {
    /// The API that it serves.
    pub api: &'a ApiName,
    /// Its network, of an API that has some.
    pub network: Option<&'a NetworkName>,
    /// Its place in the configuration over all APIs, as rows name it.
    pub index: u16,
    /// Calls in flight to it.
    pub in_flight: usize,
    /// The most that may be.
    pub max_in_flight: usize,
    /// Whether it is passed over while another can serve its network.
    pub is_passed_over: bool,
    /// Attempts that got no answer from it.
    pub failures: u64,
}

impl Figures {
    pub(crate) fn new(
        settings: &Settings,
        threads: Vec<Arc<Metrics>>,
        budget: Arc<DenialBudget>,
        upstreams: Vec<Arc<Upstream>>,
    ) -> Self {
        let of_api = |api: &crate::settings::ApiSettings| {
            let name = api.api.name.clone();
            let upstreams = api.upstreams.iter().map(move |upstream| (name.clone(), upstream.network.clone()));
            upstreams.collect::<Vec<_>>()
        };
        let names = settings.apis.iter().flat_map(of_api);
        let upstreams = names.zip(upstreams).map(|((api, network), upstream)| (api, network, upstream)).collect();
        let apis = settings.apis.iter().map(|api| api.api.name.clone()).collect();
        Figures(Arc::new(Inner { threads, budget, apis, upstreams }))
    }

    /// What each thread counts.
    pub fn threads(&self) -> &[Arc<Metrics>] {
        &self.0.threads
    }

    /// What is counted of denials without a row.
    pub fn denials(&self) -> &DenialBudget {
        &self.0.budget
    }

    /// The APIs, in the order by which [`Figures::outcomes`] knows them.
    pub fn apis(&self) -> &[ApiName] {
        &self.0.apis
    }

    /// One figure of all threads together.
    pub fn sum(&self, figure: impl Fn(&Metrics) -> &AtomicU64) -> u64 {
        self.0.threads.iter().map(|metrics| figure(metrics).load(Relaxed)).sum()
    }

    /// Calls to an API that ended so.
    pub fn outcomes(&self, api: usize, outcome: Outcome) -> u64 {
        self.0.threads.iter().map(|metrics| metrics.outcomes_of(api, outcome)).sum()
    }

    /// How long calls to an API took that were forwarded, from the request's head to the end of the answer.
    pub fn latency(&self, api: usize) -> Times {
        self.times(|metrics| metrics.latency(api))
    }

    /// How long its upstreams took until their answers began.
    pub fn upstream_latency(&self, api: usize) -> Times {
        self.times(|metrics| metrics.upstream_latency(api))
    }

    /// Each upstream; `steady` is now.
    pub fn upstreams(&self, steady: i64) -> impl Iterator<Item = UpstreamFigures<'_>> {
        self.0.upstreams.iter().map(move |(api, network, upstream)| UpstreamFigures {
            api,
            network: network.as_ref(),
            index: upstream.index,
            in_flight: upstream.in_flight(),
            max_in_flight: upstream.max_in_flight(),
            is_passed_over: upstream.is_passed_over(steady),
            failures: upstream.failures(),
        })
    }

    /// How full the fullest journal is, 0 to 1. Looked at once a second.
    pub fn journal_fill(&self) -> f64 {
        let fills = self.0.threads.iter().map(|metrics| metrics.journal_fill.load(Relaxed));
        fills.max().unwrap_or(0) as f64 / 1e6
    }

    fn times<'a>(&'a self, of: impl Fn(&'a Metrics) -> &'a Histogram) -> Times {
        let mut times = Times::default();
        self.0.threads.iter().for_each(|metrics| of(metrics).add_to(&mut times));
        times
    }
}
