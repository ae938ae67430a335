"""What a soak changes while the gateway is busy: keys, their lists and limits, the member's cap, each through the REST API."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from keyward_peer import MEMBER, QUOTA
from rest_api import Refused, RestApi

CHANGES_A_SECOND = 10
# What an enforced list denies is part of the soak: callers come from the second, never from the first.
ELSEWHERE = "203.0.113.0/24"
HERE = "127.0.0.0/8"
EVERY_GET = "GET /**"


class Changes(threading.Thread):
    """Goes through the steps in turn, ten a second, until told to stop."""

    def __init__(self, api: RestApi):
        super().__init__(name="changes")
        self._api = api
        self._over = threading.Event()
        self.made: Counter[str] = Counter()
        self.refused: list[str] = []
        self.seconds = 0.0
        """How long all answers together took: each comes when the change holds at the gateway."""
        seats = api.send("GET", "/me")["seats"]
        self._account = f"/accounts/{seats[0]['account']['id']}"
        members = api.send("GET", f"{self._account}/members")["members"]
        self._member = next(member["id"] for member in members if member["name"] == MEMBER)
        self._keys = [key["id"] for key in api.send("GET", f"{self._account}/keys")["keys"]]

    def run(self) -> None:
        number, due = 0, time.monotonic()
        while not self._over.is_set():
            key = self._keys[number // len(STEPS) % len(self._keys)]
            name, step = STEPS[number % len(STEPS)]
            began = time.monotonic()
            try:
                step(self, key)
                self.made[name] += 1
            except (Refused, OSError, http.client.HTTPException) as refused:
                self.refused.append(f"{name}: {refused}")
            self.seconds += time.monotonic() - began
            number += 1
            # Changes that take long are not caught up with: ten a second is the most.
            due = max(due + 1 / CHANGES_A_SECOND, time.monotonic())
            self._over.wait(due - time.monotonic())

    def stop(self) -> None:
        """Ends after the step under way."""
        self._over.set()
        self.join()

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        return self._api.send(method, f"{self._account}{path}", body)

    def _let_in(self, key: str) -> None:
        lists = {"addresses": _list("enforce", HERE), "methods": _list("enforce", EVERY_GET)}
        self._send("PUT", f"/keys/{key}/allowlists", lists)

    def _keep_out(self, key: str) -> None:
        self._send("PUT", f"/keys/{key}/allowlists", {"addresses": _list("enforce", ELSEWHERE)})

    def _lists_off(self, key: str) -> None:
        self._send("PUT", f"/keys/{key}/allowlists", {"addresses": _list("off"), "methods": _list("off")})

    def _observe(self, _: str) -> None:
        # Of the account: it is there for every other key in turn, and denies nobody.
        mode = "observe" if self.made["account's list"] % 2 == 0 else "off"
        self._send("PUT", "/allowlists", {"addresses": _list(mode, ELSEWHERE)})

    def _make_and_revoke(self, _: str) -> None:
        made = self._send("POST", "/keys", {"name": "Passing", "environment": "Test", "sharing": "own"})
        self._send("DELETE", f"/keys/{made['key']['id']}")

    def _cap(self, _: str) -> None:
        cap = {"metric": "requests", "period": "day", "limit": QUOTA + self.made.total()}
        self._send("PATCH", f"/members/{self._member}", {"caps": [cap]})

    def _limit(self, key: str) -> None:
        quota = {"metric": "requests", "period": "day", "limit": QUOTA + self.made.total()}
        rate = {"metric": "requests", "per": "second", "limit": 100 + self.made.total() % 100}
        self._send("PUT", f"/keys/{key}/limits", {"quotas": [quota], "rates": [rate]})

    def _unlimit(self, key: str) -> None:
        quota = {"metric": "requests", "period": "day", "limit": QUOTA}
        self._send("PUT", f"/keys/{key}/limits", {"quotas": [quota], "rates": []})

    def _rename(self, key: str) -> None:
        self._send("PATCH", f"/keys/{key}", {"name": f"Key {self.made.total()}"})


# In this order on one key, which the last of them leaves as it was; then on the next.
STEPS: list[tuple[str, Callable[[Changes, str], None]]] = [
    ("rename", Changes._rename),
    ("account's list", Changes._observe),
    ("lists that let in", Changes._let_in),
    ("limits", Changes._limit),
    ("list that keeps out", Changes._keep_out),
    ("cap of the member", Changes._cap),
    ("lists off", Changes._lists_off),
    ("no limits", Changes._unlimit),
    ("disable", lambda changes, key: changes._send("POST", f"/keys/{key}/disable")),
    ("make and revoke a key", Changes._make_and_revoke),
    ("enable", lambda changes, key: changes._send("POST", f"/keys/{key}/enable")),
]


def _list(mode: str, *entries: str) -> dict:
    return {"mode": mode, "entries": [{"value": entry} for entry in entries]}
