// Looks at a page as axe does, in both colour schemes, at a desk and on a phone.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const SCHEMES = ['light', 'dark'] as const;
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Every way a page is looked at: `light desk`, `dark phone` and so on. */
export const LOOKS = SCHEMES.flatMap((scheme) =>
  Object.entries(SIZES).map(([size, viewport]) => ({ name: `${scheme} ${size}`, scheme, viewport })),
);

export type Look = (typeof LOOKS)[number];

export async function lookAt(page: Page, { scheme, viewport }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
}

/** Fails with the rule, the element and the way out of everything that axe finds; leaves the page at the desk, light. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const found: string[] = [];
  for (const look of LOOKS) {
    await lookAt(page, look);
    await expect(page.locator('[aria-busy="true"], .mantine-Skeleton-root'), `${look.name} is still loading`).toHaveCount(0);
    await page.evaluate(settled);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    for (const { id, help, nodes } of violations) {
      for (const node of nodes) found.push(`${look.name}: ${id}: ${help}: ${node.target.join(' ')}\n${node.failureSummary}`);
    }
    found.push(...(await page.evaluate(sideways)).map((text) => `${look.name}: ${text}`));
  }
  await lookAt(page, LOOKS[0]!);
  expect(found, what).toEqual([]);
}

/** Runs in the page: waits until colours have stopped moving from one scheme to the other. */
async function settled(): Promise<void> {
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

/** Runs in the page: one that is wider than the screen has to be pushed to and fro. */
function sideways(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide on a screen of ${clientWidth}`] : [];
}
