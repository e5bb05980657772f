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

/** Stands for a document, the chunks of which are entries of an index. */
export function documentKey(sessionId: string, documentId: string): string {
  return sessionId + SEPARATOR + documentId;
}

/** What {@link documentKey} was made from. */
export function splitDocumentKey(key: string): {
  readonly sessionId: string;
  readonly documentId: string;
} {
  const at = key.indexOf(SEPARATOR);
  return { sessionId: key.slice(0, at), documentId: key.slice(at + 1) };
}
