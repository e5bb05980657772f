import type { FFSearchResultDTO } from '../shared/model/search.ts';

/** What {@link SearchMethods.searchMessages} looks at and gives. */
export interface SearchMessagesOptions {
  /** Only these sessions; all of the user's when absent, none when empty. */
  readonly sessionIds?: readonly string[] | undefined;
  /** At most this many. Default: `search.defaultLimit`. */
  readonly limit?: number | undefined;
  /** Leaves out what scores less, 0 to 1. Default 0. */
  readonly minRelevanceScore?: number | undefined;
}

/** Finding messages again. */
export interface SearchMethods {
  /**
   * The user's messages that hold a word of the query in their text or their sender's name, best
   * first; those of the panels that they own too. Every write that has resolved is taken into account.
   *
   * @throws FFValidationError for an empty query.
   */
  searchMessages(
    userId: string,
    query: string,
    options?: SearchMessagesOptions,
  ): Promise<FFSearchResultDTO[]>;
}
