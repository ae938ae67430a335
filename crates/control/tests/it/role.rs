//! Roles of the account's own and of keys, through the REST API: made, changed, given, taken away; and what they do not let anybody do.

use domain::{
    id::KeyId,
    permission::{Permission, Permissions},
    role::{MAX_ROLES, Reach},
};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Someone, Team, World};

/// A request of somebody below the account.
async fn ask(world: &World, team: &Team, who: &Someone, method: &str, path: &str, body: Value) -> Answer {
    let path = format!("/accounts/{}{path}", team.account);
    world.call(method, &path, Some(&who.cookie), (!body.is_null()).then_some(body)).await
}

/// A shared key of the owner's.
async fn shared_key(world: &World, team: &Team, name: &str) -> String {
    let asked = json!({ "name": name, "environment": "Production", "sharing": "shared" });
    let made = ask(world, team, &team.owner, "POST", "/keys", asked).await;
    made.body["key"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_role_is_made_changed_given_and_deleted_with_what_its_holders_get() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let owner = async |method: &str, path: &str, body| ask(&world, &team, &team.owner, method, path, body).await;
    let made = owner("POST", "/roles", json!({ "name": "Support" })).await;
    assert_eq!((made.status, &made.body["role"]["allows"]), (201, &json!(["keys.view", "keys.use"])), "{}", made.body);
    let id = made.body["role"]["id"].as_str().expect("an id").to_owned();
    for name in ["support", "Admin", ""] {
        let again = owner("POST", "/roles", json!({ "name": name })).await;
        assert_eq!((again.status, &again.body["field"]), (422, &json!("name")), "{name}");
    }
    let wider = owner("PATCH", &format!("/roles/{id}"), json!({ "all": ["stats"], "permissions": [] })).await;
    assert_eq!(wider.body["role"]["allows"], json!(["keys.view", "stats.view", "stats.export"]), "{}", wider.body);
    let mia = format!("/members/{}", team.member.member);
    let given = owner("PATCH", &mia, json!({ "role": id })).await;
    assert_eq!((&given.body["member"]["role"], &given.body["member"]["role_name"]), (&json!(id), &json!("Support")));
    let sees = ask(&world, &team, &team.member, "GET", "/requests", Value::Null).await;
    assert_eq!(sees.body["scope"], "account", "the role holds stats.view");
    let in_use = owner("DELETE", &format!("/roles/{id}"), Value::Null).await;
    assert_eq!((in_use.status, in_use.code()), (409, "role_in_use"), "{}", in_use.body);
    let gone = owner("DELETE", &format!("/roles/{id}?replacement=member"), Value::Null).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert!(gone.body["effective_at"].is_string());
    assert_eq!(owner("GET", &mia, Value::Null).await.body["role"], "member");
    assert_eq!(owner("DELETE", "/roles/admin", Value::Null).await.status, 409, "built-in roles stay");
    let trail = owner("GET", "/audit", Value::Null).await;
    let actions: Vec<_> = trail.body["changes"].as_array().expect("rows").iter().map(|row| &row["action"]).collect();
    assert_eq!(actions[..4], ["role.delete", "member.edit", "role.edit", "role.create"]);
}

#[tokio::test]
async fn several_roles_are_saved_at_once_or_not_at_all() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = format!("/api/v1/accounts/{}/roles", team.account);
    let put = async |seen: &str, body: Value| {
        let request = axum::http::Request::put(&path)
            .header("host", "keys.example.com")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &team.owner.cookie)
            .header("content-type", "application/json")
            .header("if-match", seen);
        world.send(request.body(body.to_string().into()).expect("a request")).await
    };
    let two = json!({ "roles": [{ "name": "One" }, { "name": "Two", "all": ["security"] }] });
    let saved = put("\"0\"", two.clone()).await;
    assert_eq!((saved.status, &saved.body["roles"]["version"]), (200, &json!(1)), "{}", saved.body);
    assert_eq!(put("\"0\"", two).await.code(), "changed_meanwhile");
    let roles = saved.body["roles"]["roles"].as_array().expect("roles");
    let one = roles.iter().find(|role| role["name"] == "One").expect("it was made")["id"].clone();
    let broken = json!({ "roles": [{ "id": one, "name": "Uno" }, { "name": "Three", "all": ["nothing"] }] });
    let refused = put("\"1\"", broken).await;
    assert_eq!((refused.status, &refused.body["field"]), (422, &json!("roles[1].all")), "{}", refused.body);
    let next = put("\"1\"", json!({ "roles": [{ "id": one, "name": "Uno", "permissions": ["keys.use"] }] })).await;
    let names: Vec<_> =
        next.body["roles"]["roles"].as_array().expect("roles").iter().map(|role| &role["name"]).collect();
    assert_eq!(names, ["owner", "admin", "member", "Uno"], "the refused set left nothing behind");
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_hold_nor_acts_on_who_may_do_more() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let holds = [Permission::KeysUse, Permission::TeamworkView, Permission::TeamworkRoles, Permission::TeamworkAssign];
    let role = world.custom_role(team.account, "Lead", Reach::new([], Permissions::of(&holds))).await;
    let lead = world.seat(team.account, "Lea", "lea@acme.example", role).await;
    let more = Reach::new([], Permissions::of(&[Permission::StatsView]));
    let more = world.custom_role(team.account, "More", more).await;
    let (admin, mia) = (format!("/members/{}", team.admin.member), format!("/members/{}", team.member.member));
    let (me, boss) = (format!("/members/{}", lead.member), format!("/members/{}", team.owner.member));
    let cases = [
        ("POST", "/roles".to_owned(), json!({ "name": "Spy", "permissions": ["stats.view"] }), 403, "beyond_you"),
        ("POST", "/roles".to_owned(), json!({ "name": "All", "all": ["teamwork"] }), 403, "beyond_you"),
        ("PATCH", format!("/roles/{more}"), json!({ "permissions": [] }), 403, "beyond_you"),
        ("DELETE", format!("/roles/{more}"), Value::Null, 403, "beyond_you"),
        ("PATCH", format!("/roles/{role}"), json!({ "permissions": ["keys.use"] }), 409, "refused"),
        ("PATCH", mia.clone(), json!({ "role": "admin" }), 403, "beyond_you"),
        ("PATCH", mia.clone(), json!({ "role": more.to_string() }), 403, "beyond_you"),
        ("PATCH", me, json!({ "role": "member" }), 409, "refused"),
        ("PATCH", admin, json!({ "role": "member" }), 409, "refused"),
        ("PATCH", boss, json!({ "role": "member" }), 409, "refused"),
        ("POST", "/roles".to_owned(), json!({ "name": "Fewer", "permissions": ["teamwork.view"] }), 201, ""),
    ];
    for (method, path, body, status, code) in cases {
        let answer = ask(&world, &team, &lead, method, &path, body.clone()).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{method} {path} {body}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_seat_for_one_key_sees_that_key_alone_and_goes_with_its_last_role() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, other) = (shared_key(&world, &team, "Theirs").await, shared_key(&world, &team, "Another").await);
    let invited = json!({ "name": "Kim", "email": "kim@new.example", "role": "member" });
    let pending = ask(&world, &team, &team.owner, "POST", &format!("/keys/{key}/invitations"), invited).await;
    assert_eq!((pending.status, &pending.body["member"]["state"]), (201, &json!("pending")), "{}", pending.body);
    let token = world.token_to("kim@new.example", "/activate").await.expect("a mail");
    let looked = world.call("POST", "/links/look-up", None, Some(json!({ "token": token }))).await;
    assert_eq!((&looked.body["key_name"], &looked.body["role"]), (&json!("Theirs"), &Value::Null), "{}", looked.body);
    let accepted = json!({ "token": token, "password": PASSWORD });
    let joined = world.call("POST", "/invitations/accept", None, Some(accepted)).await;
    assert_eq!((joined.status, &joined.body["key"]), (200, &Value::Null), "{}", joined.body);
    let kim = Someone {
        person: team.owner.person,
        member: joined.body["member_id"].as_str().expect("an id").parse().expect("an id"),
        email: "kim@new.example".to_owned(),
        cookie: joined.cookie().expect("a session"),
    };
    let kims = async |method: &str, path: &str| ask(&world, &team, &kim, method, path, Value::Null).await;
    let keys = kims("GET", "/keys").await;
    assert_eq!(keys.body["keys"].as_array().map(Vec::len), Some(1), "{}", keys.body);
    assert_eq!(kims("GET", &format!("/keys/{other}")).await.status, 404);
    assert_eq!(kims("GET", "/members").await.body["permission"], "teamwork.view");
    let drawn = ask(&world, &team, &kim, "POST", &format!("/keys/{key}/values"), json!({})).await;
    assert_eq!(drawn.status, 201, "{}", drawn.body);
    let path = format!("/keys/{key}/teamwork/{}", kim.member);
    let gone = ask(&world, &team, &team.owner, "DELETE", &path, Value::Null).await;
    assert_eq!((gone.status, &gone.body["seat_removed"]), (200, &json!(true)), "{}", gone.body);
    assert_eq!(kims("GET", "/keys").await.status, 404);
}

