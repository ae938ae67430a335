"""Held connections: they are answered, kept, and an end from the other side is noticed."""

import contextlib
import resource
import socket
import threading
import unittest
from unittest import mock

import held

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@contextlib.contextmanager
def server(answer, close_after=None, answers=1):
    """Answers the first requests of each connection, one or more, and keeps it, or closes the first few."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def answer_all(connection):
        with contextlib.suppress(OSError):
            for _ in range(answers):
                if not connection.recv(1000):
                    return
                connection.sendall(answer)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                answering = threading.Thread(target=answer_all, args=[connection], daemon=True)
                answering.start()
                if close_after is not None and len(kept) < close_after:
                    answering.join()
                    connection.close()
                kept.append(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        for connection in kept:
            connection.close()


class HeldConnections(unittest.TestCase):
    def hold(self, port, is_whole):
        connections = held.Held(port, b"GET / HTTP/1.1\r\n\r\n", is_whole)
        self.addCleanup(connections.close)
        return connections

    def test_they_grow_and_stay(self):
        with server(ANSWER) as port:
            connections = self.hold(port, held.ends_with_body(b"hi"))
            connections.grow_to(3)
            connections.grow_to(7)
            self.assertEqual(connections.still_open(), 7)

    def test_those_that_there_are_are_asked_again(self):
        with server(ANSWER, answers=4) as port:
            connections = self.hold(port, held.ends_with_body(b"hi"))
            connections.grow_to(3)
            connections.ask_again(7)
            self.assertEqual(connections.still_open(), 3)
            # The first of them has had its four answers.
            with self.assertRaises(OSError):
                connections._sockets[0].settimeout(0.2)
                connections.ask_again(1)

    def test_those_that_were_closed_are_not_counted(self):
        with server(ANSWER, close_after=2) as port:
            connections = self.hold(port, held.ends_with_body(b"hi"))
            connections.grow_to(5)
            for one in connections._sockets[:2]:
                one.recv(1)
            self.assertEqual(connections.still_open(), 3)

    def test_another_answer_is_an_error(self):
        for answer, is_whole in [
            (ANSWER.replace(b"200", b"401"), held.ends_with_body(b"hi")),
            (ANSWER, held.is_upgraded),
        ]:
            with self.subTest(answer=answer), server(answer) as port:
                with self.assertRaises(RuntimeError):
                    self.hold(port, is_whole).grow_to(1)


class OpenFiles(unittest.TestCase):
    def allow(self, count, limits, refuses=False):
        refusal = ValueError("not allowed to raise maximum limit") if refuses else None
        with (
            mock.patch.object(resource, "getrlimit", return_value=limits),
            mock.patch.object(resource, "setrlimit", side_effect=refusal) as changed,
        ):
            return held.allow_open_files(count), [call.args[1] for call in changed.call_args_list]

    def test_the_limit_is_raised_only_as_far_as_needed(self):
        spare = held.SPARE_FILES
        for count, limits, changed in [
            (100, (spare + 100, spare + 100), []),
            (100, (1024, 20_000), [(spare + 100, 20_000)]),
            (50_000, (1024, 20_000), [(spare + 50_000, spare + 50_000)]),
            (50_000, (resource.RLIM_INFINITY, resource.RLIM_INFINITY), []),
        ]:
            with self.subTest(limits=limits, count=count):
                self.assertEqual(self.allow(count, limits), (None, changed))

    def test_what_is_allowed_is_granted(self):
        with mock.patch.object(resource, "getrlimit", return_value=(1024, 20_000)):
            most = held.most_open_files()
        self.assertEqual(most, 20_000 - held.SPARE_FILES)
        self.assertEqual(self.allow(most, (1024, 20_000)), (None, [(20_000, 20_000)]))

    def test_what_is_not_allowed_is_told(self):
        told, _ = self.allow(50_000, (1024, 20_000), refuses=True)
        self.assertIn("20,000 allowed", told)


if __name__ == "__main__":
    unittest.main()
