"""What the measurements ask of a proxy, whichever it is."""

from __future__ import annotations

from processes import PinnedProcess


class Peer:
    """A proxy in front of the upstream. It can be started again on the same port, keeping its data."""

    serving_threads = ""
    """What the names of the threads that answer calls begin with; empty: all of them do."""

    def __init__(self, name: str, port: int):
        self.name = name
        self.port = port
        self.process: PinnedProcess | None = None
        self.calls_made = 0

    def start(self, core: int) -> None:
        """Starts and returns when it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stops if it runs."""
        if self.process:
            self.process.stop()
            self.process = None

    def settle(self) -> None:
        """Returns when what the calls left to be done in the background is done."""

    def complaints(self) -> list[str]:
        """Reasons of this proxy's own why the run is void."""
        return []
