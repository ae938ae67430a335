"""Shapes of calls: JSON-RPC through Keyward, the same bytes through nginx."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keyward_peer
from calls import Effort, Load, Sample, measure
from keyward_peer import KeywardPeer
from load import Request
from nginx_peer import NginxPeer
from peer import Peer
from setting import Setting, start_upstream
from verdict import CONTROL, YARDSTICK

ETH_CALL_BYTES = 300
BATCH_CALLS = 20
FULL = Effort(rounds=7, seconds=1.5, warm_up_seconds=0.3)
QUICK = Effort(rounds=2, seconds=0.5, warm_up_seconds=0.2)


@dataclass(frozen=True)
class Shape:
    """A request body, and the body of the right answer to it."""

    name: str
    body: str
    answer: str
    calls: int


def eth_call() -> Shape:
    """One `eth_call` of exactly ETH_CALL_BYTES, and the 32-byte word that a balance is answered with."""
    body = _eth_call(1, data="")
    body = _eth_call(1, data="0" * (ETH_CALL_BYTES - len(body)))
    return Shape(f"{ETH_CALL_BYTES}-byte eth_call", body, _answer(1), calls=1)


def batch() -> Shape:
    """BATCH_CALLS such calls in one request."""
    numbers = range(1, BATCH_CALLS + 1)
    data = "70a08231" + "0" * 64
    body = f"[{','.join(_eth_call(number, data) for number in numbers)}]"
    answer = f"[{','.join(_answer(number) for number in numbers)}]"
    return Shape(f"batch of {BATCH_CALLS} eth_call", body, answer, calls=BATCH_CALLS)


def measure_shape(
    setting: Setting, program: Path, shape: Shape, keys: int, effort: Effort, say: Callable[[str], None]
) -> tuple[list[Sample], list[str]]:
    """The samples, per request (not per call of a batch), and the proxies' complaints."""
    folder = setting.folder / shape.name.replace(" ", "-")
    folder.mkdir()
    body_file, answer_file = folder / "body.json", folder / "answer.json"
    body_file.write_text(shape.body)
    answer_file.write_text(shape.answer)
    upstream, address = start_upstream(setting.upstream, setting.load_core, folder, answer_file)
    try:
        peers: list[Peer] = [NginxPeer(name, folder, address) for name in (YARDSTICK, CONTROL)]
        keyward = KeywardPeer(program, "keyward", folder, address, keyward_peer.JSON_RPC)
        request: Request = dataclasses.replace(
            keyward.request(keyward.create_keys(keys)),
            body_file=body_file,
            expected_file=answer_file,
            calls=shape.calls,
        )
        samples = measure(setting, [*peers, keyward], Load(setting, request), effort, say)
        return samples, keyward.complaints()
    finally:
        upstream.stop()


def _eth_call(number: int, data: str) -> str:
    call = {"to": "0xdac17f958d2ee523a2206206994597c13d831ec7", "data": f"0x{data}"}
    request = {"jsonrpc": "2.0", "id": number, "method": "eth_call", "params": [call, "latest"]}
    return json.dumps(request, separators=(",", ":"))


def _answer(number: int) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "result": f"0x{number:064x}"}, separators=(",", ":"))
