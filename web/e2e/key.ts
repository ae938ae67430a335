// The parts of a key's pages that journeys touch.
import { expect, type Page } from '@playwright/test';

const ADD = {
  Addresses: 'Address or range to add',
  Domains: 'Domain to add',
  Methods: 'Method to add',
  Contracts: 'Contract to add',
} as const;

/** A list by its title. */
export type List = keyof typeof ADD;

/** Opens the page of the key that someone holds. */
export async function keyOf(page: Page, holder: string): Promise<void> {
  await page.getByRole('link', { name: 'API keys', exact: true }).click();
  await page.getByRole('row').filter({ hasText: holder }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/keys\/key_/);
}

/** Takes the value that is shown once, and says that it is stored. */
export async function storeShownValue(page: Page): Promise<string> {
  const shown = page.getByTestId('new-value');
  const value = (await shown.innerText()).trim();
  expect(value).toMatch(/^kw_\w+$/);
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(shown, 'a value is shown once').toHaveCount(0);
  return value;
}

/** Replaces one's value at once, and answers with the new one. */
export async function regenerate(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'Values' }).click();
  await page.getByRole('button', { name: 'Regenerate…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Regenerate', exact: true }).click();
  return storeShownValue(page);
}

/** Opens the tab on which a key's lists are. */
export const openSecurity = (page: Page) => page.getByRole('tab', { name: 'Security' }).click();

/** Adds an entry to a list of the page, enforces the list, and saves. */
export async function enforce(page: Page, list: List, entry: string): Promise<void> {
  await page.getByLabel(ADD[list]).fill(entry);
  await page.getByLabel(ADD[list]).press('Enter');
  await setMode(page, list, 'Enforce');
}

/** Switches a list and saves. */
export async function setMode(page: Page, list: List, mode: 'Off' | 'Observe' | 'Enforce'): Promise<void> {
  await page.getByRole('radiogroup', { name: `${list}: mode` }).getByText(mode, { exact: true }).click();
  await page.getByRole('button', { name: 'Save lists' }).click();
  await expect(page.getByRole('region', { name: 'Changes' })).toBeHidden();
}
