// Takes the pictures of docs/screenshots: `npm run shots`, and only then.
import { resolve } from 'node:path';
import { LOOKS, lookAt } from './axe';
import { arrived, idsOf, INSIDE } from './places';
import { expect, test } from './test';

const FOLDER = resolve(import.meta.dirname, '../../docs/screenshots');
/** Pages only: a picture of an open menu is of little use to a reader. */
const PAGES = INSIDE.filter(({ name }) => !['lost', 'team-menu', 'requests-empty'].includes(name));

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

for (const { name, address, open } of PAGES) {
  test(`picture of ${name}`, async ({ page, keyward }) => {
    const there = address(await idsOf(page, keyward));
    for (const look of LOOKS) {
      await lookAt(page, look);
      await page.goto(there);
      await arrived(page);
      await open?.(page);
      await expect(page.locator('[aria-busy="true"], .mantine-Skeleton-root')).toHaveCount(0);
      await page.screenshot({ path: resolve(FOLDER, `${name}-${look.name.replace(' ', '-')}.png`), animations: 'disabled' });
    }
  });
}
