#!/usr/bin/env python3
"""The benchmark's one command: what Keyward costs against bare nginx, nginx, HAProxy and Envoy as gateways, and by itself.

Prints markdown; with --write also puts it into docs/benchmarks.md. A run that cannot be trusted is void: it says why,
writes nothing and exits with 1. See README.md beside this file for how to read the figures.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import admission
import build
import cost_profile
import encryption
import held
import idle
import install
import keys
import lists
import machine
import report
import setting
import shapes
import side_by_side
import sockets
import verdict
from calls import CONNECTIONS, Sample
from keyward_peer import NotAvailable

Sections = dict[str, list[str]]
"""Lines of markdown by section of docs/benchmarks.md."""
PLAIN = f"{CONNECTIONS} connections"


class Void(Exception):
    """The figures of this part may not be believed; the message says why."""


def main() -> int:
    options = _options()
    # Ends by SystemExit, so that every finally block stops its processes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    versions = {"rustc": machine.rust_version(), **_installed(options)}
    needs_program = not options.without_keyward and set(options.parts) - set(WITHOUT_PROGRAM)
    program = (options.keyward or build.build_keyward()) if needs_program else None
    heading = machine.describe(_command_line(), versions)
    void = False
    with setting.prepare(build.build_tools()) as place:
        for part in options.parts:
            began = time.monotonic()
            try:
                for section, lines in PARTS[part](place, program, options).items():
                    _publish(section, heading, lines, options)
            # One part that cannot be measured does not take the others with it.
            except (Void, RuntimeError) as reasons:
                void = True
                print(f"\nVOID ({part}):\n{reasons}", file=sys.stderr)
            _say(f"{part} took {time.monotonic() - began:.0f} s")
    return 1 if void else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cargo xtask bench", description=__doc__.split("\n\n")[0])
    choices = f"{', '.join(PARTS)}; nothing: all but {', '.join(LONG)}; `all`: everything"
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure, of {choices}")
    parser.add_argument("--quick", action="store_true", help="a smoke test; its figures mean little")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--post", type=int, default=0, metavar="BYTES", help="POST so many bytes instead of GET")
    parser.add_argument("--without-peers", action="store_true", help="no nginx, HAProxy and Envoy as gateways")
    parser.add_argument("--without-keyward", action="store_true", help="only nginx and its control: is the machine fit?")
    parser.add_argument("--keyward", type=Path, metavar="FILE", help="a release binary that is built already")
    options = parser.parse_args()
    unknown = set(options.parts) - {*PARTS, "all"}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    if options.write and not _is_standard(options):
        parser.error("--write takes the figures of the standard run only: --write and parts, and nothing else")
    if "all" in options.parts:
        options.parts = list(PARTS)
    options.parts = options.parts or [part for part in PARTS if part not in LONG]
    if options.without_keyward:
        options.parts = [part for part in options.parts if part in WITHOUT_KEYWARD]
    return options


def _is_standard(options: argparse.Namespace) -> bool:
    others = (options.quick, options.post, options.without_peers, options.without_keyward, options.keyward)
    return not any(others)


def _installed(options: argparse.Namespace) -> dict[str, str]:
    """Versions of what the parts need, which is installed first where it is missing."""
    wanted = {}
    for part in options.parts:
        wanted |= {one.name: one for one in NEEDED.get(part, [])}
    if options.without_peers or options.without_keyward:
        wanted.pop(install.HAPROXY.name, None)
    versions = {name: install.require(one) for name, one in wanted.items()}
    if install.HAPROXY.name in wanted:
        versions["Envoy"] = install.require_envoy()[1]
    return versions


def _calls(place: setting.Setting, program: Path | None, options: argparse.Namespace) -> Sections:
    samples, reasons = side_by_side.calls_of(place, program, options, _say)
    return _compared(samples, reasons, "calls", options)


def _latency(place: setting.Setting, program: Path | None, options: argparse.Namespace) -> Sections:
    figures, reasons = side_by_side.latency_of(place, program, options)
    sections = {"latency": report.latency_table(figures)}
    _void_if(reasons, sections)
    return sections


def _shapes(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    lines: list[str] = []
    effort = shapes.QUICK if options.quick else shapes.FULL
    for shape in (shapes.eth_call(), shapes.batch()):
        samples, reasons = shapes.measure_shape(place, program, shape, side_by_side.keys_called(options), effort, _say)
        what = f"{shape.name}, {len(shape.body):,} bytes, answered with {len(shape.answer):,}: {PLAIN}"
        lines += [*_compared(samples, reasons, "shapes", options, what)["shapes"], ""]
    return {"shapes": lines[:-1]}


def _tls(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    lines: list[str] = []
    effort = encryption.QUICK if options.quick else encryption.FULL
    try:
        proxies = encryption.Encryption(place, program)
    except NotAvailable as why:
        return {"tls": [f"TLS is not available in this build: {why}"]}
    for protocol, load_options in encryption.PROTOCOLS.items():
        if protocol == encryption.HTTP_2 and not proxies.speaks_http_2():
            lines += [f"{protocol}: not available in this build, which does not offer HTTP/2.", ""]
            continue
        samples = proxies.measure(load_options, effort, _say)
        lines += [*_compared(samples, proxies.keyward.complaints(), "tls", options, protocol)["tls"], ""]
    return {"tls": lines[:-1]}


def _compared(
    samples: list[Sample], reasons: list[str], section: str, options: argparse.Namespace, what: str = PLAIN
) -> Sections:
    """The table of what was measured side by side with nginx and its control, or Void."""
    sections = {section: report.calls_table(samples, what)}
    reasons = verdict.broken_samples(samples) + reasons
    noise = verdict.control_is_off(samples)
    if noise and options.quick:
        _say(f"not void, because --quick proves nothing about figures, but: {noise}")
    elif noise:
        reasons.append(noise)
    _void_if(reasons, sections)
    return sections


def _admission(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    return {"admission": [f"    {line}" for line in admission.measure()]} if admission.exists() else {}


def _keys(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    count, effort = (keys.MANY_QUICK, keys.QUICK) if options.quick else (keys.MANY, keys.FULL)
    figures, reasons = keys.measure(place, program, count, effort, _say)
    sections = {"keys": report.keys_table(figures)}
    _void_if(reasons, sections)
    return sections


def _lists(place: setting.Setting, program: Path | None, options: argparse.Namespace) -> Sections:
    members = lists.MEMBERS_QUICK if options.quick else lists.MEMBERS
    return {"lists": lists.table(lists.measure(options.quick), members)}


def _idle(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    counts = idle.CONNECTIONS_QUICK if options.quick else idle.CONNECTIONS
    refusal = held.allow_open_files(max(counts))
    if refusal:
        return {"idle": [f"Not measured: {refusal}"]}
    return {"idle": report.idle_table(idle.connections(place, program, counts))}


def _sockets(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    pairs = sockets.PAIRS_QUICK if options.quick else sockets.PAIRS
    refusal = held.allow_open_files(sockets.FILES_PER_PAIR * pairs)
    if refusal:
        pairs = held.most_open_files() // sockets.FILES_PER_PAIR
        held.allow_open_files(sockets.FILES_PER_PAIR * pairs)
        _say(f"{refusal}: {pairs:,} pairs are what that is enough for")
    try:
        figures = sockets.measure(place, program, pairs)
    except NotAvailable as why:
        return {"sockets": [f"Not measured, as this build has no WebSocket: {why}"]}
    return {"sockets": report.sockets_table(figures, sockets.GOAL_BYTES)}


def _profile(place: setting.Setting, program: Path, options: argparse.Namespace) -> Sections:
    seconds = cost_profile.SECONDS_QUICK if options.quick else cost_profile.SECONDS
    return {"profile": report.profile_table(cost_profile.measure(place, program, seconds))}


PARTS: dict[str, Callable[[setting.Setting, Path | None, argparse.Namespace], Sections]] = {
    "calls": _calls,
    "latency": _latency,
    "shapes": _shapes,
    "tls": _tls,
    "admission": _admission,
    "idle": _idle,
    "sockets": _sockets,
    "profile": _profile,
    "keys": _keys,
    "lists": _lists,
}
# Making a million keys, or ten thousand members twice, takes longer than asking for them: only when asked for.
LONG = ["keys", "lists"]
# They build what they measure themselves.
WITHOUT_PROGRAM = ["admission", "lists"]
WITHOUT_KEYWARD = ["calls", "latency"]
NEEDED = {
    "calls": [install.NGINX, install.HAPROXY],
    "latency": [install.NGINX, install.HAPROXY],
    "shapes": [install.NGINX],
    "tls": [install.NGINX, install.H2LOAD],
    "idle": [install.NGINX],
    "sockets": [install.NGINX],
    "profile": [install.PERF],
}


def _void_if(reasons: list[str], sections: Sections) -> None:
    """Void figures are still shown, to see what went wrong, but below nothing that looks like a result."""
    if not reasons:
        return
    shown = [line for lines in sections.values() for line in ["", *lines]]
    raise Void("\n".join([*(f"- {reason}" for reason in reasons), *shown]))


def _publish(section: str, heading: list[str], lines: list[str], options: argparse.Namespace) -> None:
    whole = ["", *heading, "", *lines]
    print("\n".join([f"\n### {section}", *whole]), flush=True)
    if options.write:
        report.write(section, whole)


def _command_line() -> str:
    return " ".join(["cargo xtask bench", *(argument for argument in sys.argv[1:] if argument != "--write")])


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
