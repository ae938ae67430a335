"""Keyward as a proxy under measurement: the only file here that knows its configuration and its commands."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from load import Request
from peer import Peer
from processes import PinnedProcess, free_port, is_listening

PATH = "/bench/items"
KEY_HEADER = "x-api-key"
PLAN = "roomy"
# Rows reach the store in batches about a second after their calls.
SETTLE_SECONDS = 60

# One gateway thread, one REST API, and the three daily quotas that each call is charged to: of the account, the member
# and the key. All far above what a run can spend.
CONFIGURATION = """\
[store]
url = "sqlite:{folder}/data"

[gateway]
listen = "127.0.0.1:{port}"
threads = 1

[[api]]
id = "bench"
protocol = "rest"
path = "/bench"
key = ["header:{key_header}"]

[[api.network]]
id = "main"
upstream = ["http://{upstream_address}"]

[[plan]]
id = "{plan}"
keys = 1000000
quota = [
    {{ scope = "account", metric = "requests", window = "day", limit = 1000000000000 }},
    {{ scope = "member", metric = "requests", window = "day", limit = 1000000000000 }},
    {{ scope = "key", metric = "requests", window = "day", limit = 1000000000000 }},
]
"""


class KeywardPeer(Peer):
    """One Keyward with an account, a member and keys in a data folder of its own."""

    def __init__(self, program: Path, name: str, parent_folder: Path, upstream_address: str):
        super().__init__(name, free_port())
        self._program = program
        self._rows_are_missing = False
        self._folder = parent_folder / name
        (self._folder / "data").mkdir(parents=True)
        self._configuration = self._folder / "keyward.toml"
        self._configuration.write_text(
            CONFIGURATION.format(
                folder=self._folder, port=self.port, upstream_address=upstream_address, plan=PLAN, key_header=KEY_HEADER
            )
        )
        self._account = self._command("account", "create", "--name", "Bench", "--plan", PLAN)["id"]
        self._member = self._command("member", "create", "--account", self._account, "--name", "Load")["id"]

    def create_keys(self, count: int) -> list[str]:
        """Creates keys of the member, one by one, and returns their values."""
        owner = ["--account", self._account, "--member", self._member]
        return [self._command("key", "create", *owner, "--name", f"Key {number}")["value"] for number in range(count)]

    def create_many_keys(self, count: int) -> None:
        """Creates keys in bulk; nobody needs their values."""
        owner = ["--account", self._account, "--member", self._member]
        self._run("key", "create", *owner, "--name", "Bulk", "--count", str(count), "--quiet")

    def request(self, values: list[str]) -> Request:
        """What the load sends to every proxy: calls with these values in turn."""
        keys_file = self._folder / "keys.txt"
        keys_file.write_text("".join(f"{value}\n" for value in values))
        return Request(path=PATH, key_header=KEY_HEADER, keys_file=keys_file)

    def start(self, core: int) -> None:
        self.process = PinnedProcess(
            [str(self._program), "serve", "--config", str(self._configuration)], core, self._folder / "output.log"
        )
        # The gateway listens only when keys and leases are there, so the first call that comes is decided.
        self.process.wait_until(lambda: is_listening(self.port), self.name)

    def settle(self) -> None:
        """Waits until the request log has a row for each call. Once they never came, the run is void: no more waiting."""
        give_up = time.monotonic() + SETTLE_SECONDS
        while not self._rows_are_missing and self._rows() < self.calls_made:
            self._rows_are_missing = time.monotonic() > give_up
            time.sleep(0.2)

    def complaints(self) -> list[str]:
        rows = self._rows()
        if rows == self.calls_made:
            return []
        return [f"{self.name}: {rows} rows in the request log for {self.calls_made} calls"]

    def _rows(self) -> int:
        return self._command("audit")["rows"]

    def _command(self, *arguments: str) -> dict:
        return json.loads(self._run(*arguments, "--json"))

    def _run(self, *arguments: str) -> str:
        command = [str(self._program), *arguments, "--config", str(self._configuration)]
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{finished.stderr.strip()}")
        return finished.stdout
