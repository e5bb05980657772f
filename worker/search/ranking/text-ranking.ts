import type { ParsedQuery } from '../analysis/query.ts';
import type { VariantOptions } from '../analysis/variants.ts';
import type { EntryType } from '../entry.ts';
import { findMarks, type QueryMarks } from './query-marks.ts';
import { findMatches, type TermMatches } from './term-matches.ts';
import { TopDocuments } from './top-documents.ts';
import type { RankedPart, ScoredDocument } from './types.ts';

export interface TextRankingOptions extends VariantOptions {
  readonly limit: number;
}

/** What a query's terms say of the documents of one part, by document. */
export interface TextScores {
  /** 0 where no term stands, neither there nor nearby. */
  readonly scores: Float32Array;
  /** 1 where a term, or a variant of one, and every phrase stands: only those are hits. */
  readonly holds: Uint8Array;
}

/** BM25, for short texts: a term that comes back says little more, and length hardly matters. */
const SATURATION = 0.9;
const LENGTH_WEIGHT = 0.3;

/**
 * A conversation is about something for a few turns. A term therefore counts for the messages around
 * the one that it stands in, less with each turn; more for those after it, which answer, than for
 * those before it.
 */
const REACH = 4;
const NEXT_WEIGHT = 0.7;
const PREVIOUS_WEIGHT = 0.5;
const DECAY = 0.75;

/** What a message gains when the query names its sender. */
const SENDER_FACTOR = 1.5;

/**
 * A term that is more frequent than both of these counts only where it stands: it would lift nearly
 * everything by next to nothing, and cost the most.
 */
const MAX_SPREAD_SHARE = 0.1;
const MAX_SPREAD_DOCUMENTS = 1_000;

/** The messages that hold a term of a query, best first, see {@link TopDocuments} for ties. */
export function rankText(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  options: TextRankingOptions,
): ScoredDocument[] {
  const top = new TopDocuments(parts, options.limit);
  for (const [part, { scores, holds }] of scoreText(
    parts,
    query,
    findMarks(parts, query),
    options,
  ).entries()) {
    for (let document = 0; document < scores.length; document += 1) {
      if (holds[document] === 1) top.offer(part, document, scores[document] ?? 0);
    }
  }
  return top.toArray();
}

/**
 * Scores all documents: for each term the most that it counts for at the document or near it (the
 * sum of the terms that a stretch of conversation covers, not of how often it repeats one), more for
 * messages of a sender whom the query names. Frequencies are taken over all parts, so that scores of
 * messages and of chunks compare; lengths are relative to the average of their type.
 */
export function scoreText(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  { senders, phrases }: QueryMarks,
  options: VariantOptions,
): TextScores[] {
  const matches = parts.map(({ segment }) => findMatches(segment, query.terms, options));
  const documentCount = sum(parts, ({ segment }) => segment.documentCount);
  const frequencies = query.terms.map((_, term) =>
    sum(matches, (ofPart) => ofPart[term]?.documents.length ?? 0),
  );
  return parts.map((part, index) => {
    const scorer = new PartScorer(part, averageLengthOf(parts, part.type));
    for (const [term, found] of (matches[index] ?? []).entries()) {
      if (found === undefined) continue;
      const frequency = frequencies[term] ?? 0;
      const idf = Math.log(1 + (documentCount - frequency + 0.5) / (frequency + 0.5));
      const spreads = frequency <= Math.max(MAX_SPREAD_DOCUMENTS, documentCount * MAX_SPREAD_SHARE);
      scorer.add(found, idf, spreads);
    }
    return scorer.finish(senders[index], phrases?.[index]);
  });
}

/** Adds up the terms of a query over the documents of one part. */
class PartScorer {
  readonly #part: RankedPart;
  readonly #averageLength: number;
  readonly #scores: Float32Array;
  readonly #holds: Uint8Array;
  /** The most that the current term counts for, by document; all 0 between terms. */
  readonly #cover: Float32Array;
  /** The documents that the current term counts for: the first `#reachedCount`. */
  readonly #reached: Uint32Array;
  #reachedCount = 0;

