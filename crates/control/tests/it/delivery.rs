//! Mails leave the outbox: to a real mail server that takes them, refuses them, is busy, silent, or not there.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use control::delivery::{self, Delivery, Smtp, SmtpSettings, SmtpTls};
use domain::{
    mail::{Mail, MailState},
    time::{DAY, SECOND},
};
use serde_json::{Value, json};
use testbed::smtp::{Manners, SmtpMail, SmtpPeer};
use tokio::{sync::watch, task::JoinHandle};

use crate::world::World;

/// How long a mail may take on this machine.
const SOON: Duration = Duration::from_secs(30);

/// Deliveries to a port of this machine, until [`Running::stop`].
struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(world: &World, delivery: Delivery) -> Running {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(delivery::run(Arc::clone(&world.app), delivery, stopped));
        Running { stop, task }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(SOON, self.task).await.expect("it stops").expect("it does not panic");
    }
}

fn to_port(port: u16) -> Delivery {
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        credentials: None,
        from: "Keyward <keys@example.com>".to_owned(),
    };
    Delivery::Smtp(Box::new(Smtp::new(settings).expect("good settings")))
}

async fn ask_reset(world: &World, email: &str) {
    let answer = world.call("POST", "/resets", None, Some(json!({ "email": email }))).await;
    assert_eq!(answer.status, 202);
}

