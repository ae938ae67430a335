//! No secret anywhere (promise P6): a whole story through the real binary, and then each value, password, link and session that it
//! used is looked for in the data folder, in the log, and in every answer but the one that shows it.

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use testbed::http;

use crate::demo::{Demo, files, text};

const ANSWER: Duration = Duration::from_secs(20);

/// Somebody with a browser.
struct Browser<'d> {
    base: String,
    cookie: Option<String>,
    heard: &'d mut Heard,
}

/// Every answer, and every secret that was used.
#[derive(Default)]
struct Heard {
    answers: Vec<(String, Vec<u8>)>,
    secrets: Vec<(&'static str, String)>,
}

impl Heard {
    fn keep(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 10, "{what} is worth looking for: {secret}");
        self.secrets.push((what, secret.to_owned()));
    }

    /// Where each secret was told that should not have been.
    fn told(&self, folder: &Path, log: &[u8]) -> Vec<String> {
        let read = |file: &std::path::PathBuf| std::fs::read(file).expect("the test may read the folder");
        let mut places: Vec<_> = files(folder).iter().map(|file| (file.display().to_string(), read(file))).collect();
        places.push(("the log".to_owned(), log.to_vec()));
        places.extend(self.answers.iter().cloned());
        let mut told = Vec::new();
        for (what, secret) in &self.secrets {
            for (place, bytes) in &places {
                if bytes.windows(secret.len()).any(|part| part == secret.as_bytes()) {
                    told.push(format!("{what} in {place}"));
                }
            }
        }
        told
    }
}

impl Browser<'_> {
    /// Sends; the answer is looked through later, unless it is the one that shows a secret.
    fn send(&mut self, path: &str, body: &Value, shows: bool) -> Value {
        let url = format!("{}/api/v1{path}", self.base);
        let cookie = self.cookie.clone().unwrap_or_default();
        let mut headers = vec![("sec-fetch-site", "same-origin")];
        if self.cookie.is_some() {
            headers.push(("cookie", cookie.as_str()));
        }
        let answer = match body {
            Value::Null => http::get(&url, &headers, ANSWER),
            body => http::post(&url, &headers, body.to_string().as_bytes(), ANSWER),
        };
        let answer = answer.expect("an answer");
        assert!((200..300).contains(&answer.status), "{path}: {}", String::from_utf8_lossy(&answer.body));
        if let Some(set) = answer.header("set-cookie") {
            let pair = set.split(';').next().unwrap_or("").to_owned();
            let token = pair.split_once('=').map_or("", |(_, token)| token).to_owned();
            if !token.is_empty() {
                self.heard.keep("a session", &token);
                self.cookie = Some(pair);
            }
        }
        if !shows {
            self.heard.answers.push((format!("the answer of {path}"), answer.body.clone()));
        }
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    fn get(&mut self, path: &str) -> Value {
        self.send(path, &Value::Null, false)
    }

    /// The token of the newest mail with this page in it. The outbox shows it to the operator, as there is no mail server.
    fn token_in_outbox(&mut self, page: &str) -> String {
        let outbox = self.send("/operator/outbox", &Value::Null, true);
        let mails = outbox["mails"].as_array().expect("mails");
        let texts = mails.iter().filter_map(|mail| mail["text"].as_str());
        let token = texts.filter_map(|text| text.split_once(&format!("{page}#"))).next().expect("a link").1;
        let token = token.split_whitespace().next().expect("a token").to_owned();
        self.heard.keep("a link", &token);
        token
    }
}

#[test]
fn what_the_story_used_is_told_once_and_kept_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(folder.path(), &[]);
    let mut heard = Heard::default();
    for secret in demo.secrets() {
        heard.keep("a value or password of the demo", &secret);
    }
    let base = text(&demo.ready["control_url"]);
    let (password, second) = ("a password that Cleo chose", "another password of Cleo's");
    heard.keep("a password", password);
    heard.keep("a password", second);

    let mut owner = Browser { base: base.clone(), cookie: None, heard: &mut heard };
    let credentials =
        json!({ "email": text(&demo.ready["owner"]["email"]), "password": text(&demo.ready["owner"]["password"]) });
    let me = owner.send("/sessions", &credentials, false);
    let account = format!("/accounts/{}", text(&me["seats"][0]["account"]["id"]));
    let invited = json!({ "name": "Cleo Caller", "email": "cleo@example.com", "role": "member" });
    owner.send(&format!("{account}/invitations"), &invited, false);
    let invitation = owner.token_in_outbox("/activate");
    owner.send("/resets", &json!({ "email": "ada@example.com" }), false);
    let reset = owner.token_in_outbox("/reset/confirm");
    let owner_cookie = owner.cookie.take();

    let mut cleo = Browser { base: base.clone(), cookie: None, heard: &mut heard };
    cleo.send("/links/look-up", &json!({ "token": invitation }), false);
    let joined = cleo.send("/invitations/accept", &json!({ "token": invitation, "password": password }), true);
    let first = text(&joined["value"]["value"]);
    cleo.heard.keep("a value", &first);
    let keys = format!("{account}/keys");
    let key = text(&joined["key"]["id"]);
    let drawn = cleo.send(&format!("{keys}/{key}/values"), &json!({ "grace_days": 1 }), true);
    let value = text(&drawn["value"]["value"]);
    cleo.heard.keep("a value", &value);
    for value in [&first, &value] {
        let url = format!("{}/football/leagues", text(&demo.ready["gateway_url"]));
        let answer = http::get(&url, &[("x-api-key", value)], ANSWER).expect("an answer");
        assert_eq!(answer.status, 200);
        cleo.heard.answers.push(("an answer of the gateway".to_owned(), answer.body));
    }
    let call = json!({ "api": "football", "method": "GET", "path": "/leagues" });
    assert_eq!(cleo.send(&format!("{keys}/{key}/calls"), &call, false)["status"], 200);
    cleo.send("/me/password", &json!({ "current": password, "new": second }), false);
    for path in ["", "/keys", "/requests", "/stats", "/audit"] {
        cleo.get(&format!("{account}{path}"));
    }
    for path in ["/me", "/sessions", "/instance"] {
        cleo.get(path);
    }

    let mut ada = Browser { base: base.clone(), cookie: None, heard: &mut heard };
    ada.send("/resets/confirm", &json!({ "token": reset, "password": second }), false);
    let mut owner = Browser { base, cookie: owner_cookie, heard: &mut heard };
    for path in ["", "/members", "/keys", "/requests", "/stats", "/audit"] {
        owner.get(&format!("{account}{path}"));
    }

    let log = demo.log();
    demo.stop();
    assert_eq!(heard.told(&folder.path().join("demo"), &log), Vec::<String>::new());
    assert!(heard.secrets.len() > 15 && heard.answers.len() > 20, "it was looked for something");
}
