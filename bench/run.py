#!/usr/bin/env python3
"""The benchmark's one command: processor time per call and latency against bare nginx, admission, and many keys.

Prints markdown; with --write also puts it into docs/benchmarks.md. A run that cannot be trusted is void: it says why,
writes nothing and exits with 1. See README.md beside this file for how to read the figures.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import admission
import build
import calls
import keys
import latency
import machine
import report
import setting
import verdict
from keyward_peer import KeywardPeer
from load import Request
from nginx_peer import NginxPeer
from peer import Peer

KEYS_CALLED = 100
KEYS_CALLED_QUICK = 20
PARTS = ("calls", "latency", "admission", "keys")


class Void(Exception):
    """The figures of this part may not be believed; the message says why."""


def main() -> int:
    options = _options()
    # Ends by SystemExit, so that every finally block stops its processes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    program = None if options.without_keyward else build.build_keyward()
    versions = {"rustc": machine.rust_version()}
    if {"calls", "latency"} & set(options.parts):
        versions["nginx"] = build.require_nginx()
    heading = machine.describe(_command_line(), versions)
    void = False
    if "admission" in options.parts and program and admission.exists():
        _publish("admission", heading, [f"    {line}" for line in admission.measure()], options)
    with setting.prepare(build.build_tools()) as place:
        for part, measure in {"calls and latency": _against_nginx, "keys": _keys}.items():
            try:
                for section, lines in measure(place, program, options).items():
                    _publish(section, heading, lines, options)
            except Void as reasons:
                void = True
                print(f"\nVOID ({part}):\n{reasons}", file=sys.stderr)
    return 1 if void else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cargo xtask bench", description=__doc__.split("\n\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure, of {', '.join(PARTS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="a smoke test of about a minute; its figures mean little")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--post", type=int, default=0, metavar="BYTES", help="POST so many bytes instead of GET")
    parser.add_argument("--without-keyward", action="store_true", help="only nginx and its control: is the machine fit?")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    if options.write and (options.quick or options.without_keyward or options.post):
        parser.error("--write takes the figures of the standard run only: no --quick, --post or --without-keyward")
    options.parts = options.parts or list(PARTS)
    return options


def _against_nginx(place: setting.Setting, program: Path | None, options: argparse.Namespace) -> dict[str, list[str]]:
    """The parts that need proxies side by side."""
    if not {"calls", "latency"} & set(options.parts):
        return {}
    peers: list[Peer] = [
        NginxPeer(name, place.folder, place.upstream_address) for name in (verdict.YARDSTICK, verdict.CONTROL)
    ]
    request = Request()
    if program:
        keyward = KeywardPeer(program, "keyward", place.folder, place.upstream_address)
        peers.append(keyward)
        request = keyward.request(keyward.create_keys(KEYS_CALLED_QUICK if options.quick else KEYS_CALLED))
    request = _with_body(request, place, options.post)
    sections, reasons = {}, []
    if "calls" in options.parts:
        samples = calls.measure(place, peers, request, calls.QUICK if options.quick else calls.FULL, _say)
        sections["calls"] = report.calls_table(samples, [peer.name for peer in peers])
        reasons += verdict.broken_samples(samples)
        noise = verdict.control_is_off(samples)
        if noise and options.quick:
            _say(f"not void, because --quick proves nothing about figures, but: {noise}")
        elif noise:
            reasons.append(noise)
    if "latency" in options.parts:
        figures, wrong = latency.measure(place, peers, request, latency.QUICK if options.quick else latency.FULL)
        sections["latency"] = report.latency_table(figures)
        reasons += wrong
    for peer in peers:
        reasons += peer.complaints()
    _void_if(reasons, sections)
    return sections


def _keys(place: setting.Setting, program: Path | None, options: argparse.Namespace) -> dict[str, list[str]]:
    if not program or "keys" not in options.parts:
        return {}
    return {"keys": report.keys_table(keys.measure(place, program, keys.MANY_QUICK if options.quick else keys.MANY))}


def _with_body(request: Request, place: setting.Setting, length: int) -> Request:
    if not length:
        return request
    body = place.folder / "body.json"
    body.write_text('"' + "x" * max(length - 2, 0) + '"')
    return Request(request.path, request.key_header, request.keys_file, body)


def _void_if(reasons: list[str], sections: dict[str, list[str]]) -> None:
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
