// Names that want to be more than names: whatever someone calls themselves, everybody else sees text.
import { invitationLink } from './places';
import { accountOf, ask } from './person';
import { expect, test } from './test';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '{{constructor.constructor("alert(1)")()}}',
  "'-alert(1)-'",
  'javascript:alert(1)',
  '=HYPERLINK("x","y")',
];

test.describe.configure({ mode: 'parallel' });
test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

// The page of every test complains about dialogs, requests to elsewhere and errors: see test.ts.
for (const [place, name] of HOSTILE.entries()) {
  test(`a member called ${name}`, async ({ page, keyward, newPerson }) => {
    const email = `hostile-${place}@example.com`;
    const link = await invitationLink(page, keyward, name, email);
    await page.goto('/team');
    const row = page.getByRole('row').filter({ hasText: email });
    await expect(row).toContainText(name);
    await expect(page.locator('img, script:not([src])'), 'nothing of the name became an element').toHaveCount(0);
    await page.goto('/outbox');
    await expect(page.getByText(email).first()).toBeVisible();
    const invited = await newPerson();
    await invited.goto(link);
    await expect(invited.getByLabel('Mail')).toHaveValue(email);
    await expect(invited.locator('body')).toContainText(name);
  });
}

test('a key and an account with hostile names', async ({ page, keyward }) => {
  const [hostile] = HOSTILE;
  const account = `/accounts/${await accountOf(page, keyward)}`;
  const { name } = await ask<{ name: string }>(page, keyward, 'GET', account);
  await ask(page, keyward, 'PATCH', account, { name: hostile });
  const key = { name: hostile, environment: 'Development', sharing: 'shared' };
  await ask(page, keyward, 'POST', `${account}/keys`, key);
  for (const path of ['/', '/keys', '/tester', '/account']) {
    await page.goto(path);
    await expect(page.getByText(hostile!).first()).toBeVisible();
    await expect(page.locator('img, script:not([src])')).toHaveCount(0);
  }
  await ask(page, keyward, 'PATCH', account, { name });
});
