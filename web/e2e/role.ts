// The parts of a key's Teamwork page and of the Roles drawer that journeys touch.
import { expect, type Locator, type Page } from '@playwright/test';

type Level = 'All' | 'Some' | 'Only view' | 'Nothing';

/** Opens the Teamwork tab of the key that the page shows. */
export async function openTeamwork(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Teamwork' }).click();
  await expect(page.getByRole('tab', { name: 'Teamwork' })).toHaveAttribute('aria-selected', 'true');
}

/** The row of a member of the key. */
export const onKey = (page: Page, email: string): Locator =>
  page.getByRole('table', { name: 'Members of this key' }).getByRole('row').filter({ hasText: email });

/** The row of a role in the matrix. */
export const roleRow = (page: Page, role: string): Locator =>
  page.getByRole('table', { name: 'Roles' }).getByRole('row').filter({ hasText: role });

/** The drawer in which roles are made and changed. */
export const roles = (page: Page): Locator => page.getByRole('dialog').filter({ has: page.getByText(/^Roles of /) });

/** Opens a role to be changed. */
export async function editRole(page: Page, role: string): Promise<void> {
  await page.getByRole('button', { name: `Edit the role ${role}`, exact: true }).click();
  await expect(roles(page).getByLabel('Name')).toHaveValue(role);
}

/** Names the role in hand. */
export const nameRole = (page: Page, name: string) => roles(page).getByLabel('Name').fill(name);

/** Sets a module of the role in hand. */
export const setLevel = (page: Page, module: string, level: Level) =>
  roles(page).getByRole('radiogroup', { name: `${module}: level` }).getByText(level, { exact: true }).click();

/** Opens a module of the role in hand and ticks, or unticks, a single permission. */
export async function tick(page: Page, module: string, permission: string): Promise<void> {
  const head = roles(page).getByRole('button', { name: new RegExp(`^${module} `) });
  if ((await head.getAttribute('aria-expanded')) !== 'true') await head.click();
  await roles(page).getByRole('checkbox', { name: permission, exact: true }).click();
}

/** Saves all roles of the drawer, by the words on its button, and waits until it is gone. */
export async function saveRoles(page: Page, button = 'Save roles'): Promise<void> {
  await roles(page).getByRole('button', { name: button, exact: true }).click();
  await expect(roles(page)).toBeHidden();
}
