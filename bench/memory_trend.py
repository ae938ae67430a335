"""Whether memory stays flat: lowest, highest and slope after the warm-up. Pure."""

from __future__ import annotations

from dataclasses import dataclass

# Of the whole time, and at most so long: caches fill, and the store's pages come.
WARM_UP_PART = 0.25
WARM_UP_SECONDS = 120.0
MOST_SPREAD = 0.05


@dataclass(frozen=True)
class Trend:
    """Figures of the samples after the warm-up."""

    lowest: int
    highest: int
    bytes_an_hour: float

    @property
    def spread(self) -> float:
        """How far lowest and highest are from the middle between them, as a part of it."""
        return (self.highest - self.lowest) / (self.highest + self.lowest)

    def faults(self) -> list[str]:
        """A sentence when memory is not flat."""
        if self.spread <= MOST_SPREAD:
            return []
        return [f"memory is not flat: {self.lowest / 1e6:.1f} to {self.highest / 1e6:.1f} MB, ±{self.spread:.1%}"]


def of(samples: list[tuple[float, int]]) -> Trend:
    """The trend of (second, bytes)."""
    if len(samples) < 2:
        raise RuntimeError("too short to say anything about memory")
    warm_up = min(samples[-1][0] * WARM_UP_PART, WARM_UP_SECONDS)
    kept = [sample for sample in samples if sample[0] >= warm_up]
    sizes = [size for _, size in kept]
    return Trend(min(sizes), max(sizes), _slope(kept) * 3600)


def _slope(points: list[tuple[float, int]]) -> float:
    """Least squares; 0 for a single point."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    width = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / width if width else 0.0
