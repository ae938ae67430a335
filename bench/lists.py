"""How long each list of the REST API takes in an account with many members and keys: a test of the control plane prints it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from build import PROJECT

MEMBERS, MEMBERS_QUICK = 10_000, 1_000
DATABASES = ["sqlite", "postgresql"]


@dataclass(frozen=True)
class Timing:
    """One list on one database; milliseconds."""

    database: str
    path: str
    asks: str
    query: str
    rows: int
    p50: float
    p95: float


def measure(quick: bool) -> list[Timing]:
    """The figures of both databases. Needs what the tests need, PostgreSQL among it: `cargo xtask test --only-setup`."""
    command = ["cargo", "test", "--quiet", "--package", "control", "--test", "it", "--"]
    command += ["--ignored", "--nocapture", "--test-threads=1", "lists::speed"]
    environment = os.environ | {"KEYWARD_TIER": "small" if quick else "full"}
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return parse(done.stdout)


def parse(printed: str) -> list[Timing]:
    """The figures in what the test printed."""
    timings = []
    for line in printed.splitlines():
        # The name of the test may stand before its first line.
        _, found, rest = line.partition("lists\t")
        if not found:
            continue
        database, path, asks, query, rows, _, p50, p95 = rest.split("\t")
        timings.append(Timing(database, path, asks, query, int(rows), int(p50) / 1_000, int(p95) / 1_000))
    if {timing.database for timing in timings} != set(DATABASES):
        raise RuntimeError(f"the test printed no figures of both databases:\n{printed}")
    return timings


def table(timings: list[Timing], members: int) -> list[str]:
    """A row for each list."""
    lines = [
        f"{members:,} members and {members * 10:,} keys in one account; up to 50 requests of each list, one after the other, through the router, "
        "without a network; milliseconds. Built as tests are: optimised little.",
        "",
        "| list | who asks | rows | SQLite p50 | SQLite p95 | PostgreSQL p50 | PostgreSQL p95 |",
        "|---|---|---|---|---|---|---|",
    ]
    of_sqlite, of_postgresql = ([one for one in timings if one.database == database] for database in DATABASES)
    for sqlite, postgresql in zip(of_sqlite, of_postgresql, strict=True):
        path = f"{sqlite.path}?{sqlite.query}" if sqlite.query else sqlite.path
        figures = [sqlite.p50, sqlite.p95, postgresql.p50, postgresql.p95]
        cells = [f"`{path}`", sqlite.asks.lower(), str(sqlite.rows), *(f"{figure:.1f}" for figure in figures)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines
