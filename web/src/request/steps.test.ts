// The steps of a decision keep their order, and the ones behind the end become one.
import { expect, test } from 'vitest';
import type { RequestRow } from '../api/nouns';
import { foldSteps } from './steps';

const steps = (text: string) =>
  text.split(' ').map((one) => {
    const [step = '', result] = one.split(':');
    return { step, result, detail: `about ${step}` };
  }) as RequestRow['steps'];
const told = (text: string) => foldSteps(steps(text)).map(({ name, result, detail }) => `${name}|${result}|${detail}`);

test('all passed', () =>
  expect(told('value:passed rate_limit:passed')).toEqual([
    'Value|passed|about value',
    'Rate limit|passed|about rate_limit',
  ]));
test('the rest is one line', () =>
  expect(told('value:passed address:denied domain:skipped rate_limit:skipped API:skipped')).toEqual([
    'Value|passed|about value',
    'Address|denied|about address',
    'The rest|skipped|domain, rate limit, API: not looked at',
  ]));
test('one skipped step keeps its words', () =>
  expect(told('secret:skipped value:passed')).toEqual(['Secret|skipped|about secret', 'Value|passed|about value']));
