// Who sees which pages, and which entry is lit.
import { expect, test } from 'vitest';
import type { Me, Seat } from '../api/nouns';
import { isAt, sectionsFor, tabsFor } from './navigation';

const owner = { name: 'Marta', email: 'marta@northwind.example' };
const seat = (permissions: string[]): Seat => ({
  account: { id: 'acc_1', name: 'Northwind', suspended_at: null },
  member_id: 'mem_1',
  role: 'member',
  role_name: 'member',
  state: 'active',
  needs_second_factor: false,
  ends_at: null,
  permissions,
  owner,
});
const person = (is_operator: boolean): Me => ({
  person: { id: 'per_1', ...owner, is_operator, has_second_factor: false, needs_second_factor: false, created_at: '2026-11-22T00:00:00Z' },
  seats: [],
});
const labels = (me: Me, at: Seat | undefined) => sectionsFor(me, at).flatMap(({ links }) => links.map(({ label }) => label));

test.each([
  ['a member sees no team', person(false), seat([]), ['Overview', 'API keys', 'Requests', 'Tester', 'Subscription', 'Audit', 'Settings']],
  ['with teamwork.view one does', person(false), seat(['teamwork.view']), ['Overview', 'API keys', 'Requests', 'Tester', 'My Team', 'Roles', 'Subscription', 'Audit', 'Settings']],
  ['with security.view the account\'s lists', person(false), seat(['security.view']), ['Overview', 'API keys', 'Requests', 'Tester', 'Subscription', 'Security', 'Audit', 'Settings']],
  ['without a seat there is oneself', person(false), undefined, ['Settings']],
  ['accounts, plans and outbox are the operator\'s', person(true), undefined, ['Settings', 'Accounts', 'Plans', "Operators' audit", 'Outbox']],
])('%s', (_case, me, at, expected) => expect(labels(me, at)).toEqual(expected));

test.each([
  ['/', 'Overview'],
  ['/keys', 'API keys'],
  ['/keys/key_1/security', 'API keys'],
  ['/members/mem_1', 'My Team'],
  ['/keysmith', undefined],
])('%s', (pathname, lit) => {
  expect(tabsFor(seat(['teamwork.view'])).find((tab) => isAt(pathname, tab))?.label).toBe(lit);
});

test.each([
  ['/account', 'Subscription'],
  ['/account/ownership', 'Subscription'],
  ['/account/security', 'Security'],
])('%s lights %s alone', (pathname, lit) => {
  const all = sectionsFor(person(false), seat(['security.view'])).flatMap(({ links }) => links);
  expect(all.filter((link) => isAt(pathname, link)).map(({ label }) => label)).toEqual([lit]);
});
