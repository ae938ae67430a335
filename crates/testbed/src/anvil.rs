//! anvil: a real Ethereum development node, as the upstream of JSON-RPC tests.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    process::{Process, wait_for_line},
    script,
};

/// How long it may take to listen; it needs about half a second.
const START: Duration = Duration::from_secs(30);

/// A node with an empty chain of its own: chain id 31337, funded accounts, a block for each transaction.
pub struct Anvil {
    process: Process,
    address: SocketAddr,
}

impl Anvil {
    /// Starts one on a free port and waits until it listens.
    ///
    /// # Panics
    /// If it cannot: run `cargo xtask test --only-setup` first.
    pub fn start() -> Self {
        let program = program();
        let mut command = Command::new(&program);
        command.args(["--host", "127.0.0.1", "--port", "0", "--threads", "1"]).stdout(Stdio::piped());
        let mut process = Process::start(command).unwrap_or_else(|error| {
            panic!("{}: {error}; `cargo xtask test --only-setup` brings it", program.display())
        });
        let output = process.take_output().expect("its output is a pipe");
        let address = wait_for_line(output, START, |line| line.strip_prefix("Listening on ")?.trim().parse().ok());
        Self { process, address: address.unwrap_or_else(|error| panic!("anvil: {error}")) }
    }

    /// Where it answers, without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

fn program() -> PathBuf {
    let installed = || script::folder().join("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    std::env::var_os("KEYWARD_TEST_ANVIL").map_or_else(installed, PathBuf::from)
}
