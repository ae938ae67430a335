// What is plainly wrong with an entry, and many of them as people paste them; the API has the last word.
import { NOTE_LIMIT, type Added, type Kind, type LineProblem } from './allowlist';

/** How an entry is kept, whatever its case or spaces. */
export function inOneForm(kind: Kind, text: string): string {
  const value = text.trim();
  if (kind === 'domains' || kind === 'contracts') return value.toLowerCase();
  return kind === 'methods' ? value.replace(/\s+/g, ' ') : value;
}

/**
 * Lines as people paste them: an entry, then a note behind a space, a comma, a tab or a `#`. Empty lines and lines that begin with
 * `#` are left out. A verb and its path are one entry.
 */
export function readLines(kind: Kind, text: string): { entries: Added[]; problems: LineProblem[] } {
  const entries: Added[] = [];
  const problems: LineProblem[] = [];
  const seen = new Set<string>();
  const line = kind === 'methods' ? /^\s*((?:[A-Z]+\s+)?[^\s,;#]*)[\s,;]*#?\s*(.*?)\s*$/ : /^\s*([^\s,;#]*)[\s,;]*#?\s*(.*?)\s*$/;
  text.split(/\r?\n/).forEach((raw, i) => {
    const [, first = '', rest = ''] = line.exec(raw) ?? [];
    const value = inOneForm(kind, first);
    if (value === '') return;
    const problem =
      problemOf(kind, value) ??
      (seen.has(value)
        ? 'stands twice'
        : rest.length > NOTE_LIMIT
          ? `has a note of more than ${NOTE_LIMIT} characters`
          : null);
    if (problem) problems.push({ line: i + 1, text: value, problem });
    else entries.push({ value, note: rest || null, until: null });
    seen.add(value);
  });
  return { entries, problems };
}

const CHECKS: Record<Kind, (value: string) => string | null> = {
  addresses: addressProblem,
  domains: domainProblem,
  methods: methodProblem,
  contracts: (value) => (/^0x[0-9a-f]{40}$/.test(value) ? null : 'is no contract: 0x and 40 hexadecimal digits'),
};

export const problemOf = (kind: Kind, value: string): string | null => CHECKS[kind](value);

function addressProblem(value: string): string | null {
  const [address = '', prefix, more] = value.split('/');
  const six = address.includes(':');
  if (more !== undefined) return 'has more than one /';
  if (six ? !/^[0-9a-f:.]+$/i.test(address) || (address.match(/::/g)?.length ?? 0) > 1 : !isFour(address))
    return 'is no IPv4 or IPv6 address';
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (six ? 128 : 32)))
    return `has no length from 0 to ${six ? 128 : 32} behind the /`;
  return null;
}

const isFour = (address: string) =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(address) &&
  address.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part);

function domainProblem(value: string): string | null {
  if (/^https?:\/\/[^/]+$/.test(value)) return null;
  if (value.includes('/')) return 'is an address of a page; write the domain only, such as example.com';
  const host = value.replace(/^\*\./, '').replace(/:\d+$/, '');
  if (host.includes('*')) return 'has a * that is not in front, as in *.example.com';
  return /^[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?(\.[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?)*$/u.test(host) ? null : 'is no domain';
}

function methodProblem(value: string): string | null {
  if (value.includes(' ') || value.startsWith('/'))
    return /^([A-Z*]+ )?\/\S*$/.test(value) ? null : 'is no path: write GET /fixtures/**, or /fixtures/** for every verb';
  return /^[^*]*\*?$/.test(value) ? null : 'has a * that is not its end, as in eth_get*';
}
