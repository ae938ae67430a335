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
ACCOUNT = "Bench"
MEMBER = "Load"
QUOTA = 1_000_000_000_000
NEW_KEY = [ACCOUNT, "--holder", MEMBER, "--environment", "Production"]
# Rows reach the store in batches about a second after their calls.
SETTLE_SECONDS = 60

# One gateway thread, one REST API, and the three daily quotas that each call is charged to: of the account, the member
# and the key. All far above what a run can spend.
CONFIGURATION = """\
data = "data"

[gateway]
listen = "127.0.0.1:{port}"
threads = 1

[control]
listen = "127.0.0.1:0"

[api.bench]
protocol = "rest"
upstream = "http://{upstream_address}"
key_in = ["header:{key_header}"]
default_plan = "{plan}"

[plan.{plan}]
quota = {{ requests = {quota}, per = "day" }}
max_keys = 1_000_000
"""


class KeywardPeer(Peer):
    """One Keyward with an account, a member and keys in a data folder of its own."""

    serving_threads = "gateway-"

    def __init__(self, program: Path, name: str, parent_folder: Path, upstream_address: str):
        super().__init__(name, free_port())
        self._program = program
        self._rows_are_missing = False
        self._folder = parent_folder / name
        self._folder.mkdir(parents=True)
        self._configuration = self._folder / "keyward.toml"
        self._configuration.write_text(
            CONFIGURATION.format(
                port=self.port, upstream_address=upstream_address, plan=PLAN, key_header=KEY_HEADER, quota=QUOTA
            )
        )
        self._run("account", "create", ACCOUNT, "--owner-name", "Owner", "--owner-email", "owner@example.com")
        self._run("member", "create", ACCOUNT, "--name", MEMBER, "--email", "load@example.com", "--active")
        self._run("member", "limit", MEMBER, "--requests", str(QUOTA), "--per", "day")

    def create_keys(self, count: int) -> list[str]:
        """Creates keys of the member, each with a daily quota of its own, and returns their values."""
        made = [self._command("key", "create", *NEW_KEY, "--name", f"Key {number}") for number in range(count)]
        for key in made:
            self._run("key", "limit", key["id"], "--requests", str(QUOTA), "--per", "day")
        return [key["value"] for key in made]

    def create_many_keys(self, count: int) -> None:
        """Creates keys in bulk; nobody needs their values."""
        self._run("key", "create", *NEW_KEY, "--name", "Bulk", "--count", str(count), "--quiet")

    def request(self, values: list[str]) -> Request:
        """What the load sends to every proxy: calls with these values in turn."""
        keys_file = self._folder / "keys.txt"
        keys_file.write_text("".join(f"{value}\n" for value in values))
        return Request(path=PATH, key_header=KEY_HEADER, keys_file=keys_file)

    def start(self, core: int) -> None:
        self.process = PinnedProcess(
            [str(self._program), "serve", "--config", str(self._configuration)], core, self._folder / "output.log"
        )
        # The gateway listens only when the keys are there, so the first call that comes is decided.
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
        return self._command("log", "--totals")["calls"]

    def _command(self, *arguments: str) -> dict:
        return json.loads(self._run(*arguments, "--json"))

    def _run(self, *arguments: str) -> str:
        command = [str(self._program), *arguments, "--config", str(self._configuration)]
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{finished.stderr.strip()}")
        return finished.stdout
