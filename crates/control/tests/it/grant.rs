//! Roles on one key: whom they let act on whom, what they leave behind, and what a program does with them.

use domain::{
    permission::{Permission, Permissions},
    role::{Reach, Role},
};
use serde_json::{Value, json};

use crate::world::{Answer, Someone, Team, World};

/// A request of somebody below the account.
async fn ask(world: &World, team: &Team, who: &Someone, method: &str, path: &str, body: Value) -> Answer {
    let path = format!("/accounts/{}{path}", team.account);
    world.call(method, &path, Some(&who.cookie), (!body.is_null()).then_some(body)).await
}

fn id(made: Answer, noun: &str) -> String {
    assert_eq!(made.status, 201, "{}", made.body);
    made.body[noun]["id"].as_str().expect("an id").to_owned()
}

/// A shared key of the owner's with a role `Desk` on it that looks after who works there: their paths' last parts.
async fn desk(world: &World, team: &Team) -> (String, String) {
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let key = id(ask(world, team, &team.owner, "POST", "/keys", shared).await, "key");
    let holds = ["keys.view", "keys.use", "teamwork.view", "teamwork.assign", "teamwork.remove"];
    let asked = json!({ "name": "Desk", "permissions": holds });
    let role = id(ask(world, team, &team.owner, "POST", &format!("/keys/{key}/roles"), asked).await, "role");
    (key, role)
}

async fn give(world: &World, team: &Team, key: &str, to: &Someone, role: &str) {
    let path = format!("/keys/{key}/teamwork/{}", to.member);
    let given = ask(world, team, &team.owner, "PUT", &path, json!({ "role": role })).await;
    assert_eq!(given.status, 200, "{}", given.body);
}

#[tokio::test]
async fn on_a_key_nobody_acts_on_who_may_do_more_there_nor_on_themselves_or_the_owner() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let lea = world.seat(team.account, "Lea", "lea@acme.example", Role::Member).await;
    let noor = world.seat(team.account, "Noor", "noor@acme.example", Role::Member).await;
    let (key, role) = desk(&world, &team).await;
    for (who, role) in [(&lea, role.as_str()), (&noor, "admin"), (&team.member, "member")] {
        give(&world, &team, &key, who, role).await;
    }
    let member = json!({ "role": "member" });
    for (method, whom, body, status, code) in [
        ("PUT", &noor, member.clone(), 409, "refused"),
        ("DELETE", &noor, Value::Null, 409, "refused"),
        ("PUT", &lea, member.clone(), 409, "refused"),
        ("PUT", &team.member, json!({ "role": "admin" }), 403, "beyond_you"),
        ("PUT", &team.member, json!({ "role": role }), 200, ""),
        ("PUT", &team.member, member, 200, ""),
        ("DELETE", &team.member, Value::Null, 200, ""),
        ("DELETE", &lea, Value::Null, 200, ""),
    ] {
        let path = format!("/keys/{key}/teamwork/{}", whom.member);
        let answer = ask(&world, &team, &lea, method, &path, body.clone()).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{method} {} {body}: {}", whom.email, answer.body);
    }
}

#[tokio::test]
async fn who_changes_an_offer_on_a_key_holds_all_of_it() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let lea = world.seat(team.account, "Lea", "lea@acme.example", Role::Member).await;
    let (key, role) = desk(&world, &team).await;
    give(&world, &team, &key, &lea, &role).await;
    let reach = Reach::new([], Permissions::of(&[Permission::KeysUse, Permission::AccountView]));
    let books = world.custom_role(team.account, "Books", reach).await.to_string();
    for (role, status) in [(books.as_str(), 409), ("member", 200)] {
        let invited = json!({ "name": "Kim", "email": format!("{status}@new.example"), "role": role });
        let pending = ask(&world, &team, &team.owner, "POST", "/invitations", invited).await;
        let kim = pending.body["id"].as_str().expect("an id").to_owned();
        // She works on the key, so that Lea may know of her.
        let path = format!("/keys/{key}/teamwork/{kim}");
        assert_eq!(ask(&world, &team, &team.owner, "PUT", &path, json!({ "role": "member" })).await.status, 200);
        let changed = ask(&world, &team, &lea, "PUT", &path, json!({ "role": "member" })).await;
        assert_eq!(changed.status, status, "offered {role} in the account: {}", changed.body);
    }
}

#[tokio::test]
async fn to_invite_who_has_a_seat_takes_what_giving_a_role_takes() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let lea = world.seat(team.account, "Lea", "lea@acme.example", Role::Member).await;
    let (key, _) = desk(&world, &team).await;
    let roles = format!("/keys/{key}/roles");
    for (more, status, missing) in [("keys.edit", 403, Some("teamwork.assign")), ("teamwork.assign", 201, None)] {
        let asked = json!({ "name": more, "permissions": ["keys.view", "keys.use", "teamwork.invite", more] });
        let role = id(ask(&world, &team, &team.owner, "POST", &roles, asked).await, "role");
        give(&world, &team, &key, &lea, &role).await;
        let invited = json!({ "name": "Mia", "email": team.member.email, "role": "member" });
        let answer = ask(&world, &team, &lea, "POST", &format!("/keys/{key}/invitations"), invited).await;
        assert_eq!((answer.status, answer.body["permission"].as_str()), (status, missing), "{}", answer.body);
    }
}

