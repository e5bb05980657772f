import type { ParsedQuery } from '../analysis/query.ts';
import { findPhrases } from './phrases.ts';
import { findSenders } from './senders.ts';
import type { RankedPart } from './types.ts';

/** What a query says of documents in any kind of ranking, by part and document. */
export interface QueryMarks {
  /** 1 where the query names the sender; `undefined` for parts without any such. */
  readonly senders: readonly (Uint8Array | undefined)[];
  /** 1 where every phrase of the query stands, without which nothing is a hit. */
  readonly phrases: readonly Uint8Array[] | undefined;
}

export function findMarks(parts: readonly RankedPart[], query: ParsedQuery): QueryMarks {
  return { senders: findSenders(parts, query), phrases: findPhrases(parts, query) };
}