#[tokio::test]
async fn who_makes_a_key_looks_after_it_and_cannot_invite_to_it() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let maker = Reach::new([], Permissions::of(&[Permission::KeysUse, Permission::KeysCreate]));
    let maker = world.custom_role(team.account, "Maker", maker).await;
    let maker = world.seat(team.account, "Max", "max@acme.example", maker).await;
    let asked = json!({ "name": "Mine", "environment": "Development", "sharing": "shared" });
    let made = ask(&world, &team, &maker, "POST", "/keys", asked).await;
    let key = format!("/keys/{}", made.body["key"]["id"].as_str().expect("an id"));
    let can = async |method: &str, path: &str, body| {
        let answer = ask(&world, &team, &maker, method, &format!("{key}{path}"), body).await;
        answer.body["permission"].as_str().map_or(answer.status.to_string(), str::to_owned)
    };
    let invited = json!({ "name": "Kim", "email": "kim@new.example", "role": "member" });
    assert_eq!(can("PATCH", "", json!({ "name": "Renamed" })).await, "200");
    assert_eq!(can("POST", "/roles", json!({ "name": "Desk", "all": ["security"] })).await, "security.limits");
    assert_eq!(can("POST", "/roles", json!({ "name": "Desk", "permissions": ["stats.view"] })).await, "201");
    assert_eq!(can("PUT", "/limits", json!({ "quotas": [], "rates": [] })).await, "security.limits");
    assert_eq!(can("POST", "/invitations", invited).await, "teamwork.invite");
    let mia = team.member.member;
    assert_eq!(
        can("PUT", &format!("/teamwork/{mia}"), json!({ "role": "member" })).await,
        "404",
        "who is in the team is not told"
    );
    let shown = ask(&world, &team, &maker, "GET", &format!("{key}/teamwork"), Value::Null).await;
    let roles: Vec<_> = shown.body["members"].as_array().expect("rows").iter().map(|row| &row["role"]).collect();
    assert_eq!(roles, [&Value::Null, &json!("creator")], "the owner, and who made it: {}", shown.body);
}

