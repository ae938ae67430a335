//! HTTP/2 from callers: streams are requests of their own. Each has its row, its deadlines, and its end.

use std::time::Duration;

use bytes::Bytes;
use domain::{
    decision::Denial,
    id::{KeyId, ValueId},
    key::value::ValueText,
    policy::{KeyPolicy, PolicyChange, ValuePolicy},
    request_log::Outcome,
};
use gateway::settings::ApiSettings;
use http::Request;
use http_body_util::{BodyExt, Full};

use crate::{
    http2_caller::{Certificate, get, open, run, whole},
    upstream::{Action, Upstream, ok},
    world::{Plan, ending, outcomes},
};

/// Answers `/v3/slow` never, `/v3/long` with a megabyte, and the rest with the body or the path.
fn upstream() -> Upstream {
    Upstream::start(|seen| match seen.target() {
        "/v3/slow" => Action::Wait(Duration::from_secs(15)),
        "/v3/long" => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 1 << 20);
            Action::Say([head.as_bytes(), &vec![b'x'; 1 << 20]].concat())
        }
        "/v3/broken" => Action::Break(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx".to_vec()),
        path if seen.body.is_empty() => ok(path),
        _ => ok(&String::from_utf8_lossy(&seen.body)),
    })
}

fn is_reset(error: &hyper::Error) -> bool {
    format!("{error:?}").contains("Reset")
}

#[test]
fn many_requests_share_a_connection() {
    let (upstream, certificate) = (upstream(), Certificate::new());
    let world = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) }.start();
    run(async {
        let sender = open(world.address(), &certificate).await;
        let calls = (0..50).map(|number| {
            let (mut sender, request) = (sender.clone(), get(&format!("/football/{number}"), &world.value));
            tokio::spawn(async move { whole(sender.send_request(request).await.expect("an answer")).await })
        });
        for (number, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
            let (status, body) = call.await.expect("a task").expect("a whole answer");
            assert_eq!((status, body), (200, Bytes::from(format!("/v3/{number}"))));
        }
        // A body of known length, a long answer, a stranger.
        let mut sender = sender;
        let post = Request::post("https://gate/football/post").header("x-api-key", &world.value);
        let post = post.header("cookie", "a=1").header("cookie", "b=2");
        let post = post.body(Full::new(Bytes::from_static(b"hello"))).expect("a request");
        let answer = sender.send_request(post).await.expect("an answer");
        assert_eq!(answer.headers().get("connection"), None);
        assert_eq!(whole(answer).await.expect("whole").1, "hello");
        let long = sender.send_request(get("/football/long", &world.value)).await.expect("an answer");
        assert_eq!(whole(long).await.expect("whole").1.len(), 1 << 20);
        let stranger = sender.send_request(get("/football/a", "nobody")).await.expect("an answer");
        assert_eq!(stranger.status(), 401);
    });
    let seen = upstream.seen();
    let post = seen.iter().find(|seen| seen.target() == "/v3/post").expect("it came");
    assert_eq!((post.header("cookie"), post.header("content-length")), (Some("a=1; b=2"), Some("5")));
    assert!(post.header("host").is_some_and(|host| host != "gate"));
    let rows = world.rows();
    assert_eq!((rows.len(), seen.len()), (52, 52));
    assert!(outcomes(&rows).iter().all(|outcome| *outcome == Outcome::Answered));
}

#[test]
fn streams_are_late_one_by_one() {
    let (upstream, certificate) = (upstream(), Certificate::new());
    let mut plan = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) };
    plan.time_outs.progress = Duration::from_millis(300);
    plan.change = |apis: &mut [ApiSettings; 2]| apis[0].answer_time_out = Duration::from_millis(300);
    let world = plan.start();
    run(async {
        let mut sender = open(world.address(), &certificate).await;
        // It takes the head and then nothing, until the gateway gives up.
        let unread = sender.send_request(get("/football/long", &world.value)).await.expect("an answer");
        let slow = sender.send_request(get("/football/slow", &world.value)).await.expect("an answer");
        assert_eq!(slow.status(), 504, "a late answer is told");
        let broken = sender.send_request(get("/football/broken", &world.value)).await.expect("an answer");
        assert!(is_reset(&whole(broken).await.expect_err("a part is not taken for the whole")));
        tokio::time::sleep(Duration::from_millis(900)).await;
        let error = whole(unread).await.map(|(status, body)| (status, body.len())).expect_err("it was too slow");
        assert!(is_reset(&error), "{error:?}");
        let other = sender.send_request(get("/football/a", &world.value)).await.expect("the others go on");
        assert_eq!(whole(other).await.expect("whole").0, 200);
    });
    let rows = world.rows();
    let mut ends: Vec<_> =
        rows.iter().map(|row| (row.path.as_str(), ending(row).outcome, ending(row).denial)).collect();
    ends.sort_by_key(|end| end.0);
    let expected = [
        ("/football/a", Outcome::Answered, None),
        ("/football/broken", Outcome::Failed, Some(Denial::UpstreamIncomplete)),
        ("/football/long", Outcome::Abandoned, None),
        ("/football/slow", Outcome::Failed, Some(Denial::UpstreamTimeout)),
    ];
    assert_eq!(ends, expected);
}