  constructor(part: RankedPart, averageLength: number) {
    const { documentCount } = part.segment;
    this.#part = part;
    this.#averageLength = averageLength;
    this.#scores = new Float32Array(documentCount);
    this.#holds = new Uint8Array(documentCount);
    this.#cover = new Float32Array(documentCount);
    this.#reached = new Uint32Array(documentCount);
  }

  add({ documents, counts }: TermMatches, idf: number, spreads: boolean): void {
    const part = this.#part;
    const { segment } = part;
    const scores = this.#scores;
    const holds = this.#holds;
    for (let at = 0; at < documents.length; at += 1) {
      const document = documents[at] ?? 0;
      if (!part.isLive(document)) continue;
      holds[document] = 1;
      const count = counts[at] ?? 0;
      const length = segment.lengthOf(document) / this.#averageLength;
      const normalised = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length);
      const weight = (idf * count * (SATURATION + 1)) / (count + normalised);
      if (spreads) this.#spread(document, weight);
      else scores[document] = (scores[document] ?? 0) + weight;
    }
    if (!spreads) return;
    for (let at = 0; at < this.#reachedCount; at += 1) {
      const document = this.#reached[at] ?? 0;
      scores[document] = (scores[document] ?? 0) + (this.#cover[document] ?? 0);
      this.#cover[document] = 0;
    }
    this.#reachedCount = 0;
  }

  finish(senders: Uint8Array | undefined, phrases: Uint8Array | undefined): TextScores {
    const scores = this.#scores;
    const holds = this.#holds;
    if (senders !== undefined) {
      for (let document = 0; document < scores.length; document += 1) {
        if (senders[document] === 1) scores[document] = (scores[document] ?? 0) * SENDER_FACTOR;
      }
    }
    if (phrases !== undefined) {
      for (let document = 0; document < holds.length; document += 1) {
        if (phrases[document] === 0) holds[document] = 0;
      }
    }
    return { scores, holds };
  }

  #spread(document: number, weight: number): void {
    const { segment } = this.#part;
    const number = segment.numberOf(document);
    this.#raise(document, weight);
    // Numbers tell how far it is: what lies between may be deleted, or in another segment.
    let next = segment.next(document);
    while (next !== -1) {
      const distance = segment.numberOf(next) - number;
      if (distance > REACH) break;
      this.#raise(next, weight * (NEXT_WEIGHTS[distance] ?? 0));
      next = segment.next(next);
    }
    let previous = segment.previous(document);
    while (previous !== -1) {
      const distance = number - segment.numberOf(previous);
      if (distance > REACH) break;
      this.#raise(previous, weight * (PREVIOUS_WEIGHTS[distance] ?? 0));
      previous = segment.previous(previous);
    }
  }

  #raise(document: number, weight: number): void {
    const before = this.#cover[document] ?? 0;
    if (before === 0) {
      this.#reached[this.#reachedCount] = document;
      this.#reachedCount += 1;
    }
    if (weight > before) this.#cover[document] = weight;
  }
}

/** By distance, from 0. */
const NEXT_WEIGHTS = decaying(NEXT_WEIGHT);
const PREVIOUS_WEIGHTS = decaying(PREVIOUS_WEIGHT);

function decaying(first: number): Float64Array {
  return Float64Array.from({ length: REACH + 1 }, (_, distance) =>
    distance === 0 ? 1 : first * DECAY ** (distance - 1),
  );
}

/** In tokens; 1 at least, so that nothing is divided by it in an index of empty texts. */
function averageLengthOf(parts: readonly RankedPart[], type: EntryType): number {
  const ofType = parts.filter((part) => part.type === type);
  const documents = sum(ofType, ({ segment }) => segment.documentCount);
  const tokens = sum(ofType, ({ segment }) => segment.totalLength);
  return documents === 0 ? 1 : Math.max(1, tokens / documents);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}
