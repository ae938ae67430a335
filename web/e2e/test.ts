// The test function of all journeys: a Keyward for each worker, and a page that complains about what people would not see.
import { type BrowserContext, expect, type Page, test as base } from '@playwright/test';
import { Keyward } from './keyward';
import { signInByApi } from './person';

type Fixtures = { newPerson: () => Promise<Page> };
type WorkerFixtures = {
  keyward: Keyward;
  /** The owner's session, for tests that begin behind the door: sign-in is limited, and has tests of its own. */
  ownerState: Awaited<ReturnType<BrowserContext['storageState']>>;
};

/** Said aloud, because new browsers would take over whom a test signs its own page in as. */
const NOBODY = { cookies: [], origins: [] };

export const test = base.extend<Fixtures, WorkerFixtures>({
  keyward: [
    // Playwright reads the names in the first braces; this one needs nothing of the others.
    async ({}, use) => {
      const keyward = await Keyward.start();
      await use(keyward);
      await keyward.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  ownerState: [
    async ({ browser, keyward }, use) => {
      const context = await browser.newContext({ baseURL: keyward.ready.control_url });
      await signInByApi(await context.newPage(), keyward, keyward.ready.owner);
      const state = await context.storageState();
      await context.close();
      await use(state);
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ keyward }, use) => use(keyward.ready.control_url),
  page: async ({ page, keyward }, use) => {
    const complaints = watch(page, keyward.ready.control_url);
    await use(page);
    expect(complaints, 'what the browser complained about').toEqual([]);
  },
  /** Another person at a browser of their own, with nothing of the first one's. */
  newPerson: async ({ browser, keyward }, use) => {
    const opened: { context: BrowserContext; complaints: string[] }[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL: keyward.ready.control_url, storageState: NOBODY });
      const page = await context.newPage();
      opened.push({ context, complaints: watch(page, keyward.ready.control_url) });
      return page;
    });
    for (const { context, complaints } of opened) {
      await context.close();
      expect(complaints, 'what another browser complained about').toEqual([]);
    }
  },
});

export { expect };

/**
 * Collects what must never happen: an exception, an error in the console (a breach of the Content-Security-Policy is
 * one), a dialog of the browser, a request to another place. A refusal by the API is logged by the browser as an error
 * too, and is none.
 */
function watch(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    const isRefusal = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isRefusal) complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const isInside = request.url().startsWith(`${origin}/`) || /^(data|blob):/.test(request.url());
    if (!isInside) complaints.push(`request to elsewhere: ${request.url()}`);
  });
  return complaints;
}
