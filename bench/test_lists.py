"""What the test of the control plane prints becomes a table."""

from __future__ import annotations

import unittest

import lists

PRINTED = """
running 2 tests
#\tsqlite\tmade in 9.9 s
lists\tsqlite\t/accounts/{account}/keys\tOwner\tlimit=64\t64\t50\t2500\t3249
.test lists\tpostgresql\t/accounts/{account}/keys\tOwner\tlimit=64\t64\t50\t5000\t12345
test result: ok
"""


class Lists(unittest.TestCase):
    def test_a_list_is_a_row_with_both_databases(self):
        row = lists.table(lists.parse(PRINTED), 10_000)[-1]
        self.assertEqual(row, "| `/accounts/{account}/keys?limit=64` | owner | 64 | 2.5 | 3.2 | 5.0 | 12.3 |")

    def test_a_database_without_figures_is_an_error(self):
        with self.assertRaises(RuntimeError):
            lists.parse(PRINTED.replace("postgresql", "sqlite"))


if __name__ == "__main__":
    unittest.main()
