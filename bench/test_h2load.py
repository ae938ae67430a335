"""What h2load prints is read, and anything but the right number of right bytes is an error."""

import unittest

import h2load

GOOD = """\
finished in 1.25s, 8000.00 req/s, 9.35MB/s
requests: 10000 total, 10000 started, 10000 done, 10000 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 10000 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 11.69MB (12260000) total, 1.93MB (2020000) headers (space savings 0.00%), 9.76MB (10240000) data
"""


def answers(printed):
    return h2load.answers_of(h2load.read(printed), 10_000, 1024, printed)


class Reading(unittest.TestCase):
    def test_a_good_run(self):
        read = answers(GOOD)
        self.assertEqual((read.sent, read.requests, read.errors, read.bad, read.seconds), (10_000, 10_000, 0, 0, 1.25))
        self.assertEqual(read.trouble, "")

    def test_what_is_wrong_is_counted_and_shown(self):
        for change, errors, bad in [
            (("10000 2xx, 0 3xx, 0 4xx", "9990 2xx, 0 3xx, 10 4xx"), 0, 10),
            (("(10240000) data", "(10240001) data"), 0, 1),
            (("10000 done, 10000 succeeded, 0 failed, 0 errored", "9997 done, 9997 succeeded, 3 failed, 3 errored"), 3, -3),
        ]:
            with self.subTest(change=change):
                read = answers(GOOD.replace(*change))
                self.assertEqual(read.errors, errors)
                self.assertTrue(read.errors or read.bad == bad)
                self.assertIn("finished in", read.trouble)

    def test_times_have_units(self):
        for printed, seconds in [("850.5ms", 0.8505), ("2.5s", 2.5), ("1.5m", 90)]:
            self.assertAlmostEqual(h2load.read(GOOD.replace("1.25s", printed)).seconds, seconds)

    def test_an_unknown_text_is_refused(self):
        with self.assertRaisesRegex(RuntimeError, "unknown"):
            h2load.read("Could not connect to host")


if __name__ == "__main__":
    unittest.main()
