//! Access tokens: what a program may do for a person, what it may not, and when that ends.

use axum::{
    body::Body,
    http::{Request, header},
};
use domain::time::DAY;
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Someone, Team, World, now};

/// Makes an access token for the account of the team; returns its id and its text.
async fn make(world: &World, team: &Team, who: &Someone, permissions: &[&str]) -> (String, String) {
    let asked = json!({ "name": "ci", "account_id": team.account.to_string(), "permissions": permissions });
    let made = world.call("POST", "/access-tokens", Some(&who.cookie), Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&made.body["access_token"]["id"]), text(&made.body["text"]))
}

async fn with(world: &World, text: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    world.call_with_token(method, path, text, body).await
}

#[tokio::test]
async fn a_program_may_what_its_token_is_for_and_no_more() {
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    let (_, text) = make(&world, &team, &team.owner, &["teamwork.view", "teamwork.invite"]).await;
    let account = format!("/accounts/{}", team.account);
    let new = |role: &str| Some(json!({ "name": "New", "email": format!("{role}@acme.example"), "role": role }));
    for (method, path, body, status, missing) in [
        ("GET", format!("{account}/members"), None, 200, None),
        ("GET", format!("{account}/keys/key_01m80dzgqhez697ez1zsaprmfq"), None, 404, None),
        ("GET", format!("{account}/allowlists"), None, 403, Some("security.view")),
        ("PATCH", account.clone(), Some(json!({ "name": "Mine" })), 403, Some("account.edit")),
        ("POST", format!("{account}/keys"), Some(json!({})), 422, None),
        // Who could invite an admin would have a person do what the program may not.
        ("POST", format!("{account}/invitations"), new("admin"), 409, None),
        ("GET", format!("/accounts/{}", other.account), None, 404, None),
        ("GET", "/operator/outbox".to_owned(), None, 404, None),
        ("GET", "/me".to_owned(), None, 200, None),
    ] {
        let answer = with(&world, &text, method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        assert_eq!(answer.body["permission"].as_str(), missing, "{method} {path}");
    }
    let me = with(&world, &text, "GET", "/me", None).await.body;
    assert_eq!(me["seats"][0]["permissions"], json!(["teamwork.view", "teamwork.invite"]));
    let (_, text) = make(&world, &team, &team.owner, &["keys.view", "keys.use", "teamwork.invite"]).await;
    assert_eq!(with(&world, &text, "POST", &format!("{account}/invitations"), new("member")).await.status, 201);
    let trail = world.call("GET", &format!("{account}/audit"), Some(&team.owner.cookie), None).await;
    let rows = trail.body["changes"].as_array().expect("rows");
    let (invited, made) = (&rows[0], &rows[1]);
    assert_eq!((&invited["action"], &made["action"]), (&json!("member.invite"), &json!("access_token.create")));
    assert_eq!((&invited["access_token_id"], &made["access_token_id"]), (&made["subject"], &Value::Null));
}

#[tokio::test]
async fn a_program_may_only_what_its_person_may_at_that_moment() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (_, text) = make(&world, &team, &team.admin, &["keys.view", "teamwork.view", "account.edit"]).await;
    let members = format!("/accounts/{}/members", team.account);
    assert_eq!(with(&world, &text, "GET", &members, None).await.status, 200);
    let path = format!("{members}/{}", team.admin.member);
    let lowered = world.call("PATCH", &path, Some(&team.owner.cookie), Some(json!({ "role": "member" }))).await;
    assert_eq!(lowered.status, 200, "{}", lowered.body);
    let refused = with(&world, &text, "GET", &members, None).await;
    assert_eq!((refused.status, &refused.body["permission"]), (403, &json!("teamwork.view")));
    assert_eq!(with(&world, &text, "GET", &format!("/accounts/{}/keys", team.account), None).await.status, 200);
}

