//! Letters of the real binary: handed to a mail server that wants TLS and a password, and written in an operator's own words.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;
use testbed::smtp::{Manners, PeerTls, SmtpPeer};

use crate::{
    remote::Scene,
    terminal::{FILE, Terminal},
    world::{WorldOptions, wait},
};

/// How long a mail may take on this machine.
const SOON: Duration = Duration::from_secs(30);
const PASSWORD: &str = "an example password";

/// A mail server's certificate for `localhost`, with its key.
struct Certificate {
    _folder: TempDir,
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificate {
    fn make() -> Certificate {
        let folder = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let file = |name: &str, text: String| {
            let file = folder.path().join(name);
            fs::write(&file, text).expect("written");
            file
        };
        let (certificate, key) = (file("cert.pem", made.cert.pem()), file("key.pem", made.signing_key.serialize_pem()));
        Certificate { certificate, key, _folder: folder }
    }

    fn peer(&self, from_the_start: bool) -> SmtpPeer {
        let tls = PeerTls { certificate: self.certificate.clone(), key: self.key.clone(), from_the_start };
        let login = ("keyward".to_owned(), PASSWORD.to_owned());
        SmtpPeer::start_with(&Manners { tls: Some(tls), login: Some(login), ..Manners::default() })
    }
}

/// A Keyward that has written one letter for this server.
fn with_mail(peer: &SmtpPeer, tls: &str, password: &str, trusted: Option<&Certificate>) -> Scene {
    let port = peer.address().port();
    let head = format!(
        "[mail]\nserver = \"smtp://localhost:{port}\"\ntls = \"{tls}\"\nfrom = \"Keyward <keys@example.com>\"\n\
         username = \"keyward\"\npassword = {{ env = \"KEYWARD_TEST_MAIL_PASSWORD\" }}\n"
    );
    let mut environment = vec![("KEYWARD_TEST_MAIL_PASSWORD", password)];
    environment.extend(trusted.map(|one| ("SSL_CERT_FILE", one.certificate.to_str().expect("a path"))));
    let scene = Scene::start_with(WorldOptions { head, ..WorldOptions::default() }, &environment);
    let (status, told) = scene.ask("POST", "/resets", json!({ "email": "olivia@example.com" }));
    assert_eq!(status, 202, "{told}");
    scene
}

/// The letter in the outbox, once it was tried.
fn tried(scene: &Scene) -> Value {
    let mut found = Value::Null;
    wait("the letter is tried", || {
        let mails = scene.json(&["outbox", "list"]);
        let letter = mails.into_iter().find(|mail| mail["subject"] == "Choose a new password");
        found = letter.expect("it is in the outbox");
        found["attempts"] != 0
    });
    found
}

#[test]
fn a_letter_goes_over_tls_with_a_password() {
    let certificate = Certificate::make();
    for (from_the_start, tls) in [(false, "starttls"), (true, "tls")] {
        let peer = certificate.peer(from_the_start);
        let scene = with_mail(&peer, tls, PASSWORD, Some(&certificate));
        let mut mail = peer.next_mail(SOON).unwrap_or_else(|| panic!("{tls}: {}", tried(&scene)));
        while mail.header("subject") != Some("Choose a new password") {
            mail = peer.next_mail(SOON).expect("the letter comes");
        }
        assert_eq!(mail.to, ["olivia@example.com"], "{tls}");
        wait("it is sent", || tried(&scene)["state"] == "sent");
    }
}

#[test]
fn without_trust_or_the_password_a_letter_waits_and_says_why() {
    let certificate = Certificate::make();
    let peer = certificate.peer(false);
    for (password, trusted, why) in [
        ("another", Some(&certificate), "the mail server does not let Keyward in: 535 "),
        (PASSWORD, None, "the mail server cannot be reached: Connection error: invalid peer certificate"),
    ] {
        let scene = with_mail(&peer, "starttls", password, trusted);
        let mail = tried(&scene);
        let told = mail["error"].as_str().expect("it says why");
        assert!(told.starts_with(why) && !told.contains(password), "{told}");
        assert_eq!(mail["state"], "waiting", "nothing is lost");
    }
    assert!(peer.next_mail(Duration::from_millis(100)).is_none(), "and nothing was taken");
}

const OWN: &str = "[mail]\ntemplates = \"letters\"\n\
                   [control]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://keys.example.org\"\n";

#[test]
fn letters_are_listed_and_shown_in_an_operators_words() {
    let terminal = Terminal::on_sqlite();
    let list = terminal.json(&["mail", "list"]);
    assert!(list.len() > 20 && list.iter().any(|one| one["name"] == "invitation"), "{list:?}");
    assert!(terminal.done(&["mail", "list"]).starts_with("LETTER "));
    let built_in = terminal.done(&["mail", "preview", "invitation"]);
    assert!(
        built_in.starts_with("Subject: Olivia Owner invites you to Example team\n\nHello Mia Member,\n"),
        "{built_in}"
    );
    let nearly = terminal.run(&["mail", "preview", "invitaton"]);
    assert_eq!(nearly.code, Some(1));
    assert!(nearly.err.contains("hint: did you mean `invitation`?"), "{nearly:?}");

    terminal.write(OWN);
    let letters = terminal.folder.path().join("letters");
    fs::create_dir(&letters).expect("made");
    fs::write(letters.join("invitation.txt"), "Hola {{ name }}: {{ link }}").expect("written");
    let own = terminal.done(&["mail", "preview", "invitation"]);
    assert!(own.contains("\nHola Mia Member: https://keys.example.org/"), "{own}");
    assert_eq!(terminal.done(&["mail", "preview", "invitation", "--html", "page.html"]), "");
    let page = fs::read_to_string(terminal.folder.path().join("page.html")).expect("it is there");
    assert!(page.contains("<h1") && page.contains("Join Example team"), "{page}");
    let told = terminal.one(&["mail", "preview", "reset"]);
    assert_eq!((&told["name"], &told["subject"]), (&json!("reset"), &json!("Choose a new password")));
}

#[test]
fn a_wrong_template_is_refused_before_anything_serves() {
    let terminal = Terminal::on_sqlite();
    terminal.write(&format!("{OWN}{FILE}"));
    let letters = terminal.folder.path().join("letters");
    let none = terminal.run(&["check"]);
    assert!(none.code == Some(1) && none.err.starts_with("error: cannot read letters: "), "{none:?}");
    fs::create_dir(&letters).expect("made");
    assert!(terminal.done(&["check"]).contains("\n  templates letters\n"));
    fs::write(letters.join("reset.txt"), "Hello\n{{ nmae }}").expect("written");
    for command in ["check", "serve"] {
        let refused = terminal.run(&[command]);
        let told = "letters/reset.txt:2: there is no `nmae` here; there is: subject, title, greeting,";
        assert!(refused.code == Some(1) && refused.err.contains(told), "{command}: {refused:?}");
    }
}
