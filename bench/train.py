#!/usr/bin/env python3
"""Plays what callers and the dashboard do against a program that counts which of its code they reach.

`cargo xtask release` compiles Keyward a second time by those counts. What is not played here is compiled as if it were never
used, so that all that callers do often is played: plain calls, calls read by the HTTP library, JSON-RPC, batches, TLS with both
protocols, messages over WebSockets, denials, and changes while calls come.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

import build
import calls
import frames
import install
import keyward_peer
import setting
import shapes
import sockets
from calls import CONNECTIONS, Effort, Load
from encryption import PROTOCOLS, Encryption
from keyward_peer import Gateway, KeywardPeer
from load import TOLERANT, run_load
from rest_api import RestApi
from soak_changes import Changes

KEYS_CALLED = 20
SECONDS = 4.0
EFFORT = Effort(rounds=1, seconds=2.0, warm_up_seconds=0.2)
SOCKETS, MESSAGES = 8, 1_000
"""So many at once, and so many calls over each."""


def main() -> int:
    (program,) = (Path(argument) for argument in sys.argv[1:])
    install.require(install.H2LOAD)
    install.require(install.NGINX)
    # Speed is not measured here, and where images are built there is little memory to put files into.
    with setting.prepare(build.build_tools(), Path(tempfile.gettempdir())) as place:
        for name, gateway in (("plain", keyward_peer.REST), ("library", keyward_peer.BY_LIBRARY)):
            _plain_calls(place, program, name, gateway)
        for shape in (shapes.eth_call(), shapes.batch()):
            _, complaints = shapes.measure_shape(place, program, shape, KEYS_CALLED, EFFORT, _say)
            _fail_for(complaints)
        _messages(place, program)
        proxies = Encryption(place, program)
        for options in PROTOCOLS.values():
            proxies.measure(options, EFFORT, _say)
        _fail_for(proxies.keyward.complaints())
    return 0


def _plain_calls(place: setting.Setting, program: Path, name: str, gateway: Gateway) -> None:
    """Calls and a denial, then calls while keys, lists and limits change."""
    keyward = KeywardPeer(program, name, place.folder, place.upstream_address, gateway)
    request = keyward.request(keyward.create_keys(KEYS_CALLED))
    calls.measure(place, [keyward], Load(place, request), EFFORT, _say)
    _fail_for(keyward.complaints())
    keyward.start(place.proxy_core)
    try:
        api = RestApi(keyward.control_port)
        api.sign_in_by(keyward.owners_link(), secrets.token_urlsafe(16))
        changes = Changes(api)
        changes.start()
        try:
            run_load(place, f"127.0.0.1:{keyward.port}", request, CONNECTIONS, SECONDS, TOLERANT)
        finally:
            changes.stop()
        _fail_for(changes.refused)
    finally:
        keyward.stop()


def _messages(place: setting.Setting, program: Path) -> None:
    """Calls over WebSockets, one after another over each."""
    folder = place.folder / "messages"
    folder.mkdir()
    shape = shapes.eth_call()
    with sockets.upstream(folder, place.load_core, shape.answer) as address:
        gateway = keyward_peer.websocket(address)
        keyward = KeywardPeer(program, "keyward", folder, address, gateway)
        (key,) = keyward.create_keys(1)
        handshake = sockets.request(gateway.path, f"{keyward_peer.KEY_HEADER}: {key}\r\n")
        keyward.start(place.proxy_core)
        try:
            asyncio.run(_all_messages(keyward.port, handshake, shape))
        finally:
            keyward.stop()


async def _all_messages(port: int, handshake: bytes, shape: shapes.Shape) -> None:
    await asyncio.gather(*(_over_one(port, handshake, shape) for _ in range(SOCKETS)))


async def _over_one(port: int, handshake: bytes, shape: shapes.Shape) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 101 "):
        raise SystemExit(f"A WebSocket was refused:\n{head.decode()}")
    asked = frames.text_frame(shape.body.encode(), masked=True)
    for _ in range(MESSAGES):
        writer.write(asked)
        opcode, answer = await frames.read_frame(reader)
        if (opcode, answer) != (frames.TEXT, shape.answer.encode()):
            raise SystemExit(f"A message was answered with {opcode}: {answer!r}")
    writer.close()


def _fail_for(complaints: list[str]) -> None:
    if complaints:
        raise SystemExit("The training went wrong:\n" + "\n".join(complaints))


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
