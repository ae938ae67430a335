//! Every operation of the REST API that changes an account leaves its line in the audit trail, a version where it changes what a key
//! allows, and the moment from which it holds where gateways must know. An operation that is not in this story fails it.

use serde_json::{Value, json};

use crate::world::{PASSWORD, Someone, Team, World};

mod story;

use story::{
    Gateways::{Know, NeverKnow},
    Story,
};

/// Operations that change no account: of people and what proves who they are, by links, and calls. Who changes themselves is in the
/// trail too, by the tests of these nouns.
const ELSEWHERE: [&str; 25] = [
    "sign_in",
    "sign_out",
    "end_session",
    "end_other_sessions",
    "update_me",
    "change_password",
    "change_address",
    "confirm_address",
    "begin_second_factor",
    "confirm_second_factor",
    "draw_recovery_codes",
    "remove_second_factor",
    "make_access_token",
    "end_access_token",
    "register",
    "confirm_registration",
    "ask_reset",
    "confirm_reset",
    "look_up_link",
    "accept_invitation",
    "become_operator",
    "set_second_factor_rule",
    "retry_mail",
    "send_test_call",
    "create_account",
];

#[tokio::test]
async fn every_change_of_an_account_is_in_its_trail() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let others = world.team("other").await;
    world.make_operator(&others.admin).await;
    let mut story = Story::of(&world, &team);
    account(&mut story, &team).await;
    members(&mut story, &team).await;
    keys(&mut story, &team).await;
    values(&mut story, &team).await;
    roles(&mut story, &team).await;
    grants(&mut story, &team).await;
    operator(&mut story, &others.admin).await;
    hand_over(&mut story, &team).await;
    story.is_whole(&ELSEWHERE);
}

async fn account(story: &mut Story<'_>, team: &Team) {
    let by = &team.owner;
    story.does("update_account", by, &[], json!({ "name": "Renamed" }), "account.edit", NeverKnow).await;
    story.does("set_leak_rule", by, &[], json!({ "on_leak": "alert" }), "leak_rule.edit", NeverKnow).await;
    let lists = json!({ "methods": { "mode": "observe", "entries": [{ "value": "GET /fixtures" }] } });
    story.does("set_account_allowlists", by, &[], lists, "allowlist.edit", Know).await;
}

async fn members(story: &mut Story<'_>, team: &Team) {
    let (by, mia) = (&team.owner, team.member.member.to_string());
    let asked = json!({ "name": "Nora", "email": "nora@new.example", "role": "member" });
    let nora = story.does("invite_member", by, &[], asked, "member.invite", NeverKnow).await;
    let nora = [("member", nora["id"].as_str().expect("an id"))];
    story.does("resend_invitation", by, &nora, Value::Null, "member.invite_again", NeverKnow).await;
    story.does("withdraw_invitation", by, &nora, Value::Null, "member.withdraw", NeverKnow).await;
    let mia = [("member", mia.as_str())];
    story.does("update_member", by, &mia, json!({ "name": "Mia M" }), "member.edit", Know).await;
    story.does("suspend_member", by, &mia, Value::Null, "member.suspend", Know).await;
    story.does("activate_member", by, &mia, Value::Null, "member.activate", Know).await;
    let tom = story.world.seat(team.account, "Tom", "tom@acme.example", domain::role::Role::Member).await;
    story.does("leave_account", &tom, &[], Value::Null, "member.leave", NeverKnow).await;
    let kim = story.world.seat(team.account, "Kim", "kim@acme.example", domain::role::Role::Member).await;
    let kim = kim.member.to_string();
    story.does("remove_member", by, &[("member", &kim)], Value::Null, "member.remove", Know).await;
}

async fn keys(story: &mut Story<'_>, team: &Team) {
    let by = &team.owner;
    let own = json!({ "name": "Own", "environment": "Production", "sharing": "own" });
    let made = story.does("create_key", by, &[], own, "key.create", Know).await;
    let id = made["key"]["id"].as_str().expect("an id").to_owned();
    let key = [("key", id.as_str())];
    story.does("update_key", by, &key, json!({ "name": "Orders" }), "key.edit", Know).await;
    let limits = json!({ "quotas": [{ "metric": "requests", "period": "day", "limit": 5 }], "rates": [] });
    story.does("set_key_limits", by, &key, limits, "limit.edit", Know).await;
    let lists = json!({ "addresses": { "mode": "enforce", "locked": true, "entries": [{ "value": "192.0.2.1" }] } });
    story.does("set_allowlists", by, &key, lists, "allowlist.edit", Know).await;
    story.does("disable_key", by, &key, Value::Null, "key.disable", Know).await;
    story.does("enable_key", by, &key, Value::Null, "key.enable", Know).await;
    story.does("draw_secret", by, &key, json!({}), "secret.draw", Know).await;
    story.does("require_secret", by, &key, json!({ "required": true }), "secret.require", Know).await;
    story.does("remove_secret", by, &key, Value::Null, "secret.remove", Know).await;
    let first = [("key", id.as_str()), ("version", "1")];
    story.does("restore_version", by, &first, json!({}), "key.restore", Know).await;
    let adam = json!({ "member": team.admin.member.to_string() });
    story.does("hand_over_key", by, &key, adam, "key.hand_over", Know).await;
    story.does("revoke_key", by, &key, Value::Null, "key.revoke", Know).await;
}

