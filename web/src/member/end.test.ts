// The end of a seat goes through the form to the minute, and is told when it is near.
import { expect, test } from 'vitest';
import { endProblem, endSoon, fieldOf, momentOf } from './end';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const after = (millis: number) => new Date(NOW + millis).toISOString();
const HOUR = 3_600_000;

test('a moment goes through the form', () => {
  expect(fieldOf(null)).toBe('');
  expect(momentOf('')).toBeNull();
  expect(momentOf(fieldOf('2026-12-01T09:30:00.000Z'))).toBe('2026-12-01T09:30:00.000Z');
});

test.each([
  ['', null],
  [fieldOf(after(HOUR)), null],
  [fieldOf(after(0)), 'This moment is over; choose a later one.'],
])('%s', (field, problem) => expect(endProblem(field, NOW)).toBe(problem));

test.each([
  [null, null],
  [after(-1), null],
  [after(2 * HOUR), 'ends in 2 h'],
  [after(80 * HOUR), 'ends in 3 days'],
  [after(31 * 24 * HOUR), null],
])('%s', (at, words) => expect(endSoon(at, NOW)).toBe(words));
