"""Builds what is measured and what measures."""

from __future__ import annotations

import json
import subprocess
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
    folder = _build(BENCH, [])
    return Tools(folder / "load", folder / "upstream")


def build_keyward() -> Path:
    """Builds the release binary, the one that is shipped."""
    return _build(PROJECT, ["--package", "keyward"]) / "keyward"


def _build(workspace: Path, arguments: list[str]) -> Path:
    """Runs `cargo build --release` and returns the folder of the binaries."""
    subprocess.run(["cargo", "build", "--release", *arguments], cwd=workspace, check=True)
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=workspace, check=True, capture_output=True
    )
    return Path(json.loads(metadata.stdout)["target_directory"]) / "release"
