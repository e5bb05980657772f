import { vi } from 'vitest';
import { NAME_PREFIX } from '../../../src/shared/names.ts';

/** A worker that was terminated has its files open for a moment more, and for 2 s when it was stuck. */
const LOCKED_MS = 10_000;

/** Removes the folder of a store. */
export async function removeOpfsStore(basePath: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await vi.waitFor(() => root.removeEntry(basePath, { recursive: true }).catch(passOverMissing), {
    timeout: LOCKED_MS,
  });
}

function passOverMissing(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
}

/** Removes the database of a store; the browser waits until nobody has it open. */
export function removeIndexedDbStore(basePath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`${NAME_PREFIX}${basePath}`);
    request.addEventListener('success', () => resolve());
    request.addEventListener('error', () => reject(request.error));
  });
}
