import type { NewMessage } from '../../src/shared/contract.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { loadConfig } from '../../src/validation/config.ts';
import type { Backend } from '../../worker/backend/backend.ts';
import { openEngine, type Engine } from '../../worker/engine.ts';
import type { Presence } from '../../worker/services/presence.ts';
import { createFaultyBackend, type FaultyBackend } from './faulty-backend.ts';
import { createClock } from './stores.ts';

/** Callers that are there until they go. */
export interface TestPresence extends Required<Presence> {
  go(caller: string): void;
}

export function createPresence(): TestPresence {
  const gone = new Set<string>();
  const watches = new Set<{ readonly caller: string; resolve(): void }>();
  return {
    whenGone: (caller, signal) =>
      new Promise((resolve, reject) => {
        if (gone.has(caller)) resolve();
        watches.add({ caller, resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    isGone: async (caller) => gone.has(caller),
    go: (caller) => {
      gone.add(caller);
      for (const watch of watches) if (watch.caller === caller) watch.resolve();
    },
  };
}

/** An engine, and what it has told of. */
export interface GrowingStore {
  readonly engine: Engine;
  readonly events: StoreEvent[];
}

/** Opens an engine that tells of what happens, for callers that may go. */
export async function openGrowingStore(
  backend: Backend,
  presence?: Presence,
  now: () => number = createClock(),
): Promise<GrowingStore> {
  const events: StoreEvent[] = [];
  const engine = await openEngine({
    backend,
    config: loadConfig({}, 'test'),
    now,
    onEvent: (event) => events.push(event),
    ...(presence === undefined ? {} : { presence }),
  });
  return { engine, events };
}

/** A message that is empty when it begins. */
export const REPLY: NewMessage = { messageId: 'm1', role: 'assistant', content: '' };

/** A store of its own in which alice has the session `s1`. */
export async function openWithSession() {
  const disk = createFaultyBackend();
  const presence = createPresence();
  const store = await openGrowingStore(disk, presence);
  const { api } = store.engine;
  await api.createUser('alice', {});
  await api.createSession('alice', { sessionId: 's1', title: '' });
  store.events.length = 0;
  return {
    ...store,
    disk,
    presence,
    api,
    grow: (from: number, text: string, messageId = 'm1') =>
      api.growMessage('alice', 's1', messageId, from, text),
    beginAs: (caller: string, message: NewMessage = REPLY) =>
      store.engine.call('beginMessage', ['alice', 's1', message], { caller }),
  };
}

/** All messages of the session. */
export function readMessages({ api }: Engine): Promise<FFMessageDTO[]> {
  return api.getMessages('alice', 's1', { offset: 0, reverse: false });
}

/** The records of a file that are of a type. */
export function recordsOf<T = Record<string, unknown>>(
  disk: FaultyBackend,
  path: string,
  type: string,
): T[] {
  const text = new TextDecoder().decode(disk.bytesOf(path));
  const lines = text.split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as T & { readonly type: string })
    .filter((record) => record.type === type);
}

export const MESSAGES = 'users/alice/sessions/s1/messages.jsonl';
export const CATALOG = 'users/alice/catalog.jsonl';
