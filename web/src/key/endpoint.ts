// Where a key is used: an address for each API and network, and how the value is shown there.
import type { Instance, Key } from '../api/nouns';

export type Api = Instance['apis'][number];

/** `place`: whether the value stands in the path or in a header. */
export type Endpoint = { network: string | null; url: string; place: { header: string } | 'path' };

/** The place in an address where the value belongs. */
const PLACE = '{key}';

/** APIs that a key opens; a key without a list opens all of them. */
export const apisOf = (key: Pick<Key, 'apis'>, apis: readonly Api[]) =>
  apis.filter((api) => key.apis.length === 0 || key.apis.includes(api.name));

/** Networks of an API that a key opens. */
export const networksOf = (key: Pick<Key, 'networks'>, api: Pick<Api, 'networks'>) =>
  api.networks.filter((network) => key.networks.length === 0 || key.networks.includes(network));

/** An endpoint for each network that the key opens, one for an API without networks. */
export function endpointsOf(key: Pick<Key, 'networks'>, api: Api): Endpoint[] {
  const open = networksOf(key, api);
  const all = api.networks.length === 0 ? [null] : api.networks;
  return all.flatMap((network, i) => {
    const url = api.base_urls[i] ?? api.base_urls[0];
    if (url === undefined || (network !== null && !open.includes(network))) return [];
    return [
      {
        network,
        url,
        place: url.includes(PLACE) || api.key_header === null ? ('path' as const) : { header: api.key_header },
      },
    ];
  });
}

/** The address with the value in its place, if it has one there. */
export const withValue = (endpoint: Endpoint, value: string) => endpoint.url.replace(PLACE, value);

/** What the operator gave as an example, as verb and path, or as a method. */
export function exampleOf(api: Pick<Api, 'protocol' | 'example'>): { verb: string; path: string } | { method: string } {
  const text = api.example.trim();
  if (api.protocol === 'json-rpc') return { method: text };
  const [first = '', second] = text.split(/\s+/, 2);
  const [verb, path] = second === undefined ? ['GET', first] : [first.toUpperCase(), second];
  return { verb, path: path.startsWith('/') ? path : `/${path}` };
}
