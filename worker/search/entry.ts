import type { FFSearchResultDTO } from '../../src/shared/model/search.ts';

/** What an entry of the index stands for: a message, or a chunk of a document. */
export type EntryType = FFSearchResultDTO['type'];

export const ENTRY_TYPES: readonly EntryType[] = ['message', 'document'];
