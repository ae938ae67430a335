// Several roles are made, changed and deleted in one go, and what is wrong stands at its role.
import { expect, test } from 'vitest';
import { added, askedOf, changesIn, draftsOf, flawAt, flawsIn, removed, replaced, type RoleDraft } from './draft';
import { roleOf } from './sample';

const saved = [roleOf('admin', { built_in: true }), roleOf('dev', { holders: 2 }), roleOf('ops')];
const [dev, ops] = draftsOf(saved) as [RoleDraft, RoleDraft];

test('what is built in is not changed here', () => expect(draftsOf(saved).map(({ id }) => id)).toEqual(['dev', 'ops']));

test.each([
  [[dev, ops], 0],
  [[{ ...dev, name: ' dev ' }, { ...ops, permissions: ['keys.view'] }], 0],
  [[{ ...dev, name: 'developer' }, { ...ops, permissions: ['keys.view', 'keys.use'] }], 2],
  [[{ ...dev, isGone: true }, { ...ops, all: ['stats'] }], 2],
  [added([dev, ops])[0], 1],
])('changes: %#', (drafts, changes) => expect(changesIn(saved, drafts)).toBe(changes));

test('new roles have keys of their own; one that was never saved just goes', () => {
  const [once, first] = added([dev]);
  const [twice, second] = added(once);
  expect([first.key, second.key]).toEqual(['new-1', 'new-2']);
  expect(removed(twice, first).map(({ key }) => key)).toEqual(['dev', 'new-2']);
  expect(removed([dev, ops], ops)[1]).toMatchObject({ id: 'ops', isGone: true });
});

test.each([
  ['all is well', [dev, ops], {}],
  ['a name is missing', [{ ...dev, name: ' ' }, ops], { dev: { name: 'Write a name.' } }],
  ['a name is taken', [dev, { ...ops, name: 'DEV' }], { ops: { name: 'There is a role DEV already.' } }],
  ['a built-in word', [dev, { ...ops, name: 'Admin' }], { ops: { name: 'There is a role Admin already.' } }],
  ['a held role goes', [{ ...dev, isGone: true }, ops], { dev: { replacement: 'Say what its holders get instead.' } }],
  ['with a replacement it may', [{ ...dev, isGone: true, replacement: 'admin' }, ops], {}],
  ['nobody holds it', [dev, { ...ops, isGone: true }], {}],
  ['a name is free again', [{ ...dev, isGone: true, replacement: 'ops' }, { ...ops, name: 'dev' }], {}],
])('flaws: %s', (_case, drafts, flaws) => expect(flawsIn(saved, drafts)).toEqual(flaws));

test('the whole set is sent, new ones without an id, deleted ones only by their replacement', () => {
  const [drafts, fresh] = added([{ ...dev, isGone: true, replacement: 'member' }, ops]);
  expect(askedOf(replaced(drafts, { ...fresh, name: ' Guest ' }))).toEqual({
    roles: [
      { id: 'ops', name: 'ops', all: [], permissions: ['keys.view'] },
      { name: 'Guest', all: [], permissions: ['keys.view', 'keys.use'] },
    ],
    replacements: { dev: 'member' },
  });
});

test.each([
  ['roles[0].name', { ops: { name: 'no' } }],
  ['roles[1].name', null],
  ['replacement', { dev: { replacement: 'no' } }],
  ['permissions', null],
])("the API's word on %s", (field, flaws) => expect(flawAt([{ ...dev, isGone: true }, ops], field, 'no')).toEqual(flaws));
