//! What the operator of a test offers: an API `football` under the plan `free`.

use domain::{
    api::{Api, Dialect, Protocol},
    plan::Plan,
    price::PriceList,
    quota::{Metric, Period, QuotaTerms},
    time::Timestamp,
};
use store::Store;

use super::random;

/// Publishes it.
pub async fn publish(store: &Store, now: Timestamp) {
    let plan = Plan {
        name: "free".parse().expect("a name"),
        title: "Free".parse().expect("a title"),
        quotas: vec![QuotaTerms { metric: Metric::Requests, period: Period::Day, limit: 1_000 }],
        rates: Vec::new(),
        max_keys: Some(20),
        max_members: Some(20),
    };
    let api = Api {
        name: "football".parse().expect("a name"),
        title: "Football".parse().expect("a title"),
        protocol: Protocol::Rest,
        dialect: Dialect::Problem,
        networks: Vec::new(),
        prices: PriceList::default(),
        default_plan: Some(plan.name.clone()),
    };
    let tx = store.begin().await.expect("a transaction");
    let mut entropy = || u128::from_le_bytes(*random().first_chunk().expect("16 of 32 bytes"));
    store::publication::publish(&tx, &[api], &[plan], now, &mut entropy).await.expect("it is published");
    tx.commit().await.expect("it is committed");
}
