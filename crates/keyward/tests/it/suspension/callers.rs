//! Eight callers: five call as all members in turn, two keep uploads of the next member under way, one sends calls of that
//! member in two parts, so that they are decided on before their suspension and admitted after it.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::Ordering::Relaxed,
    thread::Scope,
    time::Duration,
};

use testbed::caller::Caller;

use super::{Load, MEMBERS, team::Team};
use crate::world::World;

const QUICK: usize = 5;
const UPLOADS: usize = 2;
/// Between two parts of an upload, and of a call that comes in two.
const PAUSE: Duration = Duration::from_micros(300);
const HALF: Duration = Duration::from_millis(3);
const PART: [u8; 1_024] = [b'x'; 1_024];

/// Starts all callers; they end when the load is over.
pub fn start<'s>(scope: &'s Scope<'s, '_>, world: &'s World, team: &'s Team, load: &'s Load) {
    for first in 0..QUICK {
        scope.spawn(move || quick(world, team, load, first));
    }
    for _ in 0..UPLOADS {
        scope.spawn(move || upload(world, team, load));
    }
    scope.spawn(move || halves(world, team, load));
}

/// Calls as one member after the other, as fast as answers come.
fn quick(world: &World, team: &Team, load: &Load, first: usize) {
    let mut caller = None;
    let mut turn = first;
    while !load.over.load(Relaxed) {
        let seat = &team.seats[turn % MEMBERS];
        turn += 1;
        let connection = caller.get_or_insert_with(|| Caller::connect(&world.rest_url()).expect("it listens"));
        match connection.get(&format!("/tag-{}", seat.tag), &[("x-api-key", &seat.value)]) {
            Ok(200) => _ = load.served.fetch_add(1, Relaxed),
            Ok(403) => _ = load.refused.fetch_add(1, Relaxed),
            Ok(other) => panic!("status {other}"),
            // It was cut.
            Err(_) => caller = None,
        }
    }
}

/// Sends bodies without end as the member who is suspended next.
fn upload(world: &World, team: &Team, load: &Load) {
    while !load.over.load(Relaxed) {
        let member = load.next.load(Relaxed);
        let seat = &team.seats[member];
        let mut stream = connect(world);
        let head = format!(
            "POST /rest/tag-{} HTTP/1.1\r\nHost: gate\r\nx-api-key: {}\r\nContent-Length: 1000000000\r\n\r\n",
            seat.tag, seat.value
        );
        let mut sent = stream.write_all(head.as_bytes());
        let mut parts = 0;
        while sent.is_ok() && load.next.load(Relaxed) == member && !load.over.load(Relaxed) {
            std::thread::sleep(PAUSE);
            sent = stream.write_all(&PART);
            parts += 1;
        }
        // A member who is suspended already is refused with an answer, and the rest of the body is not wanted.
        if parts > 10 && sent.is_err() {
            load.cut.fetch_add(1, Relaxed);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Sends JSON-RPC calls of that member in two parts.
fn halves(world: &World, team: &Team, load: &Load) {
    while !load.over.load(Relaxed) {
        let seat = &team.seats[load.next.load(Relaxed)];
        let mut stream = connect(world);
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["tag-{}"]}}"#, seat.tag);
        let (target, length) = (format!("/node/v1/{}", seat.value), body.len());
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        let (first, rest) = body.split_at(length / 2);
        let sent = stream.write_all(format!("{head}{first}").as_bytes());
        std::thread::sleep(HALF);
        if sent.and_then(|()| stream.write_all(rest.as_bytes())).is_ok() {
            // What it answers is not the question here.
            _ = stream.read_to_end(&mut Vec::new());
        }
    }
}

fn connect(world: &World) -> TcpStream {
    let url = world.rest_url();
    let authority = url.trim_start_matches("http://").split('/').next().expect("an authority");
    let stream = TcpStream::connect(authority).expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
    stream
}
