"""Versions are read out of what each program prints about itself."""

import unittest

import install


class Versions(unittest.TestCase):
    def test_the_first_version_is_taken(self):
        for printed, expected in [
            ("nginx version: nginx/1.22.1\n", "1.22.1"),
            ("HAProxy version 2.6.12-1+deb12u4 2026/05/01 - https://haproxy.org/\nRunning on: Linux 6.18.44", "2.6.12"),
            ("h2load nghttp2/1.52.0\n", "1.52.0"),
            ("perf version 6.1.192\n", "6.1.192"),
        ]:
            with self.subTest(printed=printed):
                self.assertEqual(install.version_in(printed), expected)

    def test_no_version_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "no version"):
            install.version_in("command not found")


if __name__ == "__main__":
    unittest.main()
