"""kosoku, unmodified: the cases of the Autobahn test suite, played against either end of a WebSocket that echoes.

`autobahn.py client HOST:PORT [CASE...]` plays them against a server; `autobahn.py server [CASE...]` prints
`Listening on HOST:PORT`, and plays them against the client that comes and asks how many there are. A case is an id or a
glob (`5.1*`); all but those of compression, which is not spoken, unless told otherwise.
Prints one line of JSON: the id of each case, how the messages were judged, and how the end was.
"""

import asyncio
import json
import os
import sys

import kosoku

# Groups 12 and 13 are about the extension permessage-deflate.
COMPRESSION = ["12.*", "13.*"]
# The longest cases wait a second; a run that takes so long has lost its client.
LIMIT_SECONDS = 600


async def judged(run):
    """The results, whether or not all cases passed."""
    try:
        return await asyncio.wait_for(run, LIMIT_SECONDS)
    except kosoku.FailureError as failure:
        return failure.results


async def play(mode, arguments):
    if mode == "client":
        address, cases = arguments[0], arguments[1:] or None
        return await judged(kosoku.run_fuzzingclient(f"ws://{address}", cases, COMPRESSION))
    async with kosoku.run_fuzzingserver(arguments or None, COMPRESSION, port=0) as server:
        print(f"Listening on {server.address}:{server.port}", flush=True)
        return await judged(server.get_result())


def main():
    mode, *arguments = sys.argv[1:]
    assert mode in ["client", "server"], mode
    results = asyncio.run(play(mode, arguments))
    print(json.dumps([[one.case_id, one.behavior.value, one.behavior_close.value] for one in results]), flush=True)
    # kosoku 0.1.0 leaves threads behind that abort the process when Python takes itself down.
    os._exit(0)


main()
