// Takes the pictures of docs/screenshots: `npm run shots`, and only then.
import { resolve } from 'node:path';
import { type Look, LOOKS, lookAt } from './axe';
import { arrived, idsOf, INSIDE } from './places';
import { expect, test } from './test';

const FOLDER = resolve(import.meta.dirname, '../../docs/screenshots');
/** The pages that a reader of the documents wants to see, by their names in places.ts. */
const PAGES = ['overview', 'keys', 'key-security', 'key-teamwork', 'key-role', 'roles', 'team', 'requests-call', 'tester-answer'];
/** How a picture's name ends; a phone in the dark says nothing new. */
const ENDINGS: Record<string, string> = { 'light desk': '', 'dark desk': '-dark', 'light phone': '-phone' };

test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

const looks = LOOKS.flatMap((look): [Look, string][] => (look.name in ENDINGS ? [[look, ENDINGS[look.name]!]] : []));

for (const { name, address, open } of INSIDE.filter((place) => PAGES.includes(place.name))) {
  test(`picture of ${name}`, async ({ page, keyward }) => {
    const there = address(await idsOf(page, keyward));
    for (const [look, ending] of looks) {
      await lookAt(page, look);
      await page.goto(there);
      await arrived(page);
      await open?.(page);
      await expect(page.locator('[aria-busy="true"], .mantine-Skeleton-root')).toHaveCount(0);
      await page.screenshot({ path: resolve(FOLDER, `${name}${ending}.png`), animations: 'disabled' });
    }
  });
}
