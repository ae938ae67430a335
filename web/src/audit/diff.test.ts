// Two sides of a change beside each other.
import { expect, test } from 'vitest';
import { diffOf } from './diff';

test.each([
  ['nothing is known', null, null, []],
  ['what was made', null, { name: 'Ada' }, [{ name: 'name', before: null, after: 'Ada', changed: true }]],
  ['what is gone', { name: 'Ada' }, null, [{ name: 'name', before: 'Ada', after: null, changed: true }]],
  [
    'what differs stands first',
    { name: 'Ada', role: 'member' },
    { name: 'Ada', role: 'admin' },
    [
      { name: 'role', before: 'member', after: 'admin', changed: true },
      { name: 'name', before: 'Ada', after: 'Ada', changed: false },
    ],
  ],
  ['null is told from nothing', { cap: null }, {}, [{ name: 'cap', before: 'null', after: null, changed: true }]],
])('%s', (_case, before, after, expected) => expect(diffOf(before, after)).toEqual(expected));
