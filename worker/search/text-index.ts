import type { FFSearchConfig } from '../../src/shared/config.ts';

/** What of a message can be searched. */
export interface IndexedMessage {
  readonly sessionId: string;
  readonly messageId: string;
  readonly content: string;
  readonly name: string;
}

/** What to look for. */
export interface IndexQuery {
  readonly text: string;
  readonly sessionIds?: readonly string[];
  readonly limit: number;
}

/** A message that was found; scores compare within one query only. */
export interface IndexHit {
  readonly sessionId: string;
  readonly messageId: string;
  readonly score: number;
}

/** The full-text index of one user's messages. It follows the logs and can always be made anew. */
export interface TextIndex {
  /** Adds a message, or replaces what is known of it. */
  put(message: IndexedMessage): Promise<void>;
  remove(sessionId: string, messageId: string): Promise<void>;
  removeSession(sessionId: string): Promise<void>;
  /** The best hits, best first. */
  search(query: IndexQuery): Promise<IndexHit[]>;
}

/** Makes an empty index. */
export type CreateTextIndex = (config: FFSearchConfig) => TextIndex;
