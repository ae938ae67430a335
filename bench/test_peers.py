"""What is asked of proxies: a wrong key is refused, lines are counted, and each configuration has the keys and the ports."""

import http.server
import json
import tempfile
import threading
import unittest
from pathlib import Path

import gate_peer
import nginx_peer
from envoy_peer import EnvoyPeer
from haproxy_peer import HaproxyPeer
from load import Request
from nginx_gate_peer import NginxGatePeer
from peer import WRONG_KEY, Peer

KEYS = ["kw_one", "kw_two"]
UPSTREAM = "127.0.0.1:18001"


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers with the status that its server has, and remembers the key."""

    def do_GET(self):
        self.server.seen.append(self.headers["x-api-key"])
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Checking(Peer):
    checks_keys = True


class WrongKey(unittest.TestCase):
    def try_on(self, status, peer_kind):
        server = http.server.HTTPServer(("127.0.0.1", 0), Answering)
        server.status, server.seen = status, []
        thread = threading.Thread(target=server.handle_request)
        if peer_kind.checks_keys:
            thread.start()
        peer = peer_kind("Rival", server.server_port)
        peer.try_wrong_key(Request())
        if peer_kind.checks_keys:
            thread.join()
        server.server_close()
        return peer, server.seen

    def test_who_lets_it_through_is_no_comparison(self):
        for status, flawed in [(401, False), (403, False), (200, True), (502, True)]:
            with self.subTest(status=status):
                peer, seen = self.try_on(status, Checking)
                self.assertEqual(seen, [WRONG_KEY])
                self.assertEqual(bool(peer.complaints()), flawed)

    def test_who_checks_no_keys_is_not_asked(self):
        peer, seen = self.try_on(200, Peer)
        self.assertEqual((seen, peer.complaints()), ([], []))


class Configurations(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_the_bare_nginx_has_nothing_of_the_gateway(self):
        nginx_peer.NginxPeer("nginx", self.folder, UPSTREAM)
        text = (self.folder / "nginx" / "nginx.conf").read_text()
        self.assertIn("access_log off;", text)
        for word in ("map ", "limit_req", "ssl"):
            self.assertNotIn(word, text)

    def test_nginx_as_a_gateway_has_all_three(self):
        peer = NginxGatePeer("nginx: all", self.folder, UPSTREAM, KEYS)
        text = (peer.folder / "nginx.conf").read_text()
        for words in ("return 401", "limit_req zone=each_key", f"access_log {peer.log} combined buffer=64k", UPSTREAM):
            self.assertIn(words, text)
        self.assertEqual((peer.folder / "keys.map").read_text(), '"kw_one" 1;\n"kw_two" 1;\n')

    def test_haproxy_has_all_three(self):
        peer = HaproxyPeer("HAProxy: all", self.folder, UPSTREAM, KEYS)
        text = (peer.folder / "haproxy.cfg").read_text()
        for words in ("deny_status 401", "stick-table type string", "log stdout", f"127.0.0.1:{peer.port}", UPSTREAM):
            self.assertIn(words, text)
        self.assertEqual((peer.folder / "keys.map").read_text(), "kw_one known\nkw_two known\n")

    def test_envoy_has_all_three(self):
        peer = EnvoyPeer("Envoy: all", self.folder, UPSTREAM, KEYS, Path("envoy"))
        bootstrap = json.loads((peer.folder / "envoy.json").read_text())
        (listener,) = bootstrap["static_resources"]["listeners"]
        manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
        names = [one["name"].rsplit(".", 1)[1] for one in manager["http_filters"]]
        self.assertEqual(names, ["api_key_auth", "local_ratelimit", "router"])
        credentials = manager["http_filters"][0]["typed_config"]["credentials"]
        self.assertEqual([one["key"] for one in credentials], KEYS)
        self.assertEqual(manager["access_log"][0]["typed_config"]["path"], str(peer.log))
        self.assertEqual(listener["address"]["socket_address"]["port_value"], peer.port)

    def test_a_line_too_few_is_a_complaint(self):
        peer = HaproxyPeer("HAProxy: all", self.folder, UPSTREAM, KEYS)
        peer.calls_made, peer.calls_refused = 2, 1
        for lines, complains in [(3, False), (2, True), (4, True)]:
            with self.subTest(lines=lines):
                peer.log.write_text("GET /\n" * lines)
                self.assertEqual(bool(peer.complaints()), complains)
        self.assertEqual(gate_peer.lines_in(self.folder / "none"), 0)


if __name__ == "__main__":
    unittest.main()
