//! httpbin on gunicorn: a real REST server that shows what it was sent, as the upstream of REST tests.

use std::{
    net::{SocketAddr, TcpListener},
    os::{
        fd::{AsRawFd, RawFd},
        unix::process::CommandExt,
    },
    process::{Command, Stdio},
    time::Duration,
};

use crate::{http, ports, process::Process, script};

/// How long it may take to answer; it needs about a second.
const START: Duration = Duration::from_secs(30);
/// Requests it serves at once.
const THREADS: &str = "16";

/// A server of its own, with kept-alive connections and chunked bodies both ways.
pub struct Httpbin {
    process: Process,
    address: SocketAddr,
}

impl Httpbin {
    /// Starts one on a free port and waits until it answers.
    ///
    /// # Panics
    /// If it cannot: run `cargo xtask test --only-setup` first.
    pub fn start() -> Self {
        let listener = ports::listen();
        let address = listener.local_addr().expect("a bound listener has an address");
        let process = Process::start(gunicorn(&listener)).unwrap_or_else(|error| panic!("gunicorn: {error}"));
        // Only the server holds the port from here on: if it ends, the wait below ends too.
        drop(listener);
        let ready = http::get(&format!("http://{address}/status/204"), &[], START);
        assert!(matches!(&ready, Ok(answer) if answer.status == 204), "httpbin does not answer: {ready:?}");
        Self { process, address }
    }

    /// Where it answers, without a path: also the origin that it writes into `Location`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The process id of gunicorn's arbiter.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// The server inherits the listener, so that no other process can take the port in between.
fn gunicorn(listener: &TcpListener) -> Command {
    let descriptor = listener.as_raw_fd();
    let mut command = Command::new(script::python_program());
    command.args(["-m", "gunicorn", "--bind", &format!("fd://{descriptor}")]);
    command.args(["--worker-class", "gthread", "--threads", THREADS, "--keep-alive", "30"]);
    command.args(["--no-control-socket", "--log-level", "error", "httpbin:app"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    // SAFETY: only fcntl runs between fork and exec, and it may be called there.
    unsafe { command.pre_exec(move || keep_across_exec(descriptor)) };
    command
}

fn keep_across_exec(descriptor: RawFd) -> std::io::Result<()> {
    // SAFETY: a plain system call on a descriptor that the forked process has.
    match unsafe { libc::fcntl(descriptor, libc::F_SETFD, 0) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}
