import type { FFJsonObject } from './json.ts';

/** A conversation. Times are ISO 8601 in UTC with milliseconds. */
export interface FFSessionDTO {
  sessionId: string;
  userId: string;
  title: string;
  createdAt: string;
  /** The last time anything was written to the session or to its messages. */
  updatedAt: string;
  /** Messages that can be read now; deleted ones do not count. */
  messageCount: number;
  metadata?: FFJsonObject;
}

/** The title of a session that was created without one. */
export const DEFAULT_SESSION_TITLE = 'New Chat Session';
