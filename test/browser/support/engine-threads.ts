import * as Comlink from 'comlink';
import { onTestFinished } from 'vitest';
import type { EngineApi, EngineMethod } from '../../../src/shared/contract.ts';
import { installErrorTransfer } from '../../../src/shared/wire.ts';
import type { EngineThread } from './engine.worker.ts';

installErrorTransfer();

/** An engine in a thread of its own, which ends when the test is over or when it is terminated. */
export interface Thread {
  readonly host: Comlink.Remote<EngineThread>;
  /** The methods of its engine, while that is open. */
  readonly api: EngineApi;
  terminate(): void;
}

export function startThread(): Thread {
  return wrap(new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' }));
}

/** The same in a page that is not served over HTTPS. */
export function startInsecureThread(): Thread {
  return wrap(
    new Worker(new URL('./insecure-engine.worker.ts', import.meta.url), { type: 'module' }),
  );
}

function wrap(worker: Worker): Thread {
  onTestFinished(() => worker.terminate());
  const host = Comlink.wrap<EngineThread>(worker);
  const api = new Proxy({} as EngineApi, {
    get:
      (_, method) =>
      (...args: unknown[]) =>
        host.call(method as EngineMethod, args),
  });
  return { host, api, terminate: () => worker.terminate() };
}
