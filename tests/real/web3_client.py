"""web3.py, unmodified, through the gateway: what a program does with a node.

Arguments as those of viem.mjs and ethers.mjs: `URL` plays the whole scenario against a development node; `URL refused
TEXT` expects that calls are denied behind the URL, and that the library says so with TEXT in its error.
Prints one line of JSON; exits with 0 only if every assertion held.
"""

import json
import sys
import time
from pathlib import Path

from eth_account import Account
from requests import HTTPError
from web3 import HTTPProvider, Web3
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.middleware import SignAndSendRawMiddlewareBuilder

# The mnemonic that development nodes fund accounts from; it is printed in their manuals and guards nothing.
MNEMONIC = "test test test test test test test test test test test junk"
NOTARY = json.loads(Path(__file__).with_name("notary.json").read_text())
REFUSAL_LIMIT_SECONDS = 5
POLLING_SECONDS = 0.1


def everything(url):
    w3 = Web3(HTTPProvider(url))
    sender, receiver = account(2), account(7).address
    w3.middleware_onion.inject(SignAndSendRawMiddlewareBuilder.build(sender), layer=0)
    w3.eth.default_account = sender.address

    assert w3.is_connected()
    block_before = w3.eth.block_number
    before = w3.eth.get_balance(receiver)

    transfer = w3.eth.send_transaction({"from": sender.address, "to": receiver, "value": w3.to_wei(1, "ether")})
    receipt = wait(w3, transfer)
    assert receipt.status == 1 and receipt.blockNumber > block_before
    assert w3.eth.get_balance(receiver) - before == w3.to_wei(1, "ether")

    deployment = w3.eth.contract(abi=NOTARY["abi"], bytecode=NOTARY["bytecode"]).constructor().transact()
    address = wait(w3, deployment).contractAddress
    contract = w3.eth.contract(address=address, abi=NOTARY["abi"])
    assert len(w3.eth.get_code(address)) > 0

    batch(w3, receiver, transfer)
    logs = emit_and_find(w3, contract)
    revert(contract)
    return {"block": receipt.blockNumber, "transaction": transfer.to_0x_hex(), "contract": address, "logs": logs}


def account(index):
    Account.enable_unaudited_hdwallet_features()
    return Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")


def wait(w3, transaction):
    return w3.eth.wait_for_transaction_receipt(transaction, timeout=20, poll_latency=POLLING_SECONDS)


def batch(w3, receiver, transfer):
    """One HTTP request with four calls, answered in the order they were asked."""
    with w3.batch_requests() as calls:
        calls.add(w3.eth.get_block("latest"))
        calls.add(w3.eth.get_balance(receiver))
        calls.add(w3.eth.get_transaction(transfer))
        calls.add(w3.eth.get_transaction_count(receiver))
        block, balance, transaction, count = calls.execute()
    assert block.number > 0 and balance > 0 and count == 0
    assert transaction.hash == transfer and transaction.to == receiver


def emit_and_find(w3, contract):
    sent = w3.eth.send_transaction({"to": contract.address})
    block = wait(w3, sent).blockNumber
    logs = contract.events.Noted().get_logs(from_block=block)
    assert [log.args.note for log in logs] == [NOTARY["note"]]
    assert logs[0].transactionHash == sent
    return len(logs)


def revert(contract):
    try:
        contract.functions.refuse().call()
    except ContractLogicError as error:
        assert NOTARY["reason"] in error.message, error
    else:
        raise AssertionError("the contract did not refuse")


def refused(url, text):
    """One call with web3.py's own settings, which retry: the gateway's answer must make that end soon."""
    start = time.monotonic()
    try:
        Web3(HTTPProvider(url)).eth.block_number
    except (Web3RPCError, HTTPError) as error:
        elapsed = time.monotonic() - start
        assert elapsed < REFUSAL_LIMIT_SECONDS, f"the library gave up after {elapsed:.1f} s only"
        assert text in str(error), f"no {text!r} in: {error}"
        return {"elapsed_ms": round(elapsed * 1000), "error": str(error)}
    raise AssertionError("the call went through, though it should be denied")


if __name__ == "__main__":
    url, *mode = sys.argv[1:]
    result = refused(url, mode[1]) if mode[:1] == ["refused"] else everything(url)
    print(json.dumps({"client": "web3.py", **result}))
