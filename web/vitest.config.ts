// Which tests Vitest runs: those beside the source. The journeys in e2e/ are Playwright's.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['src/**/*.test.{ts,tsx}'] } });
