"""On what a run took place, for the lines above its figures."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

from build import PROJECT


def describe(command: str, versions: dict[str, str]) -> list[str]:
    """Markdown list items: command, machine, versions, date and commit."""
    processor = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    model = processor[1] if processor else platform.machine()
    programs = ", ".join(f"{name} {version}" for name, version in versions.items())
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return [
        f"- Command: `{command}`",
        f"- Machine: {os.cpu_count()} cores, {model}, Linux {platform.release()}",
        f"- Programs: {programs}",
        f"- {today}, commit {_commit()}",
    ]


def rust_version() -> str:
    """The compiler's version number."""
    printed = subprocess.run(["rustc", "--version"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return printed.split()[1]


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True).stdout.strip()

    changed = " with changes on top" if git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"