/// What a holder may do without a permission, their program may do with one.
#[tokio::test]
async fn what_is_ones_own_takes_a_permission_of_the_token() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let keys = format!("/accounts/{}/keys", team.account);
    let holder = team.member.member.to_string();
    let asked = json!({ "name": "Own", "environment": "Production", "sharing": "own", "holder": holder });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    let key = format!("{keys}/{}", made.body["key"]["id"].as_str().expect("an id"));
    let list = json!({ "addresses": { "mode": "enforce", "entries": [{ "value": "192.0.2.0/24" }] } });
    let (_, reads) = make(&world, &team, &team.member, &["keys.view"]).await;
    let (_, uses) = make(&world, &team, &team.member, &["keys.view", "keys.use"]).await;
    for (text, status) in [(&reads, 403), (&uses, 201)] {
        let drawn = with(&world, text, "POST", &format!("{key}/values"), Some(json!({}))).await;
        assert_eq!(drawn.status, status, "{}", drawn.body);
        let call = json!({ "api": "football", "method": "GET", "path": "/fixtures" });
        let called = with(&world, text, "POST", &format!("{key}/calls"), Some(call)).await;
        assert_eq!(called.body["permission"] == "keys.use", status == 403, "{}", called.body);
        let set = with(&world, text, "PUT", &format!("{key}/allowlists"), Some(list.clone())).await;
        assert_eq!((set.status, &set.body["permission"]), (403, &json!("security.addresses")), "{}", set.body);
        let leave = with(&world, text, "POST", &format!("/accounts/{}/leave", team.account), None).await;
        assert_eq!((leave.status, leave.code()), (403, "needs_session"));
    }
    let by_hand = world.call("PUT", &format!("{key}/allowlists"), Some(&team.member.cookie), Some(list)).await;
    assert_eq!(by_hand.status, 200, "{}", by_hand.body);
}

#[tokio::test]
async fn only_a_person_who_is_signed_in_proves_who_they_are() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let all: Vec<&str> = domain::permission::Permission::ALL.iter().map(|permission| permission.as_str()).collect();
    let (id, text) = make(&world, &team, &team.owner, &all).await;
    let account = team.account.to_string();
    for (method, path, body) in [
        ("GET", "/access-tokens", None),
        ("POST", "/access-tokens", Some(json!({ "name": "x", "account_id": account, "permissions": ["keys.view"] }))),
        ("DELETE", &format!("/access-tokens/{id}"), None),
        ("PATCH", "/me", Some(json!({ "name": "Eve" }))),
        ("POST", "/me/password", Some(json!({ "current": PASSWORD, "new": "quite another password" }))),
        ("GET", "/sessions", None),
        ("POST", "/sessions", Some(json!({ "email": team.owner.email, "password": PASSWORD }))),
        ("DELETE", "/sessions/current", None),
        ("DELETE", "/sessions/ses_01m80dzgqhez697ez1zsaprmfq", None),
    ] {
        let answer = with(&world, &text, method, path, body).await;
        assert_eq!((answer.status, answer.code()), (403, "needs_session"), "{method} {path}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_at_its_field() {
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    let (account, theirs) = (team.account.to_string(), other.account.to_string());
    for (change, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "account_id": theirs }), "account_id"),
        (json!({ "account_id": null }), "account_id"),
        (json!({ "account_id": "acme" }), "account_id"),
        (json!({ "permissions": [] }), "permissions"),
        (json!({ "permissions": ["keys.view", "teamwork.view"] }), "permissions[1]"),
        (json!({ "permissions": ["keys.view", "keys.view"] }), "permissions[1]"),
        (json!({ "permissions": ["everything"] }), "permissions[0]"),
        (json!({ "is_operator": true }), "is_operator"),
        (json!({ "expires_at": "2020-01-01T00:00:00Z" }), "expires_at"),
        (json!({ "expires_at": "tomorrow" }), "expires_at"),
    ] {
        let mut asked = json!({ "name": "ci", "account_id": account, "permissions": ["keys.view"] });
        asked.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let refused = world.call("POST", "/access-tokens", Some(&team.member.cookie), Some(asked)).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{change}: {}", refused.body);
    }
    let asked = json!({ "name": "ci", "account_id": account, "permissions": ["keys.view"] });
    let suspended = world.call("POST", "/access-tokens", Some(&team.suspended.cookie), Some(asked.clone())).await;
    assert_eq!((suspended.status, &suspended.body["field"]), (422, &json!("account_id")));
    for _ in 0..domain::access_token::MAX_OPEN {
        make(&world, &team, &team.member, &["keys.view"]).await;
    }
    let one_more = world.call("POST", "/access-tokens", Some(&team.member.cookie), Some(asked)).await;
    assert_eq!(one_more.status, 409, "{}", one_more.body);
}

