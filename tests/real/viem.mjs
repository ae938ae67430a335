// viem, unmodified, through the gateway: what a program does with a node. Arguments: scenario.mjs.
import assert from 'node:assert/strict'
import { createPublicClient, createWalletClient, http, parseEther } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'

import { MNEMONIC, notary, play } from './scenario.mjs'

const POLLING_MS = 100

async function everything(url) {
  const reader = createPublicClient({ chain: foundry, transport: http(url), pollingInterval: POLLING_MS })
  const sender = createWalletClient({ account: mnemonicToAccount(MNEMONIC), chain: foundry, transport: http(url) })
  const receiver = mnemonicToAccount(MNEMONIC, { addressIndex: 5 }).address

  assert.equal(await reader.getChainId(), foundry.id)
  const block_before = await reader.getBlockNumber()
  const before = await reader.getBalance({ address: receiver })

  const hash = await sender.sendTransaction({ to: receiver, value: parseEther('1') })
  const receipt = await reader.waitForTransactionReceipt({ hash })
  assert.equal(receipt.status, 'success')
  assert.ok(receipt.blockNumber > block_before)
  assert.equal((await reader.getBalance({ address: receiver })) - before, parseEther('1'))

  const address = await deploy(reader, sender)
  await batch(url, receiver, address)
  const logs = await emitAndFind(reader, sender, address)
  await revert(reader, address)
  return { block: Number(receipt.blockNumber), transaction: hash, contract: address, logs }
}

async function deploy(reader, sender) {
  const hash = await sender.deployContract({ abi: notary.abi, bytecode: notary.bytecode })
  const { contractAddress } = await reader.waitForTransactionReceipt({ hash })
  assert.ok((await reader.getCode({ address: contractAddress })).length > 2)
  return contractAddress
}

/** One HTTP request with several calls; one of them reverts, and must not take the others with it. */
async function batch(url, receiver, contract) {
  const requests = []
  const onFetchRequest = async (request) => { requests.push(await request.clone().json()) }
  const batched = createPublicClient({ chain: foundry, transport: http(url, { batch: { wait: 20 }, onFetchRequest }) })
  const [block, balance, count, refused] = await Promise.all([
    batched.getBlockNumber(),
    batched.getBalance({ address: receiver }),
    batched.getTransactionCount({ address: receiver }),
    batched.readContract({ address: contract, abi: notary.abi, functionName: 'refuse' }).catch((error) => error),
  ])
  assert.ok(block > 0n && balance > 0n && count === 0)
  assert.match(refused.message, new RegExp(notary.reason))
  assert.deepEqual(requests.map((request) => request.length), [4])
}

async function emitAndFind(reader, sender, address) {
  const hash = await sender.sendTransaction({ to: address })
  const { blockNumber } = await reader.waitForTransactionReceipt({ hash })
  const logs = await reader.getContractEvents({ address, abi: notary.abi, eventName: 'Noted', fromBlock: blockNumber })
  assert.equal(logs.length, 1)
  assert.equal(logs[0].args.note, BigInt(notary.note))
  assert.equal(logs[0].transactionHash, hash)
  return logs.length
}

async function revert(reader, address) {
  const call = reader.readContract({ address, abi: notary.abi, functionName: 'refuse' })
  await assert.rejects(call, (error) => error.walk((cause) => cause.reason === notary.reason).reason === notary.reason)
}

/** With viem's own settings, which retry: the gateway's answer must make that end soon. */
const oneCall = (url) => createPublicClient({ chain: foundry, transport: http(url) }).getBlockNumber()

await play('viem', everything, oneCall)
