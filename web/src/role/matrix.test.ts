// Levels and single permissions: what each choice makes of a role, one line a case.
import { describe, expect, test } from 'vitest';
import { allowedBy, cellOf, choicesOf, difference, levelOf, lineOf, toggled, withLevel, type Held } from './matrix';

const module = (name: string, ...words: string[]) => ({
  module: name,
  title: name,
  view: `${name}.view`,
  permissions: ['view', ...words].map((word) => ({ permission: `${name}.${word}`, title: word })),
});
const keys = module('keys', 'use', 'edit');
const stats = module('stats', 'export');
const held = (all: string[], ...permissions: string[]): Held => ({ all, permissions });

describe('what the matrix says of a role', () => {
  test.each([
    [held(['stats']), 'all', 'All', 'Everything, also what later versions add'],
    [held([], 'stats.view', 'stats.export'), 'some', '1 of 1', 'View and 1 of 1 operations'],
    [held([], 'stats.view', 'keys.use'), 'view', 'View', 'Look, and change nothing'],
    [held(['keys']), 'none', null, 'Not even looking'],
  ])('%j', (role, level, cell, line) => {
    expect(levelOf(role, stats)).toBe(level);
    expect(cellOf(role, stats)).toBe(cell);
    expect(lineOf(role, stats)).toBe(line);
  });
});

describe('a level', () => {
  test.each([
    ['all', held(['keys'], 'stats.view')],
    ['some', held([], 'stats.view', 'keys.view', 'keys.use', 'keys.edit')],
    ['view', held([], 'stats.view', 'keys.view')],
    ['none', held([], 'stats.view')],
  ] as const)('%s leaves other modules as they are', (level, expected) =>
    expect(withLevel(held([], 'keys.use', 'stats.view'), keys, level)).toEqual(expected),
  );

  test.each([
    [keys, 'view', ['all', 'view']],
    [keys, 'some', ['all', 'some', 'view']],
    [stats, 'none', ['all', 'view', 'none']],
  ] as const)('%#: "some" is chosen by single permissions, and nobody is kept from seeing keys', (of, level, levels) =>
    expect(choicesOf(of, level, 'keys')).toEqual(levels),
  );
});

describe('one permission', () => {
  test.each([
    ['an operation brings looking with it', held([]), 'stats.export', held([], 'stats.view', 'stats.export')],
    ['taken off a whole module, the others stay', held(['stats']), 'stats.export', held([], 'stats.view')],
    ['without looking there is nothing', held([], 'keys.view', 'stats.view', 'stats.export'), 'stats.view', held([], 'keys.view')],
    ['off again', held([], 'stats.view', 'stats.export'), 'stats.export', held([], 'stats.view')],
  ])('%s', (_case, role, permission, expected) => expect(toggled(role, stats, permission)).toEqual(expected));
});

test('a whole module allows all of it, in the order of the modules', () =>
  expect(allowedBy(held(['stats'], 'keys.use', 'keys.view'), [keys, stats])).toEqual([
    'keys.view',
    'keys.use',
    'stats.view',
    'stats.export',
  ]));

test('what is won and lost', () => expect(difference(['a', 'b'], ['b', 'c'])).toEqual({ wins: ['c'], loses: ['a'] }));
