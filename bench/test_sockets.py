"""Silent WebSockets: a few of them straight at the upstream, and how the figures are told."""

import tempfile
import unittest
from pathlib import Path

import held
import report
import sockets
from idle import Figure
from verdict import YARDSTICK


class Upstream(unittest.TestCase):
    def test_it_takes_handshakes_and_stays_silent(self):
        with tempfile.TemporaryDirectory() as folder, sockets.upstream(Path(folder), 0) as address:
            connections = held.Held(int(address.split(":")[1]), sockets.request("/"), held.is_upgraded)
            self.addCleanup(connections.close)
            connections.grow_to(20)
            self.assertEqual(connections.still_open(), 20)
        self.assertEqual(connections.still_open(), 0)


class Table(unittest.TestCase):
    def test_the_goal_is_beside_the_figure(self):
        figures = [
            Figure(YARDSTICK, "WebSocket pair", 10_000, 9_000.0),
            Figure("keyward", "WebSocket pair", 10_000, 20_000.0),
        ]
        row = report.sockets_table(figures, sockets.GOAL_BYTES)[-1]
        self.assertEqual(row, "| WebSocket pair | 10,000 | 9,000 | 20,000 | 2.22 | 0.50 |")


if __name__ == "__main__":
    unittest.main()