/// The newest mail, once it is as expected.
async fn when(world: &World, what: &str, is_so: impl Fn(&Mail) -> bool) -> Mail {
    for _ in 0..SOON.as_millis() / 50 {
        let mut mails = store::mail::list(&world.app.store, None, 1).await.expect("the outbox");
        if let Some(mail) = mails.pop().filter(&is_so) {
            return mail;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {:?}", store::mail::list(&world.app.store, None, 9).await);
}

/// A real mail server, whose next mail is waited for on another thread.
struct Peer {
    peer: Arc<Mutex<SmtpPeer>>,
    port: u16,
}

impl Peer {
    fn start(manners: &Manners) -> Peer {
        let peer = SmtpPeer::start_with(manners);
        Peer { port: peer.address().port(), peer: Arc::new(Mutex::new(peer)) }
    }

    async fn next_mail(&self) -> SmtpMail {
        let peer = Arc::clone(&self.peer);
        let next = move || peer.lock().expect("no test panicked").next_mail(SOON);
        tokio::task::spawn_blocking(next).await.expect("no panic").expect("a mail arrives")
    }
}

#[tokio::test]
async fn a_mail_is_sent_as_text_and_html_and_its_body_erased() {
    let world = World::with(|settings| settings.has_mail = true).await;
    world.team("north").await;
    let peer = Peer::start(&Manners::default());
    ask_reset(&world, "mia@north.example").await;
    let token = world.token_to("mia@north.example", "/reset/confirm").await.expect("a link");
    let running = Running::start(&world, to_port(peer.port));
    let mail = peer.next_mail().await;
    assert_eq!((mail.from.as_str(), mail.to.join(",").as_str()), ("keys@example.com", "mia@north.example"));
    assert_eq!(mail.header("subject"), Some("Choose a new password"));
    assert_eq!(mail.header("from"), Some("Keyward <keys@example.com>"));
    assert!(mail.header("message-id").is_some_and(|id| id.starts_with("<mai_")));
    assert!(mail.text.is_some_and(|text| text.contains(&token)));
    assert!(mail.html.is_some_and(|html| html.contains(&token)));
    let sent = when(&world, "it is sent", |mail| mail.state == MailState::Sent).await;
    assert_eq!((sent.sealed, sent.attempts, sent.error), (None, 1, None));
    running.stop().await;
}

#[tokio::test]
async fn a_mail_that_is_refused_is_given_up_and_one_while_busy_is_not() {
    let world = World::with(|settings| settings.has_mail = true).await;
    world.team("north").await;
    let manners = Manners { refused: vec!["sam@north.example".to_owned()], busy: 1, ..Manners::default() };
    let peer = Peer::start(&manners);
    let running = Running::start(&world, to_port(peer.port));
    ask_reset(&world, "sam@north.example").await;
    let failed = when(&world, "it is given up", |mail| mail.state == MailState::Failed).await;
    assert_eq!((failed.sealed, failed.attempts), (None, 1));
    assert!(failed.error.is_some_and(|error| error.contains("550")));
    ask_reset(&world, "mia@north.example").await;
    let waits = when(&world, "it waits", |mail| mail.attempts == 1 && mail.state == MailState::Waiting).await;
    assert!(waits.error.is_some_and(|error| error.contains("451")), "and says why");
    world.pass(61 * SECOND);
    world.app.mail_waits.notify_one();
    assert_eq!(peer.next_mail().await.to, ["mia@north.example"]);
    running.stop().await;
}

#[tokio::test]
async fn mails_wait_for_a_server_that_is_not_there() {
    let world = World::with(|settings| settings.has_mail = true).await;
    world.team("north").await;
    let port = testbed::ports::closed().port();
    ask_reset(&world, "mia@north.example").await;
    ask_reset(&world, "sam@north.example").await;
    let running = Running::start(&world, to_port(port));
    let tried = |mails: &[Mail]| mails.iter().map(|mail| mail.attempts).sum::<u32>();
    let mut mails = Vec::new();
    for _ in 0..SOON.as_millis() / 50 {
        mails = store::mail::list(&world.app.store, None, 9).await.expect("the outbox");
        if tried(&mails) > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(tried(&mails), 1, "the second need not be tried where the first found nobody");
    running.stop().await;
    let peer = Peer::start(&Manners::default());
    world.pass(DAY);
    let running = Running::start(&world, to_port(peer.port));
    let mut to = [peer.next_mail().await.to.remove(0), peer.next_mail().await.to.remove(0)];
    to.sort();
    assert_eq!(to, ["mia@north.example", "sam@north.example"]);
    running.stop().await;
}

#[tokio::test]
async fn without_a_server_mails_stay_until_they_are_too_old() {
    let world = World::start().await;
    world.team("north").await;
    ask_reset(&world, "mia@north.example").await;
    let running = Running::start(&world, Delivery::Kept);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(when(&world, "it stays", |_| true).await.state, MailState::Waiting);
    running.stop().await;
    world.pass(8 * DAY);
    let running = Running::start(&world, Delivery::Kept);
    let old = when(&world, "it is given up", |mail| mail.state == MailState::Failed).await;
    assert_eq!(old.sealed, None);
    running.stop().await;
}

/// Who invited sees it where they would look: at the invitation, in REST and on My Team.
#[tokio::test]
async fn an_address_that_the_mail_server_refuses_is_shown_at_the_invitation() {
    let world = World::with(|settings| settings.has_mail = true).await;
    let team = world.team("north").await;
    let manners = Manners { refused: vec!["gone@north.example".to_owned()], ..Manners::default() };
    let peer = Peer::start(&manners);
    let running = Running::start(&world, to_port(peer.port));
    let members = format!("/accounts/{}/members", team.account);
    let invite = |email: &str| {
        let body = json!({ "name": "New", "email": email, "role": "member" });
        let path = format!("/accounts/{}/invitations", team.account);
        let (world, cookie) = (&world, &team.owner.cookie);
        async move { world.call("POST", &path, Some(cookie), Some(body)).await.body["id"].clone() }
    };
    let (gone, here) = (invite("gone@north.example").await, invite("here@north.example").await);
    assert_eq!(peer.next_mail().await.to, ["here@north.example"]);
    let look = |id: &Value| {
        let path = format!("{members}/{}", id.as_str().expect("an id"));
        let (world, cookie) = (&world, &team.owner.cookie);
        async move { world.call("GET", &path, Some(cookie), None).await.body }
    };
    let mut seen = look(&gone).await;
    for _ in 0..SOON.as_millis() / 50 {
        if !seen["invitation"]["refused"].is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        seen = look(&gone).await;
    }
    let told = seen["invitation"]["refused"].as_str().expect("it says why");
    assert_eq!(told, "the mail server answered 550 5.1.1 no such mailbox here");
    assert_eq!((&seen["state"], &seen["can"]["resend"]["allowed"]), (&json!("pending"), &json!(true)));
    assert_eq!(look(&here).await["invitation"]["refused"], json!(null), "the other was taken");
    let resend = format!("{members}/{}/invitation", gone.as_str().expect("an id"));
    let again = world.call("POST", &resend, Some(&team.owner.cookie), None).await;
    assert_eq!((again.status, &again.body["invitation"]["refused"]), (200, &json!(null)), "{}", again.body);
    running.stop().await;
}

/// Who may see the members of one key only has no My Team: its Teamwork page says it too.
#[tokio::test]
async fn a_refused_address_is_shown_among_the_members_of_the_key_it_was_invited_to() {
    let world = World::with(|settings| settings.has_mail = true).await;
    let team = world.team("north").await;
    let manners = Manners { refused: vec!["gone@north.example".to_owned()], ..Manners::default() };
    let peer = Peer::start(&manners);
    let running = Running::start(&world, to_port(peer.port));
    let keys = format!("/accounts/{}/keys", team.account);
    let owner = async |method: &str, path: &str, body: Option<Value>| {
        world.call(method, path, Some(&team.owner.cookie), body).await.body
    };
    let asked = json!({ "name": "Theirs", "environment": "Production", "sharing": "shared" });
    let made = owner("POST", &keys, Some(asked)).await;
    let key = format!("{keys}/{}", made["key"]["id"].as_str().expect("an id"));
    let invited = json!({ "name": "New", "email": "gone@north.example", "role": "member" });
    let pending = owner("POST", &format!("{key}/invitations"), Some(invited)).await;
    assert_eq!(pending["member"]["refused"], json!(null), "{pending}");
    when(&world, "it is given up", |mail| mail.state == MailState::Failed).await;
    let seen = owner("GET", &format!("{key}/teamwork"), None).await;
    let refused: Vec<_> =
        seen["members"].as_array().expect("members").iter().map(|member| &member["refused"]).collect();
    assert_eq!(refused, [&json!(null), &json!("the mail server answered 550 5.1.1 no such mailbox here")], "{seen}");
    running.stop().await;
}
