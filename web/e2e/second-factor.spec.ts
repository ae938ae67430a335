// A member sets up a second factor, signs in with a code and with a recovery code, and has a program act with an access token.
import type { Page } from '@playwright/test';
import type { Keyward } from './keyward';
import { choosePassword, signOut } from './person';
import { invitationLink } from './places';
import { expect, test } from './test';
import { codeOf } from './totp';

const NAME = 'Tara Totp';
const EMAIL = 'tara@example.com';
const PASSWORD = 'seven brass buttons';

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

async function join(page: Page, keyward: Keyward, tara: Page): Promise<void> {
  await tara.goto(await invitationLink(page, keyward, NAME, EMAIL));
  await choosePassword(tara, PASSWORD, 'Activate my seat');
  await tara.getByLabel('I have stored it').check();
  await tara.getByRole('button', { name: 'Done' }).click();
}

async function typePassword(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Gives the seed and the recovery codes. */
async function setUp(page: Page): Promise<{ seed: string; codes: string[] }> {
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Set up a second factor…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('not my password');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByText('This is not your password.')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByRole('img', { name: 'QR code for your authenticator' })).toBeVisible();
  const seed = (await dialog.getByTestId('seed').innerText()).replaceAll(/\s/g, '');
  // The step before: the code of this one is left for the next sign-in.
  await dialog.getByRole('textbox', { name: 'Code' }).fill(codeOf(seed, -1));
  await dialog.getByRole('button', { name: 'Turn it on' }).click();
  const codes = (await page.getByTestId('new-recovery-codes').innerText()).trim().split(/\s+/);
  expect(codes).toHaveLength(10);
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: 'Turn off…' })).toBeVisible();
  return { seed, codes };
}

test('a second factor: set up, asked for, and replaced by a recovery code', async ({ page, keyward, newPerson }) => {
  const tara = await newPerson();
  await join(page, keyward, tara);
  const { seed, codes } = await setUp(tara);
  await signOut(tara, NAME);
  await typePassword(tara);
  await typeCode(tara, '000000');
  await expect(tara.getByText('This is no code of your second factor')).toBeVisible();
  await typeCode(tara, codeOf(seed));
  await expect(tara).not.toHaveURL(/sign-in/);
  await signOut(tara, NAME);
  await typePassword(tara);
  await typeCode(tara, codes[0]!.replaceAll('-', ' ').toUpperCase());
  await expect(tara).not.toHaveURL(/sign-in/);
  await tara.goto('/settings/security');
  await expect(tara.getByText('Recovery codes left').locator('..')).toContainText('9');
  expect(await keyward.placesOf(seed), 'the seed is sealed').toEqual([]);
  expect(await keyward.placesOf(codes[1]!.replaceAll('-', '')), 'a recovery code is a hash').toEqual([]);
});

test('an access token: made, used by a program, ended', async ({ page, keyward }) => {
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Make a token…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Deploy script');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog.getByText('Choose at least one permission.')).toBeVisible();
  await dialog.getByLabel('teamwork.view').check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const text = (await page.getByTestId('new-access-token').innerText()).trim();
  expect(text).toMatch(/^kwt_\w{38}$/);
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  const ask = async (path: string) => {
    const answer = await fetch(keyward.page(`/api/v1${path}`), { headers: { authorization: `Bearer ${text}` } });
    const body = (await answer.json()) as { code?: string; seats?: { account: { id: string } }[] };
    return { status: answer.status, body };
  };
  const { body } = await ask('/me');
  const account = `/accounts/${body.seats![0]!.account.id}`;
  expect((await ask(`${account}/members`)).status).toBe(200);
  expect(await ask(`${account}/allowlists`)).toMatchObject({ status: 403, body: { code: 'missing_permission' } });
  expect(await ask('/sessions')).toMatchObject({ status: 403, body: { code: 'needs_session' } });
  expect(await keyward.placesOf(text), 'it is stored as a hash').toEqual([]);
  await page.getByRole('row', { name: /Deploy script/ }).getByRole('button', { name: 'End…' }).click();
  await page.getByRole('button', { name: 'End Deploy script' }).click();
  await expect(page.getByText('No access tokens')).toBeVisible();
  expect(await ask('/me')).toMatchObject({ status: 401, body: { code: 'wrong_token' } });
});
