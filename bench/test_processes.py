"""The readings from the kernel, against processes whose cost is known."""

import os
import sys
import tempfile
import time
import unittest
from pathlib import Path

from processes import PinnedProcess, free_port

# 0.2 s of processor time by a child, half of it in a thread that has ended since; then both wait.
BURN = """
import os, threading, time
def burn():
    end = time.thread_time() + 0.1
    while time.thread_time() < end: pass
if os.fork() == 0:
    thread = threading.Thread(target=burn); thread.start(); thread.join(); burn()
    print("done", flush=True)
time.sleep(60)
"""


class Readings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"

    def start(self, program: str) -> PinnedProcess:
        core = min(os.sched_getaffinity(0))
        process = PinnedProcess([sys.executable, "-c", program], core, self.log)
        self.addCleanup(process.stop)
        return process

    def test_processor_time_counts_children_and_threads_that_ended(self):
        process = self.start(BURN)
        process.wait_until(lambda: "done" in self.log.read_text(), "burn")
        spent = process.cpu_ns() / 1e9
        self.assertGreater(spent, 0.2)
        self.assertLess(spent, 1.0)

    def test_a_waiting_process_switches_voluntarily(self):
        process = self.start("import time\nprint('up', flush=True)\nfor _ in range(1000): time.sleep(0.001)")
        process.wait_until(lambda: "up" in self.log.read_text(), "sleeper")
        before = process.voluntary_switches()
        time.sleep(0.3)
        self.assertGreater(process.voluntary_switches() - before, 50)

    def test_what_dies_before_it_is_ready_is_told_with_its_last_words(self):
        process = self.start("raise SystemExit('no such port')")
        with self.assertRaisesRegex(RuntimeError, "no such port"):
            process.wait_until(lambda: False, "It")

    def test_stopping_ends_the_process_and_may_be_repeated(self):
        process = self.start("import time; time.sleep(60)")
        process.stop()
        process.stop()
        self.assertFalse(Path(f"/proc/{process.pid}").exists())


class Ports(unittest.TestCase):
    def test_no_port_is_given_twice(self):
        ports = [free_port() for _ in range(5)]
        self.assertEqual(len(set(ports)), 5)


if __name__ == "__main__":
    unittest.main()
