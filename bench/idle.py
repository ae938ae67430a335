"""Memory of kept connections that only wait."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import held
import keyward_peer
from keyward_peer import KeywardPeer
from nginx_peer import NginxPeer
from peer import Peer
from setting import Setting, answer_of
from verdict import BY_LIBRARY, YARDSTICK

CONNECTIONS = (2_000, 10_000)
CONNECTIONS_QUICK = (500, 2_000)
# What the first connections and calls make a proxy allocate once (buffers, tables, the log's cache) is none of a further
# connection's cost.
FIRST = 100
FIRST_CALLS = 20_000
# Longer than what makes a connection give back the memory with which it was served.
REST_SECONDS = 3.0


@dataclass(frozen=True)
class Figure:
    """What one more connection costs one proxy."""

    peer: str
    what: str
    connections: int
    bytes_each: float


def connections(setting: Setting, program: Path, counts: tuple[int, ...]) -> list[Figure]:
    """Connections that were each called on once and are kept since."""
    folder = setting.folder / "idle"
    folder.mkdir()
    keyward = KeywardPeer(program, "keyward", folder, setting.upstream_address)
    (key,) = keyward.create_keys(1)
    by_library = KeywardPeer(program, BY_LIBRARY, folder, setting.upstream_address, keyward_peer.BY_LIBRARY, keyward)
    peers: list[Peer] = [NginxPeer(YARDSTICK, folder, setting.upstream_address), keyward, by_library]
    head = f"GET /bench/items HTTP/1.1\r\nHost: localhost\r\n{keyward_peer.KEY_HEADER}: {key}\r\n\r\n"
    body = answer_of(setting.upstream_address)
    return [
        figure
        for peer in peers
        for figure in grow(setting, peer, "kept connection", counts, head.encode(), held.ends_with_body(body), FIRST_CALLS)
    ]


def grow(
    setting: Setting, peer: Peer, what: str, counts: tuple[int, ...], request: bytes, is_whole, first_calls: int = 0
) -> list[Figure]:
    """What connections cost the peer, of which each sends the request once and is kept; calls before it begins to count."""
    connections = held.Held(peer.port, request, is_whole)
    figures = []
    try:
        peer.start(setting.proxy_core)
        connections.grow_to(FIRST)
        connections.ask_again(first_calls)
        time.sleep(REST_SECONDS)
        before = peer.process.anonymous_bytes()
        for count in counts:
            connections.grow_to(count)
            time.sleep(REST_SECONDS)
            if connections.still_open() != count:
                raise RuntimeError(f"{peer.name} closed {count - connections.still_open()} of {count} connections")
            grown = peer.process.anonymous_bytes() - before
            figures.append(Figure(peer.name, what, count, grown / (count - FIRST)))
    finally:
        connections.close()
        peer.stop()
    return figures
