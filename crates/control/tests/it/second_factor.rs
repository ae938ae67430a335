//! Second factors: setting one up, proving it, losing it, and being made to have one.

use domain::{
    second_factor::{STEP, Seed, step},
    time::SECOND,
};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Someone, World, now};

/// Somebody with an authenticator: what their program knows, and the recovery codes they wrote down.
struct Holder {
    seed: Seed,
    recovery_codes: Vec<String>,
}

impl Holder {
    fn code(&self) -> String {
        self.seed.code(step(now()))
    }
}

/// Base 32 as an authenticator reads it.
fn seed_of(text: &str) -> Seed {
    let digit = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).expect("a digit of base 32") as u128;
    let (first, second) = text.split_at(16);
    let bits = |part: &str| part.chars().fold(0u128, |bits, c| bits << 5 | digit(c));
    let mut bytes = [0; 20];
    bytes[..10].copy_from_slice(&bits(first).to_be_bytes()[6..]);
    bytes[10..].copy_from_slice(&bits(second).to_be_bytes()[6..]);
    Seed::draw(bytes)
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

async fn post(world: &World, who: &Someone, path: &str, body: Value) -> Answer {
    world.call("POST", path, Some(&who.cookie), Some(body)).await
}

/// Sets a second factor up; a step later, so that the code of this moment was not taken.
async fn set_up(world: &World, who: &Someone) -> Holder {
    let begun = post(world, who, "/me/second-factor", json!({ "password": PASSWORD })).await;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let seed = seed_of(begun.body["seed"].as_str().expect("a seed"));
    let confirmed = post(world, who, "/me/second-factor/confirm", json!({ "code": seed.code(step(now())) })).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    world.pass(2 * STEP);
    Holder { seed, recovery_codes: texts(&confirmed.body["recovery_codes"]) }
}

async fn sign_in(world: &World, who: &Someone, code: Option<&str>) -> Answer {
    let body = json!({ "email": who.email, "password": PASSWORD, "code": code });
    world.call("POST", "/sessions", None, Some(body)).await
}

#[tokio::test]
async fn signing_in_takes_a_code_once() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    let holder = set_up(&world, &mia).await;
    let missing = sign_in(&world, &mia, None).await;
    assert_eq!((missing.status, missing.code()), (401, "second_factor_needed"));
    assert!(missing.cookie().is_none());
    let code = holder.code();
    for (code, status, told) in [
        ("000000", 401, "wrong_code"),
        ("", 401, "wrong_code"),
        (&*code, 200, ""),
        (&*code, 401, "wrong_code"),
        (&*holder.seed.code(step(now()) - 1), 401, "wrong_code"),
        (&*holder.seed.code(step(now()) + 1), 200, ""),
        (&*holder.recovery_codes[3], 200, ""),
        (&*holder.recovery_codes[3], 401, "wrong_code"),
        (&*holder.recovery_codes[4].replace('-', "").to_uppercase(), 200, ""),
    ] {
        let answer = sign_in(&world, &mia, Some(code)).await;
        assert_eq!((answer.status, answer.code()), (status, told), "{code}");
        assert_eq!(answer.cookie().is_some(), status == 200, "{code}");
    }
    let shown = world.call("GET", "/me/second-factor", Some(&mia.cookie), None).await.body;
    assert_eq!(shown["recovery_codes_left"], 8);
    let me = world.call("GET", "/me", Some(&mia.cookie), None).await.body;
    assert_eq!(
        (&me["person"]["has_second_factor"], &me["person"]["needs_second_factor"]),
        (&json!(true), &json!(false))
    );
}

