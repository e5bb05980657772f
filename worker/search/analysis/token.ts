/** A term of a text, the range of UTF-16 units that it stands for, and its place among the words. */
export interface Token {
  readonly term: string;
  readonly start: number;
  readonly end: number;
  /** Ascending from 0. A word and its parts may share one; no term stands twice at a position. */
  readonly position: number;
}

/**
 * What terms are for. A `text` gets all terms that it is to be found by. A `query` leaves out those
 * that a longer one at the same place says better; a `phrase` has exactly one for each position. The
 * terms of both are always among those of the same text, at the same positions.
 */
export type TokenUse = 'text' | 'query' | 'phrase';
