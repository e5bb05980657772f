import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './scripts/find-browser.mjs';
import { browserFlags } from './scripts/launch-browser.mjs';
import { bundledWorker } from './test/browser/support/bundled-worker.ts';
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
          // The first test of a file loads the engine, which a busy machine takes its time for.
          testTimeout: 30_000,
        },
      },
      {
        plugins: [bundledWorker()],
        resolve,
        // Read at the start: a dependency that Vite met later, in a worker, would reload the page
        // in the middle of a test.
        optimizeDeps: {
          entries: ['src/index.ts', 'worker/index.ts', 'embed/index.ts', 'test/browser/**/*.ts'],
          // It finds its own files by where it lies.
          exclude: ['@huggingface/transformers'],
        },
        worker: { format: 'es' },
        test: {
          name: 'browser',
          // Not inherited: by default it is one less than there are processors.
          maxWorkers: 2,
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/support/provide-minilm.ts'],
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
          exclude: ['test/process/demo*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Each opens many tabs, so one file at a time, and nothing beside it: what is promised to be
          // saved within half a second must not wait for the processor.
          name: 'tabs',
          include: ['test/tabs/**/*.test.ts'],
          // That is a Chromium that is told of one more name for this machine.
          exclude: process.env['FFDB_TABS_BROWSER'] === 'firefox' ? ['**/insecure.test.ts'] : [],
          globalSetup: ['test/tabs/support/serve-page.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // They wait more than they compute, so two at a time.
          name: 'demo',
          include: ['test/process/demo*.test.ts'],
          globalSetup: ['test/process/support/build-demo.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