#[tokio::test]
async fn roles_on_keys_go_with_the_seat() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, role) = desk(&world, &team).await;
    give(&world, &team, &key, &team.member, &role).await;
    let path = format!("/keys/{key}/roles/{role}");
    assert_eq!(ask(&world, &team, &team.owner, "DELETE", &path, Value::Null).await.code(), "role_in_use");
    let seat = format!("/members/{}", team.member.member);
    assert_eq!(ask(&world, &team, &team.owner, "DELETE", &seat, Value::Null).await.status, 200);
    let gone = ask(&world, &team, &team.owner, "DELETE", &path, Value::Null).await;
    assert_eq!(gone.status, 200, "nobody holds it any more: {}", gone.body);
}

#[tokio::test]
async fn a_program_gives_a_role_up_only_if_it_is_for_that() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, role) = desk(&world, &team).await;
    give(&world, &team, &key, &team.member, &role).await;
    let path = format!("/accounts/{}/keys/{key}/teamwork/{}", team.account, team.member.member);
    for (permissions, status) in [(["keys.view", "keys.use"], 403), (["keys.view", "teamwork.remove"], 200)] {
        let asked = json!({ "name": "ci", "account_id": team.account.to_string(), "permissions": permissions });
        let made = world.call("POST", "/access-tokens", Some(&team.member.cookie), Some(asked)).await;
        let text = made.body["text"].as_str().expect("a text");
        let answer = world.call_with_token("DELETE", &path, text, None).await;
        assert_eq!(answer.status, status, "{permissions:?}: {}", answer.body);
    }
}

#[tokio::test]
async fn who_works_on_a_key_comes_in_pages() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, _) = desk(&world, &team).await;
    let mut all = vec![team.owner.member.to_string()];
    for number in 1..=5 {
        let email = format!("w{number}@acme.example");
        let one = world.seat(team.account, &format!("Worker {number}"), &email, Role::Member).await;
        give(&world, &team, &key, &one, "member").await;
        all.push(one.member.to_string());
    }
    let page = async |query: &str| {
        let path = format!("/keys/{key}/teamwork?{query}");
        let answer = ask(&world, &team, &team.owner, "GET", &path, Value::Null).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.body
    };
    let ids = |page: &Value| -> Vec<String> {
        let members = page["members"].as_array().expect("members").iter();
        members.map(|member| member["member_id"].as_str().expect("an id").to_owned()).collect()
    };
    for limit in [1, 2, 4, 500] {
        let (mut seen, mut query) = (Vec::new(), format!("limit={limit}"));
        loop {
            let page = page(&query).await;
            assert!(ids(&page).len() <= limit, "{query}");
            // Owner, admin, Mia, Sam and the five: each page tells of all.
            assert_eq!(
                (&page["from_account"], page["roles"].as_array().map(Vec::len)),
                (&json!(9), Some(3)),
                "{query}"
            );
            seen.extend(ids(&page));
            let Some(next) = page["next"].as_str() else { break };
            query = format!("limit={limit}&after={next}");
        }
        assert_eq!(seen, all, "{limit} at once");
    }
    for (query, expected) in
        [("q=WORKER%204", &all[4..5]), ("q=w2@", &all[2..3]), ("q=olivia", &all[..1]), ("q=mia", &[])]
    {
        assert_eq!(ids(&page(query).await), expected, "{query}");
    }
    let long = format!("q={}", "a".repeat(81));
    for (query, field) in
        [("limit=0", "limit"), ("limit=501", "limit"), ("after=mem_", "after"), ("q=%00", "q"), (&*long, "q")]
    {
        let path = format!("/keys/{key}/teamwork?{query}");
        let refused = ask(&world, &team, &team.owner, "GET", &path, Value::Null).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{query}: {}", refused.body);
    }
}

#[tokio::test]
async fn who_is_invited_to_a_key_gets_caps_and_rates_with_the_seat() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, _) = desk(&world, &team).await;
    let caps = json!([{ "metric": "requests", "period": "day", "limit": 100 }]);
    let rates = json!([{ "metric": "requests", "per": "second", "limit": 5 }]);
    let invite = async |email: &str, caps: &Value, rates: &Value| {
        let asked = json!({ "name": "Kim", "email": email, "role": "member", "caps": caps, "rates": rates });
        ask(&world, &team, &team.owner, "POST", &format!("/keys/{key}/invitations"), asked).await
    };
    let invited = invite("kim@new.example", &caps, &rates).await;
    assert_eq!(invited.status, 201, "{}", invited.body);
    let seat = format!("/members/{}", invited.body["member"]["member_id"].as_str().expect("an id"));
    let seat = ask(&world, &team, &team.owner, "GET", &seat, Value::Null).await.body;
    assert_eq!((&seat["caps"][0]["limit"], &seat["rates"]), (&json!(100), &rates), "{seat}");
    let trail = ask(&world, &team, &team.owner, "GET", "/audit?action=member.invite", Value::Null).await;
    let told = &trail.body["changes"][0]["after"];
    assert_eq!((&told["caps"], &told["rates"]), (&caps, &rates), "{}", trail.body);
    let none = json!([]);
    for (caps, rates, field) in [
        (json!([{ "metric": "requests", "period": "week", "limit": 1 }]), none.clone(), "caps[0].period"),
        (json!([{ "metric": "requests", "period": "day", "limit": 0 }]), none.clone(), "caps[0].limit"),
        (none.clone(), json!([{ "metric": "requests", "per": "second", "limit": 0 }]), "rates[0].limit"),
    ] {
        let refused = invite("nobody@new.example", &caps, &rates).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{}", refused.body);
    }
    let seats = ask(&world, &team, &team.owner, "GET", "/members?q=nobody@new.example", Value::Null).await;
    assert_eq!(seats.body["members"], none, "a refused invitation leaves no seat");
}