/// Only who knows the password learns that there is a second factor.
#[tokio::test]
async fn who_does_not_know_the_password_is_told_the_same_as_ever() {
    let world = World::start().await;
    let team = world.team("north").await;
    set_up(&world, &team.member).await;
    let mut told = Vec::new();
    for email in [&team.member.email, &team.admin.email, "nobody@north.example"] {
        for code in [None, Some("123456")] {
            let before = world.app.passwords.hashings();
            let body = json!({ "email": email, "password": "another password", "code": code });
            let answer = world.call("POST", "/sessions", None, Some(body)).await;
            assert_eq!(world.app.passwords.hashings() - before, 1, "{email}");
            told.push((answer.status, answer.bytes, answer.headers));
        }
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[tokio::test]
async fn guessing_codes_ends_soon() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    let holder = set_up(&world, &mia).await;
    // What is missing is no guess.
    for _ in 0..2 * control::limit::SIGN_IN_OF_PERSON.tries {
        assert_eq!(sign_in(&world, &mia, None).await.code(), "second_factor_needed");
    }
    for guess in 0..control::limit::SIGN_IN_OF_PERSON.tries {
        world.move_to(&format!("198.51.100.{guess}"));
        assert_eq!(sign_in(&world, &mia, Some("000000")).await.code(), "wrong_code");
    }
    assert_eq!(sign_in(&world, &mia, Some(&holder.code())).await.status, 429);
    world.pass(control::limit::SIGN_IN_OF_PERSON.within);
    assert_eq!(sign_in(&world, &mia, Some(&holder.code())).await.status, 200);
}

#[tokio::test]
async fn it_is_not_asked_for_before_it_is_confirmed() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    let wrong = post(&world, &mia, "/me/second-factor", json!({ "password": "another password" })).await;
    assert_eq!((wrong.status, wrong.code()), (401, "wrong_credentials"));
    let code = json!({ "code": "000000" });
    assert_eq!(post(&world, &mia, "/me/second-factor/confirm", code.clone()).await.status, 409, "none is begun");
    let first = post(&world, &mia, "/me/second-factor", json!({ "password": PASSWORD })).await;
    let begun = post(&world, &mia, "/me/second-factor", json!({ "password": PASSWORD })).await;
    assert!(
        begun.body["uri"].as_str().expect("a text").starts_with("otpauth://totp/keys.example.com:mia%40north.example?")
    );
    assert_eq!(sign_in(&world, &mia, None).await.status, 200);
    for (seed, status) in [(&first.body["seed"], 422), (&begun.body["seed"], 200)] {
        let code = seed_of(seed.as_str().expect("a seed")).code(step(now()));
        let told = post(&world, &mia, "/me/second-factor/confirm", json!({ "code": code })).await;
        assert_eq!(told.status, status, "{}", told.body);
    }
    assert_eq!(sign_in(&world, &mia, None).await.code(), "second_factor_needed");
    let twice = post(&world, &mia, "/me/second-factor", json!({ "password": PASSWORD })).await;
    assert_eq!((twice.status, twice.code()), (409, "refused"));
    assert_eq!(world.mails_to(&mia.email).await[0].0, "Your second factor is on");
    let seed = begun.body["seed"].as_str().expect("a seed");
    assert!(!world.stores(seed) && !world.stores(seed_of(seed).bytes()), "it is sealed");
}

#[tokio::test]
async fn taking_it_away_takes_both_factors_and_ends_what_is_open() {
    let world = World::start().await;
    let team = world.team("north").await;
    let mia = &team.member;
    let holder = set_up(&world, mia).await;
    let there = world.session(mia.person).await;
    let token = world.access_token(mia.person, team.account).await;
    for (path, is_codes) in [("/me/second-factor/recovery-codes", true), ("/me/second-factor/remove", false)] {
        for (password, code, told) in [
            ("another password", holder.code(), "wrong_credentials"),
            (PASSWORD, "000000".to_owned(), "wrong_code"),
            (PASSWORD, holder.code(), ""),
        ] {
            let answer = post(&world, mia, path, json!({ "password": password, "code": code })).await;
            assert_eq!(answer.code(), told, "{path}: {}", answer.body);
        }
        world.pass(2 * STEP);
        let old = sign_in(&world, mia, Some(&holder.recovery_codes[0])).await;
        assert_eq!(old.code(), if is_codes { "wrong_code" } else { "" }, "codes from before do nothing");
    }
    assert_eq!(world.call("GET", "/me", Some(&there), None).await.status, 401);
    assert_eq!(world.call_with_token("GET", "/me", &token, None).await.status, 401);
    assert_eq!(world.call("GET", "/me", Some(&mia.cookie), None).await.status, 200);
    let subjects: Vec<String> = world.mails_to(&mia.email).await.into_iter().map(|(subject, _)| subject).collect();
    assert!(
        subjects.contains(&"Your second factor is off".to_owned())
            && subjects.contains(&"New recovery codes".to_owned())
    );
    let gone = post(&world, mia, "/me/second-factor/remove", json!({ "password": PASSWORD, "code": "000000" })).await;
    assert_eq!(gone.status, 409, "{}", gone.body);
}

