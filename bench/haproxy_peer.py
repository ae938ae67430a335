"""HAProxy as a gateway: a map file of the keys, a stick table with a rate for each key, a line on its output per call."""

from __future__ import annotations

from pathlib import Path

from gate_peer import RATE_PER_SECOND, GatePeer

# Its output is the log: HAProxy writes to a syslog or to what it was started with, never to a file that it opens itself.
CONFIGURATION = """\
global
    nbthread 1
    maxconn 4096
    log stdout format raw local0

defaults
    mode http
    log global
    option httplog
    option dontlognull
    option http-keep-alive
    http-reuse always
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout http-keep-alive 1h

frontend gate
    bind 127.0.0.1:{port}
    http-request deny deny_status 401 unless {{ req.hdr(x-api-key),map_str({folder}/keys.map) -m found }}
    http-request track-sc0 req.hdr(x-api-key) table each_key
    http-request deny deny_status 429 if {{ sc_http_req_rate(0,each_key) gt {rate} }}
    default_backend api

backend each_key
    stick-table type string len 64 size 100k expire 10m store http_req_rate(1s)

backend api
    server upstream {upstream_address} pool-purge-delay 1h
"""


class HaproxyPeer(GatePeer):
    """One HAProxy that knows the keys."""

    def __init__(self, name: str, parent_folder: Path, upstream_address: str, keys: list[str]):
        super().__init__(name, parent_folder)
        # Nothing but calls must stand there: lines are counted.
        self.log = self.folder / "output.log"
        (self.folder / "keys.map").write_text("".join(f"{key} known\n" for key in keys))
        self._configuration = self.folder / "haproxy.cfg"
        self._configuration.write_text(
            CONFIGURATION.format(
                folder=self.folder, port=self.port, upstream_address=upstream_address, rate=RATE_PER_SECOND
            )
        )

    def command(self) -> list[str]:
        # What else it has to say must not stand among the lines of calls.
        return ["sh", "-c", 'exec haproxy -db -f "$0" 2>"$1"', str(self._configuration), str(self.folder / "errors.log")]
