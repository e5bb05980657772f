import type { RankedPart, ScoredDocument } from './types.ts';

/**
 * Keeps the best documents of those it is offered. Of equal scores the newer document wins; of those
 * of one time the one of the later part, and in a part that of the higher number.
 */
export class TopDocuments {
  readonly #parts: readonly RankedPart[];
  readonly #limit: number;
  /** A heap with the worst at its root. */
  readonly #heap: ScoredDocument[] = [];

  constructor(parts: readonly RankedPart[], limit: number) {
    this.#parts = parts;
    this.#limit = limit;
  }

  /** Offers a document; those that are deleted or filtered out, or have no score, are left out. */
  offer(part: number, document: number, score: number): void {
    if (!(score > 0) || this.#limit <= 0) return;
    const heap = this.#heap;
    const worst = heap[0];
    const isFull = heap.length >= this.#limit;
    // Filters are asked last: most documents fail here.
    if (isFull && worst !== undefined && score < worst.score) return;
    const candidate = { part, document, score };
    if (isFull && worst !== undefined && this.#compare(candidate, worst) > 0) return;
    const of = this.#parts[part];
    if (of === undefined || !of.isLive(document) || !of.accepts(document)) return;
    if (isFull) this.#sink(candidate);
    else this.#rise(candidate);
  }

  /** Best first. */
  toArray(): ScoredDocument[] {
    return this.#heap.toSorted((a, b) => this.#compare(a, b));
  }

  /** Negative when `a` comes before `b`. */
  #compare(a: ScoredDocument, b: ScoredDocument): number {
    return (
      b.score - a.score ||
      this.#timeOf(b) - this.#timeOf(a) ||
      b.part - a.part ||
      b.document - a.document
    );
  }

  #timeOf({ part, document }: ScoredDocument): number {
    return this.#parts[part]?.segment.timeOf(document) ?? 0;
  }

  #rise(candidate: ScoredDocument): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(candidate);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || this.#compare(candidate, parent) <= 0) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = candidate;
  }

  #sink(candidate: ScoredDocument): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const leftAt = 2 * at + 1;
      const left = heap[leftAt];
      if (left === undefined) break;
      const right = heap[leftAt + 1];
      const isRightWorse = right !== undefined && this.#compare(right, left) > 0;
      const child = isRightWorse ? right : left;
      if (this.#compare(child, candidate) <= 0) break;
      heap[at] = child;
      at = isRightWorse ? leftAt + 1 : leftAt;
    }
    heap[at] = candidate;
  }
}
