import type { ParsedQuery } from '../analysis/query.ts';
import type { RankedPart } from './types.ts';

/** No text has it in a term, so a sender's name is told from a mention of it. */
const MARK = '\0';

/**
 * The term by which a message is found as sent by somebody. The index holds it for each term of a
 * sender's name, beside that term itself.
 */
export function senderTerm(term: string): string {
  return MARK + term;
}

export function isSenderTerm(term: string): boolean {
  return term.startsWith(MARK);
}

/**
 * For each part, by document, 1 where a term of the query is part of the sender's name; `undefined`
 * for a part without any.
 */
export function findSenders(
  parts: readonly RankedPart[],
  query: ParsedQuery,
): (Uint8Array | undefined)[] {
  return parts.map(({ segment }) => {
    let senders: Uint8Array | undefined;
    for (const { term } of query.terms) {
      const postings = segment.postings(senderTerm(term));
      if (postings === undefined) continue;
      senders ??= new Uint8Array(segment.documentCount);
      for (const document of postings.documents) senders[document] = 1;
    }
    return senders;
  });
}
