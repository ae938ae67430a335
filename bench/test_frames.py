"""Frames are written and read alike."""

import asyncio
import unittest

import frames


class Frames(unittest.TestCase):
    def test_what_is_written_is_read(self):
        for length in (0, 1, 125, 126, 300, 65_535):
            for masked in (False, True):
                with self.subTest(length=length, masked=masked):
                    text = bytes(place % 251 for place in range(length))
                    self.assertEqual(asyncio.run(read(frames.text_frame(text, masked))), (frames.TEXT, text))

    def test_the_example_of_the_standard(self):
        # RFC 6455, section 5.7: a single-frame masked text message, "Hello".
        self.assertEqual(frames.text_frame(b"Hello", True).hex(), "818537fa213d7f9f4d5158")


async def read(written: bytes) -> tuple[int, bytes]:
    reader = asyncio.StreamReader()
    reader.feed_data(written)
    return await frames.read_frame(reader)


if __name__ == "__main__":
    unittest.main()
