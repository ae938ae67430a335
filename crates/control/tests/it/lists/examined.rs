//! No query of a list looks at more than ten times the rows that the list returns, on either database, and no list asks more queries
//! for longer pages.

use std::fmt::Write;

use store::{Store, examined::Examined};

use super::{ALL, LISTS, members};
use crate::world::{Place, World, is_postgres};

/// Rows looked at for each row returned, at most.
const FACTOR: u64 = 10;
/// Rows that a request looks at whatever it returns: session, person, seat, and the grants of who sees little ([`super::crowd::GRANTED`]).
/// PostgreSQL counts 24, of which SQLite's steps make 49.
const FEW: u64 = 60;
/// Queries of one request, at most: fewer than the rows of a page. (What is asked of many rows comes in powers of two.)
const MAX_QUERIES: usize = 60;

#[tokio::test]
async fn no_list_looks_at_much_more_than_it_returns_in_sqlite() {
    // Instructions of SQLite tell at most how many rows there were: too much to be summed over the queries of a request.
    check(Place::in_sqlite(), |queries| queries.iter().map(|query| query.examined).max()).await;
}

#[tokio::test]
async fn no_list_looks_at_much_more_than_it_returns_in_postgresql() {
    // Of a log of a thousand calls PostgreSQL sums all rather than look some up.
    let sums = |query: &&Examined| members() < ALL && query.text.contains("sum(");
    let examined =
        move |queries: &[Examined]| Some(queries.iter().filter(|query| !sums(query)).map(|query| query.examined).sum());
    check(Place::in_postgresql(), examined).await;
}

/// Asks for every list; `examined` says what counts of its queries.
async fn check(place: Place, examined: impl Fn(&[Examined]) -> Option<u64>) {
    if is_postgres() {
        // The run on SQLite asks both.
        return;
    }
    let (store, watch) = Store::open(&place.location).await.expect("a store").watched().await.expect("it is watched");
    let world = World::on(store, place, |settings| settings.operator_sees_logs = true).await;
    let crowd = world.crowd(members()).await;
    let mut broken = String::new();
    // The first request reads the schema.
    world.call("GET", "/me", Some(&crowd.team.owner.cookie), None).await;
    for list in LISTS {
        watch.clear();
        let path = list.path_in(&crowd);
        let answer = world.call("GET", &path, Some(list.cookie(&crowd)), None).await;
        let queries = watch.examined(&world.app.store).await.expect("they run once more");
        let rows = answer.body[list.rows].as_array().map_or(0, Vec::len);
        if answer.status != 200 || rows < list.at_least {
            writeln!(broken, "{path}: {rows} rows, {}", answer.body["detail"]).expect("a string");
        }
        let examined = examined(&queries).unwrap_or(0);
        println!("{:>6} of {rows:>4} in {:>2} queries: {:?} {path}", examined, queries.len(), list.asks);
        let few = if list.sums { 2 * members() as u64 } else { FEW };
        if examined > FACTOR * rows as u64 + few || queries.len() > MAX_QUERIES {
            let worst = queries.iter().max_by_key(|query| query.examined).expect("a session at least");
            writeln!(broken, "{path}: {examined} of {rows} in {} queries; {worst:#?}", queries.len())
                .expect("a string");
        }
    }
    assert!(broken.is_empty(), "{broken}");
}
