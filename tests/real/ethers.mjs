// ethers, unmodified, through the gateway: what a program does with a node. Arguments: scenario.mjs.
import assert from 'node:assert/strict'
import { Contract, ContractFactory, FetchRequest, HDNodeWallet, JsonRpcProvider, Network, parseEther } from 'ethers'

import { MNEMONIC, notary, play } from './scenario.mjs'

const POLLING_MS = 100
const CHAIN_ID = 31337

async function everything(url) {
  // Without the cache, which answers again for 250 ms what was asked before: the development node is quicker than that.
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 })
  provider.pollingInterval = POLLING_MS
  const sender = wallet(1).connect(provider)
  const receiver = wallet(6).address

  assert.equal((await provider.getNetwork()).chainId, BigInt(CHAIN_ID))
  const block_before = await provider.getBlockNumber()
  const before = await provider.getBalance(receiver)

  const transfer = await sender.sendTransaction({ to: receiver, value: parseEther('1') })
  const receipt = await transfer.wait()
  assert.equal(receipt.status, 1)
  assert.ok(receipt.blockNumber > block_before)
  assert.equal((await provider.getBalance(receiver)) - before, parseEther('1'))

  const contract = await new ContractFactory(notary.abi, notary.bytecode, sender).deploy()
  await contract.waitForDeployment()
  const address = await contract.getAddress()

  await batch(url, receiver, address)
  const logs = await emitAndFind(contract, sender)
  await assert.rejects(contract.refuse(), { code: 'CALL_EXCEPTION', reason: notary.reason })
  provider.destroy()
  return { block: receipt.blockNumber, transaction: transfer.hash, contract: address, logs }
}

function wallet(index) {
  return HDNodeWallet.fromPhrase(MNEMONIC, '', `m/44'/60'/0'/0/${index}`)
}

/** ethers joins what is asked at the same moment into one HTTP request; a revert among it must stay with its call. */
async function batch(url, receiver, address) {
  const request = new FetchRequest(url)
  const sizes = []
  request.preflightFunc = async (outgoing) => {
    sizes.push(JSON.parse(Buffer.from(outgoing.body).toString()).length)
    return outgoing
  }
  const provider = new JsonRpcProvider(request, CHAIN_ID, { staticNetwork: Network.from(CHAIN_ID) })
  const [block, balance, count, refused] = await Promise.all([
    provider.getBlockNumber(),
    provider.getBalance(receiver),
    provider.getTransactionCount(receiver),
    new Contract(address, notary.abi, provider).refuse().catch((error) => error),
  ])
  assert.ok(block > 0 && balance > 0n && count === 0)
  assert.equal(refused.reason, notary.reason)
  assert.deepEqual(sizes, [4])
  provider.destroy()
}

async function emitAndFind(contract, sender) {
  const transaction = await sender.sendTransaction({ to: await contract.getAddress() })
  const { blockNumber } = await transaction.wait()
  const logs = await contract.queryFilter('Noted', blockNumber)
  assert.equal(logs.length, 1)
  assert.equal(logs[0].args.note, BigInt(notary.note))
  assert.equal(logs[0].transactionHash, transaction.hash)
  return logs.length
}

/**
 * The chain is named, as a program that has started knows it: asked to detect it, ethers would repeat eth_chainId
 * every second for ever, whatever the answer says.
 */
async function oneCall(url) {
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: Network.from(CHAIN_ID) })
  return provider.getBlockNumber().finally(() => provider.destroy())
}

await play('ethers', everything, oneCall)
