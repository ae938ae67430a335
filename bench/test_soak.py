"""What a soak must be told for, as a table; and that a list of changes leaves a key as it was."""

import threading
import unittest
from collections import Counter
from types import SimpleNamespace

import memory_trend
import soak
import soak_changes

FLAT = memory_trend.Trend(100, 101, 0.0)


def faults(tally={}, trend=FLAT, cut=0, refused=()):
    changes = SimpleNamespace(refused=list(refused), made=Counter(), seconds=0.0)
    whole = soak.Tally(**{"sent": 10, "right": 9, "denied": 1, **tally})
    return soak._faults(whole, changes, trend, cut)


class Faults(unittest.TestCase):
    def test_a_good_soak_has_none(self):
        self.assertEqual(faults(), [])
        self.assertEqual(faults({"lost": 2}, cut=2), [])

    def test_each_flaw_is_named(self):
        for flaw, named in [
            ({"tally": {"wrong": 1, "troubles": ["503"]}}, "neither right nor a denial; the first: 503"),
            ({"tally": {"lost": 3}, "cut": 2}, "3 connections were lost, and only 2"),
            ({"tally": {"denied": 0}}, "did not reach the callers"),
            ({"trend": memory_trend.Trend(100, 120, 0.0)}, "not flat"),
            ({"refused": ["rename: 500"]}, "1 changes were refused; the first: rename: 500"),
        ]:
            with self.subTest(flaw=flaw):
                found = faults(**flaw)
                self.assertEqual(len(found), 1, found)
                self.assertIn(named, found[0])


class Account:
    """Enough of the REST API to remember what a key was left as."""

    def __init__(self):
        self.key = {"addresses": "off", "methods": "off", "rates": 0, "is_on": True}
        self.sent = []
        self.is_complete = threading.Event()

    def send(self, method, path, body=None):
        self.sent.append(f"{method} {path.rsplit('/', 1)[1]}")
        if len(self.sent) > 40:
            self.is_complete.set()
        if path == "/me":
            return {"seats": [{"account": {"id": "acc_1"}}]}
        if path.endswith("/members"):
            return {"members": [{"id": "mem_1", "name": "Load"}]}
        if method == "GET" and path.endswith("/keys"):
            return {"keys": [{"id": "key_1"}]}
        if path.endswith("/key_1/allowlists"):
            self.key |= {name: one["mode"] for name, one in body.items()}
        if path.endswith("/limits"):
            self.key["rates"] = len(body["rates"])
        if path.endswith(("able",)):
            self.key["is_on"] = path.endswith("/enable")
        return {"key": {"id": "key_2"}}


class Steps(unittest.TestCase):
    def test_one_round_leaves_the_key_as_it_was(self):
        account = Account()
        changes = soak_changes.Changes(account)
        for name, step in soak_changes.STEPS:
            step(changes, "key_1")
        self.assertEqual(account.key, {"addresses": "off", "methods": "off", "rates": 0, "is_on": True})
        self.assertIn("POST disable", account.sent)

    def test_it_goes_on_until_told_to_stop(self):
        account = Account()
        changes = soak_changes.Changes(account)
        soak_changes_pace, soak_changes.CHANGES_A_SECOND = soak_changes.CHANGES_A_SECOND, 1000
        try:
            changes.start()
            self.assertTrue(account.is_complete.wait(10))
        finally:
            changes.stop()
            soak_changes.CHANGES_A_SECOND = soak_changes_pace
        self.assertEqual(changes.refused, [])
        self.assertEqual(set(changes.made), {name for name, _ in soak_changes.STEPS})


if __name__ == "__main__":
    unittest.main()
