//! Promise P3 through the REST API, on the real binary: members are suspended again and again while callers use their values
//! at full speed, and from the moment that each answer names not one byte of theirs arrives at the upstream.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use domain::time::Timestamp;
use serde_json::Value;
use testbed::{http, stamping::Stamping};

use crate::world::{World, WorldOptions};

mod callers;
pub mod team;

use team::{Seat, Team};

const MEMBERS: usize = 20;
/// Long enough for calls of the next member to be under way, and for many to be refused.
const A_WHILE: Duration = Duration::from_millis(10);
const ANSWER: Duration = Duration::from_secs(20);

fn suspensions() -> usize {
    match std::env::var("KEYWARD_TIER").as_deref() {
        Ok("full" | "torture") => 1_000,
        _ => 40,
    }
}

/// What callers are told, and what they tell.
#[derive(Default)]
pub struct Load {
    over: AtomicBool,
    /// The member who is suspended next: some callers keep calls of theirs under way.
    next: AtomicUsize,
    served: AtomicUsize,
    refused: AtomicUsize,
    cut: AtomicUsize,
}

/// A time in which nothing of a member may arrive.
#[derive(Debug)]
struct Silence {
    member: usize,
    from: i64,
    until: i64,
}

#[test]
fn nothing_of_a_suspended_member_arrives_after_the_moment_that_the_answer_names() {
    let upstream = Stamping::start();
    let options = WorldOptions {
        rest: Some(upstream.url()),
        json_rpc: Some(upstream.url()),
        requests_a_day: 1_000_000_000,
        ..WorldOptions::default()
    };
    let mut world = World::prepare(options);
    let team = Team::make(&world, MEMBERS);
    world.serve(&[]);
    let load = Load::default();
    let silences = std::thread::scope(|scope| {
        callers::start(scope, &world, &team, &load);
        let silences = suspend_again_and_again(&world, &team, &load);
        load.over.store(true, Relaxed);
        silences
    });
    assert!(silences.len() == suspensions());
    assert_eq!(broken(&silences, &upstream), Vec::<String>::new());
    let [served, refused, cut] = [&load.served, &load.refused, &load.cut].map(|count| count.load(Relaxed));
    assert!(served > 10 * silences.len() && refused > silences.len(), "{served} served, {refused} refused");
    assert!(2 * cut > silences.len(), "{cut} uploads were cut in {} suspensions", silences.len());
    world.audit();
}

fn suspend_again_and_again(world: &World, team: &Team, load: &Load) -> Vec<Silence> {
    let mut silences = Vec::new();
    for turn in 0..suspensions() {
        let member = turn % MEMBERS;
        let seat = &team.seats[member];
        load.next.store(member, Relaxed);
        std::thread::sleep(A_WHILE);
        let from = change(world, team, seat, "suspend");
        assert_eq!(call(world, seat), (403, Some("member_suspended".to_owned())), "after the answer");
        std::thread::sleep(A_WHILE);
        let until = now();
        change(world, team, seat, "activate");
        assert_eq!(call(world, seat).0, 200, "activated, it works");
        silences.push(Silence { member, from, until });
    }
    silences
}

/// Suspends or activates a member; the moment from which it holds.
fn change(world: &World, team: &Team, seat: &Seat, step: &str) -> i64 {
    let url = format!("{}/api/v1/accounts/{}/members/{}/{step}", world.control_url(), team.account, seat.member);
    let cookie = format!("keyward={}", team.session);
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let answer = http::post(&url, &headers, b"", ANSWER).expect("an answer");
    assert_eq!(answer.status, 200, "{step}: {}", String::from_utf8_lossy(&answer.body));
    let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let moment: Timestamp = told["effective_at"].as_str().expect("a moment").parse().expect("RFC 3339");
    moment.micros()
}

/// One call as the member, over a connection of its own.
fn call(world: &World, seat: &Seat) -> (u16, Option<String>) {
    let url = format!("{}/tag-{}", world.rest_url(), seat.tag);
    let answer = http::get(&url, &[("x-api-key", &seat.value)], ANSWER).expect("an answer");
    let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, told["code"].as_str().map(str::to_owned))
}

/// Each silence in which something arrived, and how long after its beginning.
fn broken(silences: &[Silence], upstream: &Stamping) -> Vec<String> {
    let mut by_tag = vec![Vec::new(); MEMBERS];
    for arrival in upstream.arrivals() {
        by_tag[arrival.tag as usize].push(arrival.at);
    }
    by_tag.iter_mut().for_each(|moments| moments.sort_unstable());
    let in_it = |silence: &Silence| {
        let moments = &by_tag[silence.member];
        let first = moments.partition_point(|at| *at <= silence.from);
        let last = moments.partition_point(|at| *at < silence.until);
        let after = moments.get(first).map_or(0, |at| at - silence.from);
        (last > first).then(|| format!("{} arrived, the first {after} µs after: {silence:?}", last - first))
    };
    silences.iter().filter_map(in_it).collect()
}

/// Microseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros() as i64
}
