// What an owner sets on the page of a key holds for the next call of a program: secret, four lists, limits, and the account's lists.
import type { Page } from '@playwright/test';
import { call, callChain } from './call';
import type { Keyward } from './keyward';
import { enforce, setMode, type List } from './key';
import { accountOf, ask } from './person';
import { confirm } from './team';
import { expect, test } from './test';

const ALLOWED = { status: 200, code: null };
/** An address of a block that is given to nobody (RFC 5737). */
const ELSEWHERE = '192.0.2.7';
const CONTRACT = '0xdac17f958d2ee523a2206206994597c13d831ec7';
const OTHER_CONTRACT = '0x000000000000000000000000000000000000dead';

const denied = (code: string, status = 403) => ({ status, code });

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

/** A shared key of the account, opened at its Security page; answers with the owner's value of it. */
async function openNewKey(page: Page, keyward: Keyward, name: string): Promise<string> {
  const asked = { name, environment: 'Production', sharing: 'shared' };
  const keys = `/accounts/${await accountOf(page, keyward)}/keys`;
  const made = await ask<{ key: { id: string }; value: { value: string } }>(page, keyward, 'POST', keys, asked);
  await page.goto(`/keys/${made.key.id}/security`);
  await expect(page.getByRole('heading', { name: 'Addresses' })).toBeVisible();
  return made.value.value;
}

async function putOff(page: Page, list: List): Promise<void> {
  await setMode(page, list, 'Off');
}

test('a secret: drawn and shown once, required, waived, taken away', async ({ page, keyward }) => {
  const name = 'with-secret';
  const value = await openNewKey(page, keyward, name);
  await page.getByRole('button', { name: 'Draw a secret…' }).click();
  await page.getByRole('button', { name: 'Draw the secret' }).click();
  const secret = (await page.getByTestId('new-secret').innerText()).trim();
  expect(secret).toMatch(/^ks_\w+$/);
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('new-secret')).toHaveCount(0);
  expect(await call(keyward, value), 'drawn is not required').toEqual(ALLOWED);
  await page.getByRole('switch', { name: 'Every call must bring it' }).click();
  await confirm(page, 'Ask for the secret');
  expect(await call(keyward, value)).toEqual(denied('secret_missing', 401));
  expect(await call(keyward, value, '/leagues', { 'x-api-secret': 'ks_wrong' })).toEqual(denied('secret_wrong', 401));
  expect(await call(keyward, value, '/leagues', { 'x-api-secret': secret })).toEqual(ALLOWED);
  await page.getByRole('button', { name: 'Take away…' }).click();
  await confirm(page, `Take the secret of ${name} away`);
  expect(await call(keyward, value)).toEqual(ALLOWED);
  expect(await keyward.placesOf(secret), 'it is stored as a hash').toEqual([]);
});

test('addresses and domains: each denies what it lacks', async ({ page, keyward }) => {
  const value = await openNewKey(page, keyward, 'with-lists');
  await enforce(page, 'Addresses', ELSEWHERE);
  expect(await call(keyward, value)).toEqual(denied('address_not_allowed'));
  await setMode(page, 'Addresses', 'Observe');
  expect(await call(keyward, value), 'an observed list denies nothing').toEqual(ALLOWED);
  await expect(page.getByRole('link', { name: '1 call in the last 7 days' })).toBeVisible();
  await putOff(page, 'Addresses');
  await enforce(page, 'Domains', 'app.example.com');
  expect(await call(keyward, value)).toEqual(denied('domain_not_allowed'));
  expect(await call(keyward, value, '/leagues', { origin: 'https://app.example.com' })).toEqual(ALLOWED);
});

test('methods and contracts: each denies what it lacks', async ({ page, keyward }) => {
  const value = await openNewKey(page, keyward, 'with-narrow-lists');
  await enforce(page, 'Methods', 'GET /teams');
  expect(await call(keyward, value)).toEqual(denied('method_not_allowed'));
  expect(await call(keyward, value, '/teams?league=1')).toEqual(ALLOWED);
  await putOff(page, 'Methods');
  await enforce(page, 'Contracts', CONTRACT);
  expect(await callChain(keyward, value, 'eth_getCode', [OTHER_CONTRACT, 'latest'])).toEqual('contract_not_allowed');
  expect(await callChain(keyward, value, 'eth_getCode', [CONTRACT, 'latest'])).not.toEqual('contract_not_allowed');
  await page.reload();
  await expect(page.getByText(CONTRACT)).toBeVisible();
});

test('a wrong entry is told at its place, and nothing typed is lost', async ({ page, keyward }) => {
  await openNewKey(page, keyward, 'with-mistakes');
  await page.getByLabel('Contract to add').fill('0x12');
  await page.getByLabel('Contract to add').press('Enter');
  await expect(page.getByText(/0x12 is no contract/)).toBeVisible();
  await expect(page.getByLabel('Contract to add')).toHaveValue('0x12');
  await page.getByLabel('Address or range to add').fill(ELSEWHERE);
  await page.getByLabel('Address or range to add').press('Enter');
  await expect(page.getByText('This list is off: every call passes it.')).toBeVisible();
  await page.getByRole('link', { name: 'API keys', exact: true }).first().click();
  const asked = page.getByRole('dialog');
  await expect(asked).toContainText('Leave without saving?');
  await asked.getByRole('button', { name: 'Stay' }).click();
  await expect(page.getByText(ELSEWHERE)).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'API keys', exact: true }).first().click();
  await expect(page).toHaveURL(/\/keys$/);
});

test('a quota and a rate: what is used is shown, and more is denied', async ({ page, keyward }) => {
  const value = await openNewKey(page, keyward, 'with-limits');
  await page.getByRole('button', { name: 'Add a quota' }).click();
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('Write a figure of 1 or more')).toBeVisible();
  await page.getByLabel('Quota: figure').fill('2');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('0 of 2 used')).toBeVisible();
  expect(await call(keyward, value)).toEqual(ALLOWED);
  expect(await call(keyward, value)).toEqual(ALLOWED);
  const third = await call(keyward, value);
  expect(third.status, `${third.code}`).toBe(429);
  await page.getByRole('button', { name: 'Take the limit on requests a day away' }).click();
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('No quota of its own:')).toBeVisible();
  expect(await call(keyward, value)).toEqual(ALLOWED);
});

test('the lists of the account hold for all its keys', async ({ page, keyward }) => {
  const value = await openNewKey(page, keyward, 'below-the-account');
  await page.goto('/account/security');
  await expect(page.locator('nav a[aria-current="page"]'), 'no page above it is lit too').toHaveText(['Security']);
  await enforce(page, 'Addresses', ELSEWHERE);
  expect(await call(keyward, value)).toEqual(denied('address_not_allowed'));
  await putOff(page, 'Addresses');
  expect(await call(keyward, value)).toEqual(ALLOWED);
});
