"""Only one run at a time."""

import tempfile
import unittest
from pathlib import Path

import setting


class Alone(unittest.TestCase):
    def test_a_second_run_is_refused_until_the_first_is_over(self):
        with tempfile.TemporaryDirectory() as folder:
            lock = Path(folder) / "lock"
            with setting.alone(lock):
                with self.assertRaisesRegex(SystemExit, "Another"), setting.alone(lock):
                    pass
            with setting.alone(lock):
                pass


if __name__ == "__main__":
    unittest.main()
