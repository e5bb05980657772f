import type { StorageFacts } from './shared/checks.ts';
import type { FFEvictionReason, FFStorageHealthDTO } from './shared/model/reliability.ts';

/** Less than this is left: the next larger document or backup may not fit. */
const LITTLE_BYTES = 67_108_864;
const LITTLE_SHARE = 0.05;

/** What `getDirectory` fails with in private windows of Firefox and of Safari. */
const REFUSALS: ReadonlySet<unknown> = new Set(['SecurityError', 'UnknownError', 'TypeError']);

/**
 * What the storage thread knows, with what only a page can find out.
 *
 * @param isFallback whether the backend is the one that stands in where files are refused
 */
export async function completeHealth(
  facts: StorageFacts,
  isFallback: boolean,
): Promise<FFStorageHealthDTO> {
  const { quotaBytes, usageBytes } = facts;
  const isPrivate = isFallback && facts.backend === 'indexeddb' && (await refusesFiles());
  const headroomBytes =
    quotaBytes === undefined || usageBytes === undefined
      ? undefined
      : Math.max(quotaBytes - usageBytes, 0);
  const evictionReasons = reasonsFor(facts, headroomBytes, isPrivate);
  return {
    ...facts,
    ...(headroomBytes === undefined ? {} : { headroomBytes }),
    ...(isPrivate ? { privateMode: true } : {}),
    evictionRisk: riskOf(evictionReasons),
    evictionReasons,
  };
}

/** Asks the browser to keep what the origin has stored; gives whether it has promised that. */
export async function requestPersistence(): Promise<boolean> {
  const storage = storageManager();
  if (storage?.persist === undefined) return (await storage?.persisted?.()) ?? false;
  return storage.persist();
}

/** Absent outside of browsers and in pages without HTTPS; a worker's has no `persist`. */
function storageManager(): Partial<StorageManager> | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.storage;
}

/** Where the browser has files and gives none, the window is a private one. */
async function refusesFiles(): Promise<boolean> {
  const storage = storageManager();
  if (storage?.getDirectory === undefined) return false;
  try {
    await storage.getDirectory();
    return false;
  } catch (error) {
    return REFUSALS.has((error as { readonly name?: unknown }).name);
  }
}

function reasonsFor(
  { backend, persisted, quotaBytes = 0 }: StorageFacts,
  headroomBytes: number | undefined,
  isPrivate: boolean,
): FFEvictionReason[] {
  if (backend === 'memory') return ['memory-backend'];
  const reasons: FFEvictionReason[] = isPrivate ? ['private-window'] : [];
  if (persisted) return reasons;
  reasons.push('not-persisted');
  const little = Math.min(LITTLE_BYTES, quotaBytes * LITTLE_SHARE);
  if (headroomBytes !== undefined && headroomBytes < little) reasons.push('nearly-full');
  if (forgetsAfterSevenDays()) reasons.push('seven-days');
  return reasons;
}

function riskOf(reasons: readonly FFEvictionReason[]): FFStorageHealthDTO['evictionRisk'] {
  if (reasons.length === 0) return 'none';
  return reasons.every((reason) => reason === 'not-persisted') ? 'low' : 'high';
}

/** Safari does, but for web apps that were added to the home screen or the dock. */
function forgetsAfterSevenDays(): boolean {
  const { navigator, matchMedia } = globalThis as Partial<typeof globalThis>;
  // No other browser has this vendor; what a user agent string says is no proof.
  if (navigator?.vendor !== 'Apple Computer, Inc.') return false;
  const isInstalled = matchMedia?.('(display-mode: standalone)').matches === true;
  return !isInstalled && !('standalone' in navigator && navigator.standalone === true);
}
