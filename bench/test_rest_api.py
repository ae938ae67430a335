"""The client of the REST API keeps its cookie, says where it comes from, and tells what was refused."""

import http.server
import json
import threading
import unittest

from rest_api import Refused, RestApi


class Control(http.server.BaseHTTPRequestHandler):
    """Signs in with a cookie, refuses what is named `refused`, and remembers what it was sent."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, self.headers["cookie"], self.headers["origin"], body))
        self.send_response(409 if self.path.endswith("refused") else 200)
        self.send_header("set-cookie", "session=abc; HttpOnly; Path=/")
        self.send_header("content-length", "11")
        self.end_headers()
        self.wfile.write(b'{"done": 1}')

    def log_message(self, *_):
        pass


class Client(unittest.TestCase):
    def setUp(self):
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Control)
        self.server.seen = []
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.api = RestApi(self.server.server_port)

    def test_the_cookie_of_the_link_goes_with_what_follows(self):
        self.api.sign_in_by("http://127.0.0.1/reset#token", "a password")
        self.assertEqual(self.api.send("POST", "/keys", {"name": "One"}), {"done": 1})
        origin = f"http://127.0.0.1:{self.server.server_port}"
        self.assertEqual(
            self.server.seen,
            [
                ("/api/v1/resets/confirm", None, origin, {"token": "token", "password": "a password"}),
                ("/api/v1/keys", "session=abc", origin, {"name": "One"}),
            ],
        )

    def test_a_refusal_is_told_with_its_words(self):
        with self.assertRaisesRegex(Refused, r"POST /refused: 409 .*done"):
            self.api.send("POST", "/refused", {})


if __name__ == "__main__":
    unittest.main()
