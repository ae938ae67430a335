"""The plain call through every proxy there is: nginx twice, Keyward, and nginx, HAProxy and Envoy as gateways."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path

import calls
import install
import keyward_peer
import latency
from calls import Load, Sample
from envoy_peer import EnvoyPeer
from haproxy_peer import HaproxyPeer
from keyward_peer import KeywardPeer
from load import Request
from nginx_gate_peer import NginxGatePeer
from nginx_peer import NginxPeer
from peer import Peer
from setting import Setting
from verdict import BY_LIBRARY, CONTROL, YARDSTICK

KEYS_CALLED = 100
KEYS_CALLED_QUICK = 20


def keys_called(options: argparse.Namespace) -> int:
    """How many keys the load uses in turn."""
    return KEYS_CALLED_QUICK if options.quick else KEYS_CALLED


def calls_of(
    place: Setting, program: Path | None, options: argparse.Namespace, say: Callable[[str], None]
) -> tuple[list[Sample], list[str]]:
    """Samples of processor time, and the proxies' complaints."""
    peers, request = _peers("calls", place, program, options)
    effort = calls.QUICK if options.quick else calls.FULL
    samples = calls.measure(place, peers, Load(place, request), effort, say)
    return samples, [complaint for peer in peers for complaint in peer.complaints()]


def latency_of(
    place: Setting, program: Path | None, options: argparse.Namespace
) -> tuple[list[latency.Added], list[str]]:
    """Latency of a single caller, and what went wrong."""
    peers, request = _peers("latency", place, program, options)
    figures, wrong = latency.measure(place, peers, request, latency.QUICK if options.quick else latency.FULL)
    return figures, [*wrong, *(complaint for peer in peers for complaint in peer.complaints())]


def _peers(
    part: str, place: Setting, program: Path | None, options: argparse.Namespace
) -> tuple[list[Peer], Request]:
    """All proxies of the run, and what they are sent."""
    folder, upstream = place.folder / part, place.upstream_address
    folder.mkdir()
    peers: list[Peer] = [NginxPeer(name, folder, upstream) for name in (YARDSTICK, CONTROL)]
    request = Request()
    if program:
        keyward = KeywardPeer(program, "keyward", folder, upstream)
        values = keyward.create_keys(keys_called(options))
        peers.append(keyward)
        request = keyward.request(values)
        peers.append(KeywardPeer(program, BY_LIBRARY, folder, upstream, keyward_peer.BY_LIBRARY, keyward))
        if not options.without_peers:
            peers += _gateways(folder, upstream, values)
    return peers, _with_body(request, folder, options.post)


def _gateways(folder: Path, upstream: str, values: list[str]) -> list[Peer]:
    envoy, _ = install.require_envoy()
    return [
        NginxGatePeer("nginx: map, limit_req, log", folder, upstream, values),
        HaproxyPeer("HAProxy: map, stick table, log", folder, upstream, values),
        EnvoyPeer("Envoy: api_key_auth, local_ratelimit, log", folder, upstream, values, envoy),
    ]


def _with_body(request: Request, folder: Path, length: int) -> Request:
    if not length:
        return request
    body = folder / "body.json"
    body.write_text('"' + "x" * max(length - 2, 0) + '"')
    return dataclasses.replace(request, body_file=body)
