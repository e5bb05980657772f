import type { Presence } from '../services/presence.ts';
import { hasLocks, isFree, whenFree } from './locks.ts';

/** Who has not been heard of for so long is gone; greetings come every second. */
const GONE_AFTER_MS = 5_000;

const CHECK_EVERY_MS = 500;

/** Tells when the thread of a caller is gone. */
export interface CallerPresence extends Presence {
  /** Takes note that a caller lives. */
  heard(caller: string): void;
  close(): void;
}

/**
 * By the lock that each caller holds, which is exact; where there are no locks, by the greetings that
 * come from it.
 *
 * @param self this thread, which is never gone
 */
export function createPresence(self: string): CallerPresence {
  return hasLocks() ? presenceByLock() : presenceByGreeting(self);
}

function presenceByLock(): CallerPresence {
  return { whenGone: whenFree, isGone: isFree, heard: () => undefined, close: () => undefined };
}

interface Watch {
  readonly caller: string;
  heardAt: number;
  resolve(): void;
}

function presenceByGreeting(self: string): CallerPresence {
  const watches = new Set<Watch>();
  const timer = setInterval(() => {
    const goneAt = performance.now() - GONE_AFTER_MS;
    for (const watch of [...watches]) {
      if (watch.caller === self || watch.heardAt > goneAt) continue;
      watches.delete(watch);
      watch.resolve();
    }
  }, CHECK_EVERY_MS);
  return {
    whenGone: (caller, signal) =>
      new Promise((resolve, reject) => {
        const watch: Watch = { caller, heardAt: performance.now(), resolve };
        const end = (): void => {
          watches.delete(watch);
          reject(signal.reason);
        };
        if (signal.aborted) return end();
        watches.add(watch);
        signal.addEventListener('abort', end, { once: true });
      }),
    heard: (caller) => {
      for (const watch of watches) {
        if (watch.caller === caller) watch.heardAt = performance.now();
      }
    },
    close: () => clearInterval(timer),
  };
}
