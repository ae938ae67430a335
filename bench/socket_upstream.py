"""An upstream of WebSockets that accepts everybody. It answers every text with the text that it was started with, or says nothing
without one. Prints its address as its only line."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import resource
import sys

import frames

# RFC 6455, section 1.3.
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
BACKLOG = 1024


def accept_of(key: str) -> str:
    """What a server proves with that it understood the client's key (RFC 6455, section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(f"{key}{MAGIC}".encode()).digest()).decode()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accepts, and goes on until the other side is gone."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        key = re.search(r"^sec-websocket-key:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
        if key:
            lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
            lines += [f"Sec-WebSocket-Accept: {accept_of(key[1])}", "", ""]
            writer.write("\r\n".join(lines).encode())
            await (answer(reader, writer, sys.argv[1].encode()) if sys.argv[1:] else hear(reader))
    except (OSError, asyncio.IncompleteReadError):
        pass  # the other side left
    finally:
        writer.close()


async def hear(reader: asyncio.StreamReader) -> None:
    """Reads and forgets."""
    while await reader.read(65536):
        pass


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: bytes) -> None:
    """The same text for each."""
    said = frames.text_frame(text, masked=False)
    while True:
        opcode, _ = await frames.read_frame(reader)
        if opcode == frames.TEXT:
            writer.write(said)


async def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=BACKLOG)
    host, port = server.sockets[0].getsockname()
    print(f"{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
