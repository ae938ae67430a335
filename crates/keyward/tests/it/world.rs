//! A world: the real binary, serving real upstreams to an account with one member and one key.

use std::{
    net::TcpListener,
    os::{fd::AsRawFd, unix::process::CommandExt},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use testbed::{ports, process::Process};

use crate::terminal::Terminal;

/// How long anything may take before a test gives up.
const LIMIT: Duration = Duration::from_secs(30);

/// What is behind the gateway.
pub struct WorldOptions {
    /// The upstream of the JSON-RPC API.
    pub json_rpc: Option<String>,
    /// The upstream of the REST API.
    pub rest: Option<String>,
    /// The account's daily quota, for each API.
    pub requests_a_day: u64,
    /// Requests a day beyond it; 0: none.
    pub requests_beyond: u64,
    /// Lines for `keyward.toml`, before the tables.
    pub head: String,
    /// Where accounts, ledger and log are.
    pub store: fn() -> Terminal,
}

impl Default for WorldOptions {
    fn default() -> Self {
        WorldOptions {
            json_rpc: None,
            rest: None,
            requests_a_day: 1_000_000,
            requests_beyond: 0,
            head: String::new(),
            store: Terminal::on_sqlite,
        }
    }
}

/// A folder, a configuration file, an account, and a gateway that serves it.
pub struct World {
    /// Where commands can be typed.
    pub terminal: Terminal,
    server: Option<Process>,
    gateway: String,
    control: String,
    ops: String,
    value: String,
}

impl World {
    /// Makes the account and starts to serve.
    pub fn start(options: WorldOptions) -> World {
        let mut world = World::prepare(options);
        world.serve(&[]);
        world
    }

    /// Makes the account, and serves nothing yet.
    pub fn prepare(options: WorldOptions) -> World {
        let terminal = (options.store)();
        let closed = format!("http://{}", ports::closed());
        terminal.write(&file(&options, &closed));
        terminal.done(&["account", "create", "Acme", "--owner-name", "Olivia", "--owner-email", "olivia@example.com"]);
        let ada = ["--name", "Ada", "--email", "ada@example.com", "--active"];
        terminal.done(&[&["member", "create", "Acme"][..], &ada].concat());
        let mut world = World {
            terminal,
            server: None,
            gateway: String::new(),
            control: String::new(),
            ops: String::new(),
            value: String::new(),
        };
        world.value = world.new_key("Reports", &["--holder", "Ada"]);
        world
    }

    /// Makes a key and returns its value.
    pub fn new_key(&self, name: &str, more: &[&str]) -> String {
        let key = ["key", "create", "Acme", "--name", name, "--environment", "Production"];
        let made = self.terminal.one(&[&key[..], more].concat());
        made["value"].as_str().expect("a new key shows its value").to_owned()
    }

    /// Starts the gateway, with these variables in its environment, and waits until it listens.
    pub fn serve(&mut self, environment: &[(&str, &str)]) {
        assert!(self.try_serve(environment), "the gateway ended before it listened");
    }

    /// The same for a gateway that may die before it listens; whether it listens.
    pub fn try_serve(&mut self, environment: &[(&str, &str)]) -> bool {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command.envs(environment.iter().copied());
        self.try_command(command)
    }

    /// Starts the gateway as systemd does, with a socket that listens already.
    pub fn serve_on(&mut self, socket: &TcpListener) {
        // Only the process itself knows its id before it becomes the program.
        let become_it = "LISTEN_PID=$$; export LISTEN_PID; exec \"$0\" \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", become_it, env!("CARGO_BIN_EXE_keyward")]);
        command.envs([("LISTEN_FDS", "1"), ("LISTEN_FDNAMES", "gateway")]);
        let descriptor = socket.as_raw_fd();
        // SAFETY: only dup2 runs between fork and exec, and it may be called there.
        unsafe {
            command.pre_exec(move || match libc::dup2(descriptor, 3) {
                3 if descriptor != 3 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            });
        }
        assert!(self.try_command(command), "the gateway ended before it listened");
    }

    fn try_command(&mut self, mut command: Command) -> bool {
        let ready = self.terminal.folder.path().join("ready.json");
        _ = std::fs::remove_file(&ready);
        command.current_dir(self.terminal.folder.path()).args(["serve", "--ready-file"]).arg(&ready);
        command.env_remove("KEYWARD_CONFIG").stdout(Stdio::null());
        let mut server = Process::start(command).expect("the binary starts");
        wait("the gateway listens", || ready.exists() || !server.is_running());
        if !ready.exists() {
            return false;
        }
        let text = std::fs::read_to_string(&ready).expect("the ready file can be read");
        let told: Value = serde_json::from_str(&text).expect("the ready file is JSON");
        self.gateway = told["gateway_url"].as_str().expect("a URL").to_owned();
        self.control = told["control_url"].as_str().expect("a URL").to_owned();
        self.ops = told["ops_url"].as_str().unwrap_or_default().to_owned();
        self.server = Some(server);
        true
    }

    /// The JSON-RPC API, with the value in the path.
    pub fn json_rpc_url(&self) -> String {
        format!("{}/node/v1/{}", self.gateway, self.value)
    }

    /// The JSON-RPC API's WebSocket, with the value in the path.
    pub fn socket_url(&self) -> String {
        format!("{}/node/ws/v1/{}", self.gateway.replacen("http", "ws", 1), self.value)
    }

    /// The REST API; the value goes into `x-api-key`.
    pub fn rest_url(&self) -> String {
        format!("{}/rest", self.gateway)
    }

    /// The dashboard and the REST API.
    pub fn control_url(&self) -> &str {
        &self.control
    }

    /// Figures and health, where the file says that they are told.
    pub fn ops_url(&self) -> &str {
        &self.ops
    }

    /// The member's value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.server.as_ref().expect("it serves").id()
    }

    /// Kills the server as `kill -9` does, while others still use the world.
    pub fn kill_now(&self) {
        // SAFETY: a plain system call; the child is waited for only when it is dropped.
        unsafe { libc::kill(self.pid() as i32, libc::SIGKILL) };
    }

    /// Kills the server as `kill -9` does, and waits for its end.
    pub fn kill(&mut self) {
        self.server.take().expect("it serves").kill();
    }

    /// Asks the server to stop and waits until it did, in good order.
    pub fn stop(mut self) {
        self.end();
    }

    /// The same, keeping the folder.
    pub fn end(&mut self) {
        self.ask_to_end();
        self.ended();
    }

    /// Asks the server to stop, and does not wait.
    pub fn ask_to_end(&self) {
        // SAFETY: a plain system call on a child that has not been waited for.
        unsafe { libc::kill(self.pid() as i32, libc::SIGTERM) };
    }

    /// Waits until a server that was asked to stop did.
    pub fn ended(&mut self) {
        let mut server = self.server.take().expect("it serves");
        wait("the server stops", || !server.is_running());
    }

    /// All rows of the log, newest first, once every call made so far has its closed row.
    pub fn log(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut seen = usize::MAX;
        wait("the log is still", || {
            rows = self.terminal.json(&["log", "--limit", "1000"]);
            let still = rows.len() == seen && rows.iter().all(|row| row["state"] != "open");
            seen = rows.len();
            std::thread::sleep(Duration::from_millis(400));
            still
        });
        rows
    }

    /// Sums over the whole log.
    pub fn totals(&self) -> Value {
        self.terminal.one(&["log", "--totals"])
    }

    /// The audit finds nothing.
    pub fn audit(&self) {
        let answer = self.terminal.run(&["audit"]);
        assert_eq!(answer.code, Some(0), "{answer:?}");
    }
}

/// Waits until it holds.
pub fn wait(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LIMIT, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn file(options: &WorldOptions, closed: &str) -> String {
    let (rest, json_rpc) = (options.rest.as_deref(), options.json_rpc.as_deref());
    format!(
        r#"{head}
[gateway]
listen = "127.0.0.1:0"
threads = 2
[control]
listen = "127.0.0.1:0"
[api.rest]
protocol = "rest"
upstream = "{rest}"
default_plan = "team"
[api.node]
protocol = "json-rpc"
upstream = "{json_rpc}"
ws_upstream = "{socket}"
default_plan = "team"
price.list = "evm-2023"
[plan.team]
quota = {{ requests = {quota}, per = "day"{beyond} }}
"#,
        head = options.head,
        rest = rest.unwrap_or(closed),
        json_rpc = json_rpc.unwrap_or(closed),
        socket = json_rpc.unwrap_or(closed).replacen("http", "ws", 1),
        quota = options.requests_a_day,
        beyond = match options.requests_beyond {
            0 => String::new(),
            units => format!(", overage = {units}"),
        },
    )
}
