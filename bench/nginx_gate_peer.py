"""nginx as a gateway: `map` of the keys, `limit_req` for each key, an access log that is written in blocks of 64 KB."""

from __future__ import annotations

from pathlib import Path

import nginx_peer
from gate_peer import RATE_PER_SECOND, GatePeer

HTTP = """\
map_hash_bucket_size 128;
    map_hash_max_size 65536;
    map $http_x_api_key $is_known {{
        default 0;
        include {folder}/keys.map;
    }}
    limit_req_zone $http_x_api_key zone=each_key:10m rate={rate}r/s;"""
LOCATION = """\
if ($is_known = 0) { return 401; }
            limit_req zone=each_key burst=10000 nodelay;"""


class NginxGatePeer(GatePeer):
    """One nginx that knows the keys."""

    def __init__(self, name: str, parent_folder: Path, upstream_address: str, keys: list[str]):
        super().__init__(name, parent_folder)
        (self.folder / "keys.map").write_text("".join(f'"{key}" 1;\n' for key in keys))
        additions = nginx_peer.Additions(
            access_log=f"{self.log} combined buffer=64k",
            http=HTTP.format(folder=self.folder, rate=RATE_PER_SECOND),
            location=LOCATION,
        )
        nginx_peer.write_configuration(self.folder, self.port, upstream_address, additions)

    def command(self) -> list[str]:
        return nginx_peer.command(self.folder)
