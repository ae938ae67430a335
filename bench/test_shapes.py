"""The bodies of the shapes are what their names say."""

import json
import unittest

import shapes


class Bodies(unittest.TestCase):
    def test_an_eth_call_is_as_long_as_it_says_and_whole_hex(self):
        shape = shapes.eth_call()
        self.assertEqual(len(shape.body), shapes.ETH_CALL_BYTES)
        data = json.loads(shape.body)["params"][0]["data"]
        self.assertEqual(len(data) % 2, 0)
        bytes.fromhex(data.removeprefix("0x"))

    def test_every_call_has_its_answer(self):
        for shape in (shapes.eth_call(), shapes.batch()):
            with self.subTest(shape=shape.name):
                asked, answered = json.loads(shape.body), json.loads(shape.answer)
                if shape.calls == 1:
                    asked, answered = [asked], [answered]
                self.assertEqual(len(asked), shape.calls)
                self.assertEqual([one["id"] for one in asked], [one["id"] for one in answered])
                self.assertEqual(len({one["id"] for one in asked}), shape.calls)


if __name__ == "__main__":
    unittest.main()
