"""Builds what is measured and what measures."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BENCH = PROJECT / "bench"


@dataclass(frozen=True)
class Tools:
    """The programs of this folder."""

    load: Path
    upstream: Path


def build_tools() -> Tools:
    """Builds `load` and `upstream`."""
    subprocess.run(["cargo", "build", "--release"], cwd=BENCH, check=True)
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=BENCH, check=True, capture_output=True
    )
    folder = Path(json.loads(metadata.stdout)["target_directory"]) / "release"
    return Tools(folder / "load", folder / "upstream")


def build_keyward() -> Path:
    """Builds the program that is shipped, as whoever packages it does."""
    command = ["cargo", "xtask", "release"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as building:
        last = ""
        for line in building.stdout:
            print(line, end="", file=sys.stderr, flush=True)
            last = line.strip() or last
    if building.returncode != 0:
        raise SystemExit("Keyward could not be built.")
    return Path(last)

