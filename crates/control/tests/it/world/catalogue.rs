//! What the operator of a test offers: an API `football` under the plan `free`.

use domain::{
    api::{Api, Dialect, Protocol},
    plan::Plan,
    price::{Price, PriceList},
    quota::{Metric, Period, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
    time::Timestamp,
};
use store::Store;

use super::{World, now, random};

/// The credits of the dearest call.
const DEAREST: u32 = 5;

/// Publishes it.
pub async fn publish(store: &Store, now: Timestamp) {
    publish_at(store, now, DEAREST, &[]).await;
}

impl World {
    /// The operator asks so many credits for the dearest call from now on.
    pub async fn raise_prices(&self, dearest: u32) {
        publish_at(&self.app.store, now(), dearest, &[]).await;
    }

    /// The operator offers another plan beside `free`, of so many requests a day.
    pub async fn publish_plan(&self, name: &str, limit: u64) {
        publish_at(&self.app.store, now(), DEAREST, &[plan(name, limit)]).await;
    }

    /// The operator offers another plan beside `free`, of so many credits a second: also the most at once.
    pub async fn publish_slow_plan(&self, name: &str, credits: u64) {
        let rate = RateLimit { scope: Scope::Account, metric: Metric::Credits, per: Per::Second, limit: credits };
        publish_at(&self.app.store, now(), DEAREST, &[Plan { rates: vec![rate], ..plan(name, 1_000) }]).await;
    }
}

fn plan(name: &str, limit: u64) -> Plan {
    Plan {
        name: name.parse().expect("a name"),
        title: name.parse().expect("a title"),
        quotas: vec![QuotaTerms { metric: Metric::Requests, period: Period::Day, limit, overage: None }],
        rates: Vec::new(),
        max_keys: Some(20),
        max_members: Some(20),
    }
}

async fn publish_at(store: &Store, now: Timestamp, dearest: u32, more: &[Plan]) {
    let plan = Plan { title: "Free".parse().expect("a title"), ..plan("free", 1_000) };
    let api = Api {
        name: "football".parse().expect("a name"),
        title: "Football".parse().expect("a title"),
        protocol: Protocol::Rest,
        dialect: Dialect::Problem,
        networks: Vec::new(),
        prices: PriceList {
            patterns: vec![("GET /fixtures".to_owned(), Price::Credits(dearest))],
            ..PriceList::default()
        },
        default_plan: Some(plan.name.clone()),
    };
    let tx = store.begin().await.expect("a transaction");
    let mut entropy = || u128::from_le_bytes(*random().first_chunk().expect("16 of 32 bytes"));
    let plans = [&[plan], more].concat();
    store::publication::publish(&tx, &[api], &plans, now, &mut entropy).await.expect("it is published");
    tx.commit().await.expect("it is committed");
}
