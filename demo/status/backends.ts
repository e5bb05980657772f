import type { BackendKind } from 'flatfile-chat';

/** Where a store is, in words. */
export const BACKENDS: Readonly<
  Record<BackendKind, { readonly name: string; readonly about: string }>
> = {
  opfs: { name: 'OPFS', about: 'Files in the origin private file system of this browser' },
  indexeddb: { name: 'IndexedDB', about: 'This browser offers no synchronous file access' },
  memory: { name: 'Memory', about: 'Nothing is kept: everything is gone when the page closes' },
};