#[tokio::test]
async fn a_value_stops_with_keys_use_and_comes_back_with_it() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team, "Shared").await;
    let drawn = ask(&world, &team, &team.member, "POST", &format!("/keys/{key}/values"), json!({})).await;
    let value = drawn.body["value"]["id"].as_str().expect("a value").to_owned();
    let role = world.custom_role(team.account, "Looks", Reach::new([], Permissions::default())).await;
    let told = async || {
        let (_, all) = store::policy::snapshot(&world.app.store).await.expect("policies");
        all.iter().any(|change| matches!(change, domain::policy::PolicyChange::Value(of) if of.id.to_string() == value))
    };
    assert!(told().await, "the gateways know it");
    let mia = format!("/members/{}", team.member.member);
    let uses = world.custom_role(team.account, "Uses", Reach::new([], Permissions::of(&[Permission::KeysUse]))).await;
    let (given, edited) = (|role: &str| json!({ "role": role }), format!("/roles/{uses}"));
    for (method, path, body, may) in [
        ("PATCH", &mia, given(&role.to_string()), false),
        ("PATCH", &mia, given("member"), true),
        ("PATCH", &mia, given(&uses.to_string()), true),
        ("PATCH", &edited, json!({ "permissions": ["keys.view"] }), false),
        ("PATCH", &edited, json!({ "permissions": ["keys.use"] }), true),
        ("DELETE", &format!("{edited}?replacement={role}"), Value::Null, false),
        ("PATCH", &mia, given("member"), true),
    ] {
        let changed = ask(&world, &team, &team.owner, method, path, body.clone()).await;
        assert!(changed.body["effective_at"].is_string(), "{}", changed.body);
        assert_eq!(told().await, may, "{method} {path} {body}");
    }
    let id: KeyId = key.parse().expect("an id");
    let on_key = ask(&world, &team, &team.owner, "PATCH", &mia, json!({ "role": role.to_string() })).await;
    assert_eq!((on_key.status, told().await), (200, false));
    let path = format!("/keys/{id}/teamwork/{}", team.member.member);
    let granted = ask(&world, &team, &team.owner, "PUT", &path, json!({ "role": "member" })).await;
    assert_eq!((granted.status, told().await), (200, true), "{}", granted.body);
    assert!(granted.body["member"]["since"].is_string());
    assert_eq!(ask(&world, &team, &team.owner, "DELETE", &path, Value::Null).await.status, 200);
    assert!(!told().await, "without the role on the key it is revoked");
}

