"""Envoy as a gateway: api_key_auth with the keys, local_ratelimit (one bucket for all), an access log in a file."""

from __future__ import annotations

import json
from pathlib import Path

from gate_peer import RATE_PER_SECOND, GatePeer

TYPE = "type.googleapis.com/envoy.extensions"
HTTP_FILTERS = f"{TYPE}.filters.http"
ALWAYS = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
ENDLESS = "0s"


class EnvoyPeer(GatePeer):
    """One Envoy with one worker thread."""

    # "wrk:worker_0"; the main thread only writes figures and flushes the log.
    serving_threads = "wrk:"

    def __init__(self, name: str, parent_folder: Path, upstream_address: str, keys: list[str], program: Path):
        super().__init__(name, parent_folder)
        self._program = program
        self._configuration = self.folder / "envoy.json"
        resources = {"listeners": [self._listener(keys)], "clusters": [_cluster(upstream_address)]}
        self._configuration.write_text(json.dumps({"static_resources": resources}))

    def command(self) -> list[str]:
        options = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "warn"]
        return [str(self._program), "-c", str(self._configuration), *options]

    def _listener(self, keys: list[str]) -> dict:
        routes = [{"match": {"prefix": "/"}, "route": {"cluster": "api", "timeout": ENDLESS}}]
        connections = {
            "@type": f"{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "gate",
            "codec_type": "HTTP1",
            "common_http_protocol_options": {"idle_timeout": ENDLESS},
            "access_log": [_extension("envoy.access_loggers.file", _log(self.log))],
            "http_filters": [
                _extension("envoy.filters.http.api_key_auth", _api_key_auth(keys)),
                _extension("envoy.filters.http.local_ratelimit", LOCAL_RATE_LIMIT),
                _extension("envoy.filters.http.router", {"@type": f"{HTTP_FILTERS}.router.v3.Router"}),
            ],
            "route_config": {"virtual_hosts": [{"name": "api", "domains": ["*"], "routes": routes}]},
        }
        manager = _extension("envoy.filters.network.http_connection_manager", connections)
        return {"name": "gate", "address": _address("127.0.0.1", self.port), "filter_chains": [{"filters": [manager]}]}


LOCAL_RATE_LIMIT = {
    "@type": f"{HTTP_FILTERS}.local_ratelimit.v3.LocalRateLimit",
    "stat_prefix": "all_keys",
    "token_bucket": {"max_tokens": RATE_PER_SECOND, "tokens_per_fill": RATE_PER_SECOND, "fill_interval": "1s"},
    "filter_enabled": ALWAYS,
    "filter_enforced": ALWAYS,
}


def _api_key_auth(keys: list[str]) -> dict:
    return {
        "@type": f"{HTTP_FILTERS}.api_key_auth.v3.ApiKeyAuth",
        "credentials": [{"key": key, "client": f"client-{number}"} for number, key in enumerate(keys)],
        "key_sources": [{"header": "x-api-key"}],
    }


def _cluster(upstream_address: str) -> dict:
    host, port = upstream_address.rsplit(":", 1)
    endpoint = {"endpoint": {"address": _address(host, int(port))}}
    http = {
        "@type": f"{TYPE}.upstreams.http.v3.HttpProtocolOptions",
        "common_http_protocol_options": {"idle_timeout": ENDLESS},
        "explicit_http_config": {"http_protocol_options": {}},
    }
    return {
        "name": "api",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "api", "endpoints": [{"lb_endpoints": [endpoint]}]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http},
    }


def _log(path: Path) -> dict:
    return {"@type": f"{TYPE}.access_loggers.file.v3.FileAccessLog", "path": str(path)}


def _extension(name: str, settings: dict) -> dict:
    return {"name": name, "typed_config": settings}


def _address(host: str, port: int) -> dict:
    return {"socket_address": {"address": host, "port_value": port}}
