import type { UserCatalog } from './user-catalog.ts';

/** What a space comes to: a user's, or the shared one. */
export interface SpaceTotals {
  readonly sessions: number;
  readonly messages: number;
  readonly documents: number;
  /** Bytes of its files by kind. */
  readonly bytes: {
    readonly messages: number;
    readonly indexes: number;
    readonly documents: number;
    readonly catalogs: number;
    readonly search: number;
  };
}

export const NO_TOTALS: SpaceTotals = {
  sessions: 0,
  messages: 0,
  documents: 0,
  bytes: { messages: 0, indexes: 0, documents: 0, catalogs: 0, search: 0 },
};

/** The totals of a space whose catalog is in memory; nothing has to be added up. */
export function totalsOf({ sessionTable, entities, bytes, searchBytes }: UserCatalog): SpaceTotals {
  return {
    sessions: sessionTable.size,
    messages: sessionTable.messageCount,
    documents: entities.document.size,
    bytes: {
      ...sessionTable.bytes,
      documents: entities.document.bytes,
      catalogs: bytes,
      search: searchBytes,
    },
  };
}

/** `sum + by × totals`. */
export function addTotals(sum: SpaceTotals, totals: SpaceTotals, by: 1 | -1): SpaceTotals {
  return {
    sessions: sum.sessions + by * totals.sessions,
    messages: sum.messages + by * totals.messages,
    documents: sum.documents + by * totals.documents,
    bytes: {
      messages: sum.bytes.messages + by * totals.bytes.messages,
      indexes: sum.bytes.indexes + by * totals.bytes.indexes,
      documents: sum.bytes.documents + by * totals.bytes.documents,
      catalogs: sum.bytes.catalogs + by * totals.bytes.catalogs,
      search: sum.bytes.search + by * totals.bytes.search,
    },
  };
}
