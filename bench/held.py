"""Connections that are opened, used once, and then only kept: what each of them costs a proxy in memory."""

from __future__ import annotations

import resource
import socket
import struct
from collections.abc import Callable

# Both ends of a socket pair, and what else is open.
SPARE_FILES = 1_000
ANSWER_SECONDS = 20
# Closing resets: else 10,000 ports would be waiting (TIME_WAIT) when the next proxy's turn comes.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def allow_open_files(count: int) -> str | None:
    """Raises the limit of this process and of those that it starts; a sentence when that is not allowed."""
    wanted = count + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY in (soft, hard) or soft >= wanted:
        return None
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (ValueError, OSError):
        return f"{wanted:,} open files are needed and {hard:,} allowed (ulimit -Hn)"
    return None


def most_open_files() -> int:
    """How many may be asked for of `allow_open_files` without any right."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES


class Held:
    """Kept connections to one port."""

    def __init__(self, port: int, request: bytes, is_whole: Callable[[bytes], bool]):
        self._port = port
        self._request = request
        self._is_whole = is_whole
        self._sockets: list[socket.socket] = []

    def grow_to(self, count: int) -> None:
        """Opens what is missing; each sends the request and gets its answer."""
        while len(self._sockets) < count:
            connection = socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_SECONDS)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self._sockets.append(connection)
            self._ask(connection)

    def ask_again(self, count: int) -> None:
        """Sends so many further requests over the connections there are, and gets their answers."""
        for number in range(count):
            self._ask(self._sockets[number % len(self._sockets)])

    def _ask(self, connection: socket.socket) -> None:
        connection.sendall(self._request)
        received = b""
        while not self._is_whole(received):
            block = connection.recv(65536)
            if not block:
                raise RuntimeError(f"one of {len(self._sockets)} connections was closed: {received[:600]!r}")
            received += block

    def still_open(self) -> int:
        """How many the other side has not closed."""
        return sum(1 for connection in self._sockets if not _has_ended(connection))

    def close(self) -> None:
        """Closes all."""
        for connection in self._sockets:
            connection.close()
        self._sockets.clear()


def ends_with_body(body: bytes) -> Callable[[bytes], bool]:
    """An answer with status 200 that ends with this body; another one is an error."""

    def is_whole(received: bytes) -> bool:
        if len(received) >= 12 and not received.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not the upstream's answer: {received[:600]!r}")
        return received.endswith(body)

    return is_whole


def is_upgraded(received: bytes) -> bool:
    """An answer with status 101; another one is an error."""
    if len(received) >= 12 and not received.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(f"no WebSocket: {received[:600]!r}")
    return received.endswith(b"\r\n\r\n")


def _has_ended(connection: socket.socket) -> bool:
    # With a time-out, Python itself would wait for a byte, whatever the flags say.
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(ANSWER_SECONDS)
