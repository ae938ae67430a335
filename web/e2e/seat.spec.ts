// The end of a seat, keys that go on under another holder, and an account that changes hands: in two browsers and one program.
import type { Locator, Page } from '@playwright/test';
import { call } from './call';
import { keyOf, storeShownValue } from './key';
import type { Keyward, Login } from './keyward';
import { invitationLink } from './places';
import { ask, choosePassword, signIn, signInByApi } from './person';
import { confirm, pick, rowOf } from './team';
import { expect, test } from './test';

const NAME = 'Hal Holder';
const EMAIL = 'hal@example.com';
const PASSWORD = 'copper field lantern six';
const DAY_MS = 86_400_000;

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

test('a seat gets an end, and is removed; its key goes on under another holder', async ({ keyward, page, newPerson }) => {
  test.setTimeout(180_000);
  const leaver = await newPerson();
  await leaver.goto(await invitationLink(page, keyward, NAME, EMAIL));
  await choosePassword(leaver, PASSWORD, 'Activate my seat');
  const value = await storeShownValue(leaver);
  expect(await call(keyward, value)).toEqual({ status: 200, code: null });

  await test.step('the end is set, told in the table, and taken away', async () => {
    await page.goto('/team');
    await endOf(page, fieldIn(3.5 * DAY_MS));
    await expect(rowOf(page, EMAIL)).toContainText('ends in 3 days');
    await endOf(page, '');
    await expect(rowOf(page, EMAIL)).not.toContainText('ends in');
  });

  const [receiver] = keyward.ready.members;
  await test.step('the question names the person and how many keys, and asks what becomes of them', async () => {
    await pick(page, NAME, `Remove ${NAME}…`);
    const dialog = page.getByRole('dialog', { name: `Remove ${NAME}?` });
    await expect(dialog).toContainText(`What becomes of ${NAME}'s 1 own key?`);
    await dialog.getByLabel('Hand it over').check();
    await dialog.getByRole('button', { name: `Remove ${NAME}`, exact: true }).click();
    await expect(dialog, 'nobody is chosen yet').toContainText('Choose who gets them.');
    await choose(dialog.getByRole('combobox', { name: `Who gets the keys of ${NAME}` }), receiver!);
    await confirm(page, `Remove ${NAME}`);
  });
  expect(await call(keyward, value)).toEqual({ status: 401, code: 'unknown_key' });
  await expect(rowOf(page, EMAIL)).toHaveCount(0);

  await test.step('the new holder draws a value of their own', async () => {
    const holder = await newPerson();
    await signInByApi(holder, keyward, receiver!);
    await holder.goto('/');
    await keyOf(holder, `${NAME}'s key`);
    await holder.getByRole('tab', { name: 'Values' }).click();
    await holder.getByRole('button', { name: 'Draw mine' }).first().click();
    await holder.getByRole('dialog').getByRole('button', { name: 'Draw value' }).click();
    const drawn = await storeShownValue(holder);
    expect(drawn).not.toBe(value);
    expect(await call(keyward, drawn)).toEqual({ status: 200, code: null });
  });
});

test('an account changes hands, and back', async ({ keyward, page, newPerson }) => {
  test.setTimeout(180_000);
  const { owner, members } = keyward.ready;
  const successor = members[0]!;
  const other = await newPerson();
  await signInByApi(other, keyward, successor);
  // A session of its own: the one that all tests share goes on.
  await page.context().clearCookies();
  await signIn(page, owner);

  await test.step('offered with a password, withdrawn, offered again', async () => {
    await offer(page, successor, 'not the password', owner);
    await expect(page.getByText('This is not your password.')).toBeVisible();
    await offer(page, successor, owner.password, owner);
    await page.getByRole('button', { name: 'Withdraw the offer' }).click();
    // To leave the page before would be to call the withdrawal off.
    await expect(page.getByRole('combobox', { name: 'New owner' })).toBeVisible();
    await offer(page, successor, owner.password, owner);
    await expect(page.getByRole('heading', { name: `Offered to ${successor.name}` })).toBeVisible();
  });
  await accept(other, keyward, owner);
  await page.goto('/account/ownership');
  await expect(page.getByText(`Only ${successor.name} can offer this account`)).toBeVisible();
  await offer(other, owner, successor.password, successor);
  await expect(other.getByRole('heading', { name: `Offered to ${owner.name}` })).toBeVisible();
  await accept(page, keyward, successor);
});

/** Types a part of the address: the server is asked for it, and the keyboard takes who is found. */
async function choose(field: Locator, { name, email }: Login): Promise<void> {
  const asked = field.page().waitForResponse((answer) => new URL(answer.url()).searchParams.get('q') === email);
  await field.pressSequentially(email);
  expect((await asked).status()).toBe(200);
  const found = field.page().getByRole('listbox').getByRole('option');
  await expect(found).toHaveCount(1);
  await field.press('ArrowDown');
  await expect(field, 'who is marked is told').toHaveAttribute('aria-activedescendant', (await found.getAttribute('id'))!);
  await field.press('Enter');
  await expect(field).toHaveValue(`${name} (${email})`);
}

/** Offers the account on its page, as its owner. */
async function offer(page: Page, to: Login, password: string, from: Login): Promise<void> {
  await page.goto('/account/ownership');
  await expect(page.getByText(`${from.name} owns`)).toBeVisible();
  await choose(page.getByRole('combobox', { name: 'New owner' }), to);
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: /^Offer .+ to / }).click();
}

/** Follows the notice to the offer, and accepts it. */
async function accept(page: Page, keyward: Keyward, from: Login): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Look at the offer' }).click();
  await expect(page.getByRole('heading', { name: new RegExp(`${from.name} offers you`) })).toBeVisible();
  await page.getByRole('button', { name: /^Own .+…$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Own / }).click();
  await expect(page.getByRole('heading', { name: 'Hand the account over' })).toBeVisible();
  const seat = await ask<{ seats: { role: string }[] }>(page, keyward, 'GET', '/me');
  expect(seat.seats[0]!.role).toBe('owner');
}

/** Sets the end of the member's seat in the dialog; empty takes it away. */
async function endOf(page: Page, field: string): Promise<void> {
  await pick(page, NAME, 'Change end…');
  const dialog = page.getByRole('dialog', { name: `End of ${NAME}'s seat` });
  await dialog.getByLabel('Seat ends').fill(field);
  await dialog.getByRole('button', { name: field === '' ? 'Save without an end' : 'Save the end' }).click();
  await expect(dialog).toBeHidden();
}

/** A moment from now as the field takes it, in the browser's zone of playwright.config.ts. */
function fieldIn(millis: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return parts.format(new Date(Date.now() + millis)).replace(' ', 'T');
}
