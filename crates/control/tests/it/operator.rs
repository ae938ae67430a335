//! Taking an installation, and its outbox.

mod account;

use control::operator::first_link;
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, PUBLIC_URL, World};

async fn take(world: &World, token: &str, email: &str) -> Answer {
    let body =
        json!({ "token": token, "name": "Opal", "email": email, "password": PASSWORD, "account_name": "Operations" });
    world.call("POST", "/operators", None, Some(body)).await
}

async fn link(world: &World) -> Option<String> {
    let link = first_link(&world.app).await.expect("an answer")?;
    let token = link.strip_prefix(&format!("{PUBLIC_URL}/operator#")).expect("it leads to the page");
    Some(token.to_owned())
}

#[tokio::test]
async fn the_first_link_makes_one_operator() {
    let world = World::start().await;
    let shown_before = link(&world).await.expect("nobody is operator");
    let token = link(&world).await.expect("nobody is operator");
    assert_eq!(take(&world, &shown_before, "opal@example.com").await.code(), "link_over");
    let answer = take(&world, &token, "opal@example.com").await;
    assert_eq!((answer.status, &answer.body["person"]["is_operator"]), (200, &json!(true)), "{:?}", answer.body);
    assert_eq!(answer.body["seats"][0]["role"], "owner");
    assert_eq!(take(&world, &token, "other@example.com").await.code(), "link_over");
    assert_eq!(link(&world).await, None);
}

#[tokio::test]
async fn the_link_takes_nobody_elses_address() {
    let world = World::start().await;
    world.team("north").await;
    let token = link(&world).await.expect("nobody is operator");
    assert_eq!(take(&world, &token, "mia@north.example").await.code(), "refused");
    assert_eq!(take(&world, &token, "opal@example.com").await.status, 200, "the link is still good");
}

#[tokio::test]
async fn the_outbox_is_the_operators() {
    for has_mail in [false, true] {
        let world = World::with(|settings| settings.has_mail = has_mail).await;
        let team = world.team("north").await;
        world.make_operator(&team.admin).await;
        world.call("POST", "/resets", None, Some(json!({ "email": "mia@north.example" }))).await;
        for cookie in [&team.owner.cookie, &team.member.cookie] {
            assert_eq!(world.call("GET", "/operator/outbox", Some(cookie), None).await.status, 404);
        }
        assert_eq!(world.call("GET", "/operator/outbox", None, None).await.status, 401);
        let outbox = world.call("GET", "/operator/outbox", Some(&team.admin.cookie), None).await;
        assert_eq!(outbox.body["has_mail"], has_mail);
        let mail = &outbox.body["mails"][0];
        assert_eq!((&mail["to"], &mail["state"]), (&json!("mia@north.example"), &json!("waiting")));
        let shows_links = outbox.body.to_string().contains("/reset/confirm#");
        assert_eq!(shows_links, !has_mail, "with a mail server the links are not the operator's");
        assert_eq!(mail["text"] == Value::Null, has_mail);
        let retry = format!("/operator/outbox/{}/retry", mail["id"].as_str().expect("an id"));
        assert_eq!(world.call("POST", &retry, Some(&team.owner.cookie), None).await.status, 404);
        let tried = world.call("POST", &retry, Some(&team.admin.cookie), None).await;
        assert_eq!((tried.status, &tried.body["state"]), (200, &json!("waiting")), "{:?}", tried.body);
        assert_eq!(
            world.call("POST", "/operator/outbox/mai_x/retry", Some(&team.admin.cookie), None).await.status,
            404
        );
    }
}
