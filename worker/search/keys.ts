/** No id contains one. */
const SEPARATOR = '/';

/** Stands where a session's id does for a panel, and is no session's. */
export function panelKey(panelId: string): string {
  return SEPARATOR + panelId;
}

/** The panel that a key stands for; `undefined` when it is a session's id. */
export function panelIdOf(sessionKey: string): string | undefined {
  return sessionKey.startsWith(SEPARATOR) ? sessionKey.slice(SEPARATOR.length) : undefined;
}

/** The id of a document's chunk in an index. */
export function chunkId(documentId: string, index: number): string {
  return documentId + SEPARATOR + index;
}

/** What {@link chunkId} was made from. */
export function splitChunkId(id: string): { readonly documentId: string; readonly index: number } {
  const at = id.lastIndexOf(SEPARATOR);
  return { documentId: id.slice(0, at), index: Number(id.slice(at + 1)) };
}
