"""Where a run takes place: two cores, this folder's two programs, and a folder in memory that vanishes afterwards."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import build
from processes import PinnedProcess

MEMORY_FILE_SYSTEM = Path("/dev/shm")
LOCK = MEMORY_FILE_SYSTEM / "keyward-bench.lock"


@dataclass(frozen=True)
class Setting:
    """What every measurement needs."""

    folder: Path
    proxy_core: int
    load_core: int
    load: Path
    upstream: Path
    upstream_address: str


@contextlib.contextmanager
def prepare(tools: build.Tools, files: Path = MEMORY_FILE_SYSTEM) -> Iterator[Setting]:
    """Starts the upstream, gives the setting, and leaves no process behind, and no file but its lock."""
    allowed = os.sched_getaffinity(0)
    if len(allowed) < 2:
        raise SystemExit("The benchmark needs two cores: one for the proxy, one for the load and the upstream.")
    proxy_core, load_core = sorted(allowed)[:2]
    with alone():
        yield from _prepared(tools, files, allowed, proxy_core, load_core)


@contextlib.contextmanager
def alone(lock: Path = LOCK) -> Iterator[None]:
    """Two runs at once would disturb each other's figures, and take the port of a proxy that is being restarted."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another benchmark or soak is running on this machine: wait for its end.") from None
        yield


def _prepared(
    tools: build.Tools, files: Path, allowed: set[int], proxy_core: int, load_core: int
) -> Iterator[Setting]:
    folder = Path(tempfile.mkdtemp(prefix="keyward-bench-", dir=files))
    upstream = None
    try:
        # This script, and what it starts without saying where, stays off the proxy's core.
        os.sched_setaffinity(0, {load_core})
        upstream, address = start_upstream(tools.upstream, load_core, folder)
        yield Setting(folder, proxy_core, load_core, tools.load, tools.upstream, address)
    finally:
        os.sched_setaffinity(0, allowed)
        if upstream:
            upstream.stop()
        shutil.rmtree(folder, ignore_errors=True)


def answer_of(address: str) -> bytes:
    """The body that an upstream answers with, by asking it."""
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    finally:
        connection.close()


def start_upstream(
    program: Path, core: int, folder: Path, body_file: Path | None = None
) -> tuple[PinnedProcess, str]:
    """Starts an upstream on a free port and returns it with its `127.0.0.1:PORT`. Its body is that of the file, if any."""
    log = folder / "upstream.log"
    upstream = PinnedProcess([str(program), *([str(body_file)] if body_file else [])], core, log)
    upstream.wait_until(lambda: log.read_text().endswith("\n"), "The upstream")
    return upstream, log.read_text().splitlines()[0]
