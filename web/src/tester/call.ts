// A call as one writes it in the tester: what is wrong with it, what is sent, and how a row of the log becomes one.
import type { RequestRow, TestCall } from '../api/nouns';
import { exampleOf, type Api } from '../key/endpoint';

export const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;
const BODILESS = ['GET', 'HEAD'];

/** `verb`, `path` and `body` are of a REST call, `method` and `params` of a JSON-RPC call; both are kept while one changes API. */
export type CallDraft = { verb: string; path: string; body: string; method: string; params: string };

/** The example that the operator gave for an API. */
export function exampleCall(api: Api): CallDraft {
  const example = exampleOf(api);
  const empty = { verb: 'GET', path: '/', body: '', method: '', params: '[]' };
  return 'method' in example ? { ...empty, method: example.method } : { ...empty, ...example };
}

export const hasBody = (verb: string) => !BODILESS.includes(verb);

/** What is wrong, by field; nothing if it can be sent. */
export function flawsOf(api: Pick<Api, 'protocol'>, draft: CallDraft): Partial<Record<keyof CallDraft, string>> {
  if (api.protocol === 'json-rpc') {
    return {
      ...(draft.method.trim() ? {} : { method: 'Write a method, such as eth_blockNumber' }),
      ...named('params', paramsFlaw(draft.params)),
    };
  }
  const path = draft.path.startsWith('/') ? null : 'A path begins with /';
  const body = hasBody(draft.verb) && /^\s*[[{]/.test(draft.body) ? jsonFlaw(draft.body) : null;
  return { ...named('path', path), ...named('body', body) };
}

const named = (field: keyof CallDraft, flaw: string | null) => (flaw === null ? {} : { [field]: flaw });

function paramsFlaw(text: string): string | null {
  if (text.trim() === '') return null;
  const flaw = jsonFlaw(text);
  if (flaw) return flaw;
  return /^\s*[[{]/.test(text) ? null : 'Parameters are a list [ … ] or an object { … }';
}

function jsonFlaw(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is no JSON yet: ${error instanceof Error ? error.message : 'unreadable'}`;
  }
}

/** The body of `send_test_call`. */
export function toSend(api: Pick<Api, 'name' | 'protocol'>, network: string | null, draft: CallDraft): TestCall {
  const common = { api: api.name, ...(network === null ? {} : { network }) };
  if (api.protocol === 'json-rpc')
    return {
      ...common,
      method: draft.method.trim(),
      params: (draft.params.trim() === '' ? [] : JSON.parse(draft.params)) as TestCall['params'],
    };
  return {
    ...common,
    method: draft.verb,
    path: draft.path,
    ...(hasBody(draft.verb) && draft.body !== '' ? { body: draft.body } : {}),
  };
}

/** How it is called in the history. */
export const nameOf = (api: Pick<Api, 'protocol'>, draft: CallDraft) =>
  api.protocol === 'json-rpc' ? draft.method : `${draft.verb} ${draft.path}`;

/** A row of the log as a call to send again. The log keeps no parameters and no body: those are written anew. */
export function replayOf(row: Pick<RequestRow, 'method' | 'path'>, api: Api): CallDraft {
  const example = exampleCall(api);
  if (api.protocol === 'json-rpc') return { ...example, method: row.method, params: '[]' };
  const [verb = 'GET'] = row.method.split(' ', 1);
  return { ...example, verb: VERBS.find((known) => known === verb) ?? 'GET', path: belowBase(row.path, api) };
}

/** The path behind the part that leads to the API, the value's place included. */
function belowBase(path: string, api: Pick<Api, 'base_urls'>): string {
  for (const url of api.base_urls) {
    const base = url.replace(/^[a-z]+:\/\/[^/]+/i, '').replace(/\/$/, '');
    if (base !== '' && (path === base || path.startsWith(`${base}/`))) return path.slice(base.length) || '/';
  }
  return path.startsWith('/') ? path : `/${path}`;
}

/** JSON as people read it; anything else as it came. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
