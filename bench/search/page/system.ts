import type { Batch } from './messages.ts';

/** A store that messages can be found in by their words. */
export interface TextSystem {
  /** Opens what an earlier page left, or begins anew. */
  open(): Promise<void>;
  add(batch: Batch): Promise<void>;
  /** The best hits, ranked. */
  search(query: string, limit: number): Promise<readonly unknown[]>;
  /** Everything is where a later page will need it. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A store that finds what is like a query. */
export interface VectorSystem {
  open(dimensions: number): Promise<void>;
  /** Adds the vectors of the notes with these numbers; resolves when they can be found. */
  add(from: number, to: number): Promise<void>;
  search(query: string, limit: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}
