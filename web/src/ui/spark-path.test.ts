// A spark stays in its box whatever it is drawn from.
import { expect, test } from 'vitest';
import { sparkPath } from './spark-path';

const heights = (path: string) => [...path.matchAll(/-?[\d.]+,(-?[\d.]+)/g)].map((match) => Number(match[1]));

const cases: [string, number[]][] = [
  ['rising', [0, 1, 2, 3]],
  ['one peak', [0, 0, 900, 0]],
  ['all zero', [0, 0, 0]],
  ['one point', [5]],
  ['below zero is zero', [-4, 8]],
];
test.each(cases)('%s', (_, data) => {
  for (const y of heights(sparkPath(data, 80, 24).line)) {
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(24);
  }
});

test('nothing to draw is no path', () => expect(sparkPath([], 80, 24)).toEqual({ line: '', area: '' }));
test('zero lies on the ground', () =>
  expect(new Set(heights(sparkPath([0, 0], 80, 24).line))).toEqual(new Set([22.5])));
