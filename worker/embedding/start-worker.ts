import type { Endpoint } from 'comlink';
import { FFStorageError } from '../../src/shared/errors.ts';

/** A thread that serves an embedding host, and how to end it. */
export interface EmbeddingThread {
  readonly endpoint: Endpoint;
  /** Called when the thread could not start, or threw outside of any call. */
  onFailure(listener: (cause: unknown) => void): void;
  terminate(): void;
}

/** Some browsers have no workers inside of workers; Node has none of this kind at all. */
export function hasWorkers(): boolean {
  return typeof Worker !== 'undefined';
}

/** Starts the embedding worker of the package. */
export function startEmbeddingWorker(): EmbeddingThread {
  if (!hasWorkers()) {
    throw new FFStorageError(
      'There are no web workers here, and only the model "static" (vector.model) runs without one.',
      { code: 'unavailable' },
    );
  }
  const worker = createPackagedWorker();
  return {
    endpoint: worker,
    onFailure: (listener) => {
      worker.addEventListener('error', (event) => {
        // Without preventDefault the failure would be reported once more, as one of this thread.
        event.preventDefault();
        // A script that cannot be loaded gives a plain event, which has no message.
        listener(event.message ? event.message : 'its script could not be loaded');
      });
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
    terminate: () => worker.terminate(),
  };
}

/**
 * The expression must stay as it is: bundlers look for exactly this form, and the build does not
 * rewrite the string, so it names the built file. In this repository Vite resolves it to the source.
 */
function createPackagedWorker(): Worker {
  return new Worker(new URL('../../embed/index.js', import.meta.url), { type: 'module' });
}
