// Two people edit one key at once: nobody's change is lost. And what was changed can be gone back to.
import { accountOf, ask } from './person';
import { expect, test } from './test';

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

type Made = { key: { id: string } };

test('two browsers edit one key, and both changes stand', async ({ page, keyward, browser, ownerState }) => {
  const keys = `/accounts/${await accountOf(page, keyward)}/keys`;
  const asked = { name: 'two-editors', environment: 'Production', sharing: 'shared', metadata: { team: 'Orders' } };
  const { key } = await ask<Made>(page, keyward, 'POST', keys, asked);
  const context = await browser.newContext({ baseURL: keyward.ready.control_url, storageState: ownerState });
  const other = await context.newPage();
  for (const one of [page, other]) {
    await one.goto(`/keys/${key.id}`);
    await one.getByRole('button', { name: 'Manage' }).click();
    await one.getByRole('menuitem', { name: 'Edit…' }).click();
  }
  await page.getByLabel('Name', { exact: true }).fill('named-by-the-first');
  await page.getByLabel('Why').fill('A better name');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'named-by-the-first', exact: true })).toBeVisible();

  await other.getByLabel('Value of pair 1').fill('Payments');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('alert')).toContainText('changed this key meanwhile');
  await expect(other.getByRole('dialog')).toContainText('named-by-the-first');
  await other.getByRole('button', { name: 'Put my change on top' }).click();
  await expect(other.getByLabel('Name', { exact: true })).toHaveValue('named-by-the-first');
  await expect(other.getByLabel('Value of pair 1')).toHaveValue('Payments');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('heading', { name: 'named-by-the-first', exact: true })).toBeVisible();
  await expect(other.getByText('team=Payments')).toBeVisible();
  await context.close();

  const now = await ask<{ name: string; metadata: object }>(page, keyward, 'GET', `${keys}/${key.id}`);
  expect(now).toMatchObject({ name: 'named-by-the-first', metadata: { team: 'Payments' } });
  await page.goto(`/keys/${key.id}/history`);
  await expect(page.getByText('“A better name”')).toBeVisible();
  await page.getByRole('button', { name: 'Go back to version 1…' }).click();
  await expect(page.getByRole('dialog')).toContainText('two-editors');
  await page.getByRole('button', { name: 'Go back to version 1', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'two-editors', exact: true })).toBeVisible();
  await expect(page.getByText('went back to version 1')).toBeVisible();
});

test('two browsers edit one list, and both entries stand', async ({ page, keyward, browser, ownerState }) => {
  const keys = `/accounts/${await accountOf(page, keyward)}/keys`;
  const asked = { name: 'one-list', environment: 'Production', sharing: 'shared' };
  const { key } = await ask<Made>(page, keyward, 'POST', keys, asked);
  const context = await browser.newContext({ baseURL: keyward.ready.control_url, storageState: ownerState });
  const other = await context.newPage();
  for (const [one, address] of [
    [page, '192.0.2.1'],
    [other, '192.0.2.2'],
  ] as const) {
    await one.goto(`/keys/${key.id}/security`);
    await one.getByLabel('Address or range to add').fill(address);
    await one.getByLabel('Address or range to add').press('Enter');
  }
  await page.getByRole('button', { name: 'Save lists' }).click();
  await expect(page.getByRole('button', { name: 'Save lists' })).toHaveCount(0);
  await other.getByRole('button', { name: 'Save lists' }).click();
  await expect(other.getByRole('alert')).toContainText('changed this key meanwhile');
  await other.getByRole('button', { name: 'Put my change on top' }).click();
  await other.getByRole('button', { name: 'Save lists' }).click();
  await expect(other.getByRole('button', { name: 'Save lists' })).toHaveCount(0);
  await context.close();
  type Lists = { addresses: { entries: { value: string }[] } };
  const { addresses } = await ask<Lists>(page, keyward, 'GET', `${keys}/${key.id}/allowlists`);
  expect(addresses.entries.map(({ value }) => value)).toEqual(['192.0.2.1', '192.0.2.2']);
});
