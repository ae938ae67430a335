"""Added latency: one connection, everything on one core, each proxy against the upstream asked directly."""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass

from load import Answers, Request, run_load
from peer import Peer
from setting import Setting

DIRECT = "direct"


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int
    seconds: float


FULL = Effort(rounds=7, seconds=1.0)
QUICK = Effort(rounds=2, seconds=0.5)


@dataclass(frozen=True)
class Added:
    """Medians over the rounds, in microseconds."""

    peer: str
    p50: float
    p99: float
    added_p50: float
    added_p99: float


def measure(setting: Setting, peers: list[Peer], request: Request, effort: Effort) -> tuple[list[Added], list[str]]:
    """The figures, `direct` first, and what went wrong."""
    ports: dict[str, int] = {DIRECT: int(setting.upstream_address.rsplit(":", 1)[1])}
    ports |= {peer.name: peer.port for peer in peers}
    by_name = {peer.name: peer for peer in peers}
    rounds: list[dict[str, Answers]] = []
    try:
        for peer in peers:
            # Where the upstream and the load are: no waking of another core, which costs more here than a proxy does.
            peer.start(setting.load_core)
        for number in range(-1, effort.rounds):
            answers = {}
            for name in random.Random(number).sample(list(ports), len(ports)):
                answers[name] = run_load(setting, f"127.0.0.1:{ports[name]}", request, 1, effort.seconds)
                if name in by_name:
                    by_name[name].calls_made += answers[name].sent
                    by_name[name].settle()
            if number >= 0:  # the first is the warm-up
                rounds.append(answers)
    finally:
        for peer in peers:
            peer.stop()
    wrong = [
        f"latency of {name}: {one.errors} errors and {one.bad} wrong answers; {one.trouble}"
        for answers in rounds
        for name, one in answers.items()
        if one.errors or one.bad
    ]
    return [_added(name, rounds) for name in ports], wrong


def _added(name: str, rounds: list[dict[str, Answers]]) -> Added:
    def median(figure) -> float:
        return statistics.median(figure(answers) for answers in rounds)

    return Added(
        peer=name,
        p50=median(lambda answers: answers[name].p50),
        p99=median(lambda answers: answers[name].p99),
        added_p50=median(lambda answers: answers[name].p50 - answers[DIRECT].p50),
        added_p99=median(lambda answers: answers[name].p99 - answers[DIRECT].p99),
    )
