"""Figures as markdown, and their place in docs/benchmarks.md."""

from __future__ import annotations

import statistics
from pathlib import Path

import cost_profile
import idle
import keys
import latency
from build import PROJECT
from calls import Sample
from verdict import BY_LIBRARY, CONTROL, YARDSTICK, Spread, ratios

PAGE = PROJECT / "docs" / "benchmarks.md"


def calls_table(samples: list[Sample], what: str) -> list[str]:
    """Processor time per request, for each proxy; `what` says under which load."""
    peers = sorted({sample.peer for sample in samples}, key=_place)
    lines = [
        f"{what}; medians of {len({sample.round for sample in samples})} rounds (lowest – highest).",
        "",
        "| proxy | answering, µs | answering ÷ nginx | whole process, µs | whole ÷ nginx | whole ÷ nginx, log stored | calls/s on one core | switches a call |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for peer in peers:
        own = [sample for sample in samples if sample.peer == peer]
        cells = [
            peer,
            _spread(Spread.of([sample.serving_cpu_us for sample in own])),
            _spread(ratios(samples, peer, lambda sample: sample.serving_cpu_us)),
            _spread(Spread.of([sample.cpu_us for sample in own])),
            _spread(ratios(samples, peer, lambda sample: sample.cpu_us)),
            _spread(ratios(samples, peer, lambda sample: sample.settled_cpu_us)),
            f"{statistics.median(sample.answers.requests / sample.answers.seconds for sample in own):,.0f}",
            f"{statistics.median(sample.switches for sample in own):.3f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    stolen = max(sample.stolen for sample in samples)
    lines += ["", f"Processor time taken by the hypervisor: up to {stolen:.1%} of a sample."]
    return lines


def latency_table(figures: list[latency.Added]) -> list[str]:
    """Latency of one connection, for each proxy."""
    lines = [
        "One connection, everything on one core; medians, µs.",
        "",
        "| | p50 | p99 | added p50 | added p99 | added p50 ÷ nginx | added p99 ÷ nginx |",
        "|---|---|---|---|---|---|---|",
    ]
    nginx = next(one for one in figures if one.peer == YARDSTICK)
    for one in figures:
        added = ["–"] * 4
        if one.peer != latency.DIRECT:
            over_nginx = [one.added_p50 / nginx.added_p50, one.added_p99 / nginx.added_p99]
            added = [f"{one.added_p50:.1f}", f"{one.added_p99:.1f}", *(f"{ratio:.2f}" for ratio in over_nginx)]
        lines.append(f"| {' | '.join([one.peer, f'{one.p50:.1f}', f'{one.p99:.1f}', *added])} |")
    return lines


def keys_table(figures: keys.Figures) -> list[str]:
    """Start, memory and look-up with many keys."""
    few, many = figures.few, figures.many
    return [
        "| keys | start to first answered call | memory per key | answering, µs a call | ÷ few keys |",
        "|---|---|---|---|---|",
        f"| {few.keys:,} | {few.seconds:.2f} s | | {_spread(figures.few_us)} | |",
        f"| {many.keys:,} | {many.seconds:.2f} s | {figures.bytes_per_key:,.0f} bytes | {_spread(figures.many_us)} "
        f"| {_spread(figures.ratio)} |",
        "",
        f"{keys.CALLED:,} of the many are called in turn, and all of the few.",
    ]


def idle_table(figures: list[idle.Figure]) -> list[str]:
    """Memory of what only waits."""
    lines = [
        "| | how many | nginx, bytes each | Keyward, bytes each | with the fast path off |",
        "|---|---|---|---|---|",
    ]
    for what, count in dict.fromkeys((one.what, one.connections) for one in figures):
        each = {one.peer: one.bytes_each for one in figures if (one.what, one.connections) == (what, count)}
        lines.append(f"| {what} | {count:,} | {each[YARDSTICK]:,.0f} | {each['keyward']:,.0f} | {each[BY_LIBRARY]:,.0f} |")
    return lines


def sockets_table(figures: list[idle.Figure], goal: int) -> list[str]:
    """Memory of silent WebSockets, beside nginx and the goal."""
    lines = [
        f"| | how many | nginx, bytes each | Keyward, bytes each | ÷ nginx | ÷ goal of {goal:,} |",
        "|---|---|---|---|---|---|",
    ]
    for what, count in dict.fromkeys((one.what, one.connections) for one in figures):
        each = {one.peer: one.bytes_each for one in figures if (one.what, one.connections) == (what, count)}
        own, nginx = each["keyward"], each[YARDSTICK]
        lines.append(f"| {what} | {count:,} | {nginx:,.0f} | {own:,.0f} | {own / nginx:.2f} | {own / goal:.2f} |")
    return lines


def profile_table(profile: cost_profile.Profile) -> list[str]:
    """Where the gateway thread's time goes, dearest first."""
    total = profile.samples.total()
    lines = [
        f"{profile.cpu_us:.2f} µs a call of the gateway thread, {total:,} samples.",
        "",
        "| where | part | µs a call |",
        "|---|---|---|",
    ]
    for part, count in profile.samples.most_common():
        lines.append(f"| {part} | {count / total:.1%} | {count / total * profile.cpu_us:.2f} |")
    return lines


def write(section: str, lines: list[str], page: Path = PAGE) -> None:
    """Puts the lines between the section's markers, in place of what stood there."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    text = page.read_text()
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise SystemExit(f"{page} needs the lines {begin} and {end} once each, in this order.")
    before, after = text[: text.index(begin)], text[text.index(end) :]
    page.write_text(before + "\n".join([begin, *lines, ""]) + after)


def _spread(spread: Spread) -> str:
    return f"{spread.median:.2f} ({spread.lowest:.2f} – {spread.highest:.2f})"


def _place(peer: str) -> tuple[int, str]:
    """The yardstick, its control, Keyward, then the others."""
    known = [YARDSTICK, CONTROL, "keyward", BY_LIBRARY]
    return (known.index(peer) if peer in known else len(known), peer)
