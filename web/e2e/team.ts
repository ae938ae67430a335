// The parts of My Team that journeys touch.
import { expect, type Locator, type Page } from '@playwright/test';

/** A member's row. */
export function rowOf(page: Page, email: string): Locator {
  return page.getByRole('row').filter({ hasText: email });
}

/** Rows of the request log beneath. */
export function callsOf(page: Page): Locator {
  return page.getByRole('table', { name: 'Requests' }).getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
}

/** Opens the menu of a member and picks from it. */
export async function pick(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** The question before something that matters; its button repeats the name. */
export async function confirm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** Adds a new member by name and mail. */
export async function invite(page: Page, name: string, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a new member' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a new member' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Mail').fill(email);
  await dialog.getByRole('button', { name: 'Send invitation' }).click();
  await expect(dialog).toBeHidden();
}
