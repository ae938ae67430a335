// What each list is called, what it is for, and how one writes its entries.
import type { Kind, Mode } from './allowlist';

type Words = { title: string; one: string; hint: string; off: string; label: string; placeholder: string; example: string };

export const WORDS: Record<Kind, Words> = {
  addresses: {
    title: 'Addresses',
    one: 'address',
    hint: 'Only these may call',
    off: 'Calls may come from any address. Name those of your servers, then choose Enforce.',
    label: 'Address or range to add',
    placeholder: '203.0.113.7 or 203.0.113.0/24',
    example: '203.0.113.7 Checkout\n203.0.113.0/24 Office\n2001:db8::/48',
  },
  domains: {
    title: 'Domains',
    one: 'domain',
    hint: 'Stops browsers, not programs',
    off: 'Pages of any domain may call. Name those of your web pages, then choose Enforce.',
    label: 'Domain to add',
    placeholder: 'example.com or *.example.com',
    example: 'shop.example.com Web shop\n*.example.org',
  },
  methods: {
    title: 'Methods',
    one: 'method',
    hint: 'Only these may be called',
    off: 'Every method may be called. Name those that your programs need, then choose Enforce.',
    label: 'Method to add',
    placeholder: 'eth_call, eth_get* or GET /fixtures/**',
    example: 'eth_call Balances\neth_get*\nGET /fixtures/** Match pages',
  },
  contracts: {
    title: 'Contracts',
    one: 'contract',
    hint: 'Of calls on EVM chains',
    off: 'Calls may touch any contract. Name those of your application, then choose Enforce.',
    label: 'Contract to add',
    placeholder: '0x and 40 digits',
    example: '0xdac17f958d2ee523a2206206994597c13d831ec7 USDT',
  },
};

/** What a mode does, in a sentence. */
export const MODES: Record<Mode, { label: string; does: string }> = {
  off: { label: 'Off', does: 'It denies nothing.' },
  observe: { label: 'Observe', does: 'It denies nothing; the log marks each call that it would deny.' },
  enforce: { label: 'Enforce', does: 'What has no entry is denied.' },
};
