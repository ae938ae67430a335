// What viem.mjs and ethers.mjs share: arguments, the test accounts, the contract, and how a result is reported.
//
// Arguments of both: `URL` plays the whole scenario against a development node; `URL refused TEXT` expects that
// calls are denied behind the URL, and that the library says so with TEXT in its error.
import { readFileSync } from 'node:fs'

/** The mnemonic that development nodes fund accounts from; it is printed in their manuals and guards nothing. */
export const MNEMONIC = 'test test test test test test test test test test test junk'

/** Emits a log or reverts: see the file's own words. */
export const notary = JSON.parse(readFileSync(new URL('./notary.json', import.meta.url), 'utf8'))

/** How long a library may take to tell its caller that a call is denied. */
const REFUSAL_LIMIT_MS = 5_000

/**
 * Plays the scenario that the arguments name, prints one line of JSON, and exits with 0 only if nothing was thrown.
 *
 * @param client name of the library
 * @param everything `(url) => result`: the whole scenario
 * @param oneCall `(url) => promise`: one call that the gateway must deny
 */
export async function play(client, everything, oneCall) {
  const [url, mode, text] = process.argv.slice(2)
  try {
    const result = mode === 'refused' ? await refused(() => oneCall(url), text) : await everything(url)
    console.log(JSON.stringify({ client, ...result }))
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

async function refused(call, text) {
  const start = performance.now()
  const error = await call().then(
    () => { throw new Error('the call went through, though it should be denied') },
    (error) => error,
  )
  const elapsed_ms = Math.round(performance.now() - start)
  if (elapsed_ms > REFUSAL_LIMIT_MS) throw new Error(`the library gave up after ${elapsed_ms} ms only`)
  if (!String(error.message).includes(text)) throw new Error(`no "${text}" in: ${error.message}`)
  return { elapsed_ms, error: String(error.message).split('\n')[0] }
}
