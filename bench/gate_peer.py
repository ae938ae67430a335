"""A proxy that does the least of a gateway: a known key or 401, a rate for each key, and a line in a log for each call."""

from __future__ import annotations

from pathlib import Path

from peer import Peer
from processes import PinnedProcess, free_port, is_listening

# Above what one key can be called with here, so that the rate is kept and never reached.
RATE_PER_SECOND = 1_000_000
READ_BYTES = 1 << 20


class GatePeer(Peer):
    """A rival in a folder of its own. What it is made with says how it is configured and started."""

    checks_keys = True

    def __init__(self, name: str, parent_folder: Path):
        super().__init__(name, free_port())
        # The name is for tables: "nginx: map, limit_req, log".
        self.folder = parent_folder / f"{name.split(':', 1)[0].lower()}-gate"
        self.folder.mkdir()
        self.log = self.folder / "access.log"

    def command(self) -> list[str]:
        """What starts it in the foreground."""
        raise NotImplementedError

    def start(self, core: int) -> None:
        self.process = PinnedProcess(self.command(), core, self.folder / "output.log")
        self.process.wait_until(lambda: is_listening(self.port), self.name)

    def complaints(self) -> list[str]:
        lines, calls = lines_in(self.log), self.calls_made + self.calls_refused
        if lines == calls:
            return self.flaws
        return [*self.flaws, f"{self.name}: {lines} lines in the log for {calls} calls"]


def lines_in(log: Path) -> int:
    """How many lines a file has; none when it is not there."""
    if not log.exists():
        return 0
    with log.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(READ_BYTES), b""))
