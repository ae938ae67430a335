"""TLS to the caller, with HTTP/1.1 and with HTTP/2: Keyward against nginx with the same certificate."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable
from pathlib import Path

import certificate
import keyward_peer
import nginx_peer
from calls import Effort, Sample, measure
from h2load import HTTP_1_OPTIONS, HTTP_2_OPTIONS, H2Load
from keyward_peer import KeywardPeer
from nginx_peer import NginxPeer
from peer import Peer, unverified_context
from setting import Setting, answer_of
from verdict import CONTROL, YARDSTICK

HTTP_1, HTTP_2 = "TLS, HTTP/1.1: 64 connections", "TLS, HTTP/2: 8 connections with 8 calls at once"
PROTOCOLS = {HTTP_1: HTTP_1_OPTIONS, HTTP_2: HTTP_2_OPTIONS}
FULL = Effort(rounds=7, seconds=1.5, warm_up_seconds=0.3)
QUICK = Effort(rounds=2, seconds=0.5, warm_up_seconds=0.2)


class Encryption:
    """Proxies that speak TLS; raises `keyward_peer.NotAvailable` where Keyward does not yet."""

    def __init__(self, setting: Setting, program: Path):
        self._setting = setting
        folder = setting.folder / "tls"
        folder.mkdir()
        files = certificate.make(folder)
        gateway = dataclasses.replace(keyward_peer.REST, certificate=files)
        self.keyward = KeywardPeer(program, "keyward", folder, setting.upstream_address, gateway)
        additions = nginx_peer.Additions(
            listen_options=" ssl http2",
            server=f"ssl_certificate {files.chain}; ssl_certificate_key {files.key};",
        )
        nginx = [NginxPeer(name, folder, setting.upstream_address, additions) for name in (YARDSTICK, CONTROL)]
        self._peers: list[Peer] = [*nginx, self.keyward]
        self._request = self.keyward.request(self.keyward.create_keys(1))
        for peer in self._peers:
            peer.is_encrypted = True

    def measure(self, options: list[str], effort: Effort, say: Callable[[str], None]) -> list[Sample]:
        """The samples of one protocol."""
        load = H2Load(self._setting, self._request, options, answer_bytes=len(answer_of(self._setting.upstream_address)))
        return measure(self._setting, self._peers, load, effort, say)

    def speaks_http_2(self) -> bool:
        """Whether Keyward offers HTTP/2 in its handshake (ALPN)."""
        context = unverified_context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.keyward.start(self._setting.proxy_core)
        try:
            with socket.create_connection(("127.0.0.1", self.keyward.port), timeout=10) as plain:
                with context.wrap_socket(plain) as encrypted:
                    return encrypted.selected_alpn_protocol() == "h2"
        finally:
            self.keyward.stop()
