import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './scripts/find-browser.mjs';
import { browserFlags } from './scripts/launch-browser.mjs';
import { SummaryReporter } from './test/support/summary-reporter.ts';
import { packageFromSource } from './vite.config.ts';

const executablePath = await findBrowser();

const resolve = { alias: packageFromSource };

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    // More would make tests that measure waiting compete for the processor.
    maxWorkers: 2,
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve,
        // Read at the start: a dependency that Vite met later, in a worker, would reload the page
        // in the middle of a test.
        optimizeDeps: { entries: ['src/index.ts', 'worker/index.ts', 'test/browser/**/*.ts'] },
        worker: { format: 'es' },
        test: {
          name: 'browser',
          // Not inherited: by default it is one less than there are processors.
          maxWorkers: 2,
          include: ['test/browser/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: {
                args: browserFlags,
                ...(executablePath === undefined ? {} : { executablePath }),
              },
            }),
          },
        },
      },
      {
        test: {
          // Tests that start browsers, build or pack: heavy, so one file at a time, after the rest.
          name: 'process',
          include: ['test/process/**/*.test.ts', 'test/package/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
