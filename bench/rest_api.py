"""A client of Keyward's REST API, signed in as the account's owner: how a soak changes keys while they are called."""

from __future__ import annotations

import http.client
import json
from typing import Any

PREFIX = "/api/v1"
SECONDS = 30


class Refused(Exception):
    """The API answered with something else than success."""


class RestApi:
    """The session's cookie, and a connection for each request: ten a second are no load."""

    def __init__(self, port: int):
        self._address = f"127.0.0.1:{port}"
        self._cookie = ""

    def sign_in_by(self, link: str, password: str) -> None:
        """Chooses a password with a link of `keyward person reset`, which also signs in."""
        self.send("POST", "/resets/confirm", {"token": link.split("#", 1)[1], "password": password})

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """One request; the answer's JSON."""
        # A request with a session's cookie that changes something must come from the dashboard's own origin.
        headers = {"origin": f"http://{self._address}", "content-type": "application/json"}
        if self._cookie:
            headers["cookie"] = self._cookie
        text = None if body is None else json.dumps(body)
        connection = http.client.HTTPConnection(self._address, timeout=SECONDS)
        try:
            connection.request(method, PREFIX + path, text, headers)
            answer = connection.getresponse()
            received = answer.read()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise Refused(f"{method} {path}: {answer.status} {received.decode(errors='replace')}")
        cookie = answer.getheader("set-cookie")
        if cookie:
            self._cookie = cookie.split(";", 1)[0]
        return json.loads(received) if received else None
