import type { ParsedQuery, QueryPhrase } from '../analysis/query.ts';
import type { Postings, ReadableSegment } from '../segments/readable-segment.ts';
import type { RankedPart } from './types.ts';

/** For each part, by document, 1 where every phrase stands; `undefined` when there are no phrases. */
export function findPhrases(
  parts: readonly RankedPart[],
  { phrases }: ParsedQuery,
): Uint8Array[] | undefined {
  if (phrases.length === 0) return undefined;
  return parts.map(({ segment }) => {
    let found = new Uint8Array(segment.documentCount).fill(1);
    for (const phrase of phrases) found = findPhrase(segment, phrase, found);
    return found;
  });
}

/** A word of a phrase, and its place in it. */
interface Word {
  readonly postings: Postings;
  readonly offset: number;
}

function findPhrase(
  segment: ReadableSegment,
  { terms, positions }: QueryPhrase,
  within: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(segment.documentCount);
  const words: Word[] = [];
  for (const [at, term] of terms.entries()) {
    const postings = segment.postings(term);
    if (postings === undefined) return found;
    words.push({ postings, offset: positions[at] ?? at });
  }
  // The rarest word leads: the others are only looked up in its documents.
  words.sort((a, b) => a.postings.documents.length - b.postings.documents.length);
  const [rarest, ...others] = words;
  if (rarest === undefined) return found;
  for (const [at, document] of rarest.postings.documents.entries()) {
    if (within[document] === 1 && standsIn(document, rarest, at, others)) found[document] = 1;
  }
  return found;
}

function standsIn(document: number, lead: Word, leadAt: number, others: readonly Word[]): boolean {
  let starts = Array.from(lead.postings.positionsAt(leadAt), (position) => position - lead.offset);
  for (const { postings, offset } of others) {
    const at = indexIn(postings.documents, document);
    if (at === -1) return false;
    const positions = new Set(postings.positionsAt(at));
    starts = starts.filter((start) => positions.has(start + offset));
    if (starts.length === 0) return false;
  }
  return true;
}

/** Binary search; -1 when it is not there. */
function indexIn(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] ?? 0;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