/// An operator's program does what operators do where that was chosen, and reads no links with which one becomes somebody else.
#[tokio::test]
async fn an_operator_chooses_whether_a_program_is_one() {
    let world = World::start().await;
    let team = world.team("acme").await;
    world.make_operator(&team.owner).await;
    let asked = json!({ "name": "ops", "is_operator": true });
    let made = world.call("POST", "/access-tokens", Some(&team.owner.cookie), Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let text = made.body["text"].as_str().expect("a text");
    let (_, plain) = make(&world, &team, &team.owner, &["keys.view"]).await;
    world.call("POST", "/resets", None, Some(json!({ "email": team.member.email }))).await;
    let outbox = with(&world, text, "GET", "/operator/outbox", None).await;
    assert_eq!((outbox.status, &outbox.body["mails"][0]["text"]), (200, &Value::Null));
    let by_hand = world.call("GET", "/operator/outbox", Some(&team.owner.cookie), None).await;
    assert!(by_hand.body["mails"][0]["text"].is_string());
    assert_eq!(with(&world, &plain, "GET", "/operator/outbox", None).await.status, 404);
    assert_eq!(with(&world, text, "GET", &format!("/accounts/{}", team.account), None).await.status, 404);
    let me = with(&world, text, "GET", "/me", None).await.body;
    assert_eq!((&me["person"]["is_operator"], &me["seats"]), (&json!(true), &json!([])));
    let me = with(&world, &plain, "GET", "/me", None).await.body;
    assert_eq!(me["person"]["is_operator"], false);
}

#[tokio::test]
async fn a_token_ends_by_hand_by_time_and_with_what_it_stands_on() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let members = format!("/accounts/{}/members/{}", team.account, team.member.member);
    for way in ["by hand", "by time", "password", "reset", "suspended", "removed"] {
        let owner = Some(team.owner.cookie.as_str());
        let cookie = world.session(team.member.person).await;
        let member = Someone { cookie, ..team.member.clone() };
        let tomorrow = now().plus(DAY).to_string();
        let account = team.account.to_string();
        let asked = json!({
            "name": "ci", "account_id": account, "permissions": ["keys.view"], "expires_at": tomorrow,
        });
        let made = world.call("POST", "/access-tokens", Some(&member.cookie), Some(asked)).await;
        let text = made.body["text"].as_str().expect("a text");
        let keys = format!("/accounts/{account}/keys");
        assert_eq!(with(&world, text, "GET", &keys, None).await.status, 200, "{way}");
        match way {
            "by hand" => {
                let path = format!("/access-tokens/{}", made.body["access_token"]["id"].as_str().expect("an id"));
                assert_eq!(world.call("DELETE", &path, owner, None).await.status, 404, "it is not theirs");
                assert_eq!(world.call("DELETE", &path, Some(&member.cookie), None).await.status, 204);
                assert_eq!(world.call("DELETE", &path, Some(&member.cookie), None).await.status, 404);
            }
            "by time" => world.pass(DAY),
            "password" => {
                let change = json!({ "current": PASSWORD, "new": "quite another password" });
                assert_eq!(world.call("POST", "/me/password", Some(&member.cookie), Some(change)).await.status, 204);
            }
            "reset" => {
                world.call("POST", "/resets", None, Some(json!({ "email": member.email }))).await;
                let token = world.token_to(&member.email, "/reset/confirm").await.expect("a link");
                let chosen = json!({ "token": token, "password": PASSWORD });
                assert_eq!(world.call("POST", "/resets/confirm", None, Some(chosen)).await.status, 200);
            }
            "suspended" => {
                for step in ["suspend", "activate"] {
                    assert_eq!(world.call("POST", &format!("{members}/{step}"), owner, None).await.status, 200);
                }
            }
            _ => assert_eq!(world.call("DELETE", &members, owner, None).await.status, 200),
        }
        let refused = with(&world, text, "GET", &keys, None).await;
        assert_eq!((refused.status, refused.code()), (401, "wrong_token"), "{way}: {}", refused.body);
        let listed = world.call("GET", "/access-tokens", Some(&world.session(team.member.person).await), None).await;
        assert_eq!(listed.body["access_tokens"], json!([]), "{way}");
    }
}

