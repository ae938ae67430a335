//! `keyward demo` as a newcomer meets it: it says how to call, the calls work, a later start goes on, and no value or
//! password that it printed is anywhere in its folder (promise P6).

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use testbed::{counting::Counting, http, process::Process};

use crate::world::wait;

const ANSWER: Duration = Duration::from_secs(10);

/// A running demo.
pub struct Demo {
    process: Process,
    /// What it wrote into its ready file.
    pub ready: Value,
    log: PathBuf,
}

impl Demo {
    /// Starts one that keeps everything in the folder's `demo`, and its log beside it.
    pub fn start(folder: &Path, more: &[&str]) -> Demo {
        let log = folder.join("log");
        let errors = std::fs::File::create(&log).expect("the folder can be written");
        let file = folder.join("ready.json");
        _ = std::fs::remove_file(&file);
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command.args(["demo", "--control", "127.0.0.1:0", "--gateway", "127.0.0.1:0", "--data"]);
        command.arg(folder.join("demo")).arg("--ready-file").arg(&file).args(more).stdout(Stdio::null()).stderr(errors);
        let mut process = Process::start(command).expect("the binary starts");
        wait("the demo is ready", || file.exists() || !process.is_running());
        let text = std::fs::read(&file).expect("the demo wrote its ready file");
        Demo { process, ready: serde_json::from_slice(&text).expect("JSON"), log }
    }

    fn values(&self) -> Vec<String> {
        self.ready["keys"].as_array().expect("keys").iter().map(|key| text(&key["value"])).collect()
    }

    /// Every text that must stand nowhere: values and passwords.
    pub fn secrets(&self) -> Vec<String> {
        let members = self.ready["members"].as_array().expect("members");
        let people = members.iter().chain([&self.ready["owner"]]);
        let of_people = people.flat_map(|person| [text(&person["password"]), text(&person["key"])]);
        of_people.chain(self.values()).collect()
    }

    /// Calls the example of an API; the status.
    fn call(&self, api: &Value, value: &str) -> u16 {
        let (base, example) = (text(&api["base_url"]).replace("{key}", value), text(&api["example"]));
        let answer = match api["protocol"].as_str() {
            Some("rest") => http::get(&format!("{base}{example}"), &[("x-api-key", value)], ANSWER),
            _ => {
                let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{example}","params":[]}}"#);
                http::post(&base, &[], body.as_bytes(), ANSWER)
            }
        };
        let answer = answer.expect("an answer");
        assert!(!String::from_utf8_lossy(&answer.body).contains("\"error\":{"), "{answer:?}");
        answer.status
    }

    /// What it logged so far.
    pub fn log(&self) -> Vec<u8> {
        std::fs::read(&self.log).expect("its log")
    }

    fn apis(&self) -> Vec<Value> {
        self.ready["apis"].as_array().expect("apis").clone()
    }

    /// Stops it in good order.
    pub fn stop(mut self) {
        // SAFETY: a plain system call on a child that has not been waited for.
        unsafe { libc::kill(self.process.id() as i32, libc::SIGTERM) };
        wait("the demo stops", || !self.process.is_running());
    }
}

#[test]
fn it_can_be_called_stopped_and_started_again_and_keeps_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(folder.path(), &[]);
    assert_eq!((demo.values().len(), demo.apis().len()), (4, 2));
    for value in demo.values() {
        for api in demo.apis() {
            assert_eq!(demo.call(&api, &value), 200, "{api}");
        }
    }
    let first = (demo.values(), demo.secrets());
    demo.stop();
    assert_eq!(found_in(&folder, &first.1), Vec::<String>::new());

    let demo = Demo::start(folder.path(), &[]);
    for value in [&first.0[0], &demo.values()[0]] {
        assert_eq!(demo.call(&demo.apis()[0], value), 200, "a value of an earlier start has a grace period");
    }
    let second = demo.secrets();
    demo.stop();
    assert_eq!(found_in(&folder, &second), Vec::<String>::new());
    let log = keyward(folder.path(), &["log", "--totals", "--json"]);
    assert!(log["calls"].as_u64() > Some(100), "history, and the calls of this test: {log}");
    keyward(folder.path(), &["audit", "--json"]);
}

#[test]
fn an_upstream_and_a_quota_can_be_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let upstream = Counting::start(Duration::ZERO);
    let behind = format!("football={}", upstream.url());
    let demo = Demo::start(folder.path(), &["--quota", "5", "--upstream", &behind]);
    assert_eq!(upstream.seen().len(), 0, "no call but the caller's own");
    let statuses: Vec<_> =
        demo.values().iter().cycle().take(8).map(|value| demo.call(&demo.apis()[0], value)).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429, 429], "shared by all keys of the account");
    assert_eq!(upstream.seen().len(), 5);
    demo.stop();
}

/// A text of an answer.
pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn keyward(folder: &Path, arguments: &[&str]) -> Value {
    let config = folder.join("demo/keyward.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
    let answer = command.args(arguments).arg("--config").arg(config).output().expect("the binary starts");
    assert!(answer.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
    serde_json::from_slice(&answer.stdout).expect("JSON")
}

/// Which of the texts stand in any file of the demo's folder.
fn found_in(folder: &TempDir, texts: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(&folder.path().join("demo")) {
        let bytes = std::fs::read(&file).expect("the test may read the folder");
        let holds = |text: &&String| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        found.extend(texts.iter().filter(holds).map(|_| file.display().to_string()));
    }
    found
}

/// All files of a folder, at any depth.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
