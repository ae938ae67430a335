//! Every letter as text and HTML, compared with `letter/`: a change of words or looks is seen by who reviews it.
//! `KEYWARD_WRITE_GOLDEN=1` writes the files anew.

use std::path::Path;

use control::{
    Offer,
    mail::{Ending, Leak, Letter, Notice, PasswordChanged, SecurityNotice},
};
use domain::{
    account::Account,
    invitation::Invitation,
    key::{
        Key, Sharing,
        value::{ENTROPY, ValueText},
    },
    leak::OnLeak,
    member::Member,
    name::Title,
    person::Email,
    role::Role,
    time::{DAY, Timestamp},
    token::Token,
};

use crate::world::World;

/// A moment at which all letters of tests are written.
const THEN: Timestamp = Timestamp::from_micros(20_780 * DAY + DAY / 2);

/// The id of a value.
const THEN_ID: &str = "val_01m80dzgqhez697ez1zsaprmfq";
fn new_address() -> Email {
    "mia@example.org".parse().expect("an address")
}

fn title(text: &str) -> Title {
    text.parse().expect("a name")
}

fn invitation(world: &World, inviter: &str, account: &str, name: &str, role: Role) -> Letter {
    let app = &world.app;
    let token = Token::draw([5; 32]);
    let account = Account {
        id: app.id(THEN),
        name: title(account),
        created_at: THEN,
        suspended_at: None,
        lists: Default::default(),
    };
    let seat = Member {
        id: app.id(THEN),
        account: account.id,
        name: title(name),
        email: "mia@example.com".parse().expect("an address"),
        person: None,
        role: Some(role),
        created_at: THEN,
        activated_at: None,
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    let invitation = Invitation {
        id: app.id(THEN),
        account: account.id,
        member: seat.id,
        invited_by: None,
        hash: token.hash(),
        created_at: THEN,
        accepted_at: None,
        withdrawn_at: None,
        refused: None,
    };
    let offer = Offer { role: role.to_string(), key: None, brings_a_key: role == Role::Member };
    let by = (&account.name, &title(inviter));
    app.letters.invitation(&invitation, &seat, by, &offer, &token).expect("it is written")
}

fn all(world: &World) -> Vec<(&'static str, Letter)> {
    let (letters, mia, token) = (&world.app.letters, title("Mia Member"), Token::draw([5; 32]));
    let account = Account {
        id: "acc_01m80dzgqhez697ez1zsaprmfq".parse().expect("an id"),
        name: title("Example team"),
        created_at: THEN,
        suspended_at: None,
        lists: Default::default(),
    };
    let notice = |notice| letters.notice(&notice, "Mia Member", &account, "Olivia Owner").expect("it is written");
    let keys = |count| (1..=count).map(|number| format!("Key {number}")).collect();
    let received = |count| notice(Notice::KeysReceived { from: "Tom".to_owned(), keys: keys(count) });
    let changed = PasswordChanged { name: &mia, at: THEN, from: Some([192, 0, 2, 1].into()) };
    let security = |notice| letters.security(&mia, notice, (THEN, Some([192, 0, 2, 1].into()))).expect("it is written");
    let (script, team) = (title("Deploy script"), title("Example team"));
    let made = SecurityNotice::AccessToken { name: &script, account: Some(&team) };
    let key = Key::new(
        "key_01m80dzgqhez697ez1zsaprmfq".parse().expect("an id"),
        account.id,
        title("Reports"),
        "Production".parse().expect("a name"),
        Sharing::Shared,
        THEN,
    );
    let ending = |ending| letters.ending(ending, "Mia Member", &account, THEN.plus(DAY)).expect("it is written");
    let value = key
        .draw(THEN_ID.parse().expect("an id"), None, &ValueText::draw([3; ENTROPY]), THEN)
        .expect("the key is not revoked");
    let place = "https://code.example.com/blob/main/.env".parse().expect("a place");
    let leak = |done, place| {
        let leak = Leak { key: &key, value: &value, place, done };
        letters.leak(leak, "Mia Member", &account).expect("it is written")
    };
    let registration = letters.registration(&mia, &title("Mia's team"), &token, THEN.plus(DAY));
    vec![
        ("invitation_member", invitation(world, "Olivia Owner", "Example team", "Mia Member", Role::Member)),
        ("invitation_admin", invitation(world, "Olivia Owner", "Example team", "Mia Member", Role::Admin)),
        ("registration", registration.expect("it is written")),
        ("already_registered", letters.already_registered(&mia).expect("it is written")),
        ("reset", letters.reset(&mia, &token, THEN.plus(DAY)).expect("it is written")),
        ("password_changed", letters.password_changed(&changed).expect("it is written")),
        (
            "address_change",
            letters.address_change(&mia, &new_address(), &token, THEN.plus(DAY)).expect("it is written"),
        ),
        (
            "address_changed",
            letters.address_changed(&mia, &new_address(), (THEN, Some([192, 0, 2, 1].into()))).expect("it is written"),
        ),
        ("new_sign_in", security(SecurityNotice::SignIn { agent: Some("Mozilla/5.0 (X11; Linux x86_64)") })),
        ("second_factor_on", security(SecurityNotice::SecondFactorOn)),
        ("second_factor_off", security(SecurityNotice::SecondFactorOff)),
        ("recovery_codes", security(SecurityNotice::RecoveryCodes)),
        ("access_token", security(made)),
        ("suspended", notice(Notice::Suspended)),
        ("activated", notice(Notice::Activated)),
        ("removed", notice(Notice::Removed)),
        ("ends", notice(Notice::Ends(THEN.plus(DAY)))),
        ("own_key_ends", ending(Ending::Key { key: &key, holder: Some("Mia Member"), is_theirs: true })),
        ("key_of_another_ends", ending(Ending::Key { key: &key, holder: Some("Tom"), is_theirs: false })),
        ("shared_key_ends", ending(Ending::Key { key: &key, holder: None, is_theirs: true })),
        ("seat_ends", ending(Ending::Seat { of: None })),
        ("seat_of_another_ends", ending(Ending::Seat { of: Some("Tom") })),
        ("leak_revoked", leak(OnLeak::Revoke, Some(&place))),
        ("leak_alerted", leak(OnLeak::Alert, None)),
        ("no_end", notice(Notice::NoEnd)),
        ("left", notice(Notice::Left)),
        ("key_received", received(1)),
        ("keys_received", received(12)),
        ("key_taken", notice(Notice::KeyTaken { key: "Reports".to_owned(), to: "Tom".to_owned() })),
        ("ownership_offered", notice(Notice::OwnershipOffered(THEN.plus(7 * DAY)))),
        ("ownership_withdrawn", notice(Notice::OwnershipWithdrawn)),
        ("ownership_declined", notice(Notice::OwnershipDeclined)),
        ("ownership_given", notice(Notice::OwnershipGiven)),
        ("ownership_taken", notice(Notice::OwnershipTaken)),
    ]
}

#[tokio::test]
async fn letters_are_as_they_were() {
    let world = World::start().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/letter");
    for (name, letter) in all(&world) {
        // A token is no text to keep in a file, not even one that opens nothing.
        let token = Token::draw([5; 32]);
        let text = format!("Subject: {}\n\n{}\n", letter.subject, letter.text.trim_end());
        let text = text.replace(token.reveal(), "TOKEN");
        let html = letter.html.trim_end().replace(token.reveal(), "TOKEN") + "\n";
        for (file, now) in [(format!("{name}.txt"), text), (format!("{name}.html"), html)] {
            let file = folder.join(file);
            if std::env::var_os("KEYWARD_WRITE_GOLDEN").is_some() {
                std::fs::write(&file, &now).expect("it is written");
            }
            let golden = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(golden == now, "{} differs; KEYWARD_WRITE_GOLDEN=1 writes it anew:\n{now}", file.display());
        }
    }
}

#[tokio::test]
async fn the_subject_says_who_invites_to_what() {
    let world = World::start().await;
    let letter = invitation(&world, "Olivia Owner", "Example team", "Mia", Role::Member);
    assert_eq!(letter.subject, "Olivia Owner invites you to Example team");
}

/// Whatever somebody calls themselves or their account: it stays text, on one line, and makes no link.
#[tokio::test]
async fn names_stay_text() {
    let world = World::start().await;
    let (inviter, account) = ("<img src=x onerror=alert(1)>", "\"><a href=javascript:alert(1)>{{ link }}{% raw %}");
    let letter = invitation(&world, inviter, account, "' onmouseover='alert(1)", Role::Member);
    assert!(!letter.subject.contains('\n'));
    for tag in ["<img", "<a href=javascript", "onmouseover='alert"] {
        assert!(!letter.html.contains(tag), "{tag}: {}", letter.html);
    }
    assert!(letter.html.contains("&lt;img src=x onerror=alert(1)&gt;"), "{}", letter.html);
    assert!(letter.html.contains("{{ link }}{% raw %}") && letter.text.contains("{{ link }}{% raw %}"));
    assert_eq!(letter.html.matches("<a ").count(), 1, "{}", letter.html);
}
