"""Keyward as a proxy under measurement: the only file here that knows its configuration and its commands."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from certificate import Certificate
from load import Request
from peer import Peer
from processes import PinnedProcess, free_port, is_listening

KEY_HEADER = "x-api-key"
PLAN = "roomy"
ACCOUNT = "Bench"
OWNER_ADDRESS = "owner@example.com"
MEMBER = "Load"
QUOTA = 1_000_000_000_000
NEW_KEY = [ACCOUNT, "--holder", MEMBER, "--environment", "Production"]
# Rows reach the store in batches about a second after their calls.
SETTLE_SECONDS = 60

# One gateway thread, one API, and the three daily quotas that each call is charged to: of the account, the member and the
# key. All far above what a run can spend.
CONFIGURATION = """\
data = "data"

[gateway]
listen = {listen}
threads = 1

{more_of_gateway}
[control]
listen = "127.0.0.1:{control_port}"

[api.bench]
protocol = "{protocol}"
upstream = "http://{upstream_address}"
key_in = ["header:{key_header}"]
default_plan = "{plan}"
{more_of_api}
[plan.{plan}]
quota = {{ requests = {quota}, per = "day" }}
max_keys = 10_000_000
"""


@dataclass(frozen=True)
class Gateway:
    """What differs between the measurements."""

    protocol: str = "rest"
    path: str = "/bench/items"
    certificate: Certificate | None = None
    """TLS on the listener."""
    more_of_api: str = ""
    more_of_gateway: str = ""
    """More of `[gateway]`: settings, then tables."""


REST = Gateway()
# All requests are read by the HTTP library: what plain ones cost over HTTP/2 or with a streamed body, and without the fast path.
BY_LIBRARY = Gateway(more_of_gateway="fast_path = false\n")
# Methods are priced as an operator of a node would have them.
JSON_RPC = Gateway("json-rpc", "/bench/v1", more_of_api='price = { list = "evm-2023" }\n')


def websocket(upstream_address: str) -> Gateway:
    """A JSON-RPC API with a WebSocket in front of this upstream."""
    path = "/bench/ws/v1"
    # The upstream says nothing at all: it would be left while the others are still being opened.
    unasked = '[gateway.time_outs]\nping = "1h"\n'
    ways = f'ws_paths = "{path}"\nws_upstream = "ws://{upstream_address}"\n'
    return Gateway("json-rpc", path, more_of_api=ways, more_of_gateway=unasked)


class NotAvailable(Exception):
    """This build of Keyward does not take the configuration; the message says why."""


class KeywardPeer(Peer):
    """One Keyward with an account, a member and keys in a data folder of its own; those of its twin, if it has one."""

    serving_threads = "gateway-"
    checks_keys = True

    def __init__(
        self,
        program: Path,
        name: str,
        parent_folder: Path,
        upstream_address: str,
        gateway: Gateway = REST,
        twin: KeywardPeer | None = None,
    ):
        super().__init__(name, free_port())
        self.control_port = free_port()
        self._program = program
        self._gateway = gateway
        self._rows_are_missing = False
        self._folder = parent_folder / name
        self._folder.mkdir(parents=True)
        self._configuration = self._folder / "keyward.toml"
        self._configuration.write_text(
            CONFIGURATION.format(
                listen=_listen(self.port, gateway.certificate),
                control_port=self.control_port,
                protocol=gateway.protocol,
                upstream_address=upstream_address,
                plan=PLAN,
                key_header=KEY_HEADER,
                quota=QUOTA,
                more_of_api=gateway.more_of_api,
                more_of_gateway=gateway.more_of_gateway,
            )
        )
        self._check()
        if twin:
            # The same keys, as long as neither runs.
            shutil.copytree(twin._folder / "data", self._folder / "data")
            return
        self._run("account", "create", ACCOUNT, "--owner-name", "Owner", "--owner-email", OWNER_ADDRESS)
        self._run("member", "create", ACCOUNT, "--name", MEMBER, "--email", "load@example.com", "--active")
        self._run("member", "limit", MEMBER, "--requests", str(QUOTA), "--per", "day")

    def create_keys(self, count: int) -> list[str]:
        """Creates keys of the member, each with a daily quota of its own, and returns their values."""
        made = [self._command("key", "create", *NEW_KEY, "--name", f"Key {number}") for number in range(count)]
        for key in made:
            self._run("key", "limit", key["id"], "--requests", str(QUOTA), "--per", "day")
        return [key["value"] for key in made]

    def create_many_keys(self, count: int) -> list[str]:
        """Creates keys in bulk, without quotas of their own, and returns their values."""
        return self._run("key", "create", *NEW_KEY, "--name", "Bulk", "--count", str(count), "--quiet").split()

    def request(self, values: list[str]) -> Request:
        """What the load sends to every proxy: calls with these values in turn."""
        keys_file = self._folder / "keys.txt"
        keys_file.write_text("".join(f"{value}\n" for value in values))
        return Request(path=self._gateway.path, key_header=KEY_HEADER, keys_file=keys_file)

    def start(self, core: int) -> None:
        self.process = PinnedProcess(
            [str(self._program), "serve", "--config", str(self._configuration)], core, self._folder / "output.log"
        )
        # The gateway listens only when the keys are there, so the first call that comes is decided.
        self.process.wait_until(lambda: is_listening(self.port), self.name)

    def settle(self) -> None:
        """Waits until the request log has a row for each call. Once they never came, the run is void: no more waiting."""
        give_up = time.monotonic() + SETTLE_SECONDS
        while not self._rows_are_missing and self.rows() < self.calls_made:
            self._rows_are_missing = time.monotonic() > give_up
            time.sleep(0.2)

    def complaints(self) -> list[str]:
        # A call with nobody's key is counted, and has no row.
        rows = self.rows()
        if rows == self.calls_made:
            return self.flaws
        return [*self.flaws, f"{self.name}: {rows} rows in the request log for {self.calls_made} calls"]

    def rows(self, *narrowed_by: str) -> int:
        """How many calls the request log has; options of `keyward log` narrow it."""
        return self._command("log", "--totals", *narrowed_by)["calls"]

    def owners_link(self) -> str:
        """A link, good once, with which the owner chooses a password and is signed in."""
        return self._command("person", "reset", OWNER_ADDRESS)["link"]

    def _check(self) -> None:
        """Raises `NotAvailable` when the configuration has what this build does not know."""
        command = [str(self._program), "check", "--config", str(self._configuration)]
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode != 0:
            raise NotAvailable(finished.stderr.strip().replace(f"{self._folder}/", ""))

    def _command(self, *arguments: str) -> dict:
        return json.loads(self._run(*arguments, "--json"))

    def _run(self, *arguments: str) -> str:
        command = [str(self._program), *arguments, "--config", str(self._configuration)]
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{finished.stderr.strip()}")
        return finished.stdout


def _listen(port: int, certificate: Certificate | None) -> str:
    address = f'"127.0.0.1:{port}"'
    if not certificate:
        return address
    files = f'certificate = "{certificate.chain}", key = "{certificate.key}"'
    return f"{{ address = {address}, tls = {{ {files} }} }}"
