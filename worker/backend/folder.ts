import type { Backend } from './backend.ts';

/** A folder of a backend as a backend of its own; whoever closes it closes the whole. */
export function openFolder(backend: Backend, folder: string): Backend {
  const below = (path: string): string => (path === '' ? folder : `${folder}/${path}`);
  return {
    kind: backend.kind,
    keepsUnflushedWrites: backend.keepsUnflushedWrites,
    ...(backend.isSnapshot === undefined ? {} : { isSnapshot: backend.isSnapshot }),
    open: (path, options) => backend.open(below(path), options),
    remove: (path) => backend.remove(below(path)),
    list: (path) => backend.list(below(path)),
    close: () => backend.close(),
  };
}
