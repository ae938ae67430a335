//! Changing a password.

use serde_json::json;
use store::audit::{Filter, Whose};

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn a_change_ends_the_other_sessions() {
    let world = World::start().await;
    let team = world.team("north").await;
    let (here, there) = (&team.member.cookie, world.session(team.member.person).await);
    let change = |current: &str, new: &str| Some(json!({ "current": current, "new": new }));
    for (current, new, status) in [
        ("wrong", "quite another password", 401),
        (PASSWORD, "short", 422),
        (PASSWORD, "mia@north.example", 422),
        (PASSWORD, "quite another password", 204),
    ] {
        assert_eq!(world.call("GET", "/me", Some(&there), None).await.status, 200);
        let answer = world.call("POST", "/me/password", Some(here), change(current, new)).await;
        assert_eq!(answer.status, status, "{new}: {:?}", answer.body);
    }
    assert_eq!(world.call("GET", "/me", Some(here), None).await.status, 200);
    assert_eq!(world.call("GET", "/me", Some(&there), None).await.status, 401);
    let (subject, body) = world.mails_to("mia@north.example").await.pop().expect("a mail");
    assert_eq!(subject, "Your password was changed");
    assert!(body.text.contains("192.0.2.1") && !body.text.contains("quite another"));
    let trail =
        store::audit::list(&world.app.store, &Filter::all(Whose::Person(team.member.person, team.account), 10)).await;
    let trail = trail.expect("an answer");
    assert_eq!(trail[0].action, domain::audit::Action::PersonPassword);
}

#[tokio::test]
async fn a_stolen_session_does_not_help_to_guess_the_password() {
    let world = World::start().await;
    let team = world.team("north").await;
    let mut statuses = Vec::new();
    for guess in 0..=control::limit::SIGN_IN_OF_PERSON.tries {
        let body = json!({ "current": format!("guess {guess}"), "new": "quite another password" });
        statuses.push(world.call("POST", "/me/password", Some(&team.member.cookie), Some(body)).await.status);
    }
    assert_eq!(statuses.pop(), Some(429));
    assert!(statuses.iter().all(|status| *status == 401), "{statuses:?}");
}
