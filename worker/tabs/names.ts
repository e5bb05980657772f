import type { BackendKind } from '../../src/shared/contract.ts';
import { NAME_PREFIX } from '../../src/shared/names.ts';
import type { MemberId } from './messages.ts';

/** How the tabs that share a store call it: two backends with the same path are two stores. */
export function storeName(kind: BackendKind, basePath: string): string {
  return `${kind}:${basePath}`;
}

/** The Web Lock of a store's one owner. */
export function ownerLock(store: string): string {
  return `${NAME_PREFIX}owner:${store}`;
}

/** The channel on which everybody hears everything. */
export function newsChannel(store: string): string {
  return `${NAME_PREFIX}news:${store}`;
}

/**
 * The channel between the owner and one tab. Each tab has its own, because everybody who opens a channel
 * is sent all that is said on it.
 */
export function memberChannel(store: string, member: MemberId): string {
  return `${NAME_PREFIX}member:${member}:${store}`;
}
