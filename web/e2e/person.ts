// What a person does at the door, and what the API is asked for them where a page would only take time.
import { type APIResponse, expect, type Page } from '@playwright/test';
import type { Keyward, Login } from './keyward';

/** Signs in on the page, as people do. */
export async function signIn(page: Page, login: Login): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Mail').fill(login.email);
  await page.getByLabel('Password', { exact: true }).fill(login.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).not.toHaveURL(/\/sign-in/);
}

/** Signs out by the menu behind one's own name. */
export async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `${name}, your menu` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
}

/** Fills in a new password where a page asks for one, and goes on by its button. */
export async function choosePassword(page: Page, password: string, button: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: button }).click();
}

/** Signs the page's browser in through the API. */
export async function signInByApi(page: Page, keyward: Keyward, login: Login): Promise<void> {
  await ask(page, keyward, 'POST', '/sessions', { email: login.email, password: login.password });
}

/** Asks the REST API with the session of the page's browser. */
export async function ask<T>(page: Page, keyward: Keyward, method: string, path: string, data?: object): Promise<T> {
  const options = { method, data, headers: { origin: keyward.ready.control_url } };
  const answer: APIResponse = await page.request.fetch(keyward.page(`/api/v1${path}`), options);
  const text = await answer.text();
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

type Seats = { seats: { account: { id: string } }[] };

/** The account that the page's person works in. */
export async function accountOf(page: Page, keyward: Keyward): Promise<string> {
  const me = await ask<Seats>(page, keyward, 'GET', '/me');
  return me.seats[0]!.account.id;
}
