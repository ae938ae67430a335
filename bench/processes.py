"""Child processes pinned to a core: what they cost is read from the kernel, and they are stopped by their own id."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

# A proxy that drains its connections may take its time; then it is killed.
STOP_SECONDS = 15
# With a million keys on a busy machine. What dies is noticed at once.
READY_SECONDS = 300
# Below the range from which the kernel picks ports for outgoing connections, so that no connection takes a proxy's port
# while the proxy is being restarted.
FIRST_PORT, LAST_PORT = 18100, 18999

_ports_given: set[int] = set()


class PinnedProcess:
    """A command running on one core, with everything it forks."""

    def __init__(self, command: list[str], core: int, log: Path, environment: dict[str, str] | None = None):
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                ["taskset", "-c", str(core), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
            )
        # taskset becomes the command: same id.
        self.pid = self._child.pid

    def wait_until(self, ready: Callable[[], bool], what: str) -> None:
        """Polls `ready`; raises with the end of the process's log when it died or time is over."""
        give_up = time.monotonic() + READY_SECONDS
        while not ready():
            if self._child.poll() is not None or time.monotonic() > give_up:
                tail = self.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{what} did not get ready:\n{tail}")
            time.sleep(0.005)

    def cpu_ns(self) -> int:
        """Nanoseconds of processor time so far, of all threads that live or lived in the processes of the tree."""
        return sum(_process_clock_ns(pid) for pid in _tree(self.pid))

    def threads_cpu_ns(self, prefix: str) -> int:
        """The same for the living threads whose names begin with `prefix`; with an empty prefix, of all."""
        if not prefix:
            return self.cpu_ns()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in self._threads(prefix))

    def thread_ids(self, prefix: str) -> list[int]:
        """The living threads whose names begin with `prefix`."""
        return [int(task.name) for task in self._threads(prefix)]

    def _threads(self, prefix: str) -> list[Path]:
        tasks = [task for pid in _tree(self.pid) for task in Path(f"/proc/{pid}/task").iterdir()]
        return [task for task in tasks if _read(task / "comm").startswith(prefix)]

    def voluntary_switches(self, prefix: str = "") -> int:
        """How often a thread had nothing to do and gave its core up; of those whose names begin with `prefix`."""
        statuses = (_read(task / "status") for task in self._threads(prefix))
        counts = (re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.MULTILINE) for status in statuses)
        return sum(int(count[1]) for count in counts if count)

    def anonymous_bytes(self) -> int:
        """Memory of the tree that is neither file nor shared memory (RssAnon)."""
        statuses = (Path(f"/proc/{pid}/status").read_text() for pid in _tree(self.pid))
        return sum(int(re.search(r"^RssAnon:\s*(\d+) kB", status, re.MULTILINE)[1]) * 1024 for status in statuses)

    def stop(self) -> None:
        """Asks with SIGTERM, then kills; harmless when it has ended already."""
        if self._child.poll() is not None:
            return
        tree = _tree(self.pid)
        self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in tree[1:]:
                _kill(pid)
            self._child.kill()
            self._child.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on and that was not given out before."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if port in _ports_given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _ports_given.add(port)
        return port
    raise RuntimeError(f"no free port between {FIRST_PORT} and {LAST_PORT}")


def is_listening(port: int) -> bool:
    """True when a connection to the port is accepted."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def stolen_and_all_ticks() -> tuple[int, int]:
    """Processor time the hypervisor gave to others, and all processor time, since boot, in ticks."""
    ticks = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return ticks[7], sum(ticks)


def _process_clock_ns(pid: int) -> int:
    # clock_getcpuclockid(3), which Python does not offer: the scheduler's clock of a whole process. The same figure as
    # the sum over /proc/PID/task/*/schedstat, but threads that ended in between stay counted.
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)
    except OSError:
        return 0


def _tree(root: int) -> list[int]:
    pids = [root]
    for children in _task_files(root, "children"):
        for child in children.split():
            pids += _tree(int(child))
    return pids


def _task_files(pid: int, name: str) -> list[str]:
    return [_read(path) for path in Path(f"/proc/{pid}/task").glob(f"*/{name}")]


def _read(path: Path) -> str:
    """Nothing where the thread ended between listing and reading."""
    try:
        return path.read_text()
    except OSError:
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
