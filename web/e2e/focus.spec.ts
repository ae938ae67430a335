// Where the focus is after a step: on the heading of the new page, and never taken from what one is using.
import { idsOf } from './places';
import { expect, test } from './test';

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

test('a page that one goes to has the focus on its heading', async ({ page }) => {
  await page.goto('/');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Overview');
  await expect(heading, 'the first page of a visit begins at its top').not.toBeFocused();
  await page.getByRole('link', { name: 'Requests', exact: true }).press('Enter');
  await expect(heading).toHaveText('Requests');
  await expect(heading).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search pages' }).fill('My Team');
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText('My Team');
  await expect(heading).toBeFocused();
});

test('the tabs of a key are walked with the arrows', async ({ page, keyward }) => {
  const { key } = await idsOf(page, keyward);
  await page.goto(`/keys/${key}`);
  await page.getByRole('tab', { name: 'Get started' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/\/values$/);
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/\/security$/);
  await expect(page.getByRole('tab', { name: 'Security' })).toBeFocused();
});

test('a dialog that an address opens keeps the focus', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Search' })).toBeVisible();
  const search = page.getByRole('textbox', { name: 'Search pages' });
  // The page listens for keys a moment after it is drawn.
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(search).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await search.fill('Add a new');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused();
});
