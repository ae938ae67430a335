//! What teams and operators change, as callers of the real binary meet it: a right that is taken away stops the value, extra units can
//! be spent, a suspended account is refused as one, and who still calls with a replaced value is told.

use std::time::Duration;

use domain::{
    id::{KeyId, ValueId},
    key::{Key, Sharing, value::ValueText},
    person::Person,
    time::Timestamp,
};
use serde_json::{Value, json};
use store::{Location, Store};

use crate::{
    scene::{Scene, Told, denied},
    suspension,
    world::{World, WorldOptions, wait},
};

const SERVED: Told = (200, None, None);
/// The moment of what is written before anything serves.
const BEFORE: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

/// Ada has a value of a shared key, which it returns with the key's id, and the owner runs Keyward too.
fn shared_key_of_ada(world: &World) -> (String, KeyId) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let location = Location::Sqlite { folder: world.terminal.data() };
        let store = Store::open(&location).await.expect("the store opens");
        let tx = store.begin().await.expect("a transaction");
        let account = store::account::list(&tx).await.expect("accounts").remove(0).id;
        let seats = store::member::list(&tx, account).await.expect("members");
        let ada = seats.iter().find(|seat| seat.name.as_str() == "Ada").expect("Ada");
        let (name, environment) = ("Shared".parse().expect("a name"), "Production".parse().expect("a word"));
        let key = Key::new(KeyId::new(BEFORE, 1), account, name, environment, Sharing::Shared, BEFORE);
        let text = ValueText::draw([0x3d; domain::key::value::ENTROPY]);
        let value = key.draw(ValueId::new(BEFORE, 1), Some(ada.id), &text, BEFORE).expect("her value");
        store::key::insert(&tx, &key).await.expect("a key");
        store::value::insert(&tx, &value).await.expect("a value");
        let owner = seats.iter().find_map(|seat| seat.person.filter(|_| seat.is_owner())).expect("an owner");
        let owner = store::person::find(&tx, owner).await.expect("people").expect("the owner");
        store::person::save(&tx, &Person { operator_at: Some(BEFORE), ..owner }).await.expect("an operator");
        tx.commit().await.expect("it commits");
        store.close().await.expect("the store closes");
        (text.reveal().to_owned(), key.id)
    })
}

/// A scene with that key: the scene, Ada's value, and the key's path.
fn scene(requests_a_day: u64) -> (Scene, String, String) {
    let mut made = None;
    let options = WorldOptions { requests_a_day, ..WorldOptions::default() };
    let scene = Scene::with(options, |world| made = Some(shared_key_of_ada(world)));
    let (value, key) = made.expect("it was made");
    (scene, value, format!("/keys/{key}"))
}

