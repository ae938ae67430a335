//! Requests that other sites make a browser send, and requests under other names.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

use crate::world::{World, now};

async fn rename(world: &World, cookie: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = Request::patch("/api/v1/me")
        .header(header::HOST, "keys.example.com")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::from(json!({ "name": "Someone else" }).to_string());
    world.send(request.body(body).expect("a request")).await.status
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let world = World::start().await;
    let team = world.team("north").await;
    let cookie = &team.member.cookie;
    for headers in [
        &[] as &[(&str, &str)],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://keys.example.com")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
    ] {
        assert_eq!(rename(&world, cookie, headers).await, 403, "{headers:?}");
    }
    let me = world.call("GET", "/me", Some(cookie), None).await;
    assert_eq!(me.body["person"]["name"], "Mia");
    assert_eq!(rename(&world, cookie, &[("origin", "https://keys.example.com")]).await, 200);
    assert_eq!(rename(&world, cookie, &[("sec-fetch-site", "same-origin")]).await, 200);
}

/// A form of another site cannot sign somebody in either: its body is not JSON, and its origin is not ours.
#[tokio::test]
async fn other_sites_sign_nobody_in() {
    let world = World::start().await;
    world.team("north").await;
    let body = r#"{"email":"mia@north.example","password":"a password of tests"}"#;
    for (name, value, status) in [
        ("sec-fetch-site", "cross-site", 403),
        ("origin", "https://evil.example", 403),
        ("content-type", "text/plain", 415),
        ("content-type", "application/x-www-form-urlencoded", 415),
        ("content-type", "application/json", 200),
    ] {
        let mut request =
            Request::post("/api/v1/sessions").header(header::HOST, "keys.example.com").header(name, value);
        if name != "content-type" {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let answer = world.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        assert_eq!(answer.cookie().is_some(), status == 200);
    }
}

#[tokio::test]
async fn another_host_is_misdirected_and_never_in_a_link() {
    let world = World::start().await;
    world.team("north").await;
    for host in ["evil.example", "keys.example.com.evil.example", "keys.example.com:444", "127.0.0.1", ""] {
        for path in ["/", "/api/v1/instance", "/api/v1/resets"] {
            let request = Request::post(path)
                .header(header::HOST, host)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(r#"{"email":"mia@north.example"}"#));
            let answer = world.send(request.expect("a request")).await;
            assert_eq!(answer.status, 421, "{host} {path}");
        }
    }
    assert!(world.mails_to("mia@north.example").await.is_empty());
    let request = Request::post("/api/v1/resets")
        .header(header::HOST, "keys.example.com")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"email":"mia@north.example"}"#));
    assert_eq!(world.send(request.expect("a request")).await.status, 202);
    let (_, body) = world.mails_to("mia@north.example").await.pop().expect("a mail");
    assert!(body.text.contains("https://keys.example.com/reset/confirm#") && !body.text.contains("evil"));
    assert!(!body.html.contains("evil"));
}

/// Programs that scan mails follow links; pages load images. Nothing that is only read may change anything.
#[tokio::test]
async fn reading_changes_nothing() {
    let world = World::start().await;
    let team = world.team("north").await;
    world.call("POST", "/resets", None, Some(json!({ "email": "mia@north.example" }))).await;
    let token = world.token_to("mia@north.example", "/reset/confirm").await.expect("a link");
    for path in ["/reset/confirm", "/activate", "/register/confirm", "/operator", "/"] {
        let request = Request::get(format!("{path}?token={token}"))
            .header(header::HOST, "keys.example.com")
            .header(header::COOKIE, &team.member.cookie)
            .body(Body::empty());
        assert_eq!(world.send(request.expect("a request")).await.status, 200, "{path}");
    }
    for path in ["/resets/confirm", "/links/look-up", "/registrations/confirm", "/invitations/accept", "/operators"] {
        assert_eq!(world.call("GET", path, None, None).await.status, 405, "{path}");
    }
    let looked = world.call("POST", "/links/look-up", None, Some(json!({ "token": token }))).await;
    assert_eq!((looked.status, &looked.body["purpose"]), (200, &json!("reset")));
    let looked_again = world.call("POST", "/links/look-up", None, Some(json!({ "token": token }))).await;
    assert_eq!(looked.bytes, looked_again.bytes);
    let open = store::session::list_open(&world.app.store, team.member.person, now()).await.expect("an answer");
    assert_eq!(open.len(), 1);
}
