// New rows join the log without a gap, a double or a row of yesterday's state.
import { expect, test } from 'vitest';
import type { RequestRow } from '../api/nouns';
import { mergeNewest, type CallPage } from './pages';

const call = (row: number, status = 200) => ({ row: `r${row}`, status }) as RequestRow;
const page = (rows: number[], next: string | null = 'more'): CallPage => ({
  requests: rows.map((row) => call(row)),
  next,
  scope: 'account',
});
const pages = (...list: CallPage[]) => ({ pages: list, pageParams: list.map(() => null) });
const rowsOf = (list: { pages: CallPage[] }) =>
  list.pages.map((one) => one.requests.map((row) => Number(row.row.slice(1))));

const cases: [string, CallPage[], CallPage, number[][]][] = [
  ['nothing was there', [], page([2, 1]), [[2, 1]]],
  ['an empty page was there', [page([], null)], page([1], null), [[1]]],
  ['nothing is new', [page([3, 2]), page([1], null)], page([3, 2]), [[3, 2], [1]]],
  ['two are new', [page([3, 2]), page([1], null)], page([5, 4, 3]), [[5, 4, 3, 2], [1]]],
  ['more than a page is new', [page([3, 2]), page([1], null)], page([9, 8, 7]), [[9, 8, 7]]],
  ['all that there is, is new', [page([1], null)], page([3, 2], null), [[3, 2, 1]]],
];
test.each(cases)('%s', (_, before, newest, rows) =>
  expect(rowsOf(mergeNewest(pages(...before), newest))).toEqual(rows),
);

test('rows that were there are brought up to date on every page', () => {
  const merged = mergeNewest(pages(page([3]), page([2], null)), {
    requests: [call(3, 500), call(2, 404)],
    next: null,
    scope: 'account',
  });
  expect(merged.pages.map((one) => one.requests.map((row) => row.status))).toEqual([[500], [404]]);
});
