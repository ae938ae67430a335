"""nginx, bare: one worker that forwards and does nothing else. The yardstick, and as its own twin the control."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from peer import Peer
from processes import PinnedProcess, free_port, is_listening

# Keep-alive on both sides without end: else closing a connection each 1,000 requests, nginx's default, is measured too.
CONFIGURATION = """\
{worker_owner}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 32768; }}
http {{
    access_log {access_log};
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    upstream api {{
        server {upstream_address};
        keepalive 128;
        keepalive_requests 1000000000;
        keepalive_time 1h;
    }}
    {more_of_http}
    server {{
        listen 127.0.0.1:{port}{listen_options};
        {more_of_server}
        location / {{
            {more_of_location}
            proxy_pass http://api;
            proxy_http_version 1.1;
            proxy_set_header Connection "{connection}";
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Additions:
    """What an nginx does beyond forwarding, as lines of its configuration; nothing by default."""

    access_log: str = "off"
    http: str = ""
    listen_options: str = ""
    server: str = ""
    location: str = ""
    connection: str = ""
    """What the upstream is sent as `Connection`; empty keeps connections."""


class NginxPeer(Peer):
    """One nginx in a folder of its own."""

    def __init__(self, name: str, parent_folder: Path, upstream_address: str, additions: Additions = Additions()):
        super().__init__(name, free_port())
        self._folder = parent_folder / name
        self._folder.mkdir()
        write_configuration(self._folder, self.port, upstream_address, additions)

    def start(self, core: int) -> None:
        self.process = PinnedProcess(command(self._folder), core, self._folder / "output.log")
        self.process.wait_until(lambda: is_listening(self.port), self.name)


def write_configuration(folder: Path, port: int, upstream_address: str, additions: Additions) -> None:
    """Writes the folder's `nginx.conf`."""
    # As root the worker would otherwise become a person without rights to the folder above.
    worker_owner = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        CONFIGURATION.format(
            folder=folder,
            port=port,
            upstream_address=upstream_address,
            worker_owner=worker_owner,
            access_log=additions.access_log,
            more_of_http=additions.http,
            listen_options=additions.listen_options,
            more_of_server=additions.server,
            more_of_location=additions.location,
            connection=additions.connection,
        )
    )


def command(folder: Path) -> list[str]:
    """What starts nginx in the foreground with the folder's configuration."""
    return ["nginx", "-p", str(folder), "-e", "error.log", "-c", str(folder / "nginx.conf")]
