import * as Comlink from 'comlink';
import type { BackendKind } from 'flatfile-chat';
import type { EngineMethod } from '../../../src/shared/contract.ts';
import { installErrorTransfer } from '../../../src/shared/wire.ts';
import type { Backend } from '../../../worker/backend/backend.ts';
import { openSnapshot, selectBackend } from '../../../worker/backend/select.ts';
import type { Engine } from '../../../worker/engine.ts';
import { takeLease, type Lease } from '../../../worker/tabs/lease.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { openTestEngine } from '../../support/stores.ts';

installErrorTransfer();

/** How a thread comes to the files: as their owner, as an owner without Web Locks, or to read them. */
export type Access = 'owner' | 'lease' | 'snapshot';

let backend: Backend | undefined;
let engine: Engine | undefined;
let lease: Lease | undefined;

async function openBackend(
  access: Access,
  kind: BackendKind | undefined,
  basePath: string,
): Promise<Backend> {
  if (access === 'snapshot') return openSnapshot(kind, basePath);
  if (access === 'lease') lease = await takeLease(basePath, new AbortController().signal);
  return selectBackend(kind, basePath, lease?.fence);
}

function opened(): Engine {
  if (engine === undefined) throw new Error('The engine is not open.');
  return engine;
}

/** An engine whose files can be reached in each of the ways that there are. */
const thread = {
  async open(
    access: Access,
    kind: BackendKind | undefined,
    basePath: string,
  ): Promise<BackendKind> {
    backend = await openBackend(access, kind, basePath);
    engine = await openTestEngine(backend);
    return backend.kind;
  },

  async call(method: EngineMethod, args: readonly unknown[]): Promise<unknown> {
    const run = opened().api[method] as (...args: readonly unknown[]) => Promise<unknown>;
    return run(...args);
  },

  readAll: () => takeSnapshot(opened()),

  async close(): Promise<void> {
    await engine?.close();
    await lease?.release();
    backend = engine = lease = undefined;
  },

  /** Opens files without an engine and keeps them open: what is written behind their end is flushed. */
  async hold(kind: BackendKind, basePath: string, tails: Record<string, string>): Promise<void> {
    backend = await selectBackend(kind, basePath);
    for (const [path, tail] of Object.entries(tails)) {
      const file = await backend.open(path);
      if (file === null) throw new Error(`${path} is not there.`);
      file.write(new TextEncoder().encode(tail), file.size());
      await file.flush();
    }
  },

  /** Does nothing any more, as the thread of a frozen tab; only its end can be asked for. */
  freeze(): void {
    // The constructor of WebAssembly gives shared memory to pages, too, that are not isolated.
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    Atomics.wait(new Int32Array(buffer), 0, 0);
  },
};

export type EngineThread = typeof thread;

Comlink.expose(thread);