#[tokio::test]
async fn the_text_is_shown_once_and_its_use_is_told() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (id, text) = make(&world, &team, &team.owner, &["keys.view", "stats.view"]).await;
    let list = async || world.call("GET", "/access-tokens", Some(&team.owner.cookie), None).await;
    let before = list().await;
    assert!(!before.bytes.windows(text.len()).any(|part| part == text.as_bytes()));
    let shown = &before.body["access_tokens"][0];
    assert_eq!(
        (&shown["id"], &shown["used_at"], &shown["account"]["name"]),
        (&json!(id), &Value::Null, &json!("acme team"))
    );
    assert_eq!(shown["mask"], format!("{}…{}", &text[..6], &text[38..]));
    with(&world, &text, "GET", "/me", None).await;
    let first = list().await.body["access_tokens"][0]["used_at"].clone();
    assert!(first.is_string());
    world.pass(59 * domain::time::SECOND);
    with(&world, &text, "GET", "/me", None).await;
    assert_eq!(list().await.body["access_tokens"][0]["used_at"], first, "to the minute");
    assert!(!world.stores(&text), "it is stored as a hash");
}

#[tokio::test]
async fn a_token_and_a_cookie_are_never_read_together() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (_, text) = make(&world, &team, &team.owner, &["account.edit"]).await;
    let good = format!("Bearer {text}");
    let mistyped = format!("Bearer {}x", &text[..41]);
    for (headers, status, code) in [
        // No page of ours sends this: another site could not either.
        (&[("authorization", good.as_str())] as &[(&str, &str)], 200, ""),
        (&[("authorization", good.as_str()), ("sec-fetch-site", "cross-site")], 200, ""),
        (&[("authorization", good.as_str()), ("cookie", team.owner.cookie.as_str())], 400, "two_proofs"),
        (&[("authorization", "Bearer"), ("cookie", team.owner.cookie.as_str())], 400, "two_proofs"),
        (&[("authorization", mistyped.as_str())], 401, "wrong_token"),
        (&[("authorization", "Bearer")], 401, "wrong_token"),
        (&[("authorization", good.as_str()), ("authorization", good.as_str())], 401, "wrong_token"),
        (&[("authorization", "Basic YWRhOng=")], 401, "sign_in"),
        // A proxy in front asked for a name: the cookie still needs to come from our pages.
        (&[("authorization", "Basic YWRhOng="), ("cookie", team.owner.cookie.as_str())], 403, "cross_site"),
    ] {
        let mut request = Request::patch(format!("/api/v1/accounts/{}", team.account))
            .header(header::HOST, "keys.example.com")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Body::from(json!({ "name": "Renamed" }).to_string());
        let answer = world.send(request.body(body).expect("a request")).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{headers:?}: {}", answer.body);
    }
}
