"""When memory counts as flat."""

import unittest

import memory_trend


class Flatness(unittest.TestCase):
    def test_the_warm_up_does_not_count(self):
        samples = [(second, 50_000_000 if second < 100 else 100_000_000) for second in range(5, 605, 5)]
        trend = memory_trend.of(samples)
        self.assertEqual((trend.lowest, trend.highest, trend.bytes_an_hour), (100_000_000, 100_000_000, 0))
        self.assertEqual(trend.faults(), [])

    def test_five_percent_around_the_middle_are_allowed(self):
        for highest, flat in [(110_500_000, True), (110_600_000, False)]:
            with self.subTest(highest=highest):
                trend = memory_trend.of([(100, 100_000_000), (200, highest), (300, 100_000_000)])
                self.assertEqual(trend.faults() == [], flat)

    def test_a_leak_has_a_slope(self):
        trend = memory_trend.of([(second, 1_000_000 + 1000 * second) for second in range(0, 600, 5)])
        self.assertAlmostEqual(trend.bytes_an_hour, 3_600_000, delta=1)

    def test_too_few_samples_are_refused(self):
        with self.assertRaisesRegex(RuntimeError, "too short"):
            memory_trend.of([(5.0, 1)])


if __name__ == "__main__":
    unittest.main()