async fn values(story: &mut Story<'_>, team: &Team) {
    let by = &team.owner;
    let key = story.shared_key(by).await;
    let at = [("key", key.as_str())];
    let drawn = story.does("draw_value", by, &at, json!({ "grace_days": 3 }), "value.draw", Know).await;
    let text = drawn["value"]["value"].as_str().expect("a text").to_owned();
    story.does("report_leaked", by, &[], json!({ "values": [text] }), "value.leak", Know).await;
    let value = [("key", key.as_str()), ("value", drawn["value"]["id"].as_str().expect("an id"))];
    story.does("revoke_value", by, &value, Value::Null, "value.revoke", Know).await;
}

async fn roles(story: &mut Story<'_>, team: &Team) {
    let by = &team.owner;
    let key = story.shared_key(by).await;
    for (of, at) in [("", &[][..]), ("_key", &[("key", key.as_str())][..])] {
        let named = |verb: &str| format!("{verb}{of}_role");
        let made = story.does(&named("create"), by, at, json!({ "name": "Looks" }), "role.create", Know).await;
        let role = made["role"]["id"].as_str().expect("an id").to_owned();
        let role = [at, &[("role", role.as_str())]].concat();
        story.does(&named("update"), by, &role, json!({ "name": "Sees" }), "role.edit", Know).await;
        story.does(&named("delete"), by, &role, Value::Null, "role.delete", Know).await;
        let set = format!("set{of}_roles");
        story.does(&set, by, at, json!({ "roles": [{ "name": "Several" }] }), "role.create", Know).await;
    }
}

async fn grants(story: &mut Story<'_>, team: &Team) {
    let (by, mia) = (&team.owner, team.member.member.to_string());
    let key = story.shared_key(by).await;
    let at = [("key", key.as_str()), ("member", mia.as_str())];
    story.does("set_key_member", by, &at, json!({ "role": "admin" }), "grant.give", Know).await;
    story.does("remove_key_member", by, &at, Value::Null, "grant.take", Know).await;
    let asked = json!({ "name": "Nils", "email": "nils@new.example", "role": "member" });
    story.does("invite_to_key", by, &at[..1], asked, "grant.give member.invite", Know).await;
}

async fn operator(story: &mut Story<'_>, by: &Someone) {
    let api = [("api", "football")];
    story.world.publish_plan("large", 5_000).await;
    story.does("assign_plan", by, &api, json!({ "plan": "large" }), "subscription.assign", Know).await;
    let units = json!({ "api": "football", "metric": "requests", "period": "day", "units": 1, "reason": "a test" });
    story.does("grant_extra_units", by, &[], units, "units.grant", Know).await;
    story.does("suspend_account", by, &[], json!({}), "account.suspend", Know).await;
    story.does("activate_account", by, &[], Value::Null, "account.activate", Know).await;
    let asked = json!({ "name": "New", "owner_name": "Nora", "owner_email": "nora@new.example" });
    let made = story.world.call("POST", "/operator/accounts", Some(&by.cookie), Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let new = [("account", made.body["id"].as_str().expect("an id"))];
    story.does("resend_owner_invitation", by, &new, Value::Null, "member.invite_again", NeverKnow).await;
}

async fn hand_over(story: &mut Story<'_>, team: &Team) {
    let (by, to) = (&team.owner, &team.admin);
    let asked = json!({ "member": to.member.to_string(), "password": PASSWORD });
    for (answer, action, who) in [
        ("withdraw_ownership", "ownership.withdraw", by),
        ("decline_ownership", "ownership.decline", to),
        ("accept_ownership", "ownership.accept", to),
    ] {
        story.does("offer_ownership", by, &[], asked.clone(), "ownership.offer", NeverKnow).await;
        story.does(answer, who, &[], Value::Null, action, NeverKnow).await;
    }
}
