import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { launchBrowser } from '../../scripts/launch-browser.mjs';
import { serveBuilt } from '../../scripts/serve.mjs';

const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));

/**
 * Builds a page, as an app would be built, and serves it on loopback.
 *
 * @param {string} root the page's folder
 * @param {object} [options]
 * @param {(folder: string) => Promise<void>} [options.addFiles] puts more beside what was built
 * @param {string} [options.workerPrelude] code that runs before that of every worker
 * @returns {Promise<import('../../scripts/serve.mjs').ServedApp>}
 */
export async function serveBuiltPage(
  root,
  { addFiles = async () => undefined, workerPrelude = '' } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'flatfile-chat-bench-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await build({
      root,
      configFile,
      // What a build says of sizes and unused imports is not about what is measured.
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true, target: 'esnext' },
      worker: { rolldownOptions: { output: { banner: workerPrelude } } },
    });
    await addFiles(folder);
    const app = await serveBuilt(folder);
    return {
      url: app.url,
      close: async () => {
        await app.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Runs a task in a browser of its own, and ends the browser.
 *
 * @template T
 * @param {string} url
 * @param {(page: import('playwright').Page) => Promise<T>} task
 * @param {string} [profile] default: a new one
 */
export async function inBrowser(url, task, profile) {
  const launched = await launchBrowser(profile);
  try {
    const page = await launched.page();
    page.on('pageerror', ({ message }) => process.stderr.write(`In the page: ${message}\n`));
    await page.goto(url);
    return await task(page);
  } finally {
    await launched.close();
  }
}
