import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { EmbeddingThread } from '../../../../worker/embedding/start-worker.ts';

/** Starts threads of Node, and knows which are still running. */
export class ThreadStarter {
  readonly #script: URL;
  readonly #running = new Set<Worker>();
  started = 0;

  constructor(script = new URL('scripted-host.mjs', import.meta.url)) {
    this.#script = script;
    onTestFinished(() => this.ended());
  }

  /** Ends what is left, and resolves when nothing runs any more. */
  async ended(): Promise<void> {
    await Promise.all([...this.#running].map((worker) => worker.terminate()));
  }

  get running(): number {
    return this.#running.size;
  }

  readonly start = (): EmbeddingThread => {
    this.started += 1;
    const worker = new Worker(this.#script);
    this.#running.add(worker);
    worker.once('exit', () => this.#running.delete(worker));
    return {
      endpoint: nodeEndpoint(worker),
      onFailure: (listener) => {
        worker.once('error', listener);
        worker.once('exit', (code) => listener(`it ended with ${code}`));
      },
      terminate: () => void worker.terminate(),
    };
  };
}
