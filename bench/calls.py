"""Processor time per call: saturated rounds in which every proxy serves the same load in shuffled order."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from load import Answers, Request, run_load
from peer import Peer
from processes import stolen_and_all_ticks
from setting import Setting

CONNECTIONS = 64


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int
    seconds: float
    warm_up_seconds: float
    starts_anew: bool = True
    """Whether the proxies are started anew for each round: a ratio can move by some percent with a restart."""


class Load:
    """The closed loop of this folder's own generator: the same requests to every proxy."""

    def __init__(self, setting: Setting, request: Request, connections: int = CONNECTIONS):
        self._setting = setting
        self._connections = connections
        self.request = request
        self.calls = request.calls

    def __call__(self, peer: Peer, seconds: float) -> Answers:
        """Keeps the proxy busy for so long."""
        return run_load(self._setting, f"127.0.0.1:{peer.port}", self.request, self._connections, seconds)


FULL = Effort(rounds=7, seconds=2.0, warm_up_seconds=0.5)
QUICK = Effort(rounds=2, seconds=1.0, warm_up_seconds=0.3)


@dataclass(frozen=True)
class Sample:
    """One proxy in one round. Microseconds of processor time are per call."""

    round: int
    peer: str
    answers: Answers
    cpu_us: float
    """Until the last answer."""
    settled_cpu_us: float
    """Until the work that the calls left behind (a log to be stored) was done as well."""
    serving_cpu_us: float
    """Until the last answer, of the threads that answer calls alone."""
    switches: float
    """Voluntary context switches per call of the threads that answer: near 0 when they never ran out of work."""
    stolen: float
    """Part of the machine's processor time that the hypervisor gave to others."""


def measure(
    setting: Setting, peers: list[Peer], load: Load, effort: Effort, say: Callable[[str], None]
) -> list[Sample]:
    """All rounds, each proxy in each, in shuffled order."""
    samples = []
    try:
        for number in range(effort.rounds):
            for peer in peers:
                if peer.process and effort.starts_anew:
                    peer.stop()
                if not peer.process:
                    peer.start(setting.proxy_core)
            for peer in peers:
                if number == 0:
                    peer.try_wrong_key(load.request)
                _count(peer, load, effort.warm_up_seconds)
                peer.settle()
            for peer in random.Random(number).sample(peers, len(peers)):
                sample = _sample(peer, load, effort.seconds, number)
                samples.append(sample)
                say(f"round {number + 1} of {effort.rounds}: {peer.name} {sample.cpu_us:.2f} µs a call")
    finally:
        for peer in peers:
            peer.stop()
    return samples


def _sample(peer: Peer, load: Load, seconds: float, number: int) -> Sample:
    process = peer.process
    switches = process.voluntary_switches(peer.serving_threads)
    cpu, ticks = process.cpu_ns(), stolen_and_all_ticks()
    serving = process.threads_cpu_ns(peer.serving_threads)
    answers = _count(peer, load, seconds)
    cpu_after, ticks_after = process.cpu_ns(), stolen_and_all_ticks()
    switches_after = process.voluntary_switches(peer.serving_threads)
    serving_after = process.threads_cpu_ns(peer.serving_threads)
    peer.settle()
    cpu_settled = process.cpu_ns()
    calls = max(answers.requests, 1)
    return Sample(
        round=number,
        peer=peer.name,
        answers=answers,
        cpu_us=(cpu_after - cpu) / 1000 / calls,
        settled_cpu_us=(cpu_settled - cpu) / 1000 / calls,
        serving_cpu_us=(serving_after - serving) / 1000 / calls,
        switches=(switches_after - switches) / calls,
        stolen=(ticks_after[0] - ticks[0]) / max(ticks_after[1] - ticks[1], 1),
    )


def _count(peer: Peer, load: Load, seconds: float) -> Answers:
    answers = load(peer, seconds)
    peer.calls_made += answers.sent * load.calls
    return answers
