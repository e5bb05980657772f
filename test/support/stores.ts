import type { FFConfigInput } from '../../src/shared/config.ts';
import { loadConfig } from '../../src/validation/config.ts';
import type { Backend, BackendFile } from '../../worker/backend/backend.ts';
import { openEngine, type Engine } from '../../worker/engine.ts';
import { createLogger, type Logger } from '../../worker/logger.ts';
import { HandleCache } from '../../worker/store/handle-cache.ts';
import type { DamagedRange } from '../../worker/store/log-scan.ts';
import type { LogContext } from '../../worker/store/record-log.ts';
import { Store } from '../../worker/store/store.ts';
import { createFaultyBackend } from './faulty-backend.ts';

/** Says nothing: tests read results, not the console. */
const silentLogger: Logger = createLogger(() => 'silent');

/** Opens a store as an engine would, with the test preset. */
export function openTestStore(backend: Backend, config: FFConfigInput = {}): Promise<Store> {
  return Store.open(backend, loadConfig(config, 'test').storage, silentLogger);
}

/** Opens an engine with the test preset and a clock of its own. */
export function openTestEngine(
  backend: Backend,
  now: () => number = createClock(),
  config: FFConfigInput = {},
): Promise<Engine> {
  // Without the reserve, unless it is asked for: a disk in memory is copied over and over.
  const storage = { reserveBytes: 0, ...config.storage };
  return openEngine({ backend, config: loadConfig({ ...config, storage }, 'test'), now });
}

/** A clock that is a second later each time it is read. */
export function createClock(start: number = Date.parse('2026-01-01T00:00:00Z')): () => number {
  let time = start;
  return () => (time += 1_000);
}

/** Files and reports for a structure that is tested without the store around it. */
export interface TestFiles extends LogContext {
  /** What was reported. */
  readonly damaged: (DamagedRange & { readonly path: string })[];
}

/** Opens files on a backend; commits are flushed unless that is said otherwise. */
export function openTestFiles(
  backend: Backend,
  { flushCommits = true, maxOpen = 8 }: { flushCommits?: boolean; maxOpen?: number } = {},
): TestFiles {
  const damaged: TestFiles['damaged'] = [];
  return {
    files: new HandleCache(backend, () => maxOpen),
    flushCommits,
    damaged,
    onDamage: async (path, ranges) => {
      for (const range of ranges) damaged.push({ path, ...range });
    },
  };
}

/** A file that is open, with the given content. */
export async function openFileOf(bytes: Uint8Array): Promise<BackendFile> {
  const file = await createFaultyBackend({}, new Map([['file', bytes]])).open('file');
  if (file === null) throw new Error('The file is not there.');
  return file;
}

/** The parts, one behind the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
