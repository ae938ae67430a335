//! Leaked values: found by their hash where whoever reports them may revoke them, told about as little as junk elsewhere, and done
//! with as their account says.

use domain::time::SECOND;
use serde_json::{Value, json};

use crate::world::{Answer, Someone, Team, World, now};

/// What looks like no value.
const JUNK: &str = "kw_this_is_no_value";

/// A shared key of the team: its path, and somebody's value of it.
async fn value_of(world: &World, team: &Team, who: &Someone) -> (String, String) {
    let keys = format!("/accounts/{}/keys", team.account);
    let asked = json!({ "name": "Orders", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    let key = format!("{keys}/{}", made.body["key"]["id"].as_str().unwrap_or_else(|| panic!("{}", made.body)));
    let drawn = world.call("POST", &format!("{key}/values"), Some(&who.cookie), Some(json!({}))).await;
    (key, drawn.body["value"]["value"].as_str().unwrap_or_else(|| panic!("{}", drawn.body)).to_owned())
}

async fn report(world: &World, who: &Someone, values: &[&str]) -> Answer {
    world.call("POST", "/keys/leaked", Some(&who.cookie), Some(json!({ "values": values }))).await
}

fn done(answer: &Answer) -> Vec<&str> {
    let results = answer.body["results"].as_array().unwrap_or_else(|| panic!("{}", answer.body));
    results.iter().filter_map(|result| result["done"].as_str()).collect()
}

async fn trail(world: &World, team: &Team) -> Value {
    let path = format!("/accounts/{}/audit", team.account);
    world.call("GET", &path, Some(&team.owner.cookie), None).await.body["changes"].clone()
}

#[tokio::test]
async fn a_leaked_value_is_revoked_and_told_and_its_text_is_nowhere() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, value) = value_of(&world, &team, &team.member).await;
    let token = world.access_token(team.admin.person, team.account).await;
    let asked = json!({ "values": [JUNK, &value, format!(" {value}\n")], "place": "https://code.example.com/.env" });
    let reported = world.call_with_token("POST", "/keys/leaked", &token, Some(asked)).await;
    assert_eq!(done(&reported), ["unknown", "revoked", "revoked"]);
    assert_eq!(reported.body["results"][0], json!({ "done": "unknown", "mask": null, "key_id": null }));
    assert!(reported.body["effective_at"].is_string());
    assert_eq!(done(&report(&world, &team.admin, &[&value]).await), ["over"]);
    let read = world.call("GET", &key, Some(&team.owner.cookie), None).await.body;
    let owners: Vec<_> = read["values"].as_array().expect("values").iter().map(|of| &of["member"]["name"]).collect();
    assert_eq!(owners, ["Olivia"], "the others' values stay");
    for who in [&team.member, &team.owner] {
        let mails = world.mails_to(&who.email).await;
        assert_eq!(mails.iter().filter(|(subject, _)| subject.contains("Orders leaked and is revoked")).count(), 1);
        assert!(mails[0].1.text.contains("https://code.example.com/.env"), "{}", mails[0].1.text);
        assert!(mails.iter().all(|(_, body)| !body.text.contains(&value) && !body.html.contains(&value)));
    }
    let changes = trail(&world, &team).await;
    assert_eq!((&changes[0]["action"], &changes[0]["name"]), (&json!("value.leak"), &json!("Adam")));
    assert!(changes[0]["access_token_id"].is_string());
    assert_eq!((&changes[0]["after"]["done"], &changes[1]["action"]), (&json!("revoke"), &json!("value.draw")));
    assert!(!changes.to_string().contains(&value) && !reported.body.to_string().contains(&value));
}

