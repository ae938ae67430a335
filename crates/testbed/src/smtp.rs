//! aiosmtpd: a real SMTP server, as the peer that mail is sent to; it shows what it took, and misbehaves when asked to.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{ChildStdout, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde::Deserialize;

use crate::{process::Process, script};

/// How long it may take to listen; it needs about half a second.
const START: Duration = Duration::from_secs(30);

/// A server that takes mail for everybody and keeps none.
pub struct SmtpPeer {
    process: Process,
    address: SocketAddr,
    mails: Receiver<SmtpMail>,
}

/// How a server behaves; `default()` takes every mail at once.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    /// Where to listen, to come back where nothing listened before; none: a free port.
    pub port: Option<u16>,
    /// Recipients answered with 550.
    pub refused: Vec<String>,
    /// How many mails are answered with 451 before the first is taken.
    pub busy: u32,
    /// Read a mail and never answer.
    pub hangs: bool,
    /// Speak TLS, and take nothing in clear.
    pub tls: Option<PeerTls>,
    /// Take mail only of who signs in with this name and password.
    pub login: Option<(String, String)>,
}

/// How a server speaks TLS.
#[derive(Clone, Debug)]
pub struct PeerTls {
    /// Its certificate, a file in PEM.
    pub certificate: PathBuf,
    /// The key to it.
    pub key: PathBuf,
    /// From the first byte on; else by STARTTLS.
    pub from_the_start: bool,
}

/// A mail that the server took.
#[derive(Clone, Debug, Deserialize)]
pub struct SmtpMail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Header fields in their order, decoded.
    pub headers: Vec<(String, String)>,
    /// The plain part, decoded.
    pub text: Option<String>,
    /// The HTML part, decoded.
    pub html: Option<String>,
}

impl SmtpPeer {
    /// Starts one on a free port and waits until it listens.
    ///
    /// # Panics
    /// If it cannot: run `cargo xtask test --only-setup` first.
    pub fn start() -> Self {
        Self::start_with(&Manners::default())
    }

    /// The same with manners of its own.
    ///
    /// # Panics
    /// As [`SmtpPeer::start`].
    pub fn start_with(manners: &Manners) -> Self {
        let mut process = Process::start(command(manners)).unwrap_or_else(|error| panic!("smtp_peer.py: {error}"));
        let lines = lines(process.take_output().expect("its output is a pipe"));
        let first = lines.recv_timeout(START).unwrap_or_else(|_| {
            panic!("smtp_peer.py does not listen; `cargo xtask test --only-setup` brings what it needs")
        });
        let Listening { port } = serde_json::from_str(&first).unwrap_or_else(|error| panic!("{first}: {error}"));
        Self { process, address: SocketAddr::from(([127, 0, 0, 1], port)), mails: read(lines) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next mail, in the order they were taken; none if `limit` passes without one.
    pub fn next_mail(&self, limit: Duration) -> Option<SmtpMail> {
        self.mails.recv_timeout(limit).ok()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl SmtpMail {
    /// The value of the first header field of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The first line that it prints.
#[derive(Deserialize)]
struct Listening {
    port: u16,
}

fn command(manners: &Manners) -> Command {
    let mut command = Command::new(script::python_program());
    command.arg(script::folder().join("smtp_peer.py")).stdout(Stdio::piped());
    command.args(["--port", &manners.port.unwrap_or_default().to_string(), "--busy", &manners.busy.to_string()]);
    for address in &manners.refused {
        command.args(["--refuse", address]);
    }
    command.args(manners.hangs.then_some("--hang"));
    if let Some(PeerTls { certificate, key, from_the_start }) = &manners.tls {
        command.arg("--certificate").arg(certificate).arg("--key").arg(key);
        command.args(from_the_start.then_some("--tls"));
    }
    if let Some((name, password)) = &manners.login {
        command.args(["--login", name, "--password", password]);
    }
    command
}

/// Its lines as they come; read by a thread of their own, so that it never stands still for a full pipe.
fn lines(output: ChildStdout) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            _ = sender.send(line);
        }
    });
    lines
}

fn read(lines: Receiver<String>) -> Receiver<SmtpMail> {
    let (sender, mails) = mpsc::channel();
    thread::spawn(move || {
        for line in lines {
            let mail = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if sender.send(mail).is_err() {
                return;
            }
        }
    });
    mails
}
