import type { MessageRole } from '../shared/model/message.ts';
import type { FFSearchMode, FFSearchResultDTO } from '../shared/model/search.ts';

/** What {@link SearchMethods.searchMessages} looks at and gives. */
export interface SearchMessagesOptions {
  /** Only these sessions; all of the user's when absent, none when empty. */
  readonly sessionIds?: readonly string[] | undefined;
  /** At most this many. Default: `search.defaultLimit`. */
  readonly limit?: number | undefined;
  /** Leaves out what scores less, 0 to 1. Default 0. */
  readonly minRelevanceScore?: number | undefined;
}

/** What {@link SearchMethods.searchSimilarMessages} looks at and gives. */
export interface SearchSimilarOptions {
  /** Only these sessions; all of the user's when absent, none when empty. */
  readonly sessionIds?: readonly string[] | undefined;
  /** Leaves out what is less similar, 0 to 1. Default: `vector.similarityThreshold`. */
  readonly similarityThreshold?: number | undefined;
  /** At most this many. Default 50. */
  readonly limit?: number | undefined;
}

/** What {@link SearchMethods.search} looks at and gives. */
export interface SearchOptions {
  /** Default `hybrid`. */
  readonly mode?: FFSearchMode | undefined;
  /** Messages, documents or both, which is the default. */
  readonly types?: readonly FFSearchResultDTO['type'][] | undefined;
  /** Only these sessions; all of the user's when absent, none when empty. */
  readonly sessionIds?: readonly string[] | undefined;
  /** Only messages of these roles; documents have none and are left out. Default: all. */
  readonly roles?: readonly MessageRole[] | undefined;
  /** Only what is as late as this or later, an ISO 8601 timestamp; documents by `uploadedAt`. */
  readonly after?: string | undefined;
  /** Only what is earlier than this. */
  readonly before?: string | undefined;
  /** At most this many. Default 20. */
  readonly limit?: number | undefined;
}

/** Finding messages and documents again. */
export interface SearchMethods {
  /**
   * The user's messages that hold a word of the query in their text or their sender's name, best
   * first; those of the panels that they own too. Words between double quotes are a phrase, which
   * every hit must hold. A match in a neighbouring message lifts a hit. Every write that has resolved
   * is taken into account.
   *
   * @throws FFValidationError for an empty query.
   */
  searchMessages(
    userId: string,
    query: string,
    options?: SearchMessagesOptions,
  ): Promise<FFSearchResultDTO[]>;

  /**
   * The user's messages that mean something like the query, whatever their words, the most similar
   * first. Vectors follow a write within seconds; `whenIdle()` waits for them.
   *
   * @throws FFValidationError for an empty query.
   * @throws FFStorageError `unavailable` when no embedding model can be used: `vector.model` is
   *   `none`, or it could not be loaded.
   */
  searchSimilarMessages(
    userId: string,
    query: string,
    options?: SearchSimilarOptions,
  ): Promise<FFSearchResultDTO[]>;

  /**
   * The user's messages and documents that fit the query by their words, their meaning or both, best
   * first. In hybrid mode what only the meaning finds has its place too; where no embedding model can
   * be used, it finds by words alone, and `getPerformanceMetrics().embedding` says so.
   *
   * @throws FFValidationError for an empty query.
   * @throws FFStorageError `unavailable` in vector mode when no embedding model can be used.
   */
  search(userId: string, query: string, options?: SearchOptions): Promise<FFSearchResultDTO[]>;
}
