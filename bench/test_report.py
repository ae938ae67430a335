"""Writing figures into the page touches what is between the markers and nothing else."""

import tempfile
import unittest
from pathlib import Path

import report
import run

PAGE = "# Title\n<!-- calls: begin -->\nold\n<!-- calls: end -->\nbetween\n<!-- keys: begin -->\n<!-- keys: end -->\n"


class Write(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page = Path(folder.name) / "page.md"
        self.page.write_text(PAGE)

    def test_a_section_is_replaced_and_the_rest_kept(self):
        report.write("calls", ["new"], self.page)
        report.write("keys", ["many"], self.page)
        expected = PAGE.replace("old", "new").replace("<!-- keys: end", "many\n<!-- keys: end")
        self.assertEqual(self.page.read_text(), expected)

    def test_writing_twice_changes_nothing_more(self):
        report.write("calls", ["new"], self.page)
        once = self.page.read_text()
        report.write("calls", ["new"], self.page)
        self.assertEqual(self.page.read_text(), once)

    def test_a_page_without_the_markers_is_refused_and_kept(self):
        with self.assertRaisesRegex(SystemExit, "latency: begin"):
            report.write("latency", ["new"], self.page)
        self.assertEqual(self.page.read_text(), PAGE)

    def test_the_page_of_the_project_has_every_section(self):
        text = report.PAGE.read_text()
        for section in (*run.PARTS, "soak"):
            self.assertEqual(text.count(f"<!-- {section}: begin -->"), 1, section)
            self.assertEqual(text.count(f"<!-- {section}: end -->"), 1, section)


if __name__ == "__main__":
    unittest.main()