/// Who reads somebody's mail does not get past their second factor.
#[tokio::test]
async fn a_new_password_by_mail_takes_a_code_too() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    let holder = set_up(&world, &mia).await;
    world.call("POST", "/resets", None, Some(json!({ "email": mia.email }))).await;
    let token = world.token_to(&mia.email, "/reset/confirm").await.expect("a link");
    for (code, status, told) in [
        (None, 401, "second_factor_needed"),
        (Some("000000".to_owned()), 401, "wrong_code"),
        (Some(holder.code()), 200, ""),
        (Some(holder.code()), 410, "link_over"),
    ] {
        let body = json!({ "token": token, "password": "quite another password", "code": code });
        let answer = world.call("POST", "/resets/confirm", None, Some(body)).await;
        assert_eq!((answer.status, answer.code()), (status, told), "{code:?}: {}", answer.body);
    }
    let mut guesses = Vec::new();
    world.call("POST", "/resets", None, Some(json!({ "email": mia.email }))).await;
    let token = world.token_to(&mia.email, "/reset/confirm").await.expect("a link");
    for _ in 0..=control::limit::SIGN_IN_OF_PERSON.tries {
        let body = json!({ "token": token, "password": "quite another password", "code": "000000" });
        guesses.push(world.call("POST", "/resets/confirm", None, Some(body)).await.status);
    }
    assert_eq!(guesses.last(), Some(&429), "{guesses:?}");
}

/// Where it is required, who has none can do nothing but set one up.
#[tokio::test]
async fn an_account_can_require_it() {
    let world = World::start().await;
    let team = world.team("north").await;
    let rule = format!("/accounts/{}/second-factor", team.account);
    let put = async |who: &Someone, is_required: bool| {
        world.call("PUT", &rule, Some(&who.cookie), Some(json!({ "is_required": is_required }))).await
    };
    let token = world.access_token(team.member.person, team.account).await;
    assert_eq!(put(&team.member, true).await.body["permission"], "account.edit");
    assert_eq!(put(&team.owner, true).await.status, 409, "the owner has none");
    set_up(&world, &team.owner).await;
    let required = put(&team.owner, true).await;
    assert_eq!((required.status, &required.body["members_without"]), (200, &json!(2)), "{}", required.body);
    for path in ["", "/keys", "/requests", "/audit", "/second-factor"] {
        let path = format!("/accounts/{}{path}", team.account);
        for answer in [
            world.call("GET", &path, Some(&team.member.cookie), None).await,
            world.call_with_token("GET", &path, &token, None).await,
        ] {
            assert_eq!((answer.status, answer.code()), (403, "second_factor_required"), "{path}");
        }
    }
    let asked = json!({ "name": "ci", "account_id": team.account.to_string(), "permissions": ["keys.view"] });
    let made = world.call("POST", "/access-tokens", Some(&team.member.cookie), Some(asked)).await;
    assert_eq!(made.code(), "second_factor_required");
    let me = world.call("GET", "/me", Some(&team.member.cookie), None).await.body;
    assert_eq!(me["seats"][0]["needs_second_factor"], true);
    set_up(&world, &team.member).await;
    let keys = format!("/accounts/{}/keys", team.account);
    assert_eq!(world.call("GET", &keys, Some(&team.member.cookie), None).await.status, 200);
    assert_eq!(world.call("GET", &keys, Some(&team.admin.cookie), None).await.code(), "second_factor_required");
    assert_eq!(put(&team.owner, false).await.body["required_at"], Value::Null);
    assert_eq!(world.call("GET", &keys, Some(&team.admin.cookie), None).await.status, 200);
    let trail = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&team.owner.cookie), None).await;
    let actions: Vec<_> = trail.body["changes"].as_array().expect("rows").iter().map(|row| &row["action"]).collect();
    assert_eq!(actions, ["second_factor.waive", "second_factor.require"]);
}

