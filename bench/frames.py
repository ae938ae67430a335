"""Frames of WebSockets (RFC 6455, section 5.2), as far as short texts need them."""

from __future__ import annotations

import asyncio

TEXT = 1
MASK = bytes([0x37, 0xFA, 0x21, 0x3D])
# What follows the second byte is a length of two bytes when it says so.
LONGEST_IN_ONE_BYTE, TWO_BYTES = 125, 126


def text_frame(text: bytes, masked: bool) -> bytes:
    """One text, whole; a client's must be masked."""
    if len(text) <= LONGEST_IN_ONE_BYTE:
        length = bytes([len(text) | masked << 7])
    else:
        length = bytes([TWO_BYTES | masked << 7]) + len(text).to_bytes(2, "big")
    head = bytes([0x80 | TEXT]) + length
    return head + MASK + turned(text, MASK) if masked else head + text


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next frame's opcode and payload, unmasked; of at most 65,535 bytes."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length == TWO_BYTES:
        length = int.from_bytes(await reader.readexactly(2), "big")
    mask = await reader.readexactly(4) if second & 0x80 else None
    payload = await reader.readexactly(length)
    return first & 0x0F, turned(payload, mask) if mask else payload


def turned(payload: bytes, mask: bytes) -> bytes:
    """Masked or unmasked: it is the same."""
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
