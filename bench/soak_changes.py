"""What a soak changes while the gateway is busy: keys, their lists and limits, the member's cap, each through the REST API."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from keyward_peer import MEMBER, QUOTA
from rest_api import Refused, RestApi

CHANGES_A_SECOND = 10
# Never wide enough to let the load in: what an enforced list denies is part of the soak.
ELSEWHERE = "203.0.113.0/24"
HERE = "127.0.0.0/8"


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
        self._keys = [key["id"] for key in _all_keys(api, self._account)]

    def run(self) -> None:
        number, due = 0, time.monotonic()
        while not self._over.is_set():
            key = self._keys[number // len(STEPS) % len(self._keys)]
            name, step = STEPS[number % len(STEPS)]
            began = time.monotonic()
            try:
                step(self, key)
                self.made[name] += 1
            except (Refused, OSError) as refused:
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

    def _put_lists(self, key: str, address: str, mode: str) -> None:
        path = f"/keys/{key}/allowlists"
        lists = self._send("GET", path)
        # What an answer has and a request does not.
        lists = {name: one for name, one in lists.items() if isinstance(one, dict) and "entries" in one}
        lists["addresses"] = {"mode": mode, "entries": [{"value": address}]}
        self._send("PUT", path, lists)

    def _make_and_revoke(self, _: str) -> None:
        made = self._send("POST", "/keys", {"name": "Passing", "environment": "Test", "sharing": "own"})
        self._send("DELETE", f"/keys/{made['key']['id']}")

    def _cap(self, _: str) -> None:
        cap = {"metric": "requests", "period": "day", "limit": QUOTA + self.made.total()}
        self._send("PATCH", f"/members/{self._member}", {"cap": cap})

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
    ("list that lets in", lambda changes, key: changes._put_lists(key, HERE, "enforce")),
    ("limits", Changes._limit),
    ("list that keeps out", lambda changes, key: changes._put_lists(key, ELSEWHERE, "enforce")),
    ("cap of the member", Changes._cap),
    ("lists off", lambda changes, key: changes._put_lists(key, ELSEWHERE, "off")),
    ("no limits", Changes._unlimit),
    ("disable", lambda changes, key: changes._send("POST", f"/keys/{key}/disable")),
    ("make and revoke a key", Changes._make_and_revoke),
    ("enable", lambda changes, key: changes._send("POST", f"/keys/{key}/enable")),
]


def _all_keys(api: RestApi, account: str) -> list[dict]:
    keys, path = [], f"{account}/keys"
    while path:
        page = api.send("GET", path)
        keys += page["keys"]
        path = f"{account}/keys?after={page['next']}" if page.get("next") else ""
    return keys
