"""Calls the load generator and reads what it reports."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from setting import Setting

# The generator bounds its own run; this is for a generator that hangs.
SPARE_SECONDS = 20


@dataclass(frozen=True)
class Request:
    """What every proxy is sent, byte for byte the same."""

    path: str = "/"
    key_header: str = "x-api-key"
    keys_file: Path | None = None
    body_file: Path | None = None
    expected_file: Path | None = None
    """The right answer's body, where it is not the upstream's usual one."""
    calls: int = 1
    """What one request counts as in a request log: the calls of a batch."""

    def arguments(self) -> list[str]:
        arguments = ["--path", self.path, "--key-header", self.key_header]
        if self.keys_file:
            arguments += ["--keys", str(self.keys_file)]
        if self.body_file:
            arguments += ["--method", "POST", "--body-file", str(self.body_file)]
        if self.expected_file:
            arguments += ["--expected-file", str(self.expected_file)]
        return arguments


@dataclass(frozen=True)
class Answers:
    """One run of the generator: counts, seconds, latencies in microseconds."""

    sent: int
    requests: int
    errors: int
    bad: int
    seconds: float
    p50: float
    p90: float
    p99: float
    max: float
    denied: int = 0
    trouble: str = field(default="")


# For a soak, in which keys are switched off under the load: what they are refused with is counted, and goes on.
TOLERANT = ["--denials", "counted", "--lost", "reopened"]


def run_load(
    setting: Setting, address: str, request: Request, connections: int, seconds: float, more_options: list[str] = []
) -> Answers:
    """Runs the closed loop on the load's core."""
    command = ["taskset", "-c", str(setting.load_core), str(setting.load)]
    command += ["--address", address, "--connections", str(connections), "--seconds", str(seconds)]
    finished = subprocess.run(
        command + request.arguments() + more_options, capture_output=True, text=True, timeout=seconds + SPARE_SECONDS
    )
    if finished.returncode != 0:
        raise RuntimeError(finished.stderr.strip())
    return Answers(**json.loads(finished.stdout), trouble=finished.stderr.strip())
