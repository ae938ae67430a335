"""Builds what is measured and what measures, and makes sure that nginx is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BENCH = PROJECT / "bench"
INSTALL_NGINX = ["apt-get", "install", "--yes", "--no-install-recommends", "nginx"]


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


def require_nginx() -> str:
    """The version of nginx, which is installed first when it is missing and we may; otherwise says how and stops."""
    if not shutil.which("nginx"):
        line = " ".join(INSTALL_NGINX)
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise SystemExit(f"nginx, the yardstick of this benchmark, is not installed. Install it with\n  sudo {line}")
        print(f"nginx is missing; running {line}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], check=True, env=environment)
        subprocess.run(INSTALL_NGINX, check=True, env=environment)
    return subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr.strip().split("/")[-1]


def _build(workspace: Path, arguments: list[str]) -> Path:
    """Runs `cargo build --release` and returns the folder of the binaries."""
    subprocess.run(["cargo", "build", "--release", *arguments], cwd=workspace, check=True)
    metadata = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=workspace, check=True, capture_output=True
    )
    return Path(json.loads(metadata.stdout)["target_directory"]) / "release"
