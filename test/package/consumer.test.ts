import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchBrowser } from '../../scripts/launch-browser.mjs';
import { serveBuilt } from '../../scripts/serve.mjs';
import { packInto } from '../support/pack.ts';
import { ROOT, run } from '../support/run.ts';
import type { Shown } from './app/main.ts';

// The app has the repository's compiler and bundler: installing them once more would test only npm.
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');

const EXPECTED: Shown = {
  backend: 'opfs',
  contents: [
    'What does the mill do?',
    'It works on the numbers that the store holds.',
    'And who writes the cards?',
  ],
  hits: ['And who writes the cards?'],
  similar: ['And who writes the cards?'],
};

let app: string;

beforeAll(async () => {
  // Outside the repository, where nothing but the tarball can answer for the package.
  app = await mkdtemp(join(tmpdir(), 'flatfile-chat-consumer-'));
  await cp(join(ROOT, 'test/package/app'), app, { recursive: true });
  const { path } = await packInto(app);
  await run(app, 'npm', 'install', '--prefix', app, '--ignore-scripts', '--prefer-offline', path);
});

afterAll(() => rm(app, { recursive: true, force: true }));

describe('an app that installs the packed package', () => {
  it.each(['tsconfig.json', 'tsconfig.nodenext.json'])('type-checks with %s', async (project) => {
    await run(app, process.execPath, TSC, '--project', project);
  });

  it('stores, reads and finds messages on OPFS when Vite has built it', async () => {
    await run(app, process.execPath, VITE, 'build');
    const server = await serveBuilt(join(app, 'dist'));
    onTestFinished(() => server.close());

    const { shown, errors, worker } = await open(server.url);

    expect(errors).toEqual([]);
    expect(shown).toEqual(EXPECTED);
    // A bundler that misreads the worker's URL inlines the file, without what it imports.
    expect(await readdir(join(app, 'dist/assets'))).toContain(basename(worker));
  });

  it("does so on Vite's development server", async () => {
    const server = await createServer({
      root: app,
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0 },
    });
    onTestFinished(() => server.close());
    await server.listen();

    const { shown } = await open(server.resolvedUrls?.local[0] ?? '');

    expect(shown).toEqual(EXPECTED);
  });
});

/** Opens the app in a browser and gives what it shows, what went wrong and its worker's URL. */
async function open(url: string): Promise<{
  shown: unknown;
  errors: readonly string[];
  worker: string;
}> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.page();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') errors.push(line.text());
  });
  await page.goto(url);
  const text = await page.locator('output:not(:empty)').innerText();
  return {
    shown: text.startsWith('{') ? JSON.parse(text) : text,
    errors,
    worker: page.workers()[0]?.url() ?? 'no worker',
  };
}
