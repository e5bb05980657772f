import * as idb from 'idb-keyval';
import { FFStorageError } from '../../src/shared/errors.ts';
import { createId } from '../../src/shared/ids.ts';
import { completed, openFileDatabase, type FileDatabase } from '../backend/database.ts';
import type { Fence } from '../backend/indexeddb.ts';
import { fromPlatformError } from '../backend/platform-error.ts';
import { createDeferred } from '../deferred.ts';

/*
 * Ownership where there are no Web Locks: in pages that are not served over HTTPS, which have no OPFS
 * either. A lease cannot tell a dead owner from a frozen one as a lock does. So nobody trusts it alone:
 * what the owner writes goes through its fence.
 */

/** For how long a lease holds that is not renewed. */
const LEASE_MS = 5_000;

/** Between renewals: a busy thread may miss some. */
const RENEW_MS = 1_000;

/** Between the looks of those who wait. */
const POLL_MS = 250;

/** No path and no key of a block, so it is not listed. */
const LEASE_KEY = ['lease'];

/** What lies in the database, beside the files. */
export interface LeaseRecord {
  /** Who holds the store; empty when it was let go of. */
  readonly owner: string;
  /** One more for each who has held it. */
  readonly epoch: number;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The store in IndexedDB is one's own until {@link Lease.lost}. */
export interface Lease {
  readonly epoch: number;
  /** What a backend must ask before it writes. */
  readonly fence: Fence;
  /** Resolves when it is known that the lease is not held any more; after `release`, too. Never rejects. */
  readonly lost: Promise<void>;
  /** Lets others have the store at once; never rejects. Nothing may be open any more. */
  release(): Promise<void>;
}

/** What tests put in the place of the real time. */
export interface LeaseClock {
  /** In milliseconds since 1970. */
  now(): number;
  /** Resolves after a time, or when the signal is aborted; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Becomes the one owner of a store in IndexedDB, however long it takes: an owner that died has it for
 * 5 s more.
 *
 * @throws the signal's reason when it is aborted first
 * @throws FFStorageError when the database cannot be used
 */
export async function takeLease(
  basePath: string,
  signal: AbortSignal,
  clock: LeaseClock = realTime,
): Promise<Lease> {
  signal.throwIfAborted();
  // Nothing depends on a lease being on the disk: whoever lost it there is gone as well.
  const database = await openFileDatabase(basePath, 'relaxed');
  try {
    for (;;) {
      signal.throwIfAborted();
      const taken = await tryToTake(database, clock);
      if (taken !== null) {
        const lease = keep(basePath, database, taken, clock);
        if (!signal.aborted) return lease;
        // Nobody would let go of it.
        await lease.release();
        continue;
      }
      await clock.wait(POLL_MS, signal);
    }
  } catch (error) {
    database.connection.close();
    if (signal.aborted) throw error;
    throw fromPlatformError(`Taking the store "${basePath}"`, error);
  }
}

/** Whether a store can be had by whoever asks. */
export function isFree(lease: LeaseRecord | undefined, now: number): boolean {
  if (lease === undefined || lease.expiresAt <= now) return true;
  // Nobody has written that since the clock was set back, and it would take as long to expire. Clocks
  // of two threads differ by less.
  return lease.expiresAt > now + 2 * LEASE_MS;
}

async function tryToTake(database: FileDatabase, clock: LeaseClock): Promise<LeaseRecord | null> {
  // Those who wait do not hold up the writes of the owner.
  const seen = await database.store('readonly', readLease);
  if (!isFree(seen, clock.now())) return null;
  return database.store('readwrite', async (files) => {
    const before = await readLease(files);
    const now = clock.now();
    if (!isFree(before, now)) return null;
    const taken: LeaseRecord = {
      owner: createId(),
      epoch: (before?.epoch ?? 0) + 1,
      expiresAt: now + LEASE_MS,
    };
    files.put(taken, LEASE_KEY);
    await completed(files.transaction);
    return taken;
  });
}

function keep(
  basePath: string,
  database: FileDatabase,
  { owner, epoch }: LeaseRecord,
  clock: LeaseClock,
): Lease {
  const ended = new AbortController();
  const { promise: lost, resolve: end } = createDeferred();
  void lost.then(() => {
    ended.abort();
    database.connection.close();
  });
  // The browser closes it when the user clears the site's data.
  database.connection.addEventListener('close', () => end());

  /** Whether the lease was held, in which case it is now this one. */
  const replace = (lease: LeaseRecord): Promise<boolean> =>
    database.store('readwrite', async (files) => {
      if ((await readLease(files))?.owner !== owner) return false;
      files.put(lease, LEASE_KEY);
      await completed(files.transaction);
      return true;
    });

  async function renew(): Promise<void> {
    for (;;) {
      await clock.wait(RENEW_MS, ended.signal);
      if (ended.signal.aborted) return;
      try {
        if (!(await replace({ owner, epoch, expiresAt: clock.now() + LEASE_MS }))) end();
      } catch {
        // On a full disk nobody can take it, either; whoever has taken it is seen the next time.
      }
    }
  }
  void renew();

  return {
    epoch,
    lost,
    fence: {
      check: async (files) => {
        if ((await readLease(files))?.owner === owner) return;
        end();
        throw new FFStorageError(
          `Another tab has taken over the store "${basePath}", because this one did not answer for ${LEASE_MS / 1_000} s. Nothing of this write was kept.`,
          { code: 'worker-lost' },
        );
      },
    },
    release: async () => {
      if (ended.signal.aborted) return;
      ended.abort();
      // Where that fails, it expires.
      await replace({ owner: '', epoch, expiresAt: 0 }).catch(() => false);
      end();
    },
  };
}

async function readLease(files: IDBObjectStore): Promise<LeaseRecord | undefined> {
  return idb.promisifyRequest<LeaseRecord | undefined>(files.get(LEASE_KEY));
}

const realTime: LeaseClock = {
  now: Date.now,
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const stop = (): void => {
        clearTimeout(timer);
        // A lease waits many times on one signal.
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const timer = setTimeout(stop, ms);
      signal.addEventListener('abort', stop);
    }),
};
