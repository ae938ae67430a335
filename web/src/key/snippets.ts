// Code that calls an endpoint with a value, in the languages people ask for. It runs as it is.
import type { Key } from '../api/nouns';
import type { Snippet } from '../ui/snippets';
import { exampleOf, withValue, type Api, type Endpoint } from './endpoint';
import { asksForSecret, SECRET_HEADER } from './secret';

/** Stands for a value that was not pasted. */
export const NO_VALUE = 'YOUR_VALUE';
/** Stands for the key's secret, which was shown once. */
const NO_SECRET = 'YOUR_SECRET';

/** `value`: pasted for this page only. */
export function snippetsOf(api: Api, key: Pick<Key, 'secret'>, endpoint: Endpoint, value: string): Snippet[] {
  const shown = value === '' ? NO_VALUE : value;
  const example = exampleOf(api);
  const url = withValue(endpoint, shown);
  const headers = [
    ...(endpoint.place === 'path' ? [] : [{ name: endpoint.place.header, value: shown }]),
    ...(asksForSecret(key) ? [{ name: SECRET_HEADER, value: NO_SECRET }] : []),
  ];
  return 'method' in example ? rpcSnippets(url, headers, example.method) : restSnippets(url, headers, example);
}

type Headers = { name: string; value: string }[];

function restSnippets(base: string, headers: Headers, { verb, path }: { verb: string; path: string }): Snippet[] {
  const url = base.replace(/\/$/, '') + path;
  const other = verb === 'GET' ? null : verb;
  const fetchOptions = [
    ...(other ? [`  method: ${js(other)},`] : []),
    ...(headers.length > 0 ? [`  headers: ${object(headers)},`] : []),
  ];
  return [
    {
      title: 'curl',
      code: [
        `curl ${other ? `-X ${other} ` : ''}${shell(url)}`,
        ...curlHeaders(headers),
      ].join(' \\\n'),
    },
    {
      title: 'JavaScript',
      code: [
        fetchOptions.length > 0
          ? `const answer = await fetch(${js(url)}, {\n${fetchOptions.join('\n')}\n})`
          : `const answer = await fetch(${js(url)})`,
        'console.log(await answer.json())',
      ].join('\n'),
    },
    {
      title: 'Python',
      code: [
        'import requests',
        '',
        `answer = requests.${verb.toLowerCase()}(`,
        `    ${js(url)},`,
        ...(headers.length > 0 ? [`    headers=${dict(headers)},`] : []),
        '    timeout=10,',
        ')',
        'print(answer.json())',
      ].join('\n'),
    },
  ];
}

const rpcSnippets = (url: string, headers: Headers, method: string): Snippet[] => [
  ...rpcPlain(url, headers, method),
  ...rpcLibraries(url, headers, method),
];

/** Without a library that knows JSON-RPC. */
function rpcPlain(url: string, headers: Headers, method: string): Snippet[] {
  const body = `{"jsonrpc":"2.0","id":1,"method":${js(method)},"params":[]}`;
  const own = headers.map((header) => `, ${pair(header)}`).join('');
  return [
    {
      title: 'curl',
      code: [
        `curl ${shell(url)}`,
        "  -H 'content-type: application/json'",
        ...curlHeaders(headers),
        `  -d ${shell(body)}`,
      ].join(' \\\n'),
    },
    {
      title: 'JavaScript',
      code: [
        `const answer = await fetch(${js(url)}, {`,
        "  method: 'POST',",
        `  headers: { 'content-type': 'application/json'${own} },`,
        `  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: ${js(method)}, params: [] }),`,
        '})',
        'console.log(await answer.json())',
      ].join('\n'),
    },
    {
      title: 'Python',
      code: [
        'import requests',
        '',
        'answer = requests.post(',
        `    ${js(url)},`,
        `    json={"jsonrpc": "2.0", "id": 1, "method": ${js(method)}, "params": []},`,
        ...(headers.length > 0 ? [`    headers=${dict(headers)},`] : []),
        '    timeout=10,',
        ')',
        'print(answer.json())',
      ].join('\n'),
    },
  ];
}

function rpcLibraries(url: string, headers: Headers, method: string): Snippet[] {
  const isPlain = headers.length === 0;
  const fetchOptions = isPlain ? '' : `, { fetchOptions: { headers: ${object(headers)} } }`;
  const set = ({ name, value }: Headers[number]) => `request.setHeader(${js(name)}, ${js(value)})`;
  const request = isPlain ? [] : [`const request = new FetchRequest(${js(url)})`, ...headers.map(set)];
  const session = isPlain ? [] : [`    request_kwargs={"headers": ${dict(headers)}},`];
  return [
    {
      title: 'viem',
      code: [
        "import { createPublicClient, http } from 'viem'",
        '',
        'const client = createPublicClient({',
        `  transport: http(${js(url)}${fetchOptions}),`,
        '})',
        `console.log(await client.request({ method: ${js(method)} }))`,
      ].join('\n'),
    },
    {
      title: 'ethers',
      code: [
        `import { ${isPlain ? '' : 'FetchRequest, '}JsonRpcProvider } from 'ethers'`,
        '',
        ...request,
        `const provider = new JsonRpcProvider(${isPlain ? js(url) : 'request'})`,
        `console.log(await provider.send(${js(method)}, []))`,
      ].join('\n'),
    },
    {
      title: 'web3.py',
      code: [
        'from web3 import Web3',
        '',
        'w3 = Web3(Web3.HTTPProvider(',
        `    ${js(url)},`,
        ...session,
        '))',
        `print(w3.provider.make_request(${js(method)}, []))`,
      ].join('\n'),
    },
  ];
}

const pair = ({ name, value }: Headers[number]) => `${js(name)}: ${js(value)}`;
/** As JavaScript writes it. */
const object = (headers: Headers) => `{ ${headers.map(pair).join(', ')} }`;
/** As Python writes it. */
const dict = (headers: Headers) => `{${headers.map(pair).join(', ')}}`;
const curlHeaders = (headers: Headers) => headers.map(({ name, value }) => `  -H ${shell(`${name}: ${value}`)}`);
/** A literal for JavaScript and Python alike: what JSON writes, both read. */
const js = (text: string) => JSON.stringify(text);
/** One word for a POSIX shell. */
const shell = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
