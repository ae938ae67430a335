#!/usr/bin/env python3
"""The soak: minutes at saturation while keys, lists and limits change ten times a second through the REST API.

Memory (RssAnon) is read every five seconds. Good is: it stays flat after the warm-up, and nobody got anything but a right
answer or a denial. A call that was under way when its key was switched off is cut: the log has a failed row for it.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import build
import machine
import memory_trend
import report
import setting
from calls import CONNECTIONS
from keyward_peer import KeywardPeer
from load import TOLERANT, Request, run_load
from rest_api import RestApi
from soak_changes import Changes

MINUTES = 10.0
KEYS_CALLED = 100
SAMPLE_SECONDS = 5.0
# One run of the generator; between two of them the connections are opened anew.
LOAD_SECONDS = 20.0


@dataclass
class Tally:
    """What the callers got."""

    sent: int = 0
    right: int = 0
    denied: int = 0
    wrong: int = 0
    lost: int = 0
    troubles: list[str] = field(default_factory=list)


def main() -> int:
    options = _options()
    program = options.keyward or build.build_keyward()
    heading = machine.describe(_command_line(), {"rustc": machine.rust_version()})
    folder = Path(tempfile.mkdtemp(prefix="keyward-soak-", dir=options.folder))
    try:
        with setting.prepare(build.build_tools()) as place:
            lines, faults = _soak(place, program, folder, options.minutes * 60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(["", "### soak", "", *heading, "", *lines]))
    for fault in faults:
        print(f"FAILED: {fault}", file=sys.stderr)
    if options.write and not faults:
        report.write("soak", ["", *heading, "", *lines])
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cargo xtask soak", description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long; below 3 it is a smoke test")
    parser.add_argument("--folder", type=Path, help="where the store lies while it runs: a gigabyte for every two minutes")
    parser.add_argument("--keyward", type=Path, metavar="FILE", help="a release binary that is built already")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    options = parser.parse_args()
    if options.write and (options.minutes < MINUTES or options.keyward):
        parser.error(f"--write takes {MINUTES:.0f} minutes or more, and builds Keyward itself")
    return options


def _soak(place: setting.Setting, program: Path, folder: Path, seconds: float) -> tuple[list[str], list[str]]:
    """Markdown, and what was not as it must be."""
    keyward = KeywardPeer(program, "keyward", folder, place.upstream_address)
    request = keyward.request(keyward.create_keys(KEYS_CALLED))
    keyward.start(place.proxy_core)
    api = RestApi(keyward.control_port)
    try:
        api.sign_in_by(keyward.owners_link(), secrets.token_urlsafe(16))
        changes = Changes(api)
        changes.start()
        try:
            tally, samples = _run(place, keyward, request, seconds)
        finally:
            changes.stop()
        keyward.calls_made = tally.sent
        keyward.settle()
        cut = keyward.rows("--outcome", "failed")
    finally:
        keyward.stop()
    trend = memory_trend.of(samples)
    return _lines(tally, changes, trend, cut, seconds), _faults(tally, changes, trend, cut)


def _run(place: setting.Setting, keyward: KeywardPeer, request: Request, seconds: float) -> tuple[Tally, list]:
    """Loads until the time is over; a thread of its own reads the memory meanwhile."""
    tally, samples, over = Tally(), [], threading.Event()

    def sample() -> None:
        began = time.monotonic()
        while not over.wait(SAMPLE_SECONDS):
            samples.append((time.monotonic() - began, keyward.process.anonymous_bytes()))
            print(f"{samples[-1][0]:4.0f} s: {samples[-1][1] / 1e6:.1f} MB", file=sys.stderr, flush=True)

    sampler = threading.Thread(target=sample, name="memory")
    sampler.start()
    try:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 1:
            address = f"127.0.0.1:{keyward.port}"
            one = run_load(place, address, request, CONNECTIONS, min(left, LOAD_SECONDS), TOLERANT)
            tally.sent += one.sent
            tally.right += one.requests - one.bad - one.denied
            tally.denied += one.denied
            tally.wrong += one.bad
            tally.lost += one.errors
            tally.troubles += [one.trouble] if one.bad else []
    finally:
        over.set()
        sampler.join()
    return tally, samples


def _lines(tally: Tally, changes: Changes, trend: memory_trend.Trend, cut: int, seconds: float) -> list[str]:
    made = changes.made.total()
    held_after = changes.seconds / max(made, 1) * 1000
    size = f"{trend.lowest / 1e6:.1f} to {trend.highest / 1e6:.1f} MB"
    return [
        f"{seconds / 60:g} minutes, {CONNECTIONS} connections, {KEYS_CALLED} keys.",
        "",
        "| | |",
        "|---|---|",
        f"| calls | {tally.sent:,}, {tally.sent / seconds:,.0f} a second |",
        f"| right answers, denials | {tally.right:,}, {tally.denied:,} |",
        f"| wrong answers | {tally.wrong:,} |",
        f"| connections lost, calls cut because their key was switched off | {tally.lost:,}, {cut:,} |",
        f"| changes | {made:,}, {made / seconds:.1f} a second; each held after {held_after:.0f} ms |",
        f"| of these | {', '.join(f'{name} {count:,}' for name, count in changes.made.items())} |",
        f"| RssAnon after the warm-up | {size}, ±{trend.spread:.1%} around the middle |",
        f"| its slope | {trend.bytes_an_hour / 1e6:+.1f} MB an hour |",
    ]


def _faults(tally: Tally, changes: Changes, trend: memory_trend.Trend, cut: int) -> list[str]:
    faults = []
    if tally.wrong:
        faults.append(f"{tally.wrong} answers were neither right nor a denial; the first: {tally.troubles[0]}")
    if tally.lost > cut:
        faults.append(f"{tally.lost} connections were lost, and only {cut} calls were cut")
    if not tally.denied or not tally.right:
        faults.append(f"{tally.right} right answers and {tally.denied} denials: the changes did not reach the callers")
    if changes.refused:
        faults.append(f"{len(changes.refused)} changes were refused; the first: {changes.refused[0]}")
    return faults + trend.faults()


def _command_line() -> str:
    return " ".join(["cargo xtask soak", *(argument for argument in sys.argv[1:] if argument != "--write")])


if __name__ == "__main__":
    sys.exit(main())
