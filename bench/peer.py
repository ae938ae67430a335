"""What the measurements ask of a proxy, whichever it is."""

from __future__ import annotations

import http.client
import ssl

from load import Request
from processes import PinnedProcess

# As long as a real value, and nobody's.
WRONG_KEY = "kw_ThisIsNobodysKeyAndMustBeRefused0000000000"[:41]
REFUSALS = (401, 403)
SECONDS = 10


class Peer:
    """A proxy in front of the upstream. It can be started again on the same port, keeping its data."""

    serving_threads = ""
    """What the names of the threads that answer calls begin with; empty: all of them do."""
    checks_keys = False
    """Whether a call without a known key is refused."""
    is_encrypted = False
    """Whether it is called over TLS."""

    def __init__(self, name: str, port: int):
        self.name = name
        self.port = port
        self.process: PinnedProcess | None = None
        self.calls_made = 0
        self.calls_refused = 0
        self.flaws: list[str] = []

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
        """Reasons of this proxy's own why the run is void; asked when it is stopped."""
        return self.flaws

    def try_wrong_key(self, request: Request) -> None:
        """One call with a key that nobody has. A proxy that checks keys and lets it through is no comparison."""
        if not self.checks_keys:
            return
        status = _status_of_call(self, request, WRONG_KEY)
        self.calls_refused += 1
        if status not in REFUSALS:
            self.flaws.append(f"{self.name}: a wrong key was answered with {status}")


def _status_of_call(peer: Peer, request: Request, key: str) -> int:
    body = request.body_file.read_bytes() if request.body_file else None
    if peer.is_encrypted:
        context = unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", peer.port, timeout=SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=SECONDS)
    try:
        headers = {request.key_header: key, "content-type": "application/json"}
        connection.request("POST" if body else "GET", request.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def unverified_context() -> ssl.SSLContext:
    """For certificates that a run signs itself."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
