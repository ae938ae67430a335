"""h2load (nghttp2) as the load, for TLS and HTTP/2, which this folder's own generator does not speak."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from load import SPARE_SECONDS, Answers, Request
from peer import Peer
from setting import Setting

# 64 calls under way at once, as everywhere else.
HTTP_1_OPTIONS = ["--h1", "-c", "64"]
HTTP_2_OPTIONS = ["-c", "8", "-m", "8"]
# With so many it is found out how fast a proxy is.
FIRST_CALLS = 4_000


@dataclass(frozen=True)
class Printed:
    """What h2load says at its end."""

    seconds: float
    done: int
    lost: int
    """Failed, errored or timed out."""
    good: int
    """Answered with 2xx."""
    body_bytes: int


class H2Load:
    """A number of calls that lasts about as long as asked: h2load breaks off calls when it is given a time instead."""

    calls = 1

    def __init__(self, setting: Setting, request: Request, options: list[str], answer_bytes: int):
        self._setting = setting
        self._options = options
        self._answer_bytes = answer_bytes
        self._calls_a_second: dict[str, float] = {}
        self.request = request
        assert request.keys_file, "a key is needed: h2load sends the first to every proxy"
        self._key = request.keys_file.read_text().split()[0]

    def __call__(self, peer: Peer, seconds: float) -> Answers:
        """Keeps the proxy busy for about so long."""
        rate = self._calls_a_second.get(peer.name)
        calls = max(int(rate * seconds), FIRST_CALLS) if rate else FIRST_CALLS
        answers = self._run(peer, calls, seconds)
        self._calls_a_second[peer.name] = answers.requests / answers.seconds
        return answers

    def _run(self, peer: Peer, calls: int, seconds: float) -> Answers:
        command = ["taskset", "-c", str(self._setting.load_core), "h2load", "-n", str(calls), *self._options]
        command += ["-H", f"{self.request.key_header}: {self._key}", f"https://127.0.0.1:{peer.port}{self.request.path}"]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=10 * seconds + SPARE_SECONDS)
        if finished.returncode != 0:
            raise RuntimeError(finished.stderr.strip() or finished.stdout.strip())
        return answers_of(read(finished.stdout), calls, self._answer_bytes, finished.stdout)


def read(printed: str) -> Printed:
    """Reads the lines that h2load 1.52 ends with."""

    def figures(pattern: str) -> list[str]:
        found = re.search(pattern, printed)
        if not found:
            raise RuntimeError(f"h2load said something unknown:\n{printed}")
        return list(found.groups())

    amount, unit = figures(r"finished in ([\d.]+)(us|ms|s|m|h),")
    requests = figures(r"(\d+) done, \d+ succeeded, (\d+) failed, (\d+) errored, (\d+) timeout")
    done, failed, errored, timed_out = (int(figure) for figure in requests)
    (good,) = figures(r"status codes: (\d+) 2xx")
    (body_bytes,) = figures(r"\((\d+)\) data")
    seconds = float(amount) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}[unit]
    # What errored or timed out has failed too, in its counting.
    return Printed(seconds, done, max(failed, errored + timed_out), int(good), int(body_bytes))


def answers_of(printed: Printed, calls: int, answer_bytes: int, text: str) -> Answers:
    """An answer counts as wrong when it is not 2xx; when bytes are missing or too many, one at least is."""
    lost = max(printed.lost, calls - printed.done)
    bad = printed.done - printed.good
    if bad == 0 and printed.body_bytes != printed.good * answer_bytes:
        bad = 1
    trouble = text.strip() if lost or bad else ""
    return Answers(calls, printed.done, lost, bad, printed.seconds, p50=0, p90=0, p99=0, max=0, trouble=trouble)