#[tokio::test]
async fn an_operator_can_require_it_of_everybody() {
    let world = World::with(|settings| settings.is_second_factor_required = true).await;
    let team = world.team("north").await;
    world.make_operator(&team.owner).await;
    let keys = format!("/accounts/{}/keys", team.account);
    for path in [keys.as_str(), "/operator/outbox"] {
        let answer = world.call("GET", path, Some(&team.owner.cookie), None).await;
        assert_eq!((answer.status, answer.code()), (403, "second_factor_required"), "{path}");
    }
    let made = post(&world, &team.owner, "/access-tokens", json!({ "name": "ops", "is_operator": true })).await;
    assert_eq!((made.status, made.code()), (403, "second_factor_required"), "nor do their programs");
    let me = world.call("GET", "/me", Some(&team.owner.cookie), None).await;
    assert_eq!((me.status, &me.body["person"]["needs_second_factor"]), (200, &json!(true)));
    set_up(&world, &team.owner).await;
    for path in [keys.as_str(), "/operator/outbox"] {
        assert_eq!(world.call("GET", path, Some(&team.owner.cookie), None).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_sign_in_from_elsewhere_is_told_by_mail() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    for (address, mails) in [("192.0.2.1", 1), ("192.0.2.1", 1), ("192.0.2.2", 2), ("192.0.2.1", 2)] {
        world.move_to(address);
        world.pass(SECOND);
        assert_eq!(sign_in(&world, &mia, None).await.status, 200);
        let all = world.mails_to(&mia.email).await;
        assert_eq!(all.len(), mails, "{address}");
        assert_eq!(all[0].0, "New sign-in to Keyward");
    }
    let (_, newest) = world.mails_to(&mia.email).await.swap_remove(0);
    assert!(newest.text.contains("from the address 192.0.2.2"), "{}", newest.text);
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    let there = world.session(mia.person).await;
    assert_eq!(world.call("DELETE", "/sessions", Some(&mia.cookie), None).await.status, 204);
    assert_eq!(world.call("GET", "/me", Some(&there), None).await.status, 401);
    assert_eq!(world.call("GET", "/me", Some(&mia.cookie), None).await.status, 200);
}

/// Who finds an open browser and the password does not give an account away either.
#[tokio::test]
async fn an_account_is_offered_with_both_factors() {
    let world = World::start().await;
    let team = world.team("north").await;
    let holder = set_up(&world, &team.owner).await;
    let offer = |password: &str, code: Option<&str>| {
        let asked = json!({ "member": team.member.member.to_string(), "password": password, "code": code });
        let path = format!("/accounts/{}/ownership", team.account);
        let (world, cookie) = (&world, &team.owner.cookie);
        async move { world.call("POST", &path, Some(cookie), Some(asked)).await }
    };
    for (password, code, status, told) in [
        (PASSWORD, None, 401, "second_factor_needed"),
        (PASSWORD, Some("000000"), 401, "wrong_code"),
        ("another password", Some(&*holder.code()), 422, "invalid_field"),
    ] {
        let answer = offer(password, code).await;
        assert_eq!((answer.status, answer.code()), (status, told), "{}", answer.body);
    }
    let code = holder.code();
    assert_eq!(offer(PASSWORD, Some(&code)).await.status, 201);
    assert_eq!(offer(PASSWORD, Some(&code)).await.code(), "wrong_code", "a code is taken once");
    let path = format!("/accounts/{}/ownership", team.account);
    assert_eq!(world.call("DELETE", &path, Some(&team.owner.cookie), None).await.status, 200);
    assert_eq!(offer(PASSWORD, Some(&holder.recovery_codes[0])).await.status, 201);
}
