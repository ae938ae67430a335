//! A real PostgreSQL for tests: one private cluster for each test process, a fresh database for each test.
//!
//! The cluster lives in a folder of its own and listens on a Unix socket there: no port, no account of the machine. It
//! does not flush to disk, and it ends with the test process, also when that is killed. Server and folder are found by
//! nothing but their own names, so test processes never meet.

mod account;
mod programs;

use std::{
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::process::{self, Process};

/// How long `initdb` may take on a busy machine.
const INITDB: Duration = Duration::from_secs(120);
/// How long the server may take until it answers.
const READY: Duration = Duration::from_secs(60);
/// How long one statement of this file may take.
const STATEMENT: Duration = Duration::from_secs(60);
/// How often to ask whether the server is ready.
const POLL: Duration = Duration::from_millis(20);
/// The superuser of the cluster; only who can reach the socket can be it.
const SUPERUSER: &str = "postgres";

/// A database of a test's own.
pub struct Postgres {
    url: String,
}

impl Postgres {
    /// Makes an empty database; the first call of the process starts the cluster.
    ///
    /// # Panics
    /// PostgreSQL's programs are not installed (with the line that installs them), or the server does not start.
    pub fn start() -> Postgres {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        let cluster = CLUSTER.get_or_init(|| Cluster::start().unwrap_or_else(|error| panic!("PostgreSQL: {error}")));
        let name = cluster.make_database().unwrap_or_else(|error| panic!("PostgreSQL: a new database: {error}"));
        let socket = cluster.folder.display().to_string().replace('/', "%2F");
        Postgres { url: format!("postgres://{SUPERUSER}@localhost/{name}?host={socket}") }
    }

    /// Where a client connects.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All rows of all its tables, as `pg_dump` writes them; bytes as hexadecimal digits.
    ///
    /// # Panics
    /// The server does not answer.
    pub fn dump(&self) -> String {
        let mut command = Command::new(programs::find().join("pg_dump"));
        command.args(["--data-only", "--no-password", self.url()]);
        let ended = process::run(command, STATEMENT).unwrap_or_else(|error| panic!("pg_dump: {error}"));
        assert!(ended.success, "pg_dump: {}", ended.errors);
        ended.output
    }

    /// Has it count what is in its tables, as it does by itself some time after much was written.
    ///
    /// # Panics
    /// It cannot.
    pub fn analyze(&self) {
        let mut command = Command::new(programs::find().join("psql"));
        command.args(["--no-psqlrc", "--quiet", "--command", "ANALYZE", &self.url]);
        let done = process::run(command, STATEMENT).and_then(succeeded);
        done.unwrap_or_else(|error| panic!("PostgreSQL: ANALYZE: {error}"));
    }
}

/// A running cluster.
struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    databases: AtomicU32,
    /// Two databases cannot be copied from the template at once.
    turn: Mutex<()>,
    _server: Process,
}

impl Cluster {
    fn start() -> io::Result<Cluster> {
        let programs = programs::find();
        // The system's own temporary folder: a socket's path may not be longer than 107 bytes.
        let folder = tempfile::Builder::new().prefix("keyward-pg-").tempdir()?.keep();
        let account = account::to_run_as()?;
        if let Some(account) = &account {
            std::os::unix::fs::chown(&folder, Some(account.person), Some(account.group))?;
        }
        let run_as = |mut command: Command| {
            if let Some(account) = &account {
                command.uid(account.person).gid(account.group);
            }
            command.current_dir(&folder);
            command
        };
        process::run(run_as(initdb(&programs, &folder)), INITDB).and_then(succeeded)?;
        let server = Process::start(run_as(server(&programs, &folder)))?;
        remove_when_over(&folder, server.id())?;
        let cluster = Cluster { folder, programs, databases: AtomicU32::new(0), turn: Mutex::new(()), _server: server };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    fn wait_until_ready(&self) -> io::Result<()> {
        let start = Instant::now();
        loop {
            match self.run("SELECT 1") {
                Err(error) if start.elapsed() > READY => return Err(error),
                Err(_) => thread::sleep(POLL),
                Ok(()) => return Ok(()),
            }
        }
    }

    fn make_database(&self) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let _turn = self.turn.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        self.run(&format!("CREATE DATABASE {name}"))?;
        Ok(name)
    }

    fn run(&self, statement: &str) -> io::Result<()> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["--no-psqlrc", "--quiet", "--username", SUPERUSER, "--dbname", "postgres", "--host"]);
        command.arg(&self.folder).args(["--command", statement]);
        process::run(command, STATEMENT).and_then(succeeded)
    }
}

fn initdb(programs: &Path, folder: &Path) -> Command {
    let mut command = Command::new(programs.join("initdb"));
    command.args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", SUPERUSER, "--pgdata"]);
    command.arg(folder.join("data"));
    command
}

fn server(programs: &Path, folder: &Path) -> Command {
    let mut command = Command::new(programs.join("postgres"));
    command.arg("-D").arg(folder.join("data"));
    let socket = format!("unix_socket_directories={}", folder.display());
    let settings =
        ["listen_addresses=", "max_connections=300", "fsync=off", "full_page_writes=off", "synchronous_commit=off"];
    for setting in settings.into_iter().chain([socket.as_str()]) {
        command.args(["-c", setting]);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn succeeded(ended: process::Ended) -> io::Result<()> {
    if ended.success { Ok(()) } else { Err(io::Error::other(ended.errors)) }
}

/// Removes the folder once this process is over, however it ends. The kernel kills the server then; this shell waits
/// for that, because nothing of a killed process could. It learns of the end from its standard input, a pipe that this
/// process never writes to.
fn remove_when_over(folder: &Path, server: u32) -> io::Result<()> {
    const SCRIPT: &str = "cat; while kill -0 \"$2\"; do sleep 0.1; done; sleep 0.5; rm -rf -- \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh"]).arg(folder).arg(server.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    // The handle keeps the pipe open until the process is over.
    std::mem::forget(command.spawn()?);
    Ok(())
}

#[cfg(test)]
mod tests;
