import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { serveBuilt } from '../../../scripts/serve.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the page of the tabs is served. */
    tabPageUrl: string;
  }
}

const root = fileURLToPath(new URL('../page/', import.meta.url));

/** Builds the page, because a dozen tabs that load it from source would take minutes, and serves it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(join(tmpdir(), 'flatfile-chat-tabs-'));
  await build({
    root,
    configFile: fileURLToPath(new URL('../../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: {
      outDir,
      minify: false,
      rolldownOptions: { input: ['index.html', 'elsewhere.html'].map((name) => join(root, name)) },
    },
  });
  const app = await serveBuilt(outDir);
  project.provide('tabPageUrl', app.url);
  return async () => {
    await app.close();
    await rm(outDir, { recursive: true, force: true });
  };
}
