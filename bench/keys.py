"""What many keys cost: time until Keyward answers its first call, and memory for each key."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from keyward_peer import KeywardPeer
from load import run_load
from setting import Setting

MANY = 100_000
MANY_QUICK = 1_000
STARTS = 3
# After its first answer Keyward may still be giving back what it only needed to start.
REST_SECONDS = 1.0


@dataclass(frozen=True)
class Figures:
    """Medians over the starts."""

    keys: int
    start_seconds_with_one: float
    start_seconds_with_many: float
    bytes_per_key: float


def measure(setting: Setting, program: Path, keys: int) -> Figures:
    """Starts Keyward with one key and with many more, several times each."""
    start_with_one, memory_with_one = _start_and_memory(setting, program, more_keys=0)
    start_with_many, memory_with_many = _start_and_memory(setting, program, more_keys=keys - 1)
    return Figures(keys, start_with_one, start_with_many, (memory_with_many - memory_with_one) / (keys - 1))


def _start_and_memory(setting: Setting, program: Path, more_keys: int) -> tuple[float, float]:
    peer = KeywardPeer(program, f"keyward-{more_keys + 1}-keys", setting.folder, setting.upstream_address)
    # The key that is called is the last one made, so that its answer means all are there.
    if more_keys:
        peer.create_many_keys(more_keys)
    request = peer.request(peer.create_keys(1))
    starts, memories = [], []
    for _ in range(STARTS):
        began = time.monotonic()
        try:
            peer.start(setting.proxy_core)
            answers = run_load(setting, f"127.0.0.1:{peer.port}", request, connections=1, seconds=0.001)
            if answers.errors or answers.bad or not answers.requests:
                raise RuntimeError(f"the first call with {more_keys + 1} keys failed: {answers.trouble}")
            starts.append(time.monotonic() - began)
            time.sleep(REST_SECONDS)
            memories.append(peer.process.anonymous_bytes())
        finally:
            peer.stop()
    return statistics.median(starts), statistics.median(memories)
