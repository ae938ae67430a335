//! REST calls that go well: what goes up, what comes down, what is logged.

use domain::{call::Charge, request_log::Outcome};
use gateway::settings::{ApiSettings, UpstreamSettings};

use crate::{
    upstream::{Action, Upstream, ok, say},
    world::{Plan, SECRET, ending, outcomes},
};

#[test]
fn a_call_is_forwarded_charged_and_logged() {
    let upstream = Upstream::start(|_| {
        say(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=b\r\nx-ratelimit-remaining: 7\r\nx-total: 9\r\n\r\nhi",
        )
    });
    let world = Plan { credits: Some(500), ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let headers = "user-agent: test/1\r\nx-forwarded-for: 1.2.3.4\r\naccept: */*\r\n";
    let answer = caller.ask(world.request("GET /football/leagues/39?season=2024", headers, ""));
    assert_eq!((answer.status, answer.text()), (200, "hi"));
    assert_eq!(answer.header("x-total"), Some("9"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("x-ratelimit-remaining"), None);
    assert_eq!(answer.header("x-keyward-credits"), Some("3"));
    assert!(answer.header("x-request-id").is_some_and(|id| id.starts_with("req_")));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"day-credits\";q=500;w=86400, \"day\";q=1000000;w=86400"));
    assert!(answer.header("ratelimit").is_some_and(|state| state.starts_with("\"day-credits\";r=497;t=")));

    let seen = upstream.seen().remove(0);
    assert_eq!(seen.line, "GET /v3/leagues/39?season=2024 HTTP/1.1");
    assert_eq!(seen.header("host"), Some(upstream.url().trim_start_matches("http://")));
    assert_eq!(seen.header("x-apisports-key"), Some(SECRET));
    assert_eq!(seen.header("x-forwarded-for"), None);
    assert!(!format!("{seen:?}").contains(&world.value), "the caller's value went up");

    let rows = world.rows();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.method.as_str(), row.path.as_str()), ("GET /leagues/*", "/football/leagues/39"));
    assert_eq!((row.api.as_str(), row.charge, row.counted.len()), ("football", Charge::priced(3), 2));
    assert_eq!((row.agent.as_deref(), row.policy_version), (Some("test/1"), 5));
    let ending = ending(row);
    assert_eq!((ending.outcome, ending.status, ending.bytes_out), (Outcome::Answered, 200, 2));
    assert_eq!((ending.attempts, ending.upstream, ending.refund), (1, Some(0), Charge::NOTHING));
}

#[test]
fn connections_are_kept_on_both_sides() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    for _ in 0..50 {
        assert_eq!(caller.ask(world.request("GET /football/a", "", "")).status, 200);
    }
    assert_eq!(upstream.connections(), 1);
    assert_eq!(outcomes(&world.rows()), [Outcome::Answered; 50]);
}

#[test]
fn a_connection_that_the_upstream_closed_is_replaced_without_a_trace() {
    let upstream = Upstream::start(|seen| {
        let close = if seen.target() == "/v3/last" { "connection: close\r\n" } else { "" };
        say(&format!("HTTP/1.1 200 OK\r\n{close}content-length: 1\r\n\r\nx"))
    });
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    for target in ["GET /football/last", "GET /football/a", "GET /football/last", "GET /football/a"] {
        assert_eq!(caller.ask(world.request(target, "", "")).status, 200);
    }
    assert_eq!(outcomes(&world.rows()), [Outcome::Answered; 4]);
}

#[test]
fn every_verb_passes_and_head_keeps_its_length() {
    let upstream = Upstream::start(|seen| match seen.line.split(' ').next() {
        Some("HEAD") => say("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"),
        Some("DELETE") => say("HTTP/1.1 204 No Content\r\n\r\n"),
        Some("OPTIONS") => say("HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n"),
        _ => ok("12345"),
    });
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let cases = [
        ("GET", 200),
        ("HEAD", 200),
        ("POST", 200),
        ("PUT", 200),
        ("PATCH", 200),
        ("DELETE", 204),
        ("OPTIONS", 304),
        ("PURGE", 200),
    ];
    for (verb, status) in cases {
        let answer = caller.ask(world.request(&format!("{verb} /football/a"), "", ""));
        assert_eq!(answer.status, status, "{verb}");
        if verb == "HEAD" {
            assert_eq!(answer.header("content-length"), Some("5"));
        }
    }
    let lines: Vec<String> = upstream.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, cases.map(|(verb, _)| format!("{verb} /v3/a HTTP/1.1")));
    assert_eq!(world.rows().len(), cases.len());
}

