import * as Comlink from 'comlink';
import { backendAcceptance } from 'flatfile-chat/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { RunCase } from './support/acceptance.worker.ts';
import { removeIndexedDbStore, removeOpfsStore } from './support/remove-store.ts';

const removeStore = { opfs: removeOpfsStore, indexeddb: removeIndexedDbStore };

describe.each(['opfs', 'indexeddb'] as const)('the %s backend', (kind) => {
  const removals: (() => Promise<void>)[] = [];
  let worker: Worker;
  let runCase: Comlink.Remote<RunCase>;

  beforeAll(() => {
    const script = new URL('./support/acceptance.worker.ts', import.meta.url);
    worker = new Worker(script, { type: 'module' });
    runCase = Comlink.wrap<RunCase>(worker);
  });

  afterAll(async () => {
    // Before that, what the worker has open cannot be removed.
    worker.terminate();
    for (const remove of removals) await remove();
  });

  it.each(backendAcceptance.map(({ name }) => name))('%s', async (name) => {
    const basePath = `backend-${crypto.randomUUID()}`;
    removals.push(() => removeStore[kind](basePath));
    await runCase(kind, basePath, name);
  });
});
