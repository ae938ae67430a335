"""Samples of `perf script`, and in which part of the work each was taken. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

KERNEL = "[kernel.kallsyms]"
# Frames of the standard library say nothing about whose work it is: the one that called them does.
STANDARD_LIBRARY = "/rustc/"

SYSTEM_CALLS = {
    "kernel: sending (TCP, loopback)": r"__x64_sys_(sendto|sendmsg|write|writev)$",
    "kernel: receiving": r"__x64_sys_(recvfrom|recvmsg|read|readv)$",
    "kernel: waiting for events": r"__x64_sys_(epoll_\w+|poll|ppoll|futex)$",
    "kernel: connections": r"__x64_sys_(accept4?|connect|close|shutdown|socket|setsockopt)$",
    "kernel: memory": r"__x64_sys_(madvise|mmap|munmap|mprotect)$|asm_exc_page_fault$",
    "kernel: the rest": r"",
}

# By the source of the innermost frame that is not the standard library's; the first that matches.
SOURCES = {
    "Keyward: what is asked, key look-up, decision": (
        r"/gateway/src/(handle|gate|route|credential|keyring|asked|api|rest|json_rpc|status|caller_body|drain|request_id"
        r"|counts|metrics|tickets|client_address|too_many_denials)\b|/domain/src|/rpc/src"
        r"|/(sha2|digest|block-buffer|ring|crc32fast)-"
    ),
    "Keyward: quotas and leases": r"/gateway/src/meter",
    "Keyward: journal and record": r"/journal/src|/gateway/src/record",
    "Keyward: headers and answers": r"/gateway/src/(reply|headers|forwarded)",
    "Keyward: callers' connections, time-outs": r"/gateway/src/(serve|watch|cut)",
    "Keyward: WebSocket": r"/gateway/src/websocket|/crates/websocket",
    "Keyward: HTTP/1.1 to the upstream": r"/gateway/src/upstream/http1",
    "Keyward: upstream's pool and connections": r"/gateway/src/upstream",
    "Keyward: the rest": r"/crates/",
    "hyper": r"/(hyper|httparse|http|http-body|h2|want|smallvec|try-lock)-\d",
    "tokio: tasks, timers, events": r"/(tokio|mio|slab|socket2|parking_lot|futures)[\w-]*-\d",
    "bytes, hash tables": r"/(bytes|hashbrown|foldhash|arc-swap|memchr|itoa|httpdate)-\d",
    "the rest": r"",
}

ALLOCATOR = "allocator"
MEMORY_COPIES = "memory copies"
CLOCK = "clock"
C_LIBRARY = "C library"
UNKNOWN = "standard library, not inlined"


@dataclass(frozen=True)
class Frame:
    """One line of a stack: where, in which file. `address` is an offset into that file, outside of the kernel."""

    address: int
    symbol: str
    file: str


@dataclass(frozen=True)
class Line:
    """A function and its source, as the debugger's information has them."""

    function: str
    source: str


def read(printed: str) -> list[list[Frame]]:
    """The stacks of `perf script -F ip,sym,dso`, innermost frame first."""
    stacks: list[list[Frame]] = [[]]
    for line in printed.splitlines():
        found = re.match(r"\s+([0-9a-f]+) (.*) \((.*)\)$", line)
        if found:
            stacks[-1].append(Frame(int(found[1], 16), found[2], found[3]))
        elif stacks[-1]:
            stacks.append([])
    return [stack for stack in stacks if stack]


def fold(stacks: Iterable[list[Frame]], resolve: Callable[[Frame], list[Line]]) -> Counter[str]:
    """How many samples each part of the work has. `resolve` tells what was inlined at a frame, innermost first."""
    return Counter(part_of(stack, resolve) for stack in stacks)


def part_of(stack: list[Frame], resolve: Callable[[Frame], list[Line]]) -> str:
    """The part of the work that a sample belongs to."""
    leaf = stack[0]
    if leaf.file == KERNEL:
        return _first(SYSTEM_CALLS, lambda pattern: any(re.search(pattern, frame.symbol) for frame in stack))
    if "vdso" in leaf.file or re.search(r"clock_gettime|clock_now", leaf.symbol):
        return CLOCK
    if re.match(r"_?mi_|_?rjem_|malloc|free$|calloc|realloc|cfree|posix_memalign", leaf.symbol):
        return ALLOCATOR
    if re.match(r"_*mem(cpy|move|set|cmp|chr)", leaf.symbol):
        return MEMORY_COPIES
    if re.search(r"/lib(c|m|pthread)\b", leaf.file):
        return C_LIBRARY
    return _by_source(resolve(leaf))


def _by_source(lines: list[Line]) -> str:
    own = [line for line in lines if STANDARD_LIBRARY not in line.source]
    if not own or own[0].source.startswith("?"):
        return UNKNOWN
    part = _first(SOURCES, lambda pattern: re.search(pattern, own[0].source) is not None)
    if part != "hyper":
        return part
    # The same code reads requests and answers; what it was made for stands in the names of the functions around it.
    names = " ".join(line.function for line in lines)
    if re.search(r"role::Server|dispatch::Server|server::conn", names):
        return "hyper: callers' side"
    if re.search(r"role::Client|dispatch::Client|client::", names):
        return "hyper: upstream's side"
    return "hyper: either side"


def _first(rules: dict[str, str], matches: Callable[[str], bool]) -> str:
    return next(name for name, pattern in rules.items() if matches(pattern))
