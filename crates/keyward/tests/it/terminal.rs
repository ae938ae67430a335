//! A terminal with a configuration file in a folder of its own, on SQLite or on PostgreSQL.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use testbed::postgres::Postgres;

/// The file that commands read unless a test writes another: two APIs, and plans tight enough to be hit.
pub const FILE: &str = r#"
[api.football]
protocol = "rest"
upstream = "http://127.0.0.1:9"
default_plan = "pro"
[api.eth]
protocol = "json-rpc"
default_plan = "free"
network."eth/mainnet".upstream = "http://127.0.0.1:9"
price.list = "evm-2023"
[plan.pro]
title = "Pro"
quota = { requests = 7_500, per = "day" }
rate = { requests = 300, per = "minute" }
max_members = 3
[plan.free]
quota = { credits = 300_000_000, per = "30 days" }
rate = { credits = 400, per = "second" }
[plan.slow]
rate = { credits = 100, per = "second" }
[plan.few]
quota = { requests = 10, per = "day" }
max_keys = 2
"#;

/// Where commands are typed.
pub struct Terminal {
    /// Holds `keyward.toml`, and the data on SQLite.
    pub folder: TempDir,
    database: Option<Postgres>,
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Terminal {
    /// With the data in the folder.
    pub fn on_sqlite() -> Terminal {
        Terminal::with("", None)
    }

    /// With the data in a database of its own.
    pub fn on_postgres() -> Terminal {
        let database = Postgres::start();
        Terminal::with(&format!("database = \"{}\"\n", database.url()), Some(database))
    }

    /// One of each.
    pub fn on_both() -> [Terminal; 2] {
        [Terminal::on_sqlite(), Terminal::on_postgres()]
    }

    fn with(head: &str, database: Option<Postgres>) -> Terminal {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("keyward.toml"), format!("{head}{FILE}")).expect("the folder can be written");
        Terminal { folder, database }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes another configuration file, on the same store.
    pub fn write(&self, text: &str) {
        let database = self.database.as_ref().map(|database| format!("database = \"{}\"\n", database.url()));
        let file = self.folder.path().join("keyward.toml");
        std::fs::write(file, database.unwrap_or_default() + text).expect("the folder can be written");
    }

    /// Puts a text in place of another in the configuration file.
    pub fn edit(&self, from: &str, to: &str) {
        let file = self.folder.path().join("keyward.toml");
        let text = std::fs::read_to_string(&file).expect("the file is there");
        assert!(text.contains(from), "{from} is not in\n{text}");
        std::fs::write(&file, text.replace(from, to)).expect("the file can be written");
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.run_in(&[], arguments)
    }

    /// The same with these variables in its environment.
    pub fn run_in(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Answer {
        let ended = self.command(arguments).envs(environment.iter().copied()).output().expect("the binary starts");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        Answer { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
    }

    /// Runs a command that does what it was asked, and returns its output.
    pub fn done(&self, arguments: &[&str]) -> String {
        let answer = self.run(arguments);
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{arguments:?}: {answer:?}");
        answer.out
    }

    /// Runs a command with `--json`; one value for each line.
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let out = self.done(&[arguments, &["--json"]].concat());
        out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    /// Runs a command with `--json` that answers with one value.
    pub fn one(&self, arguments: &[&str]) -> Value {
        let mut lines = self.json(arguments);
        assert_eq!(lines.len(), 1, "{arguments:?}: {lines:?}");
        lines.remove(0)
    }

    /// Starts a command whose output is read while it runs.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).spawn().expect("the binary starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        for variable in ["KEYWARD_CONFIG", "KEYWARD_SERVER", "KEYWARD_TOKEN", "KEYWARD_TOKEN_FILE"] {
            command.env_remove(variable);
        }
        command.current_dir(self.folder.path()).args(arguments).stdin(Stdio::null());
        command
    }
}
