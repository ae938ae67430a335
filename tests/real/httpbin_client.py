"""requests, unmodified, and raw sockets against httpbin through the gateway: what REST traffic must survive.

`httpbin_client.py BASE` checks httpbin itself; with `--key VALUE` (and `--key-header NAME`) BASE is a gateway in front
of it, and what a gateway must remove is checked too. `--upstream ORIGIN` is the origin that no Location may reveal.
`--streams N` sends 10 MB up and down N times and nothing else.
Prints one line of JSON; exits with 0 only if every check held.
"""

import argparse
import base64
import gzip
import hashlib
import json
import random
import socket
import sys
import time
import traceback
import zlib
from urllib.parse import urlsplit

import brotlicffi
import requests

TEN_MEGABYTES = 10 * 1024 * 1024
CHUNK = 64 * 1024
TIMEOUT_SECONDS = 30


class Gateway:
    """Where the checks go: the base URL, and the value that the gateway knows us by."""

    def __init__(self, arguments):
        self.base = arguments.base.rstrip("/")
        self.key = arguments.key
        self.upstream = arguments.upstream
        self.session = requests.Session()
        self.credential = {arguments.key_header: arguments.key} if arguments.key else {}
        self.session.headers.update(self.credential)

    def call(self, method, path, **options):
        options = {"allow_redirects": False, "timeout": TIMEOUT_SECONDS, **options}
        return self.session.request(method, self.base + path, **options)

    def raw(self, path):
        """The body as it came over the wire, still compressed."""
        answer = self.call("GET", path, stream=True)
        assert answer.status_code == 200, answer.status_code
        body = answer.raw.read(decode_content=False)
        assert int(answer.headers["content-length"]) == len(body)
        return answer.headers["content-encoding"], body


def methods(gateway):
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"]:
        body = None if method == "GET" else f"body of {method}"
        answer = gateway.call(method, "/anything/deep/path", data=body)
        assert answer.status_code == 200, (method, answer.status_code)
        assert answer.json()["method"] == method
        assert answer.json()["data"] == (body or "")
        assert urlsplit(answer.json()["url"]).path == "/anything/deep/path"
    head = gateway.call("HEAD", "/bytes/5000")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "5000", b"")
    options = gateway.call("OPTIONS", "/get")
    assert options.status_code == 200 and "GET" in options.headers["allow"]


def query(gateway):
    answer = gateway.call("GET", "/get?a=1&a=2&b=%20%2B&c=%C3%A4&empty=&d=x%26y%3Dz")
    assert answer.json()["args"] == {"a": ["1", "2"], "b": " +", "c": "ä", "empty": "", "d": "x&y=z"}, answer.text


def bodies(gateway):
    form = gateway.call("POST", "/post", data={"name": "Ann", "text": "a&b=c"}).json()
    assert form["form"] == {"name": "Ann", "text": "a&b=c"}
    upload = gateway.call("POST", "/post", files={"file": ("a.txt", b"line 1\r\nline 2\r\n")}).json()
    assert upload["files"] == {"file": "line 1\r\nline 2\r\n"}
    assert gateway.call("PUT", "/put", json={"n": [1, None]}).json()["json"] == {"n": [1, None]}


def headers(gateway):
    sent = {
        "X-Kept": "yes, kept",
        "User-Agent": "a program/1.0",
        "Accept": "text/html;q=0.5",
        "Connection": "keep-alive, X-Hop",
        "X-Hop": "secret-hop",
        "Keep-Alive": "timeout=secret-hop",
        "Proxy-Connection": "secret-hop",
        "TE": "trailers, gzip;q=0.5",
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X-Original-URL": "/admin",
        "X-Rewrite-URL": "/admin",
        "X-HTTP-Method-Override": "DELETE",
    }
    answer = gateway.call("GET", "/headers?show_env=1", headers=sent)
    seen = {name.lower(): value for name, value in answer.json()["headers"].items()}
    for name in ["X-Kept", "User-Agent", "Accept"]:
        assert seen[name.lower()] == sent[name], name
    if not gateway.key:
        assert "x-hop" in seen, "the upstream shows what it sees; only a gateway removes"
        return
    for name in ["x-hop", "keep-alive", "proxy-connection", "forwarded", "x-original-url", "x-rewrite-url"]:
        assert name not in seen, f"{name} went upstream"
    # A gateway that can take trailers itself may say so on its own connection.
    assert seen.get("te") in [None, "trailers"], seen["te"]
    for text in [gateway.key, "203.0.113.9", "secret-hop", "DELETE"]:
        assert text not in answer.text, f"{text[:8]}… went upstream"


def key_is_gone_from_the_echo(gateway):
    if gateway.key:
        answer = gateway.call("POST", "/anything?a=1", json={"b": 2})
        assert gateway.key not in answer.text + str(answer.headers)


def status_codes(gateway):
    for code in [200, 201, 204, 206, 304, 400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 502, 503, 504]:
        for method in ["GET", "POST"]:
            assert gateway.call(method, f"/status/{code}").status_code == code, (method, code)


def redirects(gateway):
    for path in ["/absolute-redirect/2", "/relative-redirect/2", "/redirect/2"]:
        first = gateway.call("GET", path)
        assert first.status_code == 302, (path, first.status_code)
        if gateway.key:
            assert gateway.upstream not in first.headers["location"], "the upstream's origin is in Location"
        last = gateway.call("GET", path, allow_redirects=True)
        assert last.status_code == 200 and urlsplit(last.json()["url"]).path == "/get", (path, last.status_code)
    away = gateway.call("GET", "/redirect-to?url=https%3A%2F%2Fexample.com%2Fa&status_code=307")
    assert (away.status_code, away.headers["location"]) == (307, "https://example.com/a")


