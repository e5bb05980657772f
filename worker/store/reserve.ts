import { FFQuotaExceededError } from '../../src/shared/errors.ts';
import type { BackendFile } from '../backend/backend.ts';
import type { HandleCache } from './handle-cache.ts';
import { RESERVE_FILE } from './layout.ts';

/** Written at once; where there is no room for all of it, part of it is better than nothing. */
const PIECE_BYTES = 262_144;

/** As many as the platform gives at once. */
const MAX_RANDOM_BYTES = 65_536;

/**
 * A file of noise that keeps room: on a full disk it is given up for as long as a deletion takes,
 * which has to write a record before it frees anything. What is given up is taken again at once, as
 * far as there is room, so that nothing else gets it.
 */
export class Reserve {
  readonly #files: HandleCache;
  readonly #wantedBytes: (() => number) | undefined;
  #bytes: number | undefined;
  #borrowers = 0;
  #isClosed = false;
  #work: Promise<unknown> = Promise.resolve();

  /** @param wantedBytes asked each time: it may change; absent where what there is stays as it is */
  constructor(files: HandleCache, wantedBytes?: () => number) {
    this.#files = files;
    this.#wantedBytes = wantedBytes;
  }

  /** Bytes that are kept. */
  bytes(): Promise<number> {
    return this.#run(() => this.#measure());
  }

  /** Runs a task that may use the room. */
  async lend<T>(task: () => Promise<T>): Promise<T> {
    this.#borrowers++;
    try {
      await this.#run(() => this.#release());
      return await task();
    } finally {
      this.#borrowers--;
      await this.fill();
    }
  }

  /** Takes as much as is wanted, and as there is room for. Never fails. */
  async fill(): Promise<void> {
    await this.#run(async () => {
      if (this.#borrowers === 0 && !this.#isClosed) await this.#take();
    }).catch(() => undefined);
  }

  /** Resolves when nothing touches the file any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
  }

  async #measure(): Promise<number> {
    this.#bytes ??= (await this.#files.use(RESERVE_FILE, (file) => file.size())) ?? 0;
    return this.#bytes;
  }

  async #release(): Promise<void> {
    if ((await this.#measure()) === 0) return;
    await this.#files.remove(RESERVE_FILE);
    this.#bytes = 0;
  }

  async #take(): Promise<void> {
    const wanted = this.#wantedBytes?.();
    if (wanted === undefined) return;
    let size = await this.#measure();
    if (size === wanted) return;
    const piece = incompressible();
    await this.#files.useCreating(RESERVE_FILE, async (file) => {
      if (size > wanted) file.truncate((size = wanted));
      while (size < wanted) {
        const length = Math.min(PIECE_BYTES, wanted - size);
        try {
          file.write(piece.subarray(0, length), size);
          await file.flush();
        } catch (error) {
          await giveBack(file, size);
          if (error instanceof FFQuotaExceededError) break;
          throw error;
        }
        size += length;
      }
    });
    this.#bytes = size;
    if (size === 0) await this.#files.remove(RESERVE_FILE);
    // Nobody reads it, and IndexedDB keeps open files in memory.
    else await this.#files.letGo(RESERVE_FILE);
  }

  #run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#work.then(task);
    this.#work = result.catch(() => undefined);
    return result;
  }
}

/** IndexedDB compresses what it keeps, and zeros to nothing. */
function incompressible(): Uint8Array {
  const bytes = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < bytes.length; at += MAX_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + MAX_RANDOM_BYTES));
  }
  return bytes;
}

/** Cuts off what did not fit. Where even that is refused, nothing of it was kept. */
async function giveBack(file: BackendFile, size: number): Promise<void> {
  try {
    file.truncate(size);
    await file.flush();
  } catch {
    // The error that led here is the one to look at.
  }
}

/** Records that make room, or that come before or after one that does. */
const FREEING: ReadonlySet<string> = new Set([
  'delete',
  'session-deleted',
  'session-swept',
  'user-deleted',
  'swept',
  'drop',
  // Both come before the first change of a space or a session, whatever it is.
  'counting',
  'writing',
]);

/** Whether what is recorded together may use what is reserved. */
export function isFreeing(records: readonly { readonly type: string }[]): boolean {
  // The deletion of a document is activity of its session.
  const isPart = (type: string) => FREEING.has(type) || type === 'session';
  return records.some(({ type }) => FREEING.has(type)) && records.every(({ type }) => isPart(type));
}
