import type { FFSearchConfig } from '../../src/shared/config.ts';
import type { FFSearchResultDTO } from '../../src/shared/model/search.ts';

/** What an entry stands for: a message, or a chunk of a document. */
export type EntryType = FFSearchResultDTO['type'];

export const ENTRY_TYPES: readonly EntryType[] = ['message', 'document'];

/** A text that can be found. */
export interface IndexEntry {
  readonly type: EntryType;
  /** The session or panel that it belongs to, see `keys.ts`. */
  readonly sessionKey: string;
  /** Unique among those of its type in its session. */
  readonly id: string;
  readonly content: string;
  /** Whose words they are; empty when that is not to be found. */
  readonly name: string;
  /** Of documents. */
  readonly mimeType?: string;
}

/** What to look for. */
export interface IndexQuery {
  readonly text: string;
  /** Only these; all when absent. */
  readonly types?: readonly EntryType[];
  readonly sessionKeys?: readonly string[];
  /** MIME types, parameters aside, or groups of them: `image/*`. Messages have none. */
  readonly mimeTypes?: readonly string[];
  readonly limit: number;
}

/** An entry that was found; scores compare within one type of one query only. */
export interface IndexHit {
  readonly type: EntryType;
  readonly sessionKey: string;
  readonly id: string;
  readonly score: number;
}

/** The full-text index of what belongs to one user. It can always be made anew. */
export interface TextIndex {
  /** Entries that it holds. */
  readonly size: number;
  /** Adds an entry, or replaces the one that has its type, session and id. */
  put(entry: IndexEntry): Promise<void>;
  remove(type: EntryType, sessionKey: string, id: string): Promise<void>;
  /** Removes all entries of a session. */
  removeSession(sessionKey: string): Promise<void>;
  /** The best hits, best first. */
  search(query: IndexQuery): Promise<IndexHit[]>;
}

/**
 * Makes an empty index.
 *
 * @param config its language is taken over once; all else of it is read by each search
 */
export type CreateTextIndex = (config: FFSearchConfig) => TextIndex;
