// viem and ethers, unmodified, over one WebSocket each through the gateway: each subscribes to the logs of a contract. Argument: the
// URL. Prints how many logs each has seen.
import { Contract, WebSocketProvider } from 'ethers'
import { createPublicClient, webSocket } from 'viem'
import { foundry } from 'viem/chains'
import assert from 'node:assert/strict'

import { notary } from './scenario.mjs'

const LOGS = 3
const PATIENCE_MS = 10_000
/** A library asks for its subscription when it likes: what is emitted before that is not told. */
const PAUSE_MS = 200

const [url] = process.argv.slice(2)
const seen = { viem: 0, ethers: 0 }

const provider = new WebSocketProvider(url)
const [from] = await provider.send('eth_accounts', [])
const deployment = await provider.send('eth_sendTransaction', [{ from, data: notary.bytecode }])
const { contractAddress: address } = await provider.send('eth_getTransactionReceipt', [deployment])

const client = createPublicClient({ chain: foundry, transport: webSocket(url, { reconnect: false }) })
const stop = client.watchContractEvent({
  address,
  abi: notary.abi,
  eventName: 'Noted',
  onLogs: (logs) => {
    for (const log of logs) assert.equal(log.args.note, BigInt(notary.note))
    seen.viem += logs.length
  },
})
await new Contract(address, notary.abi, provider).on('Noted', (note) => {
  assert.equal(note, BigInt(notary.note))
  seen.ethers++
})

const start = performance.now()
while (Math.min(seen.viem, seen.ethers) < LOGS) {
  assert.ok(performance.now() - start < PATIENCE_MS, `waited in vain: ${JSON.stringify(seen)}`)
  await provider.send('eth_sendTransaction', [{ from, to: address }])
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
}
stop()
await provider.destroy()
console.log(JSON.stringify(seen))
process.exit(0)
