//! How long every list takes on either database: printed, not judged. `cargo xtask bench lists` makes a table of it.

use std::time::{Duration, Instant};

use store::Store;

use super::{
    Asks::{Member, Owner},
    LISTS, List, list, members,
};
use crate::world::{Place, World};

/// Requests that are not counted.
const WARM_UP: usize = 5;
/// Requests that are counted, at most.
const REQUESTS: usize = 50;
/// No list is asked for longer than this.
const LONGEST: Duration = Duration::from_secs(2);

/// Searches for a part of a name look at names until the page is full, and at all of them where too few have it: no promise of rows.
const SEARCHES: &[List] = &[
    list("/accounts/{account}/members", Owner, "limit=64&q=Member%209", "members", 1),
    list("/accounts/{account}/members", Owner, "limit=64&q=nobody%20has%20this", "members", 0),
    list("/accounts/{account}/keys/{key}/teamwork", Owner, "limit=64&q=Member%205", "members", 1),
    list("/accounts/{account}/keys/{key}/teamwork", Owner, "limit=64&q=nobody%20has%20this", "members", 0),
    list("/accounts/{account}/keys", Owner, "limit=64&q=Key%209", "keys", 1),
    list("/accounts/{account}/keys", Owner, "limit=64&q=nothing%20has%20this", "keys", 0),
    list("/accounts/{account}/keys", Member, "limit=64&q=nothing%20has%20this", "keys", 0),
];

#[tokio::test]
#[ignore = "a measurement, for people"]
async fn speed_in_sqlite() {
    measure("sqlite", Place::in_sqlite()).await;
}

#[tokio::test]
#[ignore = "a measurement, for people"]
async fn speed_in_postgresql() {
    measure("postgresql", Place::in_postgresql()).await;
}

/// Prints for each list: database, path, who asks, query, rows, requests, and half and 95 of a hundred take no longer than, in
/// microseconds.
async fn measure(database: &str, place: Place) {
    let store = Store::open(&place.location).await.expect("a store");
    let world = World::on(store, place, |settings| settings.operator_sees_logs = true).await;
    let began = Instant::now();
    let crowd = world.crowd(members()).await;
    println!("#\t{database}\tmade in {:.1} s", began.elapsed().as_secs_f64());
    for list in LISTS.iter().chain(SEARCHES) {
        let path = list.path_in(&crowd);
        let mut times: Vec<u128> = Vec::with_capacity(REQUESTS);
        let (mut rows, first) = (0, Instant::now());
        for request in 0..WARM_UP + REQUESTS {
            if request > WARM_UP && first.elapsed() > LONGEST {
                break;
            }
            let began = Instant::now();
            let answer = world.call("GET", &path, Some(list.cookie(&crowd)), None).await;
            let took = began.elapsed().as_micros();
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            rows = answer.body[list.rows].as_array().map_or(0, Vec::len);
            if request >= WARM_UP {
                times.push(took);
            }
        }
        times.sort_unstable();
        let rank = |of_a_hundred: usize| times[(times.len() * of_a_hundred).div_ceil(100) - 1];
        let List { path, asks, query, .. } = list;
        let (count, p50, p95) = (times.len(), rank(50), rank(95));
        println!("lists\t{database}\t{path}\t{asks:?}\t{query}\t{rows}\t{count}\t{p50}\t{p95}");
    }
}
