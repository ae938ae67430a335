"""The rules by which a run is void, as tables."""

import unittest

import verdict
from calls import Sample
from load import Answers


def sample(peer="nginx", number=0, cpu_us=12.0, errors=0, bad=0, requests=100_000, switches=0.001):
    answers = Answers(requests, requests, errors, bad, 2.0, p50=1, p90=1, p99=1, max=1)
    return Sample(number, peer, answers, cpu_us, cpu_us, cpu_us, switches, stolen=0.0)


class Ratios(unittest.TestCase):
    def test_a_ratio_is_taken_within_its_round(self):
        samples = [
            sample("nginx", 0, 10.0), sample("keyward", 0, 11.0),
            sample("keyward", 1, 24.0), sample("nginx", 1, 20.0),
            sample("nginx", 2, 10.0), sample("keyward", 2, 15.0),
        ]
        spread = verdict.ratios(samples, "keyward", lambda one: one.cpu_us)
        self.assertEqual(spread, verdict.Spread(median=1.2, lowest=1.1, highest=1.5))


class Control(unittest.TestCase):
    def test_the_control_may_differ_by_five_percent(self):
        for control, off in [(9.4, True), (9.5, False), (10.0, False), (10.5, False), (10.6, True)]:
            with self.subTest(control=control):
                samples = [sample("nginx", cpu_us=10.0), sample("nginx-control", cpu_us=control)]
                self.assertEqual(verdict.control_is_off(samples) is not None, off)

    def test_the_median_round_counts(self):
        samples = [sample("nginx", number, 10.0) for number in range(3)]
        samples += [sample("nginx-control", number, cpu) for number, cpu in enumerate([10.1, 14.0, 9.9])]
        self.assertIsNone(verdict.control_is_off(samples))


class BrokenSamples(unittest.TestCase):
    def test_one_flaw_in_one_sample_is_named(self):
        for flaw, named in [
            ({"errors": 1}, "1 errors"),
            ({"bad": 1}, "1 wrong"),
            ({"requests": 0}, "no answers"),
            ({"switches": 0.05}, "not saturated"),
        ]:
            with self.subTest(flaw=flaw):
                sentences = verdict.broken_samples([sample(), sample("keyward", 3, **flaw)])
                self.assertEqual(len(sentences), 1, sentences)
                self.assertIn(named, sentences[0])
                self.assertIn("keyward, round 4", sentences[0])

    def test_good_samples_raise_nothing(self):
        self.assertEqual(verdict.broken_samples([sample(), sample("keyward", switches=0.049)]), [])


if __name__ == "__main__":
    unittest.main()
