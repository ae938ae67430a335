"""Where each microsecond goes: the saturated gateway thread, sampled by perf, folded by kernel call and by source file."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import perf_samples
from calls import Load
from keyward_peer import KeywardPeer
from perf_samples import KERNEL, Frame, Line
from setting import Setting

KEYS_CALLED = 100
SECONDS = 8.0
SECONDS_QUICK = 3.0
WARM_UP_SECONDS = 1.0
# No multiple of a timer's rate, so that samples do not fall in step with it. Virtual machines have no cycle counter:
# cpu-clock is a timer of the kernel's that runs while the thread does.
SAMPLES_A_SECOND = 1999
# The load goes on beyond the recording at both ends, so that only a busy thread is sampled.
SPARE_SECONDS = 1.0


@dataclass(frozen=True)
class Profile:
    """Samples by part of the work, and the thread's processor time of one call."""

    samples: Counter[str]
    cpu_us: float


def measure(setting: Setting, program: Path, seconds: float) -> Profile:
    """Starts Keyward, saturates it, and samples its gateway thread."""
    keyward = KeywardPeer(program, "keyward-profile", setting.folder, setting.upstream_address)
    load = Load(setting, keyward.request(keyward.create_keys(KEYS_CALLED)))
    recorded = setting.folder / "perf.data"
    try:
        keyward.start(setting.proxy_core)
        load(keyward, WARM_UP_SECONDS)
        before = keyward.process.threads_cpu_ns(keyward.serving_threads)
        thread = keyward.process.thread_ids(keyward.serving_threads)[0]
        command = ["perf", "record", "--quiet", "-e", "cpu-clock", "-F", str(SAMPLES_A_SECOND), "-g", "-t", str(thread)]
        command += ["-o", str(recorded), "--", "sleep", str(seconds)]
        recording = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        answers = load(keyward, seconds + SPARE_SECONDS)
        recording.wait()
        spent = keyward.process.threads_cpu_ns(keyward.serving_threads) - before
    finally:
        keyward.stop()
    if answers.errors or answers.bad or not answers.requests:
        raise RuntimeError(f"the profile's load went wrong: {answers.trouble}")
    command = ["perf", "script", "-i", str(recorded), "-F", "ip,sym,dso"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    stacks = perf_samples.read(printed)
    lines = _lines_of({stack[0] for stack in stacks})
    return Profile(perf_samples.fold(stacks, lambda frame: lines.get(frame, [])), spent / 1000 / answers.requests)


def _lines_of(frames: set[Frame]) -> dict[Frame, list[Line]]:
    """What addr2line tells of each frame outside of the kernel, inlined functions included, innermost first."""
    by_file: dict[str, list[Frame]] = {}
    for frame in frames:
        if frame.file != KERNEL and Path(frame.file).is_file():
            by_file.setdefault(frame.file, []).append(frame)
    return {frame: lines for file, some in by_file.items() for frame, lines in _addr2line(file, some).items()}


def _addr2line(file: str, frames: list[Frame]) -> dict[Frame, list[Line]]:
    segments = segments_of(subprocess.run(["readelf", "-lW", file], capture_output=True, text=True, check=True).stdout)
    asked = "".join(f"{virtual_address(frame.address, segments):#x}\n" for frame in frames)
    command = ["addr2line", "-e", file, "-a", "-f", "-C", "-i"]
    printed = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    return dict(zip(frames, lines_in(printed), strict=True))


def lines_in(printed: str) -> list[list[Line]]:
    """The answers of `addr2line -a -f -i`: an address, then a function and a place for each frame."""
    answers: list[list[Line]] = []
    rest = iter(printed.splitlines())
    for line in rest:
        if re.fullmatch(r"0x[0-9a-f]+", line):
            answers.append([])
        else:
            answers[-1].append(Line(line, next(rest)))
    return answers


def segments_of(printed: str) -> list[tuple[int, int, int]]:
    """Offset in the file, address and length of what `readelf -lW` says is loaded."""
    found = re.findall(r"LOAD\s+(0x[0-9a-f]+) (0x[0-9a-f]+) 0x[0-9a-f]+ (0x[0-9a-f]+)", printed)
    return [(int(offset, 16), int(address, 16), int(length, 16)) for offset, address, length in found]


def virtual_address(offset: int, segments: list[tuple[int, int, int]]) -> int:
    """perf tells where in a file it was, addr2line wants the address that the linker gave it."""
    for start, address, length in segments:
        if start <= offset < start + length:
            return offset - start + address
    return offset
