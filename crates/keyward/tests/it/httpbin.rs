//! REST traffic of every kind through the gateway in front of httpbin on gunicorn.
//!
//! `tests/real/httpbin_client.py` asserts what the caller and the upstream see; here stands what the log must say and
//! what memory it may take. Of the world they need: `World::start(WorldOptions { rest, .. })`, `rest_url()` without a
//! slash at its end, `value()` for the header `x-api-key`, `pid()`, and `log()`, which waits until every call made so
//! far has its closed row.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use testbed::{httpbin::Httpbin, script};

use crate::world::{World, WorldOptions};

const TEN_MEGABYTES: u64 = 10 * 1024 * 1024;
/// How often 10 MB go up and down.
const STREAMS: &str = "20";
/// What all of them together may add to the gateway's memory.
const GROWTH: u64 = 16 * 1024 * 1024;
/// How often the gateway's memory is looked at.
const SAMPLE: Duration = Duration::from_millis(5);

#[test]
fn everything_a_rest_api_does_passes_and_nothing_else() {
    let (httpbin, world) = start();
    let (base, upstream) = (world.rest_url(), httpbin.url());
    let arguments = [base.as_str(), "--key", world.value(), "--upstream", &upstream];
    let ended = script::python("httpbin_client.py", &arguments);
    assert!(ended.success, "{}{}", ended.output, ended.errors);

    let log = world.log();
    for row in &log {
        assert_eq!(row["state"], "closed", "{row}");
        assert!(row["outcome"] == "answered" || row["outcome"] == "failed", "{row}");
        assert_eq!(row["requests"], 1, "{row}");
        assert!(!row.to_string().contains(world.value()), "a value is in the log");
    }
    let large =
        log.iter().filter(|row| row["bytes_in"] == TEN_MEGABYTES && row["bytes_out"].as_u64() > Some(TEN_MEGABYTES));
    assert_eq!(large.count(), 2, "10 MB with a length and in chunks are counted to the byte");
    assert!(log.iter().any(|row| row["status"] == 418), "the upstream's own status is in the log");
    world.stop();
}

#[test]
fn ten_megabytes_up_and_down_leave_memory_flat() {
    let (_httpbin, world) = start();
    let before = own_memory(world.pid());
    let done = AtomicBool::new(false);
    let (ended, most) = thread::scope(|scope| {
        let most = scope.spawn(|| {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                most = most.max(own_memory(world.pid()));
                thread::sleep(SAMPLE);
            }
            most
        });
        let arguments = [world.rest_url(), "--key".into(), world.value().into(), "--streams".into(), STREAMS.into()];
        let ended = script::python("httpbin_client.py", &arguments.each_ref().map(String::as_str));
        done.store(true, Ordering::Relaxed);
        (ended, most.join().expect("sampling does not panic"))
    });
    assert!(ended.success, "{}{}", ended.output, ended.errors);
    let growth = most.saturating_sub(before);
    assert!(growth < GROWTH, "memory grew by {growth} bytes, from {before}");
    world.stop();
}

fn start() -> (Httpbin, World) {
    let httpbin = Httpbin::start();
    let world = World::start(WorldOptions { rest: Some(httpbin.url()), ..WorldOptions::default() });
    (httpbin, world)
}

/// Bytes of memory that a process holds for itself: without the journal's mapped file, which fills as calls are made.
fn own_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("the kernel tells it");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("it is a number of kB");
    kilobytes * 1024
}
