/** A vector of unit length: the ids of its terms and, beside them, their weights. */
export interface TermVector {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Sentences as vectors of their terms, weighted by tf-idf within the conversation, and their
 * centroid (Radev, Jing, Styś and Tam 2004, "Centroid-based summarization of multiple documents").
 *
 * The centroid of unit vectors ranks like the sum of a sentence's cosine similarities to all others,
 * which is what LexRank without a threshold converges to, in time linear in the number of words.
 */
export class TermSpace {
  /** One for each list of terms, in the same order; empty for an empty list. */
  readonly vectors: readonly TermVector[];
  /** How much of the conversation each term makes up, by its id. */
  readonly centroid: Float64Array;
  readonly #ids = new Map<string, number>();

  constructor(sentences: readonly (readonly string[])[]) {
    const documentCounts: number[] = [];
    for (const terms of sentences) {
      for (const term of new Set(terms)) {
        const id = this.#ids.get(term) ?? this.#ids.size;
        this.#ids.set(term, id);
        documentCounts[id] = (documentCounts[id] ?? 0) + 1;
      }
    }
    const total = sentences.filter((terms) => terms.length > 0).length;
    const rarity = documentCounts.map((count) => Math.log(1 + total / count));
    this.vectors = sentences.map((terms) => this.#vector(terms, rarity));
    this.centroid = new Float64Array(this.#ids.size);
    for (const vector of this.vectors) addTo(this.centroid, vector);
  }

  /** How near a sentence is to what the whole conversation is about; comparable within it. */
  centrality(index: number): number {
    return dot(this.centroid, this.vectors[index]);
  }

  #vector(terms: readonly string[], rarity: readonly number[]): TermVector {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const id = this.#ids.get(term) ?? 0;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const ids = [...counts.keys()];
    const raw = ids.map((id) => (1 + Math.log(counts.get(id) ?? 1)) * (rarity[id] ?? 0));
    const length = Math.hypot(...raw);
    return { ids, weights: raw.map((weight) => weight / length) };
  }
}

/** Adds a vector to a dense one. */
export function addTo(dense: Float64Array, vector: TermVector): void {
  for (const [index, id] of vector.ids.entries()) {
    dense[id] = (dense[id] ?? 0) + (vector.weights[index] ?? 0);
  }
}

/** The scalar product of a dense vector and a sparse one. */
export function dot(dense: Float64Array, vector: TermVector | undefined): number {
  let sum = 0;
  for (const [index, id] of vector?.ids.entries() ?? []) {
    sum += (dense[id] ?? 0) * (vector?.weights[index] ?? 0);
  }
  return sum;
}
