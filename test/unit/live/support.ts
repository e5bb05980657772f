import type { EngineCall } from '../../../src/connection.ts';
import { EventRouter } from '../../../src/live/event-router.ts';
import type { StoreLink } from '../../../src/live/store-link.ts';
import type { EngineApi } from '../../../src/shared/contract.ts';
import { FFStorageError } from '../../../src/shared/errors.ts';

/** The methods that a test answers. */
export type Answers = Partial<EngineApi>;

/** A store that a test plays. */
export interface PlayedStore {
  readonly link: StoreLink;
  /** The methods that were called. */
  readonly calls: string[];
  /** What the worker was last told to listen to. */
  listened(): readonly string[];
  /** Ends the store as `close()` does, or with another error. */
  end(error?: FFStorageError): void;
}

/** A store whose methods answer as given; each answer takes a task, as one of a worker does. */
export function playStore(answers: Answers): PlayedStore {
  const ending = new AbortController();
  const calls: string[] = [];
  let topics: readonly string[] = [];
  const call = (async (method: keyof EngineApi, ...args: unknown[]): Promise<unknown> => {
    calls.push(method);
    await nextTask();
    const answer = answers[method] as ((...given: unknown[]) => Promise<unknown>) | undefined;
    if (answer === undefined) throw new TypeError(`Nobody answers ${method}.`);
    const result = await answer(...args);
    await nextTask();
    if (ending.signal.aborted) throw ending.signal.reason;
    return result;
  }) as EngineCall;
  const events = new EventRouter(async (wanted) => {
    await nextTask();
    topics = wanted;
  });
  return {
    link: { call, events, ending: ending.signal },
    calls,
    listened: () => topics,
    end: (error = new FFStorageError('closed', { code: 'closed' })) => ending.abort(error),
  };
}

export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Lets so many tasks of others run. */
export async function tasks(count: number): Promise<void> {
  for (let task = 0; task < count; task++) await nextTask();
}
