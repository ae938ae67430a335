// Figures, times and names in words: one line a case.
import { describe, expect, test } from 'vitest';
import { bytes, compact, int, percent, perPeriod, plural, rateWords, took } from './format';
import { relative, spanWords, utc } from './time';
import { initials, OTHER_TINT, placeTints, tintOf } from './tint';
import { parseSearch, stringifySearch } from './url';

const now = Date.parse('2026-11-22T12:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();

describe('figures', () => {
  test.each([
    [int(234_945), '234,945'],
    [compact(9_280_000), '9.28M'],
    [compact(226_300), '226k'],
    [percent(6_318, 7_500), '84 %'],
    [percent(34, 1_000), '3.4 %'],
    [percent(94, 10_000), '0.94 %'],
    [percent(0, 10), '0 %'],
    [percent(3, 0), '0 %'],
    [took(90), '0.09 ms'],
    [took(900), '0.9 ms'],
    [took(212_300), '212 ms'],
    [took(10_200_000), '10.2 s'],
    [bytes(912), '912 B'],
    [bytes(14_200), '14.2 kB'],
    [bytes(1_100_000), '1.1 MB'],
    [plural(1, 'call'), '1 call'],
    [plural(1_200, 'call'), '1,200 calls'],
    [perPeriod('day'), 'a day'],
    [perPeriod('30 days'), 'in 30 days'],
    [perPeriod('lifetime'), 'in all'],
    [rateWords({ limit: 1_200, metric: 'credits', per: 'minute' }), '1,200 credits a minute'],
  ])('%s', (words, expected) => expect(words).toBe(expected));
});

describe('times', () => {
  test.each([
    [relative(ago(20), now), 'now'],
    [relative(ago(4 * 60), now), '4 min ago'],
    [relative(ago(3 * 3_600 + 5), now), '3 h ago'],
    [relative(ago(-2 * 3_600), now), 'in 2 h'],
    [relative(ago(5 * 86_400), now), '17 Nov'],
    [relative(ago(400 * 86_400), now), '18 Oct 2025'],
    [spanWords(13 * 86_400_000 + 5), '13 days'],
    [spanWords((2 * 60 + 28) * 60_000), '2 h 28 min'],
    [spanWords(3 * 3_600_000), '3 h'],
    [spanWords(10), '1 min'],
    [utc('2026-11-17T18:39:58Z'), '17 Nov 2026, 18:39:58 UTC'],
  ])('%s', (words, expected) => expect(words).toBe(expected));
});

describe('names', () => {
  test.each([
    ['Marta Lindqvist', 'ML'],
    ['Léa', 'L'],
    ['émile de la Tour', 'ÉT'],
    ['  ', '?'],
    ['𝒜da 李', '𝒜李'],
  ])('%s', (name, expected) => expect(initials(name)).toBe(expected));

  test('neighbours in a list have different tints, and keep them', () => {
    const ids = ['mem_a', 'mem_b', 'mem_c', 'mem_d', 'mem_e'];
    placeTints(ids);
    const given = ids.map(tintOf);
    expect(new Set(given).size).toBe(ids.length);
    placeTints(['mem_new', ...ids]);
    expect(ids.map(tintOf)).toEqual(given);
  });

  test('nobody has the tint of "other"', () => {
    for (let n = 0; n < 100; n += 1) expect(tintOf(`mem_${n}`)).not.toBe(OTHER_TINT);
    expect(tintOf(null)).toBe(OTHER_TINT);
  });
});

describe('the search of an address', () => {
  test.each([
    ['?status=429&method=GET+%2Fleagues', { status: '429', method: 'GET /leagues' }],
    ['', {}],
  ])('%s', (text, search) => {
    expect(parseSearch(text)).toEqual(search);
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  test('what is unset or empty is left out', () => {
    expect(stringifySearch({ a: undefined, b: '', c: null, d: 'x y' })).toBe('?d=x+y');
  });
});
