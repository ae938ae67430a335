"""Admission inside one process, without any network: an example of the gateway measures decide, charge and journal."""

from __future__ import annotations

import subprocess

from build import PROJECT

EXAMPLE = "admission_cost"


def exists() -> bool:
    """Whether the gateway has the example."""
    examples = PROJECT / "crates" / "gateway" / "examples"
    return (examples / f"{EXAMPLE}.rs").exists() or (examples / EXAMPLE / "main.rs").exists()


def measure() -> list[str]:
    """The lines that the example prints."""
    command = ["cargo", "run", "--quiet", "--release", "--package", "gateway", "--example", EXAMPLE]
    printed = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [line for line in printed.splitlines() if line.strip()]
