// viem and ethers, unmodified, over one WebSocket each through the gateway. Argument: the URL. Prints what each has seen.
import assert from 'node:assert/strict'
import { WebSocketProvider } from 'ethers'
import { createPublicClient, webSocket } from 'viem'
import { foundry } from 'viem/chains'

const BLOCKS = 3
const PATIENCE_MS = 10_000

const [url] = process.argv.slice(2)
const seen = { viem: 0, ethers: 0 }

const client = createPublicClient({ chain: foundry, transport: webSocket(url, { reconnect: false }) })
const stop = await client.watchBlocks({ onBlock: () => seen.viem++ })
assert.equal(await client.getChainId(), foundry.id)

const provider = new WebSocketProvider(url)
await provider.on('block', () => seen.ethers++)
assert.equal((await provider.getNetwork()).chainId, BigInt(foundry.id))

for (let block = 1; block <= BLOCKS; block++) {
  await provider.send('evm_mine', [])
  await until(() => seen.viem === block && seen.ethers === block)
}
stop()
await provider.destroy()
console.log(JSON.stringify(seen))
process.exit(0)

async function until(isSo) {
  const start = performance.now()
  while (!isSo()) {
    assert.ok(performance.now() - start < PATIENCE_MS, `waited in vain: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
