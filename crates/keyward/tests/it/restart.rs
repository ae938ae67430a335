//! Restarts under load, with a socket that outlives the process as systemd's do: nobody is refused, and no call that began
//! fails.

use std::{
    net::TcpListener,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use testbed::{counting::Counting, http};

use crate::world::{World, WorldOptions, wait};

const RESTARTS: usize = 3;
const CALLERS: usize = 4;
/// Calls between two restarts.
const CALLS: usize = 150;
/// A caller may have to wait for the next life.
const ANSWER: Duration = Duration::from_secs(30);

#[test]
fn a_restart_refuses_no_connection_and_fails_no_call() {
    let upstream = Counting::start(Duration::from_millis(2));
    let mut world = World::prepare(WorldOptions { rest: Some(upstream.url()), ..WorldOptions::default() });
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/rest/leagues", socket.local_addr().expect("an address"));
    world.serve_on(&socket);
    let (value, is_over) = (world.value().to_owned(), AtomicBool::new(false));
    let (answered, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                while !is_over.load(Relaxed) {
                    match http::get(&url, &[("x-api-key", &value)], ANSWER) {
                        Ok(answer) if answer.status == 200 => _ = answered.fetch_add(1, Relaxed),
                        other => failed.lock().expect("no caller panics").push(format!("{other:?}")),
                    }
                }
            });
        }
        for restart in 1..=RESTARTS {
            wait("calls are answered", || answered.load(Relaxed) >= restart * CALLS);
            world.end();
            world.serve_on(&socket);
        }
        let before = answered.load(Relaxed);
        wait("calls are answered again", || answered.load(Relaxed) >= before + CALLS);
        is_over.store(true, Relaxed);
    });
    let failed = failed.into_inner().expect("no caller panics");
    assert!(failed.is_empty(), "{} of {}: {:?}", failed.len(), answered.load(Relaxed), failed.first());
    assert_eq!(upstream.seen().len(), answered.load(Relaxed), "each call arrived once");
    world.stop();
}