/// From the answer's moment on; nothing is waited for.
fn holds_from_the_answer(answer: &Value) {
    let moment: Timestamp = answer["effective_at"].as_str().expect("a moment").parse().expect("RFC 3339");
    while Timestamp::from_micros(suspension::now()) < moment {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_right_that_is_taken_away_stops_the_value_from_the_moment_that_the_answer_names() {
    let (scene, value, key) = scene(1_000);
    let ada = scene.member("Ada");
    let on_key = format!("{key}/teamwork/{}", ada.trim_start_matches("/members/"));
    let role = scene.ask("POST", "/roles", json!({ "name": "Callers" }));
    let id = role["role"]["id"].as_str().expect("an id").to_owned();
    let role = format!("/roles/{id}");
    let stopped = denied(401, "unknown_key", None);
    let looks = json!({ "permissions": ["keys.view"] });
    let steps = [
        ("PATCH", ada.as_str(), json!({ "role": id }), true),
        ("PATCH", &role, looks.clone(), false),
        ("PATCH", &role, json!({ "permissions": ["keys.view", "keys.use"] }), true),
        ("PATCH", &role, looks, false),
        ("PATCH", &ada, json!({ "role": "member" }), true),
        ("PATCH", &ada, json!({ "role": id }), false),
        ("PUT", &on_key, json!({ "role": "member" }), true),
        ("DELETE", &on_key, Value::Null, false),
        // Whose role on the key is taken away has the value revoked for good.
        ("PATCH", &ada, json!({ "role": "member" }), false),
    ];
    assert_eq!(scene.call(&value), SERVED);
    for (method, path, body, works) in steps {
        let answer = scene.ask(method, path, body.clone());
        holds_from_the_answer(&answer);
        let arrived = scene.upstream.seen().len();
        let expected = if works { SERVED } else { stopped.clone() };
        for _ in 0..3 {
            assert_eq!(scene.call(&value), expected, "after {method} {path} {body}");
        }
        assert_eq!(scene.upstream.seen().len(), arrived + if works { 3 } else { 0 });
    }
}

#[test]
fn extra_units_are_spent_to_the_last_one_and_no_further() {
    let (scene, value, _) = scene(5);
    let served = |most: usize| (0..most).filter(|_| scene.call(&value) == SERVED).count();
    assert_eq!(served(8), 5);
    let exhausted = denied(429, "quota_exhausted", Some("account"));
    assert_eq!(scene.call(&value), exhausted);
    let units = json!({ "api": "rest", "metric": "requests", "period": "day", "units": 4, "reason": "A busy day" });
    scene.operate("POST", "/extra-units", units);
    wait("the gateway knows of the units", || scene.call(&value) == SERVED);
    assert_eq!(served(8), 3, "4 with the one that was waited for");
    assert_eq!(scene.call(&value), exhausted);
    assert_eq!(scene.upstream.seen().len(), 9, "not one more than was granted");
}

#[test]
fn a_suspended_account_is_refused_as_one_until_it_is_active_again() {
    let (scene, value, _) = scene(1_000);
    let values = [value.as_str(), scene.world.value()];
    for _ in 0..2 {
        assert_eq!(values.map(|value| scene.call(value)), [SERVED, SERVED]);
        let arrived = scene.upstream.seen().len();
        holds_from_the_answer(&scene.operate("POST", "/suspend", json!({ "reason": "Unpaid" })));
        let refused = || denied(403, "account_suspended", None);
        assert_eq!(values.map(|value| scene.call(value)), [refused(), refused()]);
        assert_eq!(scene.upstream.seen().len(), arrived);
        let account = scene.ask("GET", "", Value::Null);
        assert!(account["suspended_at"].is_string(), "its people can look: {account}");
        holds_from_the_answer(&scene.operate("POST", "/activate", Value::Null));
    }
    assert_eq!(values.map(|value| scene.call(value)), [SERVED, SERVED]);
}

#[test]
fn who_still_calls_with_a_replaced_value_is_in_the_list_and_who_calls_with_the_new_one_is_not() {
    let (scene, _, key) = scene(1_000);
    let draw = |grace_days: u8| {
        let drawn = scene.ask("POST", &format!("{key}/values"), json!({ "grace_days": grace_days }));
        holds_from_the_answer(&drawn);
        let text = |name: &str| drawn["value"][name].as_str().expect("a text").to_owned();
        (text("id"), text("value"))
    };
    let replaced = || scene.ask("GET", &format!("{key}/values/replaced"), Value::Null)["values"].clone();
    let (old, old_text) = draw(0);
    assert_eq!(scene.call_as(&old_text, "before/1"), SERVED);
    let (new, new_text) = draw(7);
    assert_eq!(scene.call_as(&new_text, "moved/1"), SERVED);
    let used = |id: &str| {
        let values = scene.ask("GET", &key, Value::Null)["values"].clone();
        let value = values.as_array().expect("values").iter().find(|value| value["id"] == id).cloned();
        value.expect("the value")["last_used_from"].clone()
    };
    wait("both calls are in the log", || used(&old) == "127.0.0.1" && used(&new) == "127.0.0.1");
    let told = replaced();
    assert_eq!((told.as_array().map(Vec::len), &told[0]["value"]["id"]), (Some(1), &json!(old)));
    assert_eq!(told[0]["callers"], json!([]), "one called before the rotation, the other with the new value: {told}");
    assert_eq!(scene.call_as(&old_text, "cron/1"), SERVED);
    wait("the caller is told", || replaced()[0]["callers"] != json!([]));
    let callers = replaced()[0]["callers"].clone();
    assert_eq!(callers.as_array().map(Vec::len), Some(1), "{callers}");
    assert_eq!((&callers[0]["address"], &callers[0]["agent"]), (&json!("127.0.0.1"), &json!("cron/1")));
    assert!(callers[0]["last_at"].is_string());
}
