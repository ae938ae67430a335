//! Programs that a test starts: they end with the test, also when the test is killed.

use std::{
    io::{self, BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        OnceLock,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// How often the end of a program is looked for.
const POLL: Duration = Duration::from_millis(10);

/// A running program, in a process group of its own; killed with all its children when dropped.
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts the program. Its standard input is empty; where its output goes, the command says.
    ///
    /// # Errors
    /// Those of `Command::spawn`.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let parent = std::process::id();
        command.stdin(Stdio::null()).process_group(0);
        // SAFETY: only prctl and getppid run between fork and exec; both may be called there.
        unsafe { command.pre_exec(move || die_with(parent)) };
        Ok(Self { child: spawn(command)? })
    }

    /// The process id, which is also the id of its group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The program's output, if the command made a pipe of it; once only.
    pub fn take_output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Kills the group at once, as `kill -9` would, and waits for the end.
    pub fn kill(&mut self) {
        // SAFETY: a plain system call; the group was made for this child, which has not been waited for.
        unsafe { libc::kill(-(self.child.id() as i32), libc::SIGKILL) };
        _ = self.child.wait();
    }

    /// Whether the program still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_running() {
            self.kill();
        }
    }
}

/// What a program printed, and whether it ended well.
#[derive(Debug)]
pub struct Ended {
    /// Exit code 0.
    pub success: bool,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// Runs a program to its end.
///
/// # Errors
/// It cannot be started, or it still ran after `limit` and was killed.
pub fn run(mut command: Command, limit: Duration) -> io::Result<Ended> {
    let start = Instant::now();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = Process::start(command)?;
    let output = collect(process.child.stdout.take());
    let errors = collect(process.child.stderr.take());
    let status = loop {
        if let Some(status) = process.child.try_wait()? {
            break status;
        }
        if start.elapsed() > limit {
            process.kill();
            let said = errors.join().unwrap_or_default();
            return Err(io::Error::new(io::ErrorKind::TimedOut, format!("still running after {limit:?}; {said}")));
        }
        thread::sleep(POLL);
    };
    let join = |pipe: thread::JoinHandle<String>| pipe.join().unwrap_or_default();
    Ok(Ended { success: status.success(), output: join(output), errors: join(errors) })
}

/// Waits for the first line of `output` that `find` makes something of; later lines are read and dropped, so that the
/// program never stands still for a full pipe.
///
/// # Errors
/// What was printed, if the program ended or `limit` passed before such a line came.
pub fn wait_for_line<T: Send + 'static>(
    output: ChildStdout,
    limit: Duration,
    find: fn(&str) -> Option<T>,
) -> io::Result<T> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            _ = sender.send(line);
        }
    });
    let start = Instant::now();
    let mut printed = String::new();
    loop {
        match receiver.recv_timeout(limit.saturating_sub(start.elapsed())) {
            Ok(line) => match find(&line) {
                Some(found) => return Ok(found),
                None => printed.extend([line.as_str(), "\n"]),
            },
            Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other(format!("it ended: {printed}"))),
            Err(RecvTimeoutError::Timeout) => return Err(io::Error::other(format!("not ready: {printed}"))),
        }
    }
}

fn collect(pipe: Option<impl io::Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Asks the kernel to kill this process when its parent dies, of which it may be too late already.
fn die_with(parent: u32) -> io::Result<()> {
    // SAFETY: plain system calls without pointers.
    let set = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    if set != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above.
    if unsafe { libc::getppid() } as u32 != parent {
        return Err(io::Error::from(io::ErrorKind::BrokenPipe));
    }
    Ok(())
}

type Order = (Command, Sender<io::Result<Child>>);

/// Spawns from one thread that never ends. The kernel takes the end of the *thread* that forked for the parent's
/// death, and a test's thread may end before a server that other tests share.
fn spawn(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<Sender<Order>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, orders) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for (mut command, reply) in orders {
                _ = reply.send(command.spawn());
            }
        });
        sender
    });
    let (reply, child) = mpsc::channel();
    let gone = |_| io::Error::other("the thread that starts programs is gone");
    spawner.send((command, reply)).map_err(|_| gone(()))?;
    child.recv().map_err(|_| gone(()))?
}

#[cfg(test)]
mod tests;
