"""nginx, bare: one worker that forwards and does nothing else. The yardstick, and as its own twin the control."""

from __future__ import annotations

import os
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
events {{ worker_connections 4096; }}
http {{
    access_log off;
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
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://api;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


class NginxPeer(Peer):
    """One nginx in a folder of its own."""

    def __init__(self, name: str, parent_folder: Path, upstream_address: str):
        super().__init__(name, free_port())
        self._folder = parent_folder / name
        self._folder.mkdir()
        # As root the worker would otherwise become a person without rights to the folder above.
        worker_owner = "user root;" if os.geteuid() == 0 else ""
        self._configuration = self._folder / "nginx.conf"
        self._configuration.write_text(
            CONFIGURATION.format(
                folder=self._folder, port=self.port, upstream_address=upstream_address, worker_owner=worker_owner
            )
        )

    def start(self, core: int) -> None:
        command = ["nginx", "-p", str(self._folder), "-e", "error.log", "-c", str(self._configuration)]
        self.process = PinnedProcess(command, core, self._folder / "output.log")
        self.process.wait_until(lambda: is_listening(self.port), self.name)