def encodings(gateway):
    unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress, "br": brotlicffi.decompress}
    for path, flag in [("/gzip", "gzipped"), ("/deflate", "deflated"), ("/brotli", "brotli")]:
        encoding, body = gateway.raw(path)
        assert json.loads(unpack[encoding](body))[flag] is True
    packed = gzip.compress(b"sent compressed, and none of the gateway's business" * 100)
    echo = gateway.call("POST", "/anything", data=packed, headers={"Content-Encoding": "gzip"}).json()
    assert echo["headers"]["Content-Encoding"] == "gzip"
    assert data_of(echo) == packed


def data_of(echo):
    """The body that httpbin says it got: text, or a data URL where it is no text."""
    prefix = "data:application/octet-stream;base64,"
    if not echo["data"].startswith(prefix):
        return echo["data"].encode()
    return base64.b64decode(echo["data"][len(prefix) :])


def validators(gateway):
    assert gateway.call("GET", "/etag/abc").headers["etag"] == "abc"
    fresh = gateway.call("GET", "/etag/abc", headers={"If-None-Match": "abc"})
    assert (fresh.status_code, fresh.content) == (304, b"")
    unchanged = gateway.call("GET", "/cache", headers={"If-Modified-Since": "Sat, 21 Nov 2026 09:00:00 GMT"})
    assert unchanged.status_code == 304
    part = gateway.call("GET", "/range/1000", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.headers["content-range"]) == (206, "bytes 10-19/1000")


def cookies(gateway):
    answer = gateway.call("GET", "/response-headers?Set-Cookie=session%3D1&X-Kept=yes")
    assert answer.headers["x-kept"] == "yes"
    assert ("set-cookie" in answer.headers) == (not gateway.key)


def chunked_down(gateway):
    lines = gateway.call("GET", "/stream/20")
    assert lines.headers["transfer-encoding"] == "chunked"
    assert [json.loads(line)["id"] for line in lines.iter_lines()] == list(range(20))
    random.seed(7)
    expected = bytes(random.randint(0, 255) for _ in range(100 * 1024))
    assert gateway.call("GET", "/stream-bytes/102400?seed=7&chunk_size=1000").content == expected
    assert gateway.call("GET", "/bytes/102400?seed=7").content == expected


def chunked_up(gateway):
    pieces = [b"piece %d;" % number for number in range(1000)]
    echo = gateway.call("POST", "/anything", data=iter(pieces)).json()
    assert echo["headers"]["Transfer-Encoding"] == "chunked"
    assert echo["data"].encode() == b"".join(pieces)


def slow_answers_arrive_as_they_come(gateway):
    start = time.monotonic()
    assert gateway.call("GET", "/delay/1").status_code == 200
    assert time.monotonic() - start >= 1
    answer = gateway.call("GET", "/drip?numbytes=4&duration=2&delay=0", stream=True)
    arrivals = [time.monotonic() for _ in range(4) if answer.raw.read(1) == b"*"]
    assert len(arrivals) == 4
    assert arrivals[3] - arrivals[0] > 1, "half a second lies between two bytes, but they came together"


def expect_continue(gateway):
    """The body is held back until the gateway asks for it, as curl does with large ones."""
    target = urlsplit(gateway.base)
    body = b"held back"
    head = [f"POST {target.path}/anything HTTP/1.1", f"Host: {target.netloc}", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in gateway.credential.items()]
    head += ["Content-Type: text/plain", "Expect: 100-continue", "Connection: close", "", ""]
    with socket.create_connection((target.hostname, target.port), TIMEOUT_SECONDS) as connection:
        connection.sendall("\r\n".join(head).encode())
        asked = connection.recv(4096)
        assert asked.startswith(b"HTTP/1.1 100 "), asked[:100]
        connection.sendall(body)
        answer = asked.split(b"\r\n\r\n", 1)[1] + b"".join(iter(lambda: connection.recv(CHUNK), b""))
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:100]
    assert b'"held back"' in answer


def ten_megabytes(gateway, chunked):
    """Up and, in httpbin's echo, down again; neither end holds more than the other has sent."""
    letters = bytes(range(ord("a"), ord("z") + 1))
    body = (letters * (TEN_MEGABYTES // len(letters) + 1))[:TEN_MEGABYTES]
    pieces = (body[at : at + CHUNK] for at in range(0, len(body), CHUNK))
    answer = gateway.call("POST", "/anything", data=pieces if chunked else body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200, answer.status_code
    echoed = answer.json()["data"].encode()
    assert hashlib.sha256(echoed).digest() == hashlib.sha256(body).digest()


def ten_megabytes_with_a_length(gateway):
    ten_megabytes(gateway, chunked=False)


def ten_megabytes_in_chunks(gateway):
    ten_megabytes(gateway, chunked=True)


CHECKS = [
    methods,
    query,
    bodies,
    headers,
    key_is_gone_from_the_echo,
    status_codes,
    redirects,
    encodings,
    validators,
    cookies,
    chunked_down,
    chunked_up,
    slow_answers_arrive_as_they_come,
    expect_continue,
    ten_megabytes_with_a_length,
    ten_megabytes_in_chunks,
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("--key")
    parser.add_argument("--key-header", default="x-api-key")
    parser.add_argument("--upstream")
    parser.add_argument("--streams", type=int)
    arguments = parser.parse_args()
    gateway = Gateway(arguments)
    if arguments.streams:
        for number in range(arguments.streams):
            ten_megabytes(gateway, chunked=number % 2 == 1)
        print(json.dumps({"streams": arguments.streams}))
        return 0
    failed = []
    for check in CHECKS:
        try:
            check(gateway)
        except Exception:
            failed.append(check.__name__)
            traceback.print_exc()
    print(json.dumps({"checks": len(CHECKS), "failed": failed}))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
