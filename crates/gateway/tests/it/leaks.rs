//! Callers and upstreams that are slow, large, broken or gone: each call has one row, and nothing of it stays behind.

use std::{
    io::Read,
    time::{Duration, Instant},
};

use domain::{decision::Denial, request_log::Outcome};

use crate::{
    caller::Caller,
    upstream::{Action, Upstream, ok, say},
    world::{Plan, World, ending},
};

const SHORT: Duration = Duration::from_millis(300);

/// What an upstream does by the path that it is asked for.
fn upstream() -> Upstream {
    Upstream::start(|seen| match seen.target() {
        "/v3/slow" => Action::Wait(Duration::from_secs(3)),
        "/v3/stalls" => {
            Action::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab".to_vec(), Duration::from_secs(3))
        }
        "/v3/breaks" => Action::Break(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab".to_vec()),
        "/v3/boasts" => {
            say(&format!("HTTP/1.1 200 OK\r\nx-long: {}\r\ncontent-length: 0\r\n\r\n", "x".repeat(100_000)))
        }
        "/v3/long" => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 40000000\r\n\r\n";
            Action::Say([&head[..], &vec![b'x'; 40_000_000]].concat())
        }
        _ => ok("x"),
    })
}

/// What a caller sends, what it does then, and how its only row ends; none where there is no row.
type Case = (&'static str, fn(&World) -> Vec<u8>, fn(Caller), Option<(Outcome, Option<Denial>)>);

fn reads_to_the_end(mut caller: Caller) {
    _ = caller.stream().read_to_end(&mut Vec::new());
}

fn leaves(caller: Caller) {
    std::thread::sleep(Duration::from_millis(150));
    drop(caller);
}

fn takes_nothing(caller: Caller) {
    std::thread::sleep(SHORT * 4);
    drop(caller);
}

fn get(world: &World, path: &str, headers: &str) -> Vec<u8> {
    world.request(&format!("GET /football/{path}"), &format!("{headers}connection: close\r\n"), "").into_bytes()
}

fn begins_to_post(world: &World) -> Vec<u8> {
    world.request("POST /football/a", "content-length: 100\r\n", "").into_bytes()
}

fn cases() -> Vec<Case> {
    let incomplete = Some((Outcome::Failed, Some(Denial::UpstreamIncomplete)));
    vec![
        ("a head that does not end", |_| b"GET /football/a HTTP/1.1\r\nhost: ga".to_vec(), reads_to_the_end, None),
        ("a body that does not come", begins_to_post, reads_to_the_end, Some((Outcome::Abandoned, None))),
        ("who leaves with a body half sent", begins_to_post, leaves, Some((Outcome::Abandoned, None))),
        ("who leaves before the answer", |world| get(world, "slow", ""), leaves, Some((Outcome::Abandoned, None))),
        ("who leaves during the answer", |world| get(world, "long", ""), leaves, Some((Outcome::Abandoned, None))),
        ("who takes nothing of it", |world| get(world, "long", ""), takes_nothing, Some((Outcome::Abandoned, None))),
        (
            "an upstream that does not answer",
            |world| get(world, "slow", ""),
            reads_to_the_end,
            Some((Outcome::Failed, Some(Denial::UpstreamTimeout))),
        ),
        ("an upstream that stops in mid-body", |world| get(world, "stalls", ""), reads_to_the_end, incomplete),
        ("an upstream that breaks in mid-body", |world| get(world, "breaks", ""), reads_to_the_end, incomplete),
        ("an upstream's head that is too large", |world| get(world, "boasts", ""), reads_to_the_end, incomplete),
        (
            "a caller's head that is too large",
            |world| get(world, "a", &format!("x-long: {}\r\n", "x".repeat(100_000))),
            reads_to_the_end,
            None,
        ),
        ("too many headers", |world| get(world, "a", &"x-more: 1\r\n".repeat(200)), reads_to_the_end, None),
        ("a call like others", |world| get(world, "a", ""), reads_to_the_end, Some((Outcome::Answered, None))),
    ]
}

#[test]
fn each_ends_in_one_row_and_leaves_nothing_behind() {
    for (what, bytes, then, expected) in cases() {
        let upstream = upstream();
        let mut plan = Plan::open(upstream.url());
        plan.time_outs.head = SHORT;
        plan.time_outs.progress = SHORT;
        plan.time_outs.linger = SHORT;
        plan.change = |apis| apis[0].answer_time_out = SHORT * 3;
        let world = plan.start();
        let mut caller = world.caller();
        _ = std::io::Write::write_all(caller.stream(), &bytes(&world));
        then(caller);
        let (figures, began) = (world.figures(), Instant::now());
        let is_quiet = || {
            let in_flight: usize = figures.upstreams(0).map(|one| one.in_flight).sum();
            in_flight == 0 && figures.sum(|metrics| &metrics.open_connections) == 0
        };
        while !is_quiet() {
            assert!(began.elapsed() < Duration::from_secs(10), "{what}: something stays behind");
            std::thread::sleep(Duration::from_millis(10));
        }
        let rows = world.rows();
        let ends: Vec<_> = rows.iter().map(|row| (ending(row).outcome, ending(row).denial)).collect();
        assert_eq!(ends, expected.into_iter().collect::<Vec<_>>(), "{what}");
    }
}
