//! Ends that are near are told of a week and a day before, each once, whoever tells and however often the program starts anew.

use std::{sync::Arc, time::Duration};

use control::{
    delivery::{self, Delivery},
    ending,
};
use domain::{
    member::Member,
    time::{DAY, Timestamp},
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::world::{Someone, Team, World, now};

async fn call(world: &World, who: &Someone, method: &str, path: &str, body: Value) -> Value {
    let answer = world.call(method, path, Some(&who.cookie), Some(body)).await;
    assert!(answer.status < 300, "{method} {path}: {}", answer.body);
    answer.body
}

/// A key of the team that ends at a moment: its path.
async fn key(world: &World, team: &Team, sharing: Value, end: Timestamp) -> String {
    let keys = format!("/accounts/{}/keys", team.account);
    let mut asked = json!({ "name": "Orders", "environment": "Production", "expires_at": end.to_string() });
    asked.as_object_mut().expect("an object").extend(sharing.as_object().expect("an object").clone());
    let made = call(world, &team.admin, "POST", &keys, asked).await;
    format!("{keys}/{}", made["key"]["id"].as_str().expect("an id"))
}

async fn set_end(world: &World, member: &Someone, end: Option<Timestamp>) {
    let tx = world.app.store.begin().await.expect("a transaction");
    let seat = store::member::find(&tx, member.member).await.expect("an answer").expect("a seat");
    store::member::save(&tx, &Member { ends_at: end, ..seat }).await.expect("it is saved");
    tx.commit().await.expect("it is committed");
}

/// The subjects of all mails to somebody about an end, newest first.
async fn told(world: &World, who: &Someone) -> Vec<String> {
    let mails = world.mails_to(&who.email).await;
    mails.into_iter().map(|(subject, _)| subject).filter(|subject| subject.contains(" ends on ")).collect()
}

/// What the program does when it starts, and then every hour.
async fn started_anew(world: &World) {
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(delivery::run(Arc::clone(&world.app), Delivery::Kept, stopped));
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.send_replace(true);
    task.await.expect("it does not panic");
}

#[tokio::test]
async fn whose_seat_is_over_signs_in_and_does_nothing_in_the_account() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (admin, account) = (&team.admin, format!("/accounts/{}", team.account));
    set_end(&world, admin, Some(now().plus(DAY))).await;
    let later = Some(now().plus(3 * DAY));
    for (wait, end, status, code) in [(0, None, 200, ""), (DAY, None, 403, "member_ended"), (0, later, 200, "")] {
        world.pass(wait);
        if end.is_some() {
            set_end(&world, admin, end).await;
        }
        for (method, path) in [("GET", "/keys"), ("GET", "/members"), ("PATCH", "")] {
            let body = (method == "PATCH").then(|| json!({ "name": "Renamed" }));
            let answer = world.call(method, &format!("{account}{path}"), Some(&admin.cookie), body).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{method} {path}: {}", answer.body);
        }
        let me = world.call("GET", "/me", Some(&admin.cookie), None).await;
        assert_eq!((me.status, &me.body["seats"][0]["state"] == "active"), (200, status == 200), "{}", me.body);
    }
}

#[tokio::test]
async fn the_end_of_a_key_is_told_a_week_and_a_day_before_once_each() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let own = json!({ "sharing": "own", "holder": team.member.member.to_string() });
    key(&world, &team, own, now().plus(10 * DAY)).await;
    let mut counts = Vec::new();
    for wait in [0, 2 * DAY, 2 * DAY, 0, DAY, 4 * DAY + DAY / 2, 0, DAY] {
        world.pass(wait);
        ending::tell(&world.app, now()).await.expect("it is told");
        started_anew(&world).await;
        counts.push((told(&world, &team.member).await.len(), told(&world, &team.owner).await.len()));
        assert_eq!(told(&world, &team.admin).await, [""; 0], "an admin who has no value of it is not concerned");
    }
    let expected = [0, 0, 1, 1, 1, 2, 2, 2].map(|count| (count, count));
    assert_eq!(counts, expected, "10, 8, 6, 6, 5, ½ and ½ days before, and after");
}

#[tokio::test]
async fn an_end_that_is_set_late_or_moved_is_told_for_what_it_is() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = key(&world, &team, json!({ "sharing": "shared" }), now().plus(DAY / 2)).await;
    call(&world, &team.member, "POST", &format!("{path}/values"), json!({})).await;
    let told_now = async || {
        ending::tell(&world.app, now()).await.expect("it is told");
        [told(&world, &team.member).await.len(), told(&world, &team.admin).await.len()]
    };
    assert_eq!(told_now().await, [1, 1], "half a day before: one mail, not two; who has a value calls with it");
    let end = now().plus(20 * DAY);
    call(&world, &team.admin, "PATCH", &path, json!({ "expires_at": end.to_string() })).await;
    assert_eq!(told_now().await, [1, 1]);
    world.pass(14 * DAY);
    assert_eq!(told_now().await, [2, 2], "another end is told anew");
    let admin = Someone { cookie: world.session(team.admin.person).await, ..team.admin.clone() };
    call(&world, &admin, "DELETE", &path, json!({})).await;
    world.pass(5 * DAY + DAY / 2);
    assert_eq!(told_now().await, [2, 2], "it is revoked");
}

#[tokio::test]
async fn the_end_of_a_seat_is_told_to_its_member_and_the_owner() {
    let world = World::start().await;
    let team = world.team("acme").await;
    for (who, end) in [(&team.member, 10), (&team.suspended, 10), (&team.admin, -1)] {
        set_end(&world, who, Some(now().plus(end * DAY))).await;
    }
    let mut subjects = Vec::new();
    for wait in [0, 4 * DAY, 0, 5 * DAY + DAY / 2, DAY] {
        world.pass(wait);
        ending::tell(&world.app, now()).await.expect("it is told");
        started_anew(&world).await;
        subjects.push((told(&world, &team.member).await.len(), told(&world, &team.owner).await.len()));
    }
    assert_eq!(subjects, [(0, 0), (1, 1), (1, 1), (2, 2), (2, 2)]);
    assert!(told(&world, &team.member).await[0].starts_with("Your seat in acme team ends on "));
    assert!(told(&world, &team.owner).await[0].starts_with("Mia's seat in acme team ends on "));
    for who in [&team.suspended, &team.admin] {
        assert_eq!(told(&world, who).await, [""; 0], "one who is suspended, one whose seat has ended");
    }
}
