// axe finds nothing on any page or dialog, light and dark, at a desk and on a phone.
import { expectAccessible } from './axe';
import { arrived, idsOf, INSIDE, invitationLink, OUTSIDE } from './places';
import { choosePassword } from './person';
import { expect, test } from './test';

// Each test looks four times; a machine with other work takes its time.
test.describe.configure({ mode: 'parallel', timeout: 240_000 });

test.describe('signed in', () => {
  test.use({ storageState: ({ ownerState }, use) => use(ownerState) });
  for (const { name, address, open } of INSIDE) {
    test(`axe: ${name}`, async ({ page, keyward }) => {
      await page.goto(address(await idsOf(page, keyward)));
      await arrived(page);
      await open?.(page);
      await expectAccessible(page, name);
    });
  }

  test('axe: an invitation, from its link to the value', async ({ page, keyward, newPerson }) => {
    const link = await invitationLink(page, keyward, 'Axel Ablet', 'axel@example.com');
    const axel = await newPerson();
    await axel.goto(link);
    await expect(axel.getByLabel('Password', { exact: true })).toBeVisible();
    await expectAccessible(axel, 'activate');
    await choosePassword(axel, 'eleven green bottles', 'Activate my seat');
    await expect(axel.getByTestId('new-value')).toBeVisible();
    await expectAccessible(axel, 'the value, shown once');
    await page.goto('/outbox');
    await page.getByRole('button', { name: 'axel@example.com' }).click();
    await expectAccessible(page, 'the mail');
  });
});

for (const { name, address } of OUTSIDE) {
  test(`axe: ${name}`, async ({ page }) => {
    await page.goto(address({ account: '', key: '', shared: '', member: '', request: '', denied: '' }));
    await arrived(page);
    await expectAccessible(page, name);
  });
}
