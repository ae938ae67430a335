// Two people change roles at once: the second one hears what the first one did, and loses nothing.
import { expect, test } from 'vitest';
import { draftsOf, type RoleDraft } from './draft';
import { newsOf, onTop } from './meanwhile';
import { roleOf } from './sample';

const permission = (name: string) => ({ permission: name, title: name });
const modules = [
  { module: 'keys', title: 'API Keys', view: 'keys.view', permissions: [permission('keys.view'), permission('keys.use')] },
  { module: 'stats', title: 'Stats', view: 'stats.view', permissions: [permission('stats.view')] },
];
const base = [roleOf('admin', { built_in: true }), roleOf('dev'), roleOf('ops'), roleOf('guest')];
const theirs = [
  base[0]!,
  roleOf('dev', { name: 'developer', permissions: ['keys.view', 'keys.use'] }),
  roleOf('ops', { all: ['stats'], permissions: [] }),
  roleOf('new'),
];
const [dev, ops, guest] = draftsOf(base) as [RoleDraft, RoleDraft, RoleDraft];
const mine = [{ ...dev, permissions: ['keys.view', 'stats.view'] }, ops, guest];

test('what the other one did is told, and where both changed a role', () =>
  expect(newsOf(base, theirs, mine, modules)).toEqual([
    { key: 'dev', sentence: 'dev is called developer, allows keys.use.', isMine: true },
    { key: 'ops', sentence: 'ops allows stats.view, no longer allows keys.view.', isMine: false },
    { key: 'new', sentence: 'new is new.', isMine: false },
    { key: 'guest', sentence: 'guest is deleted.', isMine: false },
  ]));

test('one\'s own changes stand on top of theirs', () => {
  const merged = onTop(base, theirs, mine);
  expect(merged.map(({ id, permissions }) => [id, permissions])).toEqual([
    ['dev', ['keys.view', 'stats.view']],
    ['ops', []],
    ['new', ['keys.view']],
  ]);
});

test('a role that they deleted and one has changed is made anew; a new one stays', () => {
  const changed = [dev, ops, { ...guest, name: 'visitor' }, { ...guest, key: 'new-1', id: null, name: 'fresh' }];
  expect(onTop(base, theirs, changed).slice(3).map(({ id, name }) => [id, name])).toEqual([
    [null, 'visitor'],
    [null, 'fresh'],
  ]);
});

test('a role that both deleted stays deleted', () =>
  expect(onTop(base, theirs, [dev, ops, { ...guest, isGone: true }]).map(({ id }) => id)).toEqual(['dev', 'ops', 'new']));