#[tokio::test]
async fn an_invitation_is_void_where_who_sent_it_holds_less_now() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let holds = [Permission::KeysUse, Permission::TeamworkInvite, Permission::TeamworkView];
    let role = world.custom_role(team.account, "Invites", Reach::new([], Permissions::of(&holds))).await;
    let lead = world.seat(team.account, "Lea", "lea@acme.example", role).await;
    let invited = json!({ "name": "Kim", "email": "kim@new.example", "role": "member" });
    assert_eq!(ask(&world, &team, &lead, "POST", "/invitations", invited).await.status, 201);
    let token = world.token_to("kim@new.example", "/activate").await.expect("a mail");
    let fewer = json!({ "permissions": ["teamwork.invite"] });
    assert_eq!(ask(&world, &team, &team.owner, "PATCH", &format!("/roles/{role}"), fewer).await.status, 200);
    let accepted = json!({ "token": token, "password": PASSWORD });
    let over = world.call("POST", "/invitations/accept", None, Some(accepted)).await;
    assert_eq!((over.status, over.code()), (410, "link_over"), "{}", over.body);
}

#[tokio::test]
async fn one_role_more_than_there_may_be_is_refused() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team, "Shared").await;
    for roles in ["/roles".to_owned(), format!("/keys/{key}/roles")] {
        let owner = async |method: &str, path: &str, body| ask(&world, &team, &team.owner, method, path, body).await;
        let so_many = |many: usize| {
            let roles: Vec<Value> = (1..=many).map(|number| json!({ "name": format!("Role {number}") })).collect();
            json!({ "roles": roles })
        };
        let refused = owner("PUT", &roles, so_many(MAX_ROLES + 1)).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!("roles")), "{roles}: {}", refused.body);
        assert!(refused.body["detail"].as_str().is_some_and(|detail| detail.contains("50 roles")), "{}", refused.body);
        let saved = owner("PUT", &roles, so_many(MAX_ROLES)).await;
        assert_eq!(saved.status, 200, "{roles}: {}", saved.body);
        let can = &saved.body["roles"]["can"]["create"];
        assert_eq!(
            (&can["allowed"], &can["why"]),
            (&json!(false), &json!("there are 50 roles already; delete one first"))
        );
        let more = json!({ "name": "One more" });
        let refused = owner("POST", &roles, more.clone()).await;
        assert_eq!((refused.status, refused.code()), (409, "refused"), "{roles}: {}", refused.body);
        assert!(refused.body["detail"].as_str().is_some_and(|detail| detail.contains("50 roles")), "{}", refused.body);
        let all = saved.body["roles"]["roles"].as_array().expect("roles");
        let one = all.iter().find(|role| role["name"] == "Role 7").expect("it was made")["id"].as_str().expect("an id");
        assert_eq!(owner("DELETE", &format!("{roles}/{one}"), Value::Null).await.status, 200, "{roles}");
        assert_eq!(owner("POST", &roles, more).await.status, 201, "{roles}: there is room again");
    }
}
