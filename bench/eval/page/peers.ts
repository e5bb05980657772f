import { create, insertMultiple, search } from '@orama/orama';
import MiniSearch from 'minisearch';
import type { Turn } from '../conversations.mjs';

/** Gives the ids that a query finds, best first. */
export type Find = (query: string, limit: number) => Promise<string[]>;

/** Search libraries as they are when nothing is said about how they should search. */
export const peers: Readonly<Record<string, (turns: readonly Turn[]) => Promise<Find>>> = {
  orama: async (turns) => {
    const db = create({ schema: { speaker: 'string', text: 'string' } });
    await insertMultiple(
      db,
      turns.map(({ id, speaker, text }) => ({ id, speaker, text })),
    );
    return async (query, limit) => {
      const { hits } = await search(db, { term: query, limit });
      return hits.map(({ id }) => id);
    };
  },

  minisearch: async (turns) => {
    const index = new MiniSearch<Turn>({ fields: ['speaker', 'text'] });
    index.addAll(turns);
    return async (query, limit) =>
      index
        .search(query)
        .slice(0, limit)
        .map(({ id }) => String(id));
  },
};