#[test]
fn ten_megabytes_go_up_and_down_with_and_without_a_length() {
    const LENGTH: usize = 10 << 20;
    let upstream = Upstream::start(|seen| {
        let head = match seen.target() {
            "/v3/chunked" => {
                let mut answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n".to_vec();
                for part in seen.body.chunks(50_000) {
                    answer.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
                    answer.extend_from_slice(part);
                    answer.extend_from_slice(b"\r\n");
                }
                answer.extend_from_slice(b"0\r\nx-sum: 7\r\n\r\n");
                return Action::Say(answer);
            }
            _ => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", seen.body.len()),
        };
        Action::Say([head.as_bytes(), &seen.body].concat())
    });
    let world = Plan::open(upstream.url()).start();
    let body: Vec<u8> = (0..LENGTH).map(|index| (index % 251) as u8).collect();
    let mut caller = world.caller();
    let head = world.request("POST /football/sized", &format!("content-length: {LENGTH}\r\n"), "");
    let answer = caller.ask([head.as_bytes(), &body].concat());
    assert!(answer.status == 200 && answer.body == body, "the body came back as it went");

    let head =
        world.request("POST /football/chunked", "transfer-encoding: chunked\r\nte: trailers\r\ntrailer: x-up\r\n", "");
    caller.send(head);
    for part in body.chunks(70_000) {
        caller.send([format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat());
    }
    caller.send("0\r\nx-up: 8\r\n\r\n");
    let answer = caller.answer().expect("an answer");
    assert!(answer.status == 200 && answer.body == body, "the body came back as it went");
    assert_eq!(answer.trailers, ["x-sum: 7"]);
    let seen = upstream.seen();
    assert_eq!(seen[0].header("content-length"), Some(LENGTH.to_string().as_str()));
    assert_eq!(seen[1].header("transfer-encoding"), Some("chunked"));
    assert_eq!(seen[1].trailers, ["x-up: 8"]);
    let rows = world.rows();
    assert_eq!(outcomes(&rows), [Outcome::Answered; 2]);
    for row in &rows {
        assert_eq!((ending(row).bytes_in, ending(row).bytes_out), (LENGTH as u64, LENGTH as u64));
    }
}

#[test]
fn redirects_lead_through_the_gateway() {
    let upstream = Upstream::start(|seen| {
        let host = seen.header("host").expect("a host");
        let location = match seen.target() {
            "/v3/absolute" => format!("http://{host}/v3/teams?id=1"),
            "/v3/path" => "/v3/teams".to_owned(),
            "/v3/out" => "/admin".to_owned(),
            _ => "https://elsewhere.example/x".to_owned(),
        };
        say(&format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"))
    });
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let cases = [
        ("absolute", Some("/football/teams?id=1")),
        ("path", Some("/football/teams")),
        ("out", None),
        ("other", Some("https://elsewhere.example/x")),
    ];
    for (name, location) in cases {
        let answer = caller.ask(world.request(&format!("GET /football/{name}"), "", ""));
        assert_eq!((answer.status, answer.header("location")), (302, location), "{name}");
    }
    assert_eq!(world.rows().len(), 4);
}

#[test]
fn pages_may_read_answers_and_preflights_cost_nothing() {
    let upstream = Upstream::start(|_| {
        say("HTTP/1.1 200 OK\r\naccess-control-allow-origin: https://theirs.example\r\ncontent-length: 0\r\n\r\n")
    });
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let preflight = "OPTIONS /football/a HTTP/1.1\r\nhost: a\r\norigin: https://page.example\r\naccess-control-request-method: GET\r\naccess-control-request-headers: x-api-key\r\n\r\n";
    let answer = caller.ask(preflight);
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-api-key"));
    let answer = caller.ask(world.request("GET /football/a", "origin: https://page.example\r\n", ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
    assert_eq!(answer.headers.iter().filter(|(name, _)| name == "access-control-allow-origin").count(), 1);
    assert_eq!(upstream.seen().len(), 1, "the preflight stays here");
    let rows = world.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].origin.as_deref(), Some("https://page.example"));
}

#[test]
fn calls_go_on_where_one_of_two_upstreams_is_down() {
    let upstream = Upstream::saying("x");
    let change: fn(&mut [ApiSettings; 2]) = |apis| {
        let down =
            UpstreamSettings { url: "http://127.0.0.1:9".parse().expect("a URL"), ..apis[0].upstreams[0].clone() };
        apis[0].upstreams.push(down);
    };
    let world = Plan { change, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let statuses: Vec<u16> = (0..20).map(|_| caller.ask(world.request("GET /football/a", "", "")).status).collect();
    // A call that meets the one that is down goes to the other.
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!((upstream.seen().len(), world.rows().len()), (20, 20));
}
