import { FFStorageError } from '../../src/shared/errors.ts';

/**
 * Ends work that takes long when the engine closes: nothing may touch a file after that. To be called
 * between two steps, where stopping leaves everything in order.
 */
export function stopWhenClosing(closing: AbortSignal, what: string): void {
  if (!closing.aborted) return;
  throw new FFStorageError(`${what}: the store was closed before it was done.`, { code: 'closed' });
}
