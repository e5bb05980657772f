import type { EngineCall } from './connection.ts';
import type { CheckProgress } from './shared/checks.ts';
import { FFStorageError } from './shared/errors.ts';
import type { TransferControl } from './validation/backups.ts';

/** Looks at the store, or has it put in order, step by step; gives the last step, with the report. */
export async function runCheck(
  call: EngineCall,
  kind: 'verify' | 'repair',
  { signal, onProgress }: TransferControl,
): Promise<CheckProgress> {
  throwIfAborted(signal, kind);
  const checkId = await call('openCheck', kind);
  let doneBytes = 0;
  try {
    for (;;) {
      throwIfAborted(signal, kind);
      const progress = await call('continueCheck', checkId);
      if (progress.verified !== undefined || progress.repaired !== undefined) {
        onProgress?.({ doneBytes, totalBytes: doneBytes });
        throwIfAborted(signal, kind);
        return progress;
      }
      const { totalBytes } = progress;
      ({ doneBytes } = progress);
      onProgress?.(totalBytes === undefined ? { doneBytes } : { doneBytes, totalBytes });
    }
  } catch (error) {
    // It has ended with the store, or with its worker.
    await call('cancelCheck', checkId).catch(() => undefined);
    throw error;
  }
}

function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (!signal?.aborted) return;
  throw new FFStorageError(`${what}() was aborted.`, { code: 'aborted', cause: signal.reason });
}
