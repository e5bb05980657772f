import type { EntryType } from '../entry.ts';
import type { ReadableSegment } from '../segments/readable-segment.ts';

/** A segment, and which of its documents a query is about. */
export interface RankedPart {
  readonly segment: ReadableSegment;
  /** What its documents are: a chunk of a file is measured by other chunks, not by messages. */
  readonly type: EntryType;
  /** False of what was deleted since; it neither is a hit nor lifts one. */
  isLive(document: number): boolean;
  /** The filters of the query. What does not pass is no hit, but still lifts its neighbours. */
  accepts(document: number): boolean;
}

export interface ScoredDocument {
  /** Index of the {@link RankedPart}. */
  readonly part: number;
  readonly document: number;
  /** Positive and finite; comparable within one ranking only. */
  readonly score: number;
}
