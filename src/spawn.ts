import type { Endpoint } from 'comlink';
import type { BackendKind } from './shared/contract.ts';
import { FFStorageError } from './shared/errors.ts';

/** The other end of a connection, and how to end it. */
export interface StorageThread {
  readonly endpoint: Endpoint;
  /** Called at most once, when the thread could not start or threw outside of any call. */
  onFailure(listener: (cause: unknown) => void): void;
  terminate(): void;
}

/**
 * Starts the storage worker: the app's own, else the packaged one, else, where there are no workers
 * at all (Node, some test environments), the engine in this thread, which the memory backend allows.
 */
export async function spawnStorage(
  backend: BackendKind | undefined,
  createWorker: (() => Worker) | undefined,
): Promise<StorageThread> {
  if (createWorker !== undefined) return fromWorker(createWorker());
  if (typeof Worker !== 'undefined') return fromWorker(createPackagedWorker());
  if (backend === 'memory') return inThisThread();
  throw new FFStorageError(
    "There are no web workers here, and only the memory backend runs without one: pass { backend: 'memory' }.",
    { code: 'unavailable' },
  );
}

/**
 * The expression must stay as it is: bundlers look for exactly this form, and the build does not
 * rewrite the string, so it names the built file. In this repository Vite resolves it to the source.
 */
function createPackagedWorker(): Worker {
  return new Worker(new URL('../worker/index.js', import.meta.url), { type: 'module' });
}

function fromWorker(worker: Worker): StorageThread {
  return {
    endpoint: worker,
    onFailure: (listener) => {
      worker.addEventListener('error', (event) => {
        // Without preventDefault the page would log the same failure once more as its own.
        event.preventDefault();
        // A script that cannot be loaded gives a plain event, which has no message.
        listener(event.message ? event.message : 'its script could not be loaded');
      });
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}

/** The same wire over a channel inside one thread, so that copying and errors work alike. */
async function inThisThread(): Promise<StorageThread> {
  const { serveHost } = await import('../worker/serve.ts');
  const { port1, port2 } = new MessageChannel();
  serveHost(port1);
  return {
    endpoint: port2,
    onFailure: () => undefined,
    terminate: () => {
      port1.close();
      port2.close();
    },
  };
}
