// Journeys through a real Keyward in real Chromium. `npm run e2e` runs them; `npm run shots` only takes the pictures.
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

/** Debian's Chromium: Playwright's own would come from a place that is no package registry. */
const chromium = process.env.KEYWARD_TEST_CHROMIUM ?? '/usr/bin/chromium';

// A browser that runs as root, without a graphics card, and speaks to nobody but the page.
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  // Containers give little shared memory.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const desk: PlaywrightTestConfig['use'] = {
  viewport: { width: 1440, height: 900 },
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
};

export default defineConfig({
  testDir: 'e2e',
  outputDir: '../target/playwright',
  // A test has a Keyward of its worker's; two of them and two browsers are what two cores carry.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // A second try would hide what happens now and then to people too.
  retries: 0,
  forbidOnly: true,
  use: {
    ...desk,
    actionTimeout: 20_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: chromium, args: quiet },
  },
  projects: [
    { name: 'journeys', testMatch: '*.spec.ts' },
    { name: 'shots', testMatch: 'shots.ts' },
  ],
});
