//! Accounts in an operator's hands: made, put under plans, granted units, suspended; and what their people are told.

use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Team, World};

/// A world with an account, and an operator who has no seat in it.
async fn world() -> (World, Team, String) {
    world_with(false).await
}

async fn world_with(operator_sees_logs: bool) -> (World, Team, String) {
    let world = World::with(|settings| {
        settings.operator_sees_logs = operator_sees_logs;
        settings.contact = Some("help@keys.example.com".to_owned());
    })
    .await;
    let team = world.team("north").await;
    let others = world.team("south").await;
    world.make_operator(&others.admin).await;
    (world, team, others.admin.cookie)
}

async fn trail(world: &World, team: &Team) -> Vec<Value> {
    let path = format!("/accounts/{}/audit", team.account);
    let answer = world.call("GET", &path, Some(&team.owner.cookie), None).await;
    answer.body["changes"].as_array().expect("a trail").clone()
}

fn row<'a>(answer: &'a Answer, name: &str) -> &'a Value {
    let rows = answer.body["accounts"].as_array().expect("accounts");
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} is listed: {}", answer.body))
}

#[tokio::test]
async fn accounts_are_listed_searched_and_paged() {
    let (world, team, operator) = world().await;
    let get = async |query: &str| world.call("GET", &format!("/operator/accounts{query}"), Some(&operator), None).await;
    let all = get("").await;
    let north = row(&all, "north team");
    assert_eq!(north["owner"]["email"], "olivia@north.example");
    assert_eq!((&north["members"], &north["plans"][0]["plan"]), (&json!(4), &json!("free")));
    assert_eq!(north["today"], json!({ "calls": 0, "requests": 0, "credits": 0 }));
    let names = |answer: &Answer| -> Vec<String> {
        let rows = answer.body["accounts"].as_array().expect("accounts");
        rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    for query in ["?search=NORTH", "?search=olivia@north", &format!("?search={}", team.account)] {
        assert_eq!(names(&get(query).await), ["north team"], "{query}");
    }
    let first = get("?limit=1").await;
    let next = first.body["next"].as_str().expect("there is another page");
    let second = get(&format!("?limit=1&before={next}")).await;
    assert_eq!([names(&first), names(&second)].concat(), ["south team", "north team"]);
    for wrong in ["?limit=0", "?limit=101", "?before=nonsense", "?colour=red"] {
        assert_eq!(get(wrong).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn an_account_is_made_and_its_owner_takes_it_by_the_link() {
    let (world, _, operator) = world().await;
    let new = json!({ "name": "Acme", "owner_name": "Ada", "owner_email": "ada@acme.example" });
    let made = world.call("POST", "/operator/accounts", Some(&operator), Some(new)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["owner"]["state"], "pending");
    assert_eq!(made.body["subscriptions"][0]["plan"], "free");
    let first = world.token_to("ada@acme.example", "/activate").await.expect("a link");
    let again = format!("/operator/accounts/{}/invitation", made.body["id"].as_str().expect("an id"));
    assert_eq!(world.call("POST", &again, Some(&operator), None).await.status, 200);
    let token = world.token_to("ada@acme.example", "/activate").await.expect("another link");
    let accept = async |token: &str| {
        let body = json!({ "token": token, "password": PASSWORD });
        world.call("POST", "/invitations/accept", None, Some(body)).await
    };
    assert_eq!(accept(&first).await.code(), "link_over");
    let joined = accept(&token).await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    assert_eq!(joined.body["me"]["seats"][0]["role"], "owner");
    assert_eq!(world.call("POST", &again, Some(&operator), None).await.code(), "refused", "the seat is taken");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_account_is_told_by_its_field() {
    let (world, _, operator) = world().await;
    world.publish_slow_plan("slow", 4).await;
    let good = json!({ "name": "Acme", "owner_name": "Ada", "owner_email": "ada@acme.example" });
    let cases = [
        ("name", json!("")),
        ("owner_name", json!("https://spam.example")),
        ("owner_email", json!("nobody")),
        ("plans", json!([{ "api": "football", "plan": "gold" }])),
        ("plans", json!([{ "api": "cricket", "plan": "free" }])),
        ("plans", json!([{ "api": "football", "plan": "slow" }])),
        ("plans", json!([{ "api": "football", "plan": "free" }, { "api": "football", "plan": "free" }])),
    ];
    for (name, value) in cases {
        let mut body = good.clone();
        body[name] = value.clone();
        let answer = world.call("POST", "/operator/accounts", Some(&operator), Some(body)).await;
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!(name)), "{value}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_suspended_account_is_told_to_its_owner_and_its_people_can_still_look() {
    let (world, team, operator) = world().await;
    let path = |verb: &str| format!("/operator/accounts/{}/{verb}", team.account);
    let why = json!({ "reason": "the bill is open" });
    let answer = world.call("POST", &path("suspend"), Some(&operator), Some(why)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body["effective_at"].is_string() && answer.body["account"]["suspended_at"].is_string());
    let (subject, letter) = world.mails_to("olivia@north.example").await.remove(0);
    assert_eq!(subject, "north team is suspended");
    assert!(letter.text.contains("The reason: the bill is open") && letter.text.contains("help@keys.example.com"));
    let seen = world.call("GET", &format!("/accounts/{}", team.account), Some(&team.member.cookie), None).await;
    assert!(seen.status == 200 && seen.body["suspended_at"].is_string(), "{}", seen.body);
    assert_eq!(world.call("GET", "/instance", None, None).await.body["contact"], "help@keys.example.com");
    assert_eq!(world.call("POST", &path("suspend"), Some(&operator), Some(json!({}))).await.code(), "refused");
    assert_eq!(world.call("POST", &path("activate"), Some(&operator), None).await.status, 200);
    assert_eq!(world.call("POST", &path("activate"), Some(&operator), None).await.code(), "refused");
    let trail = trail(&world, &team).await;
    for (row, action) in trail.iter().zip(["account.activate", "account.suspend"]) {
        let told = json!([row["action"], row["name"], row["by_operator"]]);
        assert_eq!(told, json!([action, "Operator", true]));
    }
    assert_eq!(trail[1]["after"], json!({ "reason": "the bill is open" }));
}

#[tokio::test]
async fn a_plan_is_changed_and_a_subscription_begun() {
    let (world, team, operator) = world().await;
    let path = |api: &str| format!("/operator/accounts/{}/subscriptions/{api}", team.account);
    let put = async |api: &str, plan: &str| {
        world.call("PUT", &path(api), Some(&operator), Some(json!({ "plan": plan }))).await
    };
    world.publish_slow_plan("slow", 4).await;
    let slow = put("football", "slow").await;
    let why = "Plan slow allows 4 credits per second, but the dearest call of football costs 5";
    assert_eq!((slow.status, &slow.body["field"]), (422, &json!("plan")), "{}", slow.body);
    assert!(slow.body["detail"].as_str().is_some_and(|detail| detail.starts_with(why)), "{}", slow.body);
    world.publish_plan("pro", 5_000).await;
    let answer = put("football", "pro").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let subscription = &answer.body["account"]["subscriptions"][0];
    assert_eq!((&subscription["plan"], &subscription["quotas"][0]["limit"]), (&json!("pro"), &json!(5_000)));
    let changed = &trail(&world, &team).await[0];
    let facts = |plan: &str| json!({ "api": "football", "plan": plan });
    assert_eq!((&changed["before"], &changed["after"]), (&facts("free"), &facts("pro")));
    assert_eq!(put("football", "pro").await.status, 200, "what is so already is no change");
    assert_eq!(trail(&world, &team).await[0]["id"], changed["id"]);
    assert_eq!(put("football", "gold").await.body["field"], "plan");
    assert_eq!(put("cricket", "pro").await.status, 404);
    let plans = world.call("GET", "/operator/plans", Some(&operator), None).await;
    let counts: Vec<_> =
        plans.body["plans"].as_array().expect("plans").iter().map(|plan| (&plan["name"], &plan["accounts"])).collect();
    assert_eq!(counts, [(&json!("free"), &json!(1)), (&json!("pro"), &json!(1))]);
}

#[tokio::test]
async fn extra_units_raise_the_running_window_and_are_written_down() {
    let (world, team, operator) = world().await;
    let path = format!("/operator/accounts/{}/extra-units", team.account);
    let ask = |units: Value| json!({ "api": "football", "metric": "requests", "period": "day", "units": units, "reason": "a cup final" });
    let post = async |body: Value| world.call("POST", &path, Some(&operator), Some(body)).await;
    let answer = post(ask(json!(250))).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["account"]["subscriptions"][0]["quotas"][0]["limit"], 1_250);
    assert_eq!(post(ask(json!(50))).await.body["account"]["subscriptions"][0]["quotas"][0]["limit"], 1_300);
    let listed = world.call("GET", &path, Some(&operator), None).await;
    let units: Vec<_> =
        listed.body["extra_units"].as_array().expect("grants").iter().map(|one| &one["units"]).collect();
    assert_eq!(units, [50, 250]);
    assert_eq!(trail(&world, &team).await[0]["after"]["reason"], "a cup final");
    let wrong = [
        ("units", ask(json!(0))),
        ("units", ask(json!(i64::MAX))),
        ("period", json!({ "period": "month" })),
        ("period", json!({ "period": "week" })),
        ("period", json!({ "metric": "credits" })),
        ("api", json!({ "api": "cricket" })),
        ("reason", json!({ "reason": " " })),
    ];
    for (name, change) in wrong {
        let mut body = ask(json!(1));
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let answer = post(body).await;
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!(name)), "{change}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_operator_sees_rows_only_where_the_file_says_so_and_each_look_is_in_the_trail() {
    for open in [false, true] {
        let (world, team, operator) = world_with(open).await;
        let path = format!("/operator/accounts/{}/requests", team.account);
        let before = trail(&world, &team).await.len();
        let answer = world.call("GET", &path, Some(&operator), None).await;
        let looks = trail(&world, &team).await;
        if open {
            assert_eq!((answer.status, &answer.body["scope"]), (200, &json!("account")), "{}", answer.body);
            assert_eq!((looks.len(), &looks[0]["action"]), (before + 1, &json!("log.view")));
        } else {
            assert_eq!((answer.status, answer.code()), (403, "logs_closed"));
            assert_eq!(looks.len(), before, "nothing was seen");
        }
    }
}

#[tokio::test]
async fn who_is_an_operator_no_longer_does_nothing_more() {
    let (world, team, operator) = world().await;
    world.dismiss_operators().await;
    let path = format!("/operator/accounts/{}/suspend", team.account);
    assert_eq!(world.call("POST", &path, Some(&operator), Some(json!({}))).await.status, 404);
    let account = store::account::find(&world.app.store, team.account).await.expect("an answer");
    assert_eq!(account.expect("it is there").suspended_at, None);
}
