//! Some of the Autobahn cases in both directions; `cargo xtask autobahn` plays all of them.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Command, Stdio},
    thread,
};

use testbed::{process::Process, script};

use crate::echo;

/// Lengths, control frames, reserved bits and opcodes, fragments, UTF-8, closing: each in some of its cases. The left out ones are
/// long, or wait for seconds.
const CASES: [&str; 8] = ["1.1.*", "1.2.1", "2.*", "3.*", "4.1.*", "5.1*", "6.2.*", "7.3.*"];
/// How many those are.
const COUNT: usize = 53;
/// What a case may be judged by: in these a peer does as it must.
const RIGHT: &str = "OK";

/// A case's id, how its messages were judged, and how its end was.
type Verdict = (String, String, String);

#[test]
fn as_a_server_every_case_is_right() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || echo::serve(listener));
    let ended = script::python("autobahn.py", &[&["client", &address], &CASES[..]].concat());
    assert!(ended.success, "{}", ended.errors);
    are_right(&ended.output);
}

#[test]
fn as_a_client_every_case_is_right() {
    let mut command = Command::new(script::python_program());
    command.arg(script::folder().join("autobahn.py")).arg("server").args(CASES).stdout(Stdio::piped());
    let mut server = Process::start(command).expect("`cargo xtask test --only-setup` brings Python and kosoku");
    let mut output = BufReader::new(server.take_output().expect("its output is a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    let address = line.strip_prefix("Listening on ").expect("where it listens: kosoku is there").trim();
    echo::play(address.parse().expect("an address")).expect("the server counts its cases and ends");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("what it saw");
    are_right(&rest);
}

fn are_right(output: &str) {
    let verdicts: Vec<Verdict> = serde_json::from_str(output.trim()).expect("one line of JSON");
    assert_eq!(verdicts.len(), COUNT);
    let wrong: Vec<_> = verdicts.iter().filter(|(_, said, end)| said != RIGHT || end != RIGHT).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