#[test]
fn a_cut_ends_the_stopped_calls_and_no_others() {
    let (upstream, certificate) = (upstream(), Certificate::new());
    let world = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) }.start();
    let key = KeyPolicy { id: KeyId::from_u128(20), ..world.key.clone() };
    let text = ValueText::draw([8; 24]);
    let value =
        ValuePolicy { id: ValueId::from_u128(30), key: key.id, hash: text.hash(), ..world.value_policy.clone() };
    world.apply(PolicyChange::Key(key.clone()));
    world.apply(PolicyChange::Value(value));
    run(async {
        let mut sender = open(world.address(), &certificate).await;
        let other = tokio::spawn(sender.send_request(get("/football/slow", text.reveal())));
        let mine = sender.send_request(get("/football/long", &world.value)).await.expect("an answer");
        while upstream.seen().len() < 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        std::thread::scope(|scope| {
            let stop = || world.apply(PolicyChange::Key(KeyPolicy { disabled: true, ..key.clone() }));
            scope.spawn(stop).join().expect("a change");
        });
        let error = other.await.expect("a task").expect_err("it is stopped");
        assert!(is_reset(&error), "{error:?}");
        assert_eq!(whole(mine).await.expect("the other's answer comes whole").1.len(), 1 << 20);
        let refused = sender.send_request(get("/football/a", text.reveal())).await.expect("the connection lives");
        assert_eq!(refused.status(), 403);
    });
    let rows = world.rows();
    let mut ends: Vec<_> = rows
        .iter()
        .map(|row| (row.path.as_str(), row.denial.or(row.ending.as_ref().and_then(|end| end.denial))))
        .collect();
    ends.sort_by_key(|end| end.0);
    let disabled = Some(Denial::KeyDisabled);
    assert_eq!(ends, [("/football/a", disabled), ("/football/long", None), ("/football/slow", disabled)]);
}

#[test]
fn who_leaves_or_stays_idle_leaves_nothing_behind() {
    let (upstream, certificate) = (upstream(), Certificate::new());
    let mut plan = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) };
    plan.time_outs.idle = Duration::from_millis(300);
    plan.time_outs.linger = Duration::from_millis(300);
    let world = plan.start();
    run(async {
        // One stream is left, the connection stays.
        let mut sender = open(world.address(), &certificate).await;
        let left = tokio::spawn(sender.send_request(get("/football/slow", &world.value)));
        while upstream.seen().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        left.abort();
        assert_eq!(sender.send_request(get("/football/a", &world.value)).await.expect("an answer").status(), 200);
        // Without a stream it is asked to end.
        while !sender.is_closed() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let rows = world.rows();
    assert_eq!(outcomes(&rows), [Outcome::Abandoned, Outcome::Answered]);
}

#[test]
fn a_stop_waits_for_streams() {
    let upstream = Upstream::start(|_| {
        std::thread::sleep(Duration::from_millis(700));
        ok("late but whole")
    });
    let certificate = Certificate::new();
    let mut world = Plan { listener: certificate.listener(), ..Plan::open(upstream.url()) }.start();
    let (address, value) = (world.address(), world.value.clone());
    run(async {
        let mut sender = open(address, &certificate).await;
        let call = tokio::spawn(sender.send_request(get("/football/a", &value)));
        while upstream.seen().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
            if call.is_finished() {
                break;
            }
        }
        let stopping = std::thread::spawn(move || {
            world.stop();
            world
        });
        let answer = call.await.expect("a task").expect("an answer");
        assert_eq!(answer.into_body().collect().await.expect("whole").to_bytes(), "late but whole");
        while !stopping.is_finished() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(outcomes(&stopping.join().expect("it stops").rows()), [Outcome::Answered]);
    });
}
