"""web3.py, unmodified, over a WebSocket through the gateway: heads and the logs of a contract. Argument: the URL.

Prints one line of JSON with what it has seen; exits with 0 only if every assertion held.
"""

import asyncio
import json
import sys
from pathlib import Path

from web3 import AsyncWeb3, WebSocketProvider

NOTARY = json.loads(Path(__file__).with_name("notary.json").read_text())
LOGS = 3
PATIENCE_SECONDS = 20


async def everything(url):
    async with AsyncWeb3(WebSocketProvider(url)) as w3:
        sender = (await w3.eth.accounts)[0]
        deployment = await w3.eth.send_transaction({"from": sender, "data": NOTARY["bytecode"]})
        address = (await w3.eth.wait_for_transaction_receipt(deployment))["contractAddress"]
        heads = await w3.eth.subscribe("newHeads")
        logs = await w3.eth.subscribe("logs", {"address": address})
        for _ in range(LOGS):
            await w3.eth.send_transaction({"from": sender, "to": address})
        seen = {heads: 0, logs: 0}
        async for message in w3.socket.process_subscriptions():
            seen[message["subscription"]] += 1
            if message["subscription"] == logs:
                assert int.from_bytes(message["result"]["data"], "big") == NOTARY["note"], message
            if min(seen.values()) == LOGS:
                break
        assert await w3.eth.unsubscribe(logs) and await w3.eth.unsubscribe(heads)
        return {"heads": seen[heads], "logs": seen[logs]}


def main():
    print(json.dumps(asyncio.run(asyncio.wait_for(everything(sys.argv[1]), PATIENCE_SECONDS))))


main()
