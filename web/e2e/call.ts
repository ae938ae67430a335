// A program's call through the gateway, with a value of someone's key.
import type { Keyward } from './keyward';

/** What a program sees: the status, and the code of a refusal. */
export type Outcome = { status: number; code: string | null };

/** Calls the example REST API. `origin` is what a browser would say of the page it is on. */
export async function call(keyward: Keyward, value: string, path = '/leagues', origin?: string): Promise<Outcome> {
  const api = keyward.ready.apis.find((one) => one.protocol === 'rest')!;
  const headers: Record<string, string> = { 'x-api-key': value, ...(origin ? { origin } : {}) };
  const answer = await fetch(`${api.base_url}${path}`, { headers });
  const body = (await answer.json()) as { code?: unknown };
  return { status: answer.status, code: typeof body.code === 'string' ? body.code : null };
}
