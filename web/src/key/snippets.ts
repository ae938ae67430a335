// Code that calls an endpoint with a value, in the languages people ask for. It runs as it is.
import type { Snippet } from '../ui/snippets';
import { exampleOf, withValue, type Api, type Endpoint } from './endpoint';

/** Stands for a value that was not pasted. */
export const NO_VALUE = 'YOUR_VALUE';

/** `value`: pasted for this page only. */
export function snippetsOf(api: Api, endpoint: Endpoint, value: string): Snippet[] {
  const shown = value === '' ? NO_VALUE : value;
  const example = exampleOf(api);
  const url = withValue(endpoint, shown);
  const header = endpoint.place === 'path' ? null : { name: endpoint.place.header, value: shown };
  return 'method' in example ? rpcSnippets(url, header, example.method) : restSnippets(url, header, example);
}

type Header = { name: string; value: string } | null;

function restSnippets(base: string, header: Header, { verb, path }: { verb: string; path: string }): Snippet[] {
  const url = base.replace(/\/$/, '') + path;
  const other = verb === 'GET' ? null : verb;
  const fetchOptions = [
    ...(other ? [`  method: ${js(other)},`] : []),
    ...(header ? [`  headers: { ${js(header.name)}: ${js(header.value)} },`] : []),
  ];
  return [
    {
      title: 'curl',
      code: [
        `curl ${other ? `-X ${other} ` : ''}${shell(url)}`,
        ...(header ? [`  -H ${shell(`${header.name}: ${header.value}`)}`] : []),
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
        ...(header ? [`    headers={${js(header.name)}: ${js(header.value)}},`] : []),
        '    timeout=10,',
        ')',
        'print(answer.json())',
      ].join('\n'),
    },
  ];
}

const rpcSnippets = (url: string, header: Header, method: string): Snippet[] => [
  ...rpcPlain(url, header, method),
  ...rpcLibraries(url, header, method),
];

/** Without a library that knows JSON-RPC. */
function rpcPlain(url: string, header: Header, method: string): Snippet[] {
  const body = `{"jsonrpc":"2.0","id":1,"method":${js(method)},"params":[]}`;
  const own = header ? `, ${js(header.name)}: ${js(header.value)}` : '';
  return [
    {
      title: 'curl',
      code: [
        `curl ${shell(url)}`,
        "  -H 'content-type: application/json'",
        ...(header ? [`  -H ${shell(`${header.name}: ${header.value}`)}`] : []),
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
        ...(header ? [`    headers={${js(header.name)}: ${js(header.value)}},`] : []),
        '    timeout=10,',
        ')',
        'print(answer.json())',
      ].join('\n'),
    },
  ];
}

function rpcLibraries(url: string, header: Header, method: string): Snippet[] {
  const fetchOptions = header ? `, { fetchOptions: { headers: { ${js(header.name)}: ${js(header.value)} } } }` : '';
  const request = header
    ? [`const request = new FetchRequest(${js(url)})`, `request.setHeader(${js(header.name)}, ${js(header.value)})`]
    : [];
  const session = header ? [`    request_kwargs={"headers": {${js(header.name)}: ${js(header.value)}}},`] : [];
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
        `import { ${header ? 'FetchRequest, ' : ''}JsonRpcProvider } from 'ethers'`,
        '',
        ...request,
        `const provider = new JsonRpcProvider(${header ? 'request' : js(url)})`,
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

/** A literal for JavaScript and Python alike: what JSON writes, both read. */
const js = (text: string) => JSON.stringify(text);
/** One word for a POSIX shell. */
const shell = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
