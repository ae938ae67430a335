// A program's call through the gateway, with a value of someone's key.
import type { Keyward } from './keyward';

/** What a program sees: the status, and the code of a refusal. */
export type Outcome = { status: number; code: string | null };

/** Calls the example REST API. `extra` is what else stands in its head: what a browser says of its page, a secret. */
export async function call(
  keyward: Keyward,
  value: string,
  path = '/leagues',
  extra: Record<string, string> = {},
): Promise<Outcome> {
  const api = keyward.ready.apis.find((one) => one.protocol === 'rest')!;
  const answer = await fetch(`${api.base_url}${path}`, { headers: { 'x-api-key': value, ...extra } });
  const body = (await answer.json()) as { code?: unknown };
  return { status: answer.status, code: typeof body.code === 'string' ? body.code : null };
}

/** Calls the example JSON-RPC API; answers with the code of a refusal by Keyward, or null. */
export async function callChain(keyward: Keyward, value: string, method: string, params: unknown[]): Promise<string | null> {
  const api = keyward.ready.apis.find((one) => one.protocol === 'json-rpc')!;
  const answer = await fetch(api.base_url.replace('{key}', value), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': value },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const body = (await answer.json()) as { error?: { data?: { code?: string } } };
  return body.error?.data?.code ?? null;
}