#[tokio::test]
async fn a_report_tells_nothing_of_what_it_cannot_reach_and_changes_nothing() {
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    let (_, of_owner) = value_of(&world, &team, &team.owner).await;
    let (_, of_member) = value_of(&world, &team, &team.member).await;
    let (_, elsewhere) = value_of(&world, &other, &other.owner).await;
    let junk = report(&world, &team.admin, &[JUNK]).await;
    let of_another_account = world.access_token(team.owner.person, other.account).await;
    for (who, value) in
        [(&team.admin, &elsewhere), (&team.member, &of_owner), (&other.owner, &of_member), (&team.suspended, &of_owner)]
    {
        let told = report(&world, who, &[value]).await;
        assert_eq!(told.body["results"], junk.body["results"], "{}: as of what never was", who.email);
    }
    let body = json!({ "values": [&of_owner] });
    let told = world.call_with_token("POST", "/keys/leaked", &of_another_account, Some(body.clone())).await;
    assert_eq!(done(&told), ["unknown"], "a token reaches its own account alone");
    assert_eq!(world.call("POST", "/keys/leaked", None, Some(body.clone())).await.status, 401);
    assert!(trail(&world, &team).await.as_array().expect("changes").iter().all(|one| one["action"] != "value.leak"));
    assert_eq!(done(&report(&world, &team.member, &[&of_member]).await), ["revoked"], "one's own, without keys.revoke");

    world.make_operator(&other.admin).await;
    let token = world.access_token(other.admin.person, other.account).await;
    let by_operator = world.call_with_token("POST", "/keys/leaked", &token, Some(body)).await;
    assert_eq!(done(&by_operator), ["revoked"], "an operator's token reaches every account");
    let newest = &trail(&world, &team).await[0];
    assert_eq!((&newest["action"], &newest["name"]), (&json!("value.leak"), &json!("Operator")));
}

/// Where a second factor is required, who has none does nothing by this door either.
#[tokio::test]
async fn a_report_reaches_nothing_without_the_second_factor_that_is_required() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (_, value) = value_of(&world, &team, &team.owner).await;
    for (since, expected) in [(Some(now()), "unknown"), (None, "revoked")] {
        let tx = world.app.store.begin().await.expect("a transaction");
        store::second_factor::require(&tx, team.account, since).await.expect("a rule");
        tx.commit().await.expect("it is committed");
        assert_eq!(done(&report(&world, &team.owner, &[&value]).await), [expected]);
    }
}

#[tokio::test]
async fn an_account_that_wants_to_be_told_only_keeps_its_value() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, value) = value_of(&world, &team, &team.owner).await;
    let rule = format!("/accounts/{}/leaks", team.account);
    let alert = json!({ "on_leak": "alert" });
    let usual = world.call("GET", &rule, Some(&team.owner.cookie), None).await;
    assert_eq!(usual.body, json!({ "on_leak": "revoke" }));
    let refused = world.call("PUT", &rule, Some(&team.member.cookie), Some(alert.clone())).await;
    assert_eq!((refused.status, &refused.body["permission"]), (403, &json!("account.edit")));
    for _ in 0..2 {
        assert_eq!(world.call("PUT", &rule, Some(&team.owner.cookie), Some(alert.clone())).await.status, 200);
    }
    assert_eq!(world.call("GET", &rule, Some(&team.owner.cookie), None).await.body, alert);
    let changes = trail(&world, &team).await;
    assert_eq!((&changes[0]["action"], &changes[0]["before"]), (&json!("leak_rule.edit"), &usual.body));
    assert_ne!(changes[1]["action"], "leak_rule.edit", "saying the same again changes nothing");
    assert_eq!(done(&report(&world, &team.admin, &[&value]).await), ["alerted"]);
    assert_eq!(trail(&world, &team).await[0]["after"]["done"], json!("alert"));
    let values = world.call("GET", &key, Some(&team.owner.cookie), None).await.body["values"].clone();
    assert_eq!(values.as_array().map(Vec::len), Some(1), "it still works");
    assert!(world.mails_to(&team.owner.email).await[0].1.text.contains("It still works"));
}

#[tokio::test]
async fn reports_have_limits() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let many: Vec<&str> = std::iter::repeat_n(JUNK, 101).collect();
    let refused = report(&world, &team.owner, &many).await;
    assert_eq!((refused.status, &refused.body["field"]), (422, &json!("values")));
    let long = "x".repeat(70_000);
    assert_eq!(report(&world, &team.owner, &[&long]).await.status, 413);
    let most = control::limit::REPORT_OF_PERSON;
    let mut taken = 0;
    while report(&world, &team.admin, &[JUNK]).await.status == 200 {
        taken += 1;
        assert!(taken <= most.tries);
    }
    assert_eq!(taken, most.tries);
    let refused = report(&world, &team.admin, &[JUNK]).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many"));
    assert_eq!(report(&world, &team.member, &[JUNK]).await.status, 200, "others are not held up");
    world.pass(most.within + SECOND);
    assert_eq!(report(&world, &team.admin, &[JUNK]).await.status, 200);
}
