/** Who is there. A caller is known by the lock that its thread holds for as long as it lives. */
export interface Presence {
  /** Resolves when the caller's thread is gone; rejects when the signal is aborted before. */
  whenGone(caller: string, signal: AbortSignal): Promise<void>;
  /** Whether it is gone already; absent where that cannot be told at once. */
  isGone?(caller: string): Promise<boolean>;
}

/** For a store that only this thread uses: whoever calls it goes when it goes. */
export const ALWAYS_PRESENT: Presence = {
  whenGone: (_, signal) =>
    new Promise((_resolve, reject) => {
      const end = (): void => reject(signal.reason);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }),
};
