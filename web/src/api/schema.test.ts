// The client's types are those of openapi.json: drift is a failing test. `npm run api` writes them anew.
import { readFile } from 'node:fs/promises';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, test } from 'vitest';

const SLOW_MACHINE_MS = 120_000;

test('schema.d.ts is what openapi.json says', async () => {
  const contract = new URL('../../../openapi.json', import.meta.url);
  const generated = COMMENT_HEADER + astToString(await openapiTS(contract));
  expect(await readFile(new URL('schema.d.ts', import.meta.url), 'utf8')).toBe(generated);
}, SLOW_MACHINE_MS);
