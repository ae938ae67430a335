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
    serving_cpu_us: float
    """Until the last answer, of the threads that answer calls alone."""
    """Until the work that the calls left behind (a log to be stored) was done as well."""
    switches: float
    """Voluntary context switches per call: near 0 when the proxy never ran out of work."""
    stolen: float
    """Part of the machine's processor time that the hypervisor gave to others."""


def measure(
    setting: Setting, peers: list[Peer], request: Request, effort: Effort, say: Callable[[str], None]
) -> list[Sample]:
    """All rounds. The proxies are started anew for each, since a ratio can move by some percent with a restart."""
    samples = []
    for number in range(effort.rounds):
        try:
            for peer in peers:
                peer.start(setting.proxy_core)
            for peer in peers:
                _load(setting, peer, request, effort.warm_up_seconds)
                peer.settle()
            for peer in random.Random(number).sample(peers, len(peers)):
                sample = _sample(setting, peer, request, effort.seconds, number)
                samples.append(sample)
                say(f"round {number + 1} of {effort.rounds}: {peer.name} {sample.cpu_us:.2f} µs a call")
        finally:
            for peer in peers:
                peer.stop()
    return samples


def _sample(setting: Setting, peer: Peer, request: Request, seconds: float, number: int) -> Sample:
    process = peer.process
    cpu, switches, ticks = process.cpu_ns(), process.voluntary_switches(), stolen_and_all_ticks()
    serving = process.threads_cpu_ns(peer.serving_threads)
    answers = _load(setting, peer, request, seconds)
    cpu_after, switches_after, ticks_after = process.cpu_ns(), process.voluntary_switches(), stolen_and_all_ticks()
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


def _load(setting: Setting, peer: Peer, request: Request, seconds: float) -> Answers:
    answers = run_load(setting, f"127.0.0.1:{peer.port}", request, CONNECTIONS, seconds)
    peer.calls_made += answers.sent
    return answers
