"""Memory of WebSocket pairs that are open and silent: what each costs a proxy, beside the goal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import held
import idle
import keyward_peer
import nginx_peer
from build import BENCH
from keyward_peer import KeywardPeer
from nginx_peer import NginxPeer
from peer import Peer
from processes import PinnedProcess
from setting import Setting
from verdict import YARDSTICK

PAIRS = 10_000
PAIRS_QUICK = 200
# A proxy holds two connections for each pair.
FILES_PER_PAIR = 2
GOAL_BYTES = 40_000


def measure(setting: Setting, program: Path, count: int) -> list[idle.Figure]:
    """Pairs through each proxy. `NotAvailable` where Keyward has no WebSocket."""
    folder = setting.folder / "sockets"
    folder.mkdir()
    with upstream(folder, setting.load_core) as address:
        gateway = keyward_peer.websocket(address)
        keyward = KeywardPeer(program, "keyward", folder, address, gateway)
        (key,) = keyward.create_keys(1)
        # nginx too would leave an upstream that says nothing, after a minute.
        ways = "proxy_set_header Upgrade $http_upgrade; proxy_read_timeout 1h;"
        additions = nginx_peer.Additions(connection="upgrade", location=ways)
        peers: list[Peer] = [NginxPeer(YARDSTICK, folder, address, additions), keyward]
        handshake = request(gateway.path, f"{keyward_peer.KEY_HEADER}: {key}\r\n")
        return [
            figure
            for peer in peers
            for figure in idle.grow(setting, peer, "WebSocket pair", (count,), handshake, held.is_upgraded)
        ]


@contextlib.contextmanager
def upstream(folder: Path, core: int, *answer: str) -> Iterator[str]:
    """An upstream that accepts every WebSocket, and answers every text with this one if there is one; gives its `127.0.0.1:PORT`."""
    log = folder / "upstream.log"
    process = PinnedProcess([sys.executable, str(BENCH / "socket_upstream.py"), *answer], core, log)
    try:
        process.wait_until(lambda: log.read_text().endswith("\n"), "The upstream of WebSockets")
        yield log.read_text().splitlines()[0]
    finally:
        process.stop()


def request(path: str, headers: str = "") -> bytes:
    """A handshake."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()
