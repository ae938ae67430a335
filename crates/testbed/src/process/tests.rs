//! A started program ends with its owner, whatever way the owner goes.

use super::*;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

fn exists(id: i32) -> bool {
    // SAFETY: signal 0 only asks.
    unsafe { libc::kill(id, 0) == 0 }
}

fn wait_until_gone(id: i32) -> bool {
    let start = Instant::now();
    while exists(id) && start.elapsed() < Duration::from_secs(5) {
        thread::sleep(POLL);
    }
    !exists(id)
}

#[test]
fn output_errors_and_exit_code_come_back() {
    let ended = run(shell("echo out; echo err >&2; exit 3"), Duration::from_secs(5)).unwrap();
    assert_eq!((ended.success, ended.output.as_str(), ended.errors.as_str()), (false, "out\n", "err\n"));
    assert!(run(shell("true"), Duration::from_secs(5)).unwrap().success);
}

#[test]
fn a_program_beyond_its_limit_is_killed_and_named() {
    let error = run(shell("echo stuck >&2; sleep 60"), Duration::from_millis(200)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(error.to_string().contains("stuck"), "{error}");
}

#[test]
fn dropping_it_takes_its_children_too() {
    let mut command = shell("sleep 60 & echo $!; wait");
    command.stdout(Stdio::piped());
    let mut process = Process::start(command).unwrap();
    let output = process.take_output().unwrap();
    let child: i32 = wait_for_line(output, Duration::from_secs(5), |line| line.parse().ok()).unwrap();
    assert!(exists(child));
    drop(process);
    assert!(wait_until_gone(child));
}

#[test]
fn it_outlives_the_thread_that_asked_for_it() {
    let mut process = thread::spawn(|| Process::start(shell("sleep 60")).unwrap()).join().unwrap();
    thread::sleep(Duration::from_millis(100));
    assert!(process.is_running());
}

#[test]
fn a_line_that_never_comes_ends_with_what_came_instead() {
    let mut command = shell("echo other");
    command.stdout(Stdio::piped());
    let mut process = Process::start(command).unwrap();
    let output = process.take_output().unwrap();
    let error = wait_for_line(output, Duration::from_secs(5), |line| (line == "ready").then_some(())).unwrap_err();
    assert!(error.to_string().contains("other"), "{error}");
}
