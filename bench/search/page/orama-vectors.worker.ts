import { create, insertMultiple, search, type AnyOrama } from '@orama/orama';
import { expose } from 'comlink';
import type { VectorSystem } from './system.ts';
import { noteText, vectorOf } from './vectors.ts';

const BATCH = 1_000;

let db: AnyOrama;
let vectorLength: number;

const system: VectorSystem = {
  open: async (dimensions) => {
    vectorLength = dimensions;
    db = create({
      schema: { vector: `vector[${dimensions}]`, content: 'string' },
      sort: { enabled: false },
    });
  },
  add: async (from, to) => {
    for (let start = from; start < to; start += BATCH) {
      const documents = Array.from({ length: Math.min(BATCH, to - start) }, (_, index) => {
        const content = noteText(start + index);
        // Typed arrays are refused.
        return { id: content, content, vector: Array.from(vectorOf(content, vectorLength)) };
      });
      await insertMultiple(db, documents, BATCH);
    }
  },
  search: async (query, limit) => {
    const value = Array.from(vectorOf(query, vectorLength));
    const { hits } = await search(db, {
      mode: 'vector',
      vector: { value, property: 'vector' },
      limit,
    });
    return hits;
  },
  close: async () => undefined,
};

expose(system);
