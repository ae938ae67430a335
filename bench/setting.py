"""Where a run takes place: two cores, this folder's two programs, and a folder in memory that vanishes afterwards."""

from __future__ import annotations

import contextlib
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
def prepare(tools: build.Tools) -> Iterator[Setting]:
    """Starts the upstream, gives the setting, and leaves neither process nor file behind."""
    allowed = os.sched_getaffinity(0)
    if len(allowed) < 2:
        raise SystemExit("The benchmark needs two cores: one for the proxy, one for the load and the upstream.")
    proxy_core, load_core = sorted(allowed)[:2]
    folder = Path(tempfile.mkdtemp(prefix="keyward-bench-", dir=MEMORY_FILE_SYSTEM))
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
