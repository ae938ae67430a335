//! Promises P1 and P2 on the real binary: killed under load again and again, also between each two commits of shipping and
//! settling, it never overspends, and every call that the upstream saw is in the log, charged once.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use testbed::{caller::Caller, counting::Counting};

use crate::{
    terminal::Terminal,
    world::{World, WorldOptions, wait},
};

const QUOTA: u64 = 20_000;
/// What the plan gives; the rest of [`QUOTA`] is beyond, so that most lives spend on both counters.
const INCLUDED: u64 = 2_000;
const CALLERS: usize = 4;
/// Where a process dies by itself, and how often; the others are killed from outside.
const FAIL_POINTS: [&str; 8] = [
    "ship:before_log@2",
    "ship:after_log@2",
    "ship:after_ledger@2",
    "settle:before_commit",
    "ship:before_commit@2",
    "settle:after_commit",
    "ship:after_log",
    "grant:after_commit@3",
];

#[test]
fn killed_twenty_times_nothing_is_lost_or_overspent() {
    crash(Terminal::on_sqlite, 20);
}

#[test]
fn the_same_on_postgresql() {
    crash(Terminal::on_postgres, 10);
}

fn crash(store: fn() -> Terminal, kills: u64) {
    let upstream = Counting::start(Duration::from_micros(200));
    let mut world = World::prepare(WorldOptions {
        rest: Some(upstream.url()),
        requests_a_day: INCLUDED,
        requests_beyond: QUOTA - INCLUDED,
        store,
        ..Default::default()
    });
    let next = AtomicU64::new(0);
    for kill in 0..kills {
        // Every second life dies at a fail point; some of those do not even get to listen.
        let place = (kill % 2 == 1).then(|| FAIL_POINTS[(kill / 2) as usize % FAIL_POINTS.len()]);
        let environment: Vec<_> = place.into_iter().map(|place| ("KEYWARD_FAIL_POINT", place)).collect();
        if !world.try_serve(&environment) {
            continue;
        }
        std::thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| call_until_it_dies(&world.rest_url(), world.value(), &next));
            }
            // Differs from life to life, and is the same in every run.
            std::thread::sleep(Duration::from_millis(250 + kill * 97 % 500));
            world.kill_now();
        });
        world.kill();
    }
    world.serve(&[]);
    wait("the log is whole", || rows_by_path(&world).len() >= upstream.seen().len());
    check(&world, &upstream.seen());
    world.audit();
    world.end();
    world.audit();
    check(&world, &upstream.seen());
}

/// Each call has a path of its own, so that what the upstream saw can be found in the log.
fn call_until_it_dies(url: &str, value: &str, next: &AtomicU64) {
    let Ok(mut caller) = Caller::connect(url) else { return };
    loop {
        let path = format!("/units/{}", next.fetch_add(1, Ordering::Relaxed));
        if caller.get(&path, &[("x-api-key", value)]).is_err() {
            return;
        }
    }
}

/// What was charged, what of it remains, and what of that was beyond the quota, by path.
fn rows_by_path(world: &World) -> BTreeMap<String, Vec<(u64, u64, u64)>> {
    let mut rows = BTreeMap::<_, Vec<_>>::new();
    for row in world.terminal.json(&["log", "--limit", "1000000"]) {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| row[name].as_u64().unwrap_or_default();
        if text("outcome") != "denied" {
            let charged = number("requests") - number("refund_requests");
            let beyond = number("overage_requests").min(charged);
            rows.entry(text("path")).or_default().push((number("requests"), charged, beyond));
        }
    }
    rows
}

fn check(world: &World, seen: &[String]) {
    let rows = rows_by_path(world);
    assert!(!seen.is_empty(), "the load reached the upstream");
    assert!(seen.len() as u64 <= QUOTA, "overspent: {} calls arrived", seen.len());
    for path in seen {
        let found = rows.get(&format!("/rest{path}")).map(Vec::as_slice);
        assert!(matches!(found, Some([(1, 1, 0 | 1)])), "{path} arrived; its rows and charges: {found:?}");
    }
    let charged: u64 = rows.values().flatten().map(|(_, charged, _)| charged).sum();
    let beyond: u64 = rows.values().flatten().map(|(.., beyond)| beyond).sum();
    assert!(charged <= QUOTA, "{charged} charged");
    assert!(beyond <= QUOTA - INCLUDED && charged - beyond <= INCLUDED, "{beyond} of {charged} charged beyond");
    println!("{} calls arrived, {charged} charged, {beyond} of them beyond", seen.len());
}

/// Somebody puts yesterday's data folder back, while the store knows better: what was spent since is not known, so the
/// units of that life are written off, and nothing is overspent.
#[test]
fn an_older_copy_of_the_data_folder_overspends_nothing() {
    const QUOTA: u64 = 2_000;
    let upstream = Counting::start(Duration::ZERO);
    let store = Terminal::on_postgres;
    let mut world =
        World::prepare(WorldOptions { rest: Some(upstream.url()), requests_a_day: QUOTA, store, ..Default::default() });
    let (data, copy) = (world.terminal.data(), world.terminal.folder.path().join("copy"));
    let call = |world: &World, calls: u64| {
        let mut caller = Caller::connect(&world.rest_url()).expect("the gateway listens");
        let mut get = || caller.get("/units", &[("x-api-key", world.value())]).expect("an answer");
        (0..calls).filter(|_| get() == 200).count() as u64
    };
    world.serve(&[]);
    assert_eq!(call(&world, 300), 300);
    world.kill();
    std::process::Command::new("cp").arg("-a").args([&data, &copy]).status().expect("cp runs");
    world.serve(&[]);
    assert_eq!(call(&world, 300), 300);
    world.kill();
    std::fs::remove_dir_all(&data).expect("the folder can be removed");
    std::fs::rename(&copy, &data).expect("the copy can be put in its place");
    world.serve(&[]);
    let served = call(&world, 2 * QUOTA);
    assert!(served > 0, "the node goes on");
    assert!(upstream.seen().len() as u64 <= QUOTA, "{} calls arrived", upstream.seen().len());
    world.end();
    world.audit();
}
