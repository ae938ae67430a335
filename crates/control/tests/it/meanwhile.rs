//! What changed meanwhile counts: every route that takes a version with `If-Match` refuses another one, and who lost their seat since the
//! door let them in changes nothing.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    http::Request,
};
use domain::{member::Member, role::Role, time::SECOND};
use hyper::body::Frame;
use serde_json::{Value, json};

use crate::{
    permissions,
    world::{Team, World, now},
};

/// A version that nothing here has.
const ANOTHER: &str = "\"999\"";

#[tokio::test]
async fn every_route_that_takes_a_version_refuses_another() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let account = format!("/accounts/{}", team.account);
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &format!("{account}/keys"), Some(&team.owner.cookie), Some(shared)).await;
    let key = made.body["key"]["id"].as_str().expect("an id").to_owned();
    let description = serde_json::to_value(control::description()).expect("plain values");
    let mut asked = 0;
    for (route, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let parameters = operation["parameters"].as_array();
            if !parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "If-Match")) {
                continue;
            }
            let path = route.replace("{account}", &team.account.to_string());
            let path = path.replace("{key}", &key).replace("{member}", &team.member.member.to_string());
            let (method, path) = (method.to_uppercase(), path.replace("{version}", "1"));
            let body = (method != "DELETE").then(|| permissions::body(&method, &path));
            let answer = world.call_if(Some(ANOTHER), &method, &path, Some(&team.owner.cookie), body).await;
            assert_eq!((answer.status, answer.code()), (412, "changed_meanwhile"), "{method} {route}: {}", answer.body);
            asked += 1;
        }
    }
    assert!(asked > 10, "only {asked} routes");
}

/// A body that does something first: it is read after the door, and before anything is written.
struct Late(Option<Pin<Box<dyn Future<Output = Bytes> + Send>>>);

impl hyper::body::Body for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(first) = &mut self.0 else { return Poll::Ready(None) };
        first.as_mut().poll(context).map(|bytes| {
            self.0 = None;
            Some(Ok(Frame::data(bytes)))
        })
    }
}

/// How a seat is lost.
type Loses = fn(Member) -> Member;

/// Makes a request of the admin's whose seat becomes another as soon as the body is read; afterwards it is as it was.
async fn losing(world: &World, team: &Team, loses: Loses, (method, path): (&str, &str), body: Value) -> (u16, Value) {
    let store = world.app.store.clone();
    let before = store::member::find(&store, team.admin.member).await.expect("an answer").expect("a seat");
    let (then, after) = (store.clone(), loses(before.clone()));
    let late = Late(Some(Box::pin(async move {
        let tx = then.begin().await.expect("a transaction");
        store::member::save(&tx, &after).await.expect("it is saved");
        tx.commit().await.expect("it is committed");
        Bytes::from(body.to_string())
    })));
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("host", "keys.example.com")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", &team.admin.cookie)
        .header("content-type", "application/json");
    let answer = world.send(request.body(Body::new(late)).expect("a request")).await;
    let now = store::member::find(&store, team.admin.member).await.expect("an answer").expect("a seat");
    assert_ne!(now, before, "{method} {path}: the body was not read: {}", answer.body);
    let tx = store.begin().await.expect("a transaction");
    store::member::save(&tx, &before).await.expect("it is saved");
    tx.commit().await.expect("it is committed");
    (answer.status, answer.body)
}

/// Routes that write nothing, or that ask for a password before.
const NO_CHANGE: [&str; 2] = ["/accounts/{account}/ownership", "/accounts/{account}/keys/{key}/calls"];

#[tokio::test]
async fn who_loses_their_seat_before_the_write_changes_nothing() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let account = format!("/accounts/{}", team.account);
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &format!("{account}/keys"), Some(&team.admin.cookie), Some(shared)).await;
    let id = |noun: &str| made.body[noun]["id"].as_str().expect("an id").to_owned();
    let trail = async || {
        let trail = world.call("GET", &format!("{account}/audit"), Some(&team.owner.cookie), None).await;
        trail.body["changes"][0]["id"].clone()
    };
    let before = trail().await;
    let lost: [Loses; 3] = [
        |seat| Member { suspended_at: Some(now()), ..seat },
        |seat| Member { removed_at: Some(now()), ..seat },
        |seat| Member { ends_at: Some(now().plus(-SECOND)), ..seat },
    ];
    let description = serde_json::to_value(control::description()).expect("plain values");
    let mut asked = 0;
    for (route, item) in description["paths"].as_object().expect("paths") {
        let route = route.trim_start_matches("/api/v1");
        if !route.starts_with("/accounts/{account}") || NO_CHANGE.contains(&route) {
            continue;
        }
        for (method, operation) in item.as_object().expect("operations") {
            if operation["requestBody"].is_null() {
                continue;
            }
            let path = route.replace("/accounts/{account}", &account).replace("{key}", &id("key"));
            let path = path.replace("{value}", &id("value")).replace("{member}", &team.member.member.to_string());
            let (method, path) = (method.to_uppercase(), path.replace("{version}", "1"));
            for loses in lost {
                let body = permissions::body(&method, &path);
                let (status, answer) = losing(&world, &team, loses, (&method, &path), body).await;
                assert_eq!((status, &answer["code"]), (401, &json!("sign_in")), "{method} {route}: {answer}");
                asked += 1;
            }
        }
    }
    assert!(asked > 60, "only {asked} requests");
    let demoted: Loses = |seat| Member { role: Some(Role::Member), ..seat };
    let (status, answer) = losing(&world, &team, demoted, ("PATCH", &account), json!({ "name": "Renamed" })).await;
    assert_eq!((status, &answer["permission"]), (403, &json!("account.edit")), "{answer}");
    assert_eq!(trail().await, before, "nothing was changed");
}
