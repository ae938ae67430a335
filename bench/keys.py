"""What a million values cost: time until Keyward answers its first call, memory of each, and finding one among them."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import calls
from calls import Effort, Load, Sample
from keyward_peer import KeywardPeer
from load import Answers, Request, run_load
from peer import Peer
from setting import Setting
from verdict import Spread, broken_samples

FEW = 100
MANY = 1_000_000
MANY_QUICK = 10_000
# As many as the load can send in turn: more than the processor's nearest caches hold of the gateway's table.
CALLED = 10_000
STARTS = 3
# After its first answer Keyward may still be giving back what it only needed to start.
REST_SECONDS = 1.0
FULL = Effort(rounds=7, seconds=1.5, warm_up_seconds=0.3, starts_anew=False)
QUICK = Effort(rounds=2, seconds=0.5, warm_up_seconds=0.2, starts_anew=False)


@dataclass(frozen=True)
class Start:
    """Medians over the starts."""

    keys: int
    seconds: float
    """From the start of the process to the first answered call."""
    bytes: float


@dataclass(frozen=True)
class Figures:
    """Few keys against many. Microseconds are those of the threads that answer, for each call."""

    few: Start
    many: Start
    bytes_per_key: float
    few_us: Spread
    many_us: Spread
    ratio: Spread
    """Many ÷ few, within a round."""


class _Both(calls.Load):
    """Each Keyward is called with values of its own."""

    def __init__(self, setting: Setting, requests: dict[str, Request]):
        super().__init__(setting, next(iter(requests.values())))
        self._loads = {name: Load(setting, request) for name, request in requests.items()}

    def __call__(self, peer: Peer, seconds: float) -> Answers:
        return self._loads[peer.name](peer, seconds)


def measure(
    setting: Setting, program: Path, many: int, effort: Effort, say: Callable[[str], None]
) -> tuple[Figures, list[str]]:
    """The figures, and why the look-up's may not be believed."""
    few_peer, few_request = _prepare(setting, program, FEW, say)
    many_peer, many_request = _prepare(setting, program, many, say)
    few = _start(setting, few_peer, few_request, FEW)
    many_started = _start(setting, many_peer, many_request, many)
    load = _Both(setting, {few_peer.name: few_request, many_peer.name: many_request})
    samples = calls.measure(setting, [few_peer, many_peer], load, effort, say)
    figures = Figures(
        few=few,
        many=many_started,
        bytes_per_key=(many_started.bytes - few.bytes) / (many - FEW),
        few_us=Spread.of([sample.serving_cpu_us for sample in samples if sample.peer == few_peer.name]),
        many_us=Spread.of([sample.serving_cpu_us for sample in samples if sample.peer == many_peer.name]),
        ratio=Spread.of(_ratios(samples, few_peer.name, many_peer.name)),
    )
    return figures, [*broken_samples(samples), *few_peer.complaints(), *many_peer.complaints()]


def _prepare(setting: Setting, program: Path, count: int, say: Callable[[str], None]) -> tuple[KeywardPeer, Request]:
    peer = KeywardPeer(program, f"keyward-{count}-keys", setting.folder, setting.upstream_address)
    began = time.monotonic()
    values = peer.create_many_keys(count)
    say(f"{count:,} keys made in {time.monotonic() - began:.0f} s")
    return peer, peer.request(random.Random(count).sample(values, min(count, CALLED)))


def _start(setting: Setting, peer: KeywardPeer, request: Request, count: int) -> Start:
    """Starts Keyward several times. It listens when its keys are there, so the first answer means all are."""
    seconds, memories = [], []
    for _ in range(STARTS):
        began = time.monotonic()
        try:
            peer.start(setting.proxy_core)
            answers = run_load(setting, f"127.0.0.1:{peer.port}", request, connections=1, seconds=0.001)
            peer.calls_made += answers.sent
            if answers.errors or answers.bad or not answers.requests:
                raise RuntimeError(f"the first call with {count} keys failed: {answers.trouble}")
            seconds.append(time.monotonic() - began)
            time.sleep(REST_SECONDS)
            memories.append(peer.process.anonymous_bytes())
        finally:
            peer.stop()
    return Start(count, statistics.median(seconds), statistics.median(memories))


def _ratios(samples: list[Sample], few: str, many: str) -> list[float]:
    by_round = {(sample.round, sample.peer): sample.serving_cpu_us for sample in samples}
    rounds = {sample.round for sample in samples}
    return [by_round[number, many] / by_round[number, few] for number in sorted(rounds)]
