"""What the samples say: ratios within rounds, and whether they may be believed at all. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from calls import Sample

YARDSTICK = "nginx"
CONTROL = "nginx-control"
BY_LIBRARY = "keyward, fast path off"
# Two equal proxies that differ by more than this tell of noise that would also be in the other ratios.
CONTROL_LIMITS = (0.95, 1.05)
# A proxy that waits for work is woken more often, and a wake-up costs it as much as a call.
MOST_SWITCHES = 0.05


@dataclass(frozen=True)
class Spread:
    """Median, lowest and highest over the rounds."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        return cls(statistics.median(values), min(values), max(values))


def ratios(samples: list[Sample], peer: str, figure: Callable[[Sample], float]) -> Spread:
    """The peer's figure divided by the yardstick's of the same round."""
    yardstick = {sample.round: figure(sample) for sample in samples if sample.peer == YARDSTICK}
    return Spread.of([figure(sample) / yardstick[sample.round] for sample in samples if sample.peer == peer])


def control_ratio(samples: list[Sample]) -> Spread:
    """nginx against its twin (A/A): 1 but for noise."""
    return ratios(samples, CONTROL, lambda sample: sample.cpu_us)


def control_is_off(samples: list[Sample]) -> str | None:
    """A sentence when the control is outside its limits."""
    control, (lowest, highest) = control_ratio(samples).median, CONTROL_LIMITS
    if lowest <= control <= highest:
        return None
    return f"the control (A/A) is {control:.3f}, outside {lowest} to {highest}: the machine is too noisy now"


def broken_samples(samples: list[Sample]) -> list[str]:
    """A sentence for each sample that measured something else than right answers of a busy proxy."""
    sentences = []
    for sample in samples:
        where = f"{sample.peer}, round {sample.round + 1}"
        answers = sample.answers
        if answers.errors or answers.bad:
            sentences.append(f"{where}: {answers.errors} errors and {answers.bad} wrong answers; {answers.trouble}")
        if answers.requests == 0:
            sentences.append(f"{where}: no answers")
        if sample.switches >= MOST_SWITCHES:
            sentences.append(f"{where}: not saturated, {sample.switches:.3f} voluntary context switches a call")
    return sentences
