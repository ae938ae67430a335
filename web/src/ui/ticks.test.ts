// The axis never has more marks than there is room for, and they are round.
import { expect, test } from 'vitest';
import { ticks } from './ticks';

const HOUR = 3_600_000;
const midnight = Date.parse('2026-11-21T00:00:00Z');
const clock = (at: number) => new Date(at).toISOString().slice(5, 16);

test.each([
  [
    'a day',
    midnight,
    midnight + 24 * HOUR,
    0,
    ['11-21T00:00', '11-21T06:00', '11-21T12:00', '11-21T18:00', '11-22T00:00'],
  ],
  [
    'a day that starts late',
    midnight + HOUR,
    midnight + 25 * HOUR,
    0,
    ['11-21T06:00', '11-21T12:00', '11-21T18:00', '11-22T00:00'],
  ],
  [
    'a day, one hour east',
    midnight,
    midnight + 24 * HOUR,
    -60,
    ['11-21T05:00', '11-21T11:00', '11-21T17:00', '11-21T23:00'],
  ],
  [
    'an hour',
    midnight,
    midnight + HOUR,
    0,
    ['11-21T00:00', '11-21T00:15', '11-21T00:30', '11-21T00:45', '11-21T01:00'],
  ],
  ['nothing', midnight, midnight, 0, []],
])('%s', (_, from, to, zone, marks) => expect(ticks(from, to, 5, zone).map(clock)).toEqual(marks));

test('thirty days have room', () => {
  const marks = ticks(midnight, midnight + 30 * 24 * HOUR, 5, 0);
  expect(marks.length).toBeGreaterThan(2);
  expect(marks.length).toBeLessThanOrEqual(6);
});
